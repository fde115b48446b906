"""A run that is refused before it has begun leaves what there is of the last one."""

from collections.abc import Iterator

import pytest
from driving import click, go_round, press
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from app.setup.fields import TextField
from engine.errors import InputError
from engine.runs.events import Event, Preparing
from engine.runs.moments import Moment

PATIENCE = 20_000
SENTENCE = "expected at most 40, because 50 are known before the first forecast."


@pytest.fixture
def finished(window: MainWindow, qtbot: QtBot) -> MainWindow:
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    return window


@pytest.fixture
def refusing(finished: MainWindow, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """With a run that is over; every other one is refused once its data are there."""

    def optimize(*_: object, **__: object) -> Iterator[Event]:
        yield Preparing("Loading the data")
        raise InputError("data.lags", SENTENCE)

    monkeypatch.setattr("engine.runs.run.optimize", optimize)
    return finished


def run(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    go_round(qtbot)


def words(window: MainWindow) -> tuple[str, ...]:
    return window.timeline.where.text(), window.timeline.when.text()


def test_plots_and_timeline_stay_as_they_were_and_the_message_is_shown(
    refusing: MainWindow, qtbot: QtBot
) -> None:
    record, shown, before = refusing.record, refusing.plot_area.shown, words(refusing)
    marks = refusing.timeline.meta_iteration.slider.marks
    seen = [key for key, dock in refusing.plot_area.docks.items() if dock.is_seen]
    run(refusing, qtbot)
    assert SENTENCE in refusing.message_bar.text.text()
    assert refusing.message_bar.isVisible()
    assert refusing.record is record
    assert refusing.body.page == "run"
    assert [one.key for one in refusing.plot_area.shown] == [one.key for one in shown]
    assert [key for key, dock in refusing.plot_area.docks.items() if dock.is_seen] == seen
    assert words(refusing) == before
    assert refusing.timeline.meta_iteration.slider.marks == marks
    assert refusing.actions_["export"].isEnabled()


def test_the_moment_that_was_looked_at_is_still_shown(refusing: MainWindow, qtbot: QtBot) -> None:
    refusing.timeline.meta_iteration.go_to(1)
    refusing.timeline.step.go_to(4)
    before = words(refusing)
    run(refusing, qtbot)
    assert refusing.view.moment == Moment(1, 4)
    assert words(refusing) == before
    click(qtbot, refusing.timeline.live)
    assert refusing.view.moment is None


def test_what_is_wrong_with_a_field_in_sight_is_said_there_and_nowhere_else(
    finished: MainWindow, qtbot: QtBot
) -> None:
    setup, record = finished.setup, finished.record
    setup.change("meta.optimizer", "grid")
    setup.change("meta.grid_points", 50)
    run(finished, qtbot)
    field = setup.field("meta.grid_points")
    assert "expected a grid of at most" in field.complaint.text().lower()
    assert field.complaint.isVisible()
    assert "expected a grid" not in finished.message_bar.text.text()
    assert finished.progress.status.text() == "Not run: fix the marked field."
    assert finished.record is record
    assert finished.body.page == "run"
    setup.change("meta.optimizer", "random")
    assert not field.problem
    run(finished, qtbot)
    assert finished.record is not record


def test_too_many_lags_typed_and_run_pressed_lose_nothing(window: MainWindow, qtbot: QtBot) -> None:
    window.setup.set_experiment(window.setup.shipped["weights-on-the-past"])
    window.setup.change("meta.iterations", 2)
    run(window, qtbot)
    record, shown = window.record, [one.key for one in window.plot_area.shown]
    assert record is not None
    assert record.finished is not None
    window.setup.head.all_button.click()
    lags = window.setup.form.unfold("series.lags")
    assert isinstance(lags, TextField)
    lags.line.setFocus()
    lags.line.selectAll()
    qtbot.keyClicks(lags.line, "90")
    go_round(qtbot)
    click(qtbot, window.actions_.bar.run_button)
    go_round(qtbot)
    assert window.runner.state == "idle"
    assert "90" in lags.line.text()
    assert lags.complaint.isVisible()
    assert window.record is record
    assert window.body.page == "run"
    assert [one.key for one in window.plot_area.shown] == shown
    assert window.actions_["export"].isEnabled()
    lags.line.selectAll()
    qtbot.keyClicks(lags.line, "1")
    go_round(qtbot)
    assert not lags.problem
    run(window, qtbot)
    assert window.record is not record


def test_before_it_begins_plots_of_the_last_run_are_out_of_sight(
    refusing: MainWindow, qtbot: QtBot
) -> None:
    press(qtbot, refusing, "run")
    assert refusing.body.page == "waiting"
    assert not any(dock.is_seen for dock in refusing.plot_area.docks.values())
    refusing.show_run()
    assert refusing.body.page == "waiting"
    qtbot.waitUntil(lambda: refusing.runner.state == "idle", timeout=PATIENCE)


def test_a_run_that_begins_takes_the_place_of_the_last_one(
    finished: MainWindow, qtbot: QtBot
) -> None:
    first = finished.record
    finished.timeline.meta_iteration.go_to(1)
    run(finished, qtbot)
    assert finished.record is not first
    assert finished.record is not None
    assert finished.record.finished is not None
    assert finished.view.moment is None
    assert not finished.message_bar.isVisible()
    assert finished.timeline.where.text() == "meta-iteration 3 of 3"


def test_where_no_run_was_before_the_timeline_waits_no_more(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.setup.change("meta.optimizer", "grid")
    window.setup.change("meta.grid_points", 50)
    run(window, qtbot)
    assert window.setup.field("meta.grid_points").problem
    lane = window.timeline.step.slider
    assert (lane.message, lane.words) == ("", ())
    assert window.body.page == "ready"
