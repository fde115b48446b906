"""Runs that nobody has exported, and what would lose them."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from driving import click, press
from PySide6.QtGui import QCloseEvent
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.exporting.export_dialog import ExportDialog
from app.losing import LosingQuestion
from app.main_window import MainWindow
from app.preferences import Preferences
from engine.experiments.experiment import Experiment
from engine.library.library import open_library

PATIENCE = 20_000


@pytest.fixture
def asking(_no_questions: None) -> None:
    Preferences().asks_before_losing = True


@pytest.fixture
def after_a_run(window: MainWindow, qtbot: QtBot, asking: None) -> MainWindow:
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    return window


def question_of(window: MainWindow) -> LosingQuestion | None:
    open_ones = [one for one in window.findChildren(LosingQuestion) if one.isVisible()]
    return open_ones[0] if open_ones else None


def answered(qtbot: QtBot, window: MainWindow, *, lose: bool, never_again: bool = False) -> str:
    """Answer the question; returns what it said."""
    question = question_of(window)
    assert question is not None, "nobody asked"
    said = f"{question.text()} {question.informativeText()}"
    question.never_again.setChecked(never_again)
    click(qtbot, question.lose if lose else question.keep)
    return said


def into(dialog: ExportDialog, folder: Path) -> None:
    """Where to export to, and the numbers alone: figures take longer."""
    for kind in ("svg", "pdf", "png"):
        dialog.formats[kind].setChecked(False)
    dialog.folder.setText(str(folder))


@pytest.mark.parametrize("action", ["run", "step"])
def test_what_would_lose_a_finished_run_asks_and_names_it(
    action: str, after_a_run: MainWindow, qtbot: QtBot
) -> None:
    window, record = after_a_run, after_a_run.record
    press(qtbot, window, action)
    said = answered(qtbot, window, lose=False)
    assert "Learning rate and momentum over time" in said
    assert "3 meta-iterations and the plots would be lost" in said
    assert window.record is record
    assert window.runner.state == "idle"
    press(qtbot, window, action)
    answered(qtbot, window, lose=True)
    qtbot.waitUntil(lambda: window.record is not record, timeout=PATIENCE)


def test_the_run_that_the_tour_shows_is_not_asked_about_unless_somebody_has_taken_it_on(
    window: MainWindow, qtbot: QtBot, asking: None
) -> None:
    for taken_on in (False, True):
        window.control.show_one_step("toy")
        qtbot.waitUntil(lambda: window.runner.state == "paused", timeout=PATIENCE)
        if taken_on:
            press(qtbot, window, "step")
            qtbot.waitUntil(lambda: window.runner.state == "paused", timeout=PATIENCE)
        window.gallery.run_requested.emit("toy")
        assert (question_of(window) is not None) == taken_on
    answered(qtbot, window, lose=True)


def test_the_card_that_is_run_while_another_runs_asks_and_is_what_runs(
    window: MainWindow, qtbot: QtBot, asking: None
) -> None:
    window.setup.change("meta.iterations", 1000)
    press(qtbot, window, "run")
    qtbot.waitUntil(
        lambda: window.record is not None and bool(window.record.meta_iterations), timeout=PATIENCE
    )
    window.show_gallery()
    window.gallery.run_requested.emit("toy")
    said = answered(qtbot, window, lose=False)
    assert "is going on" in said
    assert "What it has done of its 1,000 meta-iterations and" in said, "it goes on meanwhile"
    assert window.record is not None
    assert window.record.experiment.name == "spirals"
    assert [name for name, card in window.gallery.cards.items() if card.is_current] == ["spirals"]
    window.gallery.run_requested.emit("toy")
    answered(qtbot, window, lose=True)
    qtbot.waitUntil(
        lambda: window.record is not None and window.record.experiment.name == "toy",
        timeout=PATIENCE,
    )
    assert window.setup.experiment().name == "toy"


def test_a_card_that_is_only_chosen_loses_nothing_and_the_plots_say_whose_they_are(
    after_a_run: MainWindow, qtbot: QtBot
) -> None:
    window, record = after_a_run, after_a_run.record
    assert window.message_bar.note == ""
    window.gallery.chosen.emit("toy")
    assert question_of(window) is None
    assert window.record is record
    assert window.message_bar.note == (
        "The plots are of the last run, “Learning rate and momentum over time”. "
        "The set-up has changed since."
    )


def test_a_change_of_the_set_up_marks_the_plots_until_it_is_undone(
    after_a_run: MainWindow, qtbot: QtBot
) -> None:
    window = after_a_run
    window.setup.change("meta.seed", 77)
    assert "The set-up has changed since" in window.message_bar.note
    window.setup.history.undo()
    assert window.message_bar.note == ""


def test_a_run_that_has_been_exported_is_not_asked_about(
    after_a_run: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = after_a_run
    window.dialogs.export_all()
    dialog = window.findChild(ExportDialog)
    into(dialog, tmp_path)
    with qtbot.waitSignal(dialog.exported, timeout=PATIENCE):
        click(qtbot, dialog.write)
    record = window.record
    press(qtbot, window, "run")
    assert question_of(window) is None
    qtbot.waitUntil(lambda: window.record is not record, timeout=PATIENCE)


def test_the_dialog_says_of_figures_that_they_show_an_earlier_moment(
    after_a_run: MainWindow,
) -> None:
    window = after_a_run
    window.dialogs.export_all()
    dialog = window.findChild(ExportDialog)
    assert not dialog.standing.isVisible()
    dialog.reject()
    window.timeline.meta_iteration.go_to(0)
    window.dialogs.export_all()
    [dialog] = [one for one in window.findChildren(ExportDialog) if one.isVisible()]
    assert dialog.standing.text() == (
        "The figures show meta-iteration 0, as the timeline does: later ones are not in them."
    )
    dialog.reject()


def test_a_run_that_ends_while_it_is_asked_where_to_is_exported_whole(
    window: MainWindow, qtbot: QtBot, asking: None, tmp_path: Path
) -> None:
    window.setup.change("meta.iterations", 8)
    press(qtbot, window, "run")
    qtbot.waitUntil(
        lambda: window.record is not None and bool(window.record.meta_iterations), timeout=PATIENCE
    )
    window.dialogs.export_all()
    dialog = window.findChild(ExportDialog)
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    into(dialog, tmp_path)
    with qtbot.waitSignal(dialog.exported, timeout=PATIENCE):
        click(qtbot, dialog.write)
    rows = (tmp_path / "losses.csv").read_text(encoding="utf-8").splitlines()
    assert len({row.split(",")[0] for row in rows[1:] if row}) >= 8 + 1
    dialog.accept()
    press(qtbot, window, "run")
    assert question_of(window) is None


@pytest.mark.parametrize("action", ["run", "quit"])
def test_who_exports_the_run_instead_loses_nothing_and_what_was_to_be_done_is_done(
    action: str, after_a_run: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window, record = after_a_run, after_a_run.record
    window.actions_[action].trigger()
    for is_cancelled in (True, False):
        question = question_of(window)
        assert question is not None, "as long as the run would be lost"
        click(qtbot, question.export)
        [dialog] = [one for one in window.findChildren(ExportDialog) if one.isVisible()]
        assert window.record is record
        if is_cancelled:
            dialog.reject()
            continue
        into(dialog, tmp_path)
        with qtbot.waitSignal(dialog.exported, timeout=PATIENCE):
            click(qtbot, dialog.write)
        dialog.accept()
    assert question_of(window) is None
    assert any(tmp_path.iterdir())
    if action == "quit":
        assert not window.isVisible()
    else:
        qtbot.waitUntil(lambda: window.record is not record, timeout=PATIENCE)


def test_a_run_that_goes_on_asks_again_after_it_was_exported(
    window: MainWindow, qtbot: QtBot, asking: None
) -> None:
    window.setup.change("meta.iterations", 1000)
    press(qtbot, window, "run")
    qtbot.waitUntil(
        lambda: window.record is not None and bool(window.record.meta_iterations), timeout=PATIENCE
    )
    window.gallery.run_requested.emit("toy")
    question = question_of(window)
    assert question is not None
    click(qtbot, question.export)
    window.findChild(ExportDialog).reject()
    assert question_of(window) is not None
    answered(qtbot, window, lose=True)
    qtbot.waitUntil(
        lambda: window.record is not None and window.record.experiment.name == "toy",
        timeout=PATIENCE,
    )


def test_who_does_not_want_to_be_asked_again_is_not(after_a_run: MainWindow, qtbot: QtBot) -> None:
    window = after_a_run
    press(qtbot, window, "run")
    answered(qtbot, window, lose=True, never_again=True)
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    press(qtbot, window, "run")
    assert question_of(window) is None
    assert not Preferences().asks_before_losing


def test_closing_the_window_by_its_frame_or_by_quit_asks(
    after_a_run: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = after_a_run
    monkeypatch.setattr(QCloseEvent, "spontaneous", lambda _: True)
    assert not window.close()
    answered(qtbot, window, lose=False)
    assert window.isVisible()
    monkeypatch.undo()
    Preferences().asks_before_losing = True
    window.actions_["quit"].trigger()
    answered(qtbot, window, lose=True)
    assert not window.isVisible()


def test_nothing_is_asked_where_nothing_is_lost(
    window: MainWindow, qtbot: QtBot, asking: None
) -> None:
    window.actions_["quit"].trigger()
    assert question_of(window) is None
    assert not window.isVisible()


def test_a_paused_run_is_called_paused_and_counted(
    window: MainWindow, qtbot: QtBot, asking: None
) -> None:
    window.setup.change("meta.iterations", 1000)
    press(qtbot, window, "step")
    qtbot.waitUntil(lambda: window.runner.state == "paused", timeout=PATIENCE)
    window.gallery.run_requested.emit("toy")
    said = answered(qtbot, window, lose=True)
    assert "is paused." in said
    assert "Its 1 of 1,000 meta-iterations and the plots would be lost." in said
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)


def test_the_gallery_does_not_say_of_plots_elsewhere_whose_they_are(
    after_a_run: MainWindow, qtbot: QtBot
) -> None:
    window = after_a_run
    window.setup.change("training.iterations", 7)
    assert window.message_bar.isVisible()
    window.show_gallery()
    assert not window.message_bar.isVisible()
    window.show_run()
    assert window.message_bar.isVisible()
    assert "The set-up has changed since." in window.message_bar.text.text()


@pytest.fixture
def recording(
    qtbot: QtBot,
    quick: Experiment,
    shipped: Mapping[str, Experiment],
    tmp_path: Path,
    asking: None,
) -> Iterator[MainWindow]:
    """A window that records."""
    make_application()
    made = MainWindow(dict(shipped), "light", tmp_path / "runs.retrograde")
    made.setup.set_experiment(quick)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


def test_a_run_that_is_recorded_is_lost_to_the_window_without_a_question(
    recording: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = recording
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    first = window.record
    press(qtbot, window, "run")
    assert question_of(window) is None
    qtbot.waitUntil(lambda: window.record is not first, timeout=PATIENCE)
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    window.setup.change("meta.iterations", 1000)
    press(qtbot, window, "run")
    qtbot.waitUntil(
        lambda: window.record is not None and window.record.planned == 1000, timeout=PATIENCE
    )
    window.actions_["quit"].trigger()
    assert question_of(window) is None
    assert not window.isVisible()
    with open_library(tmp_path / "runs.retrograde") as library:
        assert [run.state for run in library] == ["stopped", "completed", "completed"]


def test_a_run_that_could_not_be_recorded_asks_as_ever(
    recording: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = recording
    (tmp_path / "runs.retrograde").write_bytes(b"no library" * 1000)
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    assert "recorded" in window.message_bar.text.text()
    press(qtbot, window, "run")
    assert question_of(window) is not None
    answered(qtbot, window, lose=False)
