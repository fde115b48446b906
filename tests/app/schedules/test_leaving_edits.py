"""Edits that nothing uses are not lost without a question."""

import numpy as np
import pytest
from editor_driving import click
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from pytestqt.qtbot import QtBot

from app.schedules.leaving import LeavingQuestion
from app.schedules.schedule_editor import ScheduleEditor


def asked_of(editor: ScheduleEditor) -> LeavingQuestion:
    """The question that stands on the editor."""
    [found] = [one for one in editor.findChildren(LeavingQuestion) if one.isVisible()]
    return found


def by_button(qtbot: QtBot, editor: ScheduleEditor) -> None:
    click(qtbot, editor.close_button)


def by_escape(qtbot: QtBot, editor: ScheduleEditor) -> None:
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Escape)


def by_frame(qtbot: QtBot, editor: ScheduleEditor) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QCloseEvent, "spontaneous", lambda _: True)
        editor.close()


ways_out = pytest.mark.parametrize("leave", [by_button, by_escape, by_frame])


@ways_out
def test_edits_that_nothing_uses_are_not_dropped_without_a_question(qtbot, editor, leave) -> None:
    click(qtbot, editor.scale)
    leave(qtbot, editor)
    question = asked_of(editor)
    assert question.text() == "The edited learning rates are not in use."
    assert question.defaultButton() is question.keep
    click(qtbot, question.keep)
    assert editor.isVisible()
    np.testing.assert_allclose(editor.values, 0.15)
    leave(qtbot, editor)
    click(qtbot, asked_of(editor).discard)
    assert not editor.isVisible()


@ways_out
def test_without_an_edit_that_would_be_lost_it_closes_at_once(qtbot, editor, leave) -> None:
    click(qtbot, editor.scale)
    click(qtbot, editor.take)
    leave(qtbot, editor)
    assert not editor.isVisible()


def test_edits_can_be_used_on_the_way_out(qtbot, editor) -> None:
    click(qtbot, editor.scale)
    click(qtbot, editor.close_button)
    with qtbot.waitSignal(editor.taken) as blocker:
        click(qtbot, asked_of(editor).use)
    np.testing.assert_allclose(blocker.args[1], 0.15)
    assert not editor.isVisible()


def test_escape_in_the_question_keeps_editing(qtbot, editor) -> None:
    click(qtbot, editor.scale)
    click(qtbot, editor.close_button)
    qtbot.keyClick(asked_of(editor), Qt.Key.Key_Escape)
    assert editor.isVisible()
    assert not any(one.isVisible() for one in editor.findChildren(LeavingQuestion))
