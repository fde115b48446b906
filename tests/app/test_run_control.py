"""Stopping a run to start another one in its place, and what may come in between."""

import pytest
from driving import click, go_round, press, type_into
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.losing import LosingQuestion
from app.main_window import MainWindow
from app.preferences import Preferences
from engine.output.scripts import to_python

PATIENCE = 20_000


@pytest.fixture
def running(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """A run that would take long, after its first meta-iteration."""
    type_into(qtbot, window, "meta.iterations", "100000")
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: bool(window.record and window.record.meta_iterations), timeout=PATIENCE)
    return window


def started(window: MainWindow) -> list[str]:
    """What has been started from now on."""
    titles: list[str] = []
    window.control.starting.connect(titles.append)
    return titles


def question_of(window: MainWindow) -> LosingQuestion | None:
    open_ones = [one for one in window.findChildren(LosingQuestion) if one.isVisible()]
    return open_ones[0] if open_ones else None


def test_the_run_that_follows_has_the_set_up_as_it_is_when_it_starts(
    running: MainWindow, qtbot: QtBot
) -> None:
    first, titles = running.record, started(running)
    type_into(qtbot, running, "training.iterations", "7")
    click(qtbot, running.during.bar.button)
    qtbot.waitUntil(lambda: running.record not in (None, first), timeout=PATIENCE)
    assert running.record is not None
    assert running.record.experiment.training.iterations == 7
    assert running.runner.state == "running"
    assert len(titles) == 1


def test_asked_for_twice_it_starts_once(running: MainWindow, qtbot: QtBot) -> None:
    titles = started(running)
    running.control.stop_and_run()
    running.control.stop_and_run()
    qtbot.waitUntil(lambda: bool(titles), timeout=PATIENCE)
    qtbot.waitUntil(lambda: bool(running.record), timeout=PATIENCE)
    go_round(qtbot)
    assert len(titles) == 1
    assert running.runner.state == "running"


@pytest.mark.parametrize("how", ["stop", "clear"])
def test_who_stops_the_run_meanwhile_gets_no_other(
    how: str, running: MainWindow, qtbot: QtBot
) -> None:
    titles = started(running)
    running.control.stop_and_run()
    getattr(running.control, how)()
    qtbot.waitUntil(lambda: running.runner.state == "idle", timeout=PATIENCE)
    go_round(qtbot)
    assert titles == []
    assert running.runner.state == "idle"


def test_a_window_that_is_closed_meanwhile_starts_nothing(
    running: MainWindow, qtbot: QtBot
) -> None:
    titles = started(running)
    running.control.stop_and_run()
    running.close()
    go_round(qtbot)
    assert titles == []
    assert running.runner.state == "idle"


def test_a_set_up_that_is_not_ready_keeps_the_run(running: MainWindow, qtbot: QtBot) -> None:
    type_into(qtbot, running, "training.iterations", "0")
    assert not running.during.bar.button.isEnabled()
    running.control.stop_and_run()
    assert running.runner.state == "running"
    assert running.progress.status.text() == "Fix the marked fields, then run."


def test_a_set_up_that_is_not_ready_any_more_once_the_run_has_ended_starts_nothing(
    running: MainWindow, qtbot: QtBot
) -> None:
    titles = started(running)
    running.control.stop_and_run()
    type_into(qtbot, running, "training.iterations", "0")
    qtbot.waitUntil(lambda: running.runner.state == "idle", timeout=PATIENCE)
    go_round(qtbot)
    assert titles == []
    assert running.record is not None


def test_it_asks_before_the_run_is_lost_and_goes_on_if_that_is_not_wanted(
    running: MainWindow, qtbot: QtBot
) -> None:
    Preferences().asks_before_losing = True
    first, titles = running.record, started(running)
    running.control.stop_and_run()
    question = question_of(running)
    assert question is not None
    click(qtbot, question.keep)
    assert running.runner.state == "running"
    running.control.stop_and_run()
    question = question_of(running)
    assert question is not None
    assert question.lose.text() == "Stop and run with changes"
    click(qtbot, question.lose)
    qtbot.waitUntil(lambda: running.record not in (None, first), timeout=PATIENCE)
    assert len(titles) == 1


def test_without_a_run_it_starts_one(window: MainWindow, qtbot: QtBot) -> None:
    window.control.stop_and_run()
    qtbot.waitUntil(lambda: bool(window.record and window.record.finished), timeout=PATIENCE)


def test_a_script_of_a_changed_run_makes_the_changes_too(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, window, "step")
    qtbot.waitUntil(lambda: window.runner.state == "paused", timeout=PATIENCE)
    type_into(qtbot, window, "meta.step", "0.02")
    window.setup.field("meta.step").line.editingFinished.emit()
    press(qtbot, window, "pause")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    record = window.record
    assert record is not None
    window.actions_["copy_script"].trigger()
    script = QGuiApplication.clipboard().text()
    assert script == to_python(record.started_from, record.changes)
    assert "engine.Change(1, {'meta.step': 0.02})" in script
    window.setup.change("training.iterations", 9)
    window.actions_["copy_script"].trigger()
    assert QGuiApplication.clipboard().text() == to_python(window.setup.experiment())
