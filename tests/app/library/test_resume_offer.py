"""The offer to go on with a run that was interrupted."""

from pathlib import Path

import pytest
from driving import click
from experiments_for_tests import events_of, record_of
from pytestqt.qtbot import QtBot
from recording_for_tests import assert_same_records, cut_short

from app.main_window import MainWindow
from engine.experiments.experiment import Experiment
from engine.library.library import Library

PATIENCE = 30_000
"""Milliseconds, for what goes on in threads."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "runs.retrograde"


@pytest.fixture
def made(path: Path, qtbot: QtBot, quick: Experiment, shipped: dict[str, Experiment]) -> MainWindow:
    window = MainWindow(dict(shipped), theme="light", library=path)
    window.setup.set_experiment(quick)
    qtbot.addWidget(window)
    window.show()
    yield window
    window.close()


def button(window: MainWindow, text: str):
    return next(one for one in window.message_bar.tries if one.text() == text)


def asked(qtbot: QtBot, window: MainWindow) -> str:
    window.offer.look()
    qtbot.waitUntil(lambda: bool(window.message_bar.question), timeout=PATIENCE)
    assert window.message_bar.isVisible()
    return window.message_bar.question


def test_a_run_that_was_interrupted_is_offered_and_goes_on(
    path: Path, quick: Experiment, made: MainWindow, qtbot: QtBot
) -> None:
    cut_short(path, quick, 1)
    assert asked(qtbot, made) == "cut short was interrupted at 1 of 3."
    click(qtbot, button(made, "Resume"))
    qtbot.waitUntil(
        lambda: made.record is not None and made.record.finished is not None, timeout=PATIENCE
    )
    qtbot.waitUntil(lambda: made.runner.state == "idle", timeout=PATIENCE)
    whole = record_of(events_of(quick))
    assert_same_records(made.record, whole, clocks=False)
    assert made.timeline.meta_iteration.slider.reach == 3
    with Library(path) as library:
        (run,) = library
        assert (run.state, run.done) == ("completed", 3)
        assert_same_records(run.record, whole, clocks=False)


def test_one_that_is_left_is_not_offered_again(
    path: Path, quick: Experiment, made: MainWindow, qtbot: QtBot
) -> None:
    cut_short(path, quick, 1)
    asked(qtbot, made)
    click(qtbot, button(made, "Leave it"))
    assert not made.message_bar.isVisible()
    with Library(path) as library:
        qtbot.waitUntil(lambda: [run.state for run in library] == ["stopped"], timeout=PATIENCE)


def test_the_next_one_is_offered_once_one_is_left(
    path: Path, quick: Experiment, made: MainWindow, qtbot: QtBot
) -> None:
    cut_short(path, quick, 1, "older")
    cut_short(path, quick, 2, "newer")
    assert asked(qtbot, made) == "newer was interrupted at 2 of 3."
    click(qtbot, button(made, "Leave it"))
    assert made.message_bar.question == "older was interrupted at 1 of 3."


def test_the_question_goes_when_another_run_is_started(
    path: Path, quick: Experiment, made: MainWindow, qtbot: QtBot
) -> None:
    cut_short(path, quick, 1)
    asked(qtbot, made)
    made.run()
    assert not made.message_bar.question
    qtbot.waitUntil(
        lambda: made.record is not None and made.record.finished is not None, timeout=PATIENCE
    )


def test_what_differs_on_this_machine_is_said_before(
    path: Path,
    quick: Experiment,
    made: MainWindow,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("engine.library.recording.machine", lambda: {"processor": "an abacus"})
    cut_short(path, quick, 1)
    expected = "This run began with processor an abacus: from here on the last bits may differ."
    assert asked(qtbot, made).endswith(expected)


def test_runs_are_recorded_from_the_window(path: Path, made: MainWindow, qtbot: QtBot) -> None:
    made.run()
    qtbot.waitUntil(
        lambda: made.runner.state == "idle" and made.record is not None, timeout=PATIENCE
    )
    with Library(path) as library:
        (run,) = library
        assert (run.state, run.done) == ("completed", 3)
        assert run.id == made.runner.recording.id
        assert_same_records(run.record, made.record)


def test_a_library_that_takes_nothing_is_said_once_and_the_run_goes_on(
    path: Path, made: MainWindow, qtbot: QtBot
) -> None:
    path.write_bytes(b"a letter to my grandmother" * 100)
    made.run()
    qtbot.waitUntil(
        lambda: made.runner.state == "idle" and made.record is not None, timeout=PATIENCE
    )
    assert "no SQLite file" in made.message_bar.text.text()
    assert made.record.finished is not None
    assert path.read_bytes() == b"a letter to my grandmother" * 100


def test_without_a_library_nothing_is_written(window: MainWindow, qtbot: QtBot) -> None:
    window.offer.look()
    window.run()
    qtbot.waitUntil(
        lambda: window.runner.state == "idle" and window.record is not None, timeout=PATIENCE
    )
    assert window.record.finished is not None
    assert window.library.path is None
