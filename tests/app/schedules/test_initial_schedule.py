"""The schedule in the set-up, edited and taken over, beside a run that has gone on from it."""

import numpy as np
from driving import click
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from app.schedules.schedule_editor import ScheduleEditor

PATIENCE = 60_000


def editor_of(window: MainWindow) -> ScheduleEditor:
    assert window.dialogs.editing is not None
    assert window.dialogs.editing.editor is not None
    return window.dialogs.editing.editor


def test_edit_in_the_set_up_opens_what_the_field_says_and_not_the_last_run(
    window: MainWindow, qtbot: QtBot
) -> None:
    iterations = window.setup.experiment().training.iterations
    initial = tuple(np.linspace(0.01, 0.02, iterations).tolist())
    window.setup.take_hyperparameters({"learning_rates": initial})
    window.control.run()
    qtbot.waitUntil(lambda: window.runner.state != "idle", timeout=PATIENCE)
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    click(qtbot, window.setup.field("hyperparameters.learning_rates.initial").edit)
    edits = editor_of(window).edits
    assert np.allclose(edits.values, np.reshape(initial, (-1, 1)), rtol=1e-6)


def test_taking_a_schedule_over_says_where_everything_else_starts(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.actions_["edit_learning_rates"].trigger()
    editor = editor_of(window)
    click(qtbot, editor.scale)
    click(qtbot, editor.take)
    assert "all else as in the set-up" in window.progress.status.text()
    assert "other hyperparameters start as the set-up says" in editor.take.toolTip()
