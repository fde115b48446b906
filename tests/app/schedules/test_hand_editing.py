"""An edited schedule that something else would take the place of."""

from pathlib import Path

import numpy as np
from driving import click, press
from pytestqt.qtbot import QtBot

from app.losing import LosingQuestion
from app.main_window import MainWindow
from app.preferences import Preferences
from app.schedules.leaving import LeavingQuestion
from app.schedules.schedule_editor import ScheduleEditor
from app.setup.schedule_field import ScheduleField

PATIENCE = 60_000


def editor_of(window: MainWindow) -> ScheduleEditor:
    editing = window.dialogs.editing
    assert editing is not None
    assert editing.editor is not None
    return editing.editor


def edited(qtbot: QtBot, window: MainWindow) -> ScheduleEditor:
    """The editor of the learning rates, with an edit in it."""
    window.actions_["edit_learning_rates"].trigger()
    editor = editor_of(window)
    click(qtbot, editor.scale)
    return editor


def question_on(editor: ScheduleEditor) -> LeavingQuestion:
    [found] = [one for one in editor.findChildren(LeavingQuestion) if one.isVisible()]
    return found


def test_asking_for_the_same_schedule_again_brings_its_editor_back(
    window: MainWindow, qtbot: QtBot
) -> None:
    editor = edited(qtbot, window)
    window.actions_["edit_learning_rates"].trigger()
    assert editor_of(window) is editor
    assert not editor.findChildren(LeavingQuestion)


def test_another_schedule_does_not_take_the_place_of_edits_without_a_question(
    window: MainWindow, qtbot: QtBot
) -> None:
    editor = edited(qtbot, window)
    window.actions_["edit_decays"].trigger()
    click(qtbot, question_on(editor).keep)
    assert editor_of(window) is editor
    window.actions_["edit_decays"].trigger()
    click(qtbot, question_on(editor).discard)
    assert editor_of(window).edits.kind == "decays"


def test_a_run_takes_edits_along_if_they_are_used(window: MainWindow, qtbot: QtBot) -> None:
    editor = edited(qtbot, window)
    wanted = editor.values.copy()
    press(qtbot, window, "run")
    assert window.runner.state == "idle"
    click(qtbot, question_on(editor).use)
    qtbot.waitUntil(lambda: window.record is not None, timeout=PATIENCE)
    assert window.record is not None
    np.testing.assert_allclose(window.record.initial["learning_rates"][:, :1], wanted[:, :1])
    window.control.clear()


def test_the_run_is_asked_about_first_and_the_edits_then(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.run()
    qtbot.waitUntil(lambda: window.runner.state == "idle" and bool(window.record), timeout=PATIENCE)
    Preferences().asks_before_losing = True
    editor = edited(qtbot, window)
    window.actions_["quit"].trigger()
    assert not editor.findChildren(LeavingQuestion)
    [about_run] = window.findChildren(LosingQuestion)
    click(qtbot, about_run.lose)
    click(qtbot, question_on(editor).keep)
    assert window.isVisible()
    window.actions_["quit"].trigger()
    about_run = next(one for one in window.findChildren(LosingQuestion) if one.isVisible())
    click(qtbot, about_run.lose)
    click(qtbot, question_on(editor).discard)
    assert not window.isVisible()


def finish(qtbot: QtBot, window: MainWindow) -> None:
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)


def test_edit_beside_initial_values_opens_these_whatever_a_run_has_learned(
    window: MainWindow, qtbot: QtBot
) -> None:
    editor = edited(qtbot, window)
    wanted = editor.values.copy()
    click(qtbot, editor.take)
    finish(qtbot, window)
    assert window.record is not None
    assert np.any(window.record.current["learning_rates"][:, :1] != wanted[:, :1])
    field = window.setup.field("hyperparameters.learning_rates.initial")
    assert isinstance(field, ScheduleField)
    click(qtbot, field.edit)
    np.testing.assert_allclose(editor_of(window).values[:, :1], wanted[:, :1])


def test_results_say_what_they_rest_on_that_the_next_run_does_not_start_from(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.setup.change("hyperparameters.decays.free", True)
    window.actions_["edit_learning_rates"].trigger()
    assert editor_of(window).panel.note.isHidden()
    editor_of(window).close()
    finish(qtbot, window)
    window.actions_["edit_learning_rates"].trigger()
    note = editor_of(window).panel.note
    assert note.isVisible()
    assert note.text() == (
        "Trained with the momentum decays of meta-iteration 2; the next run starts from those in "
        "the set-up."
    )
