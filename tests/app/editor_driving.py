"""Driving the editor of schedules."""

import numpy as np
from experiments_for_tests import tiny
from measures_for_tests import judged
from on_canvas import place_of
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.schedules.schedule_editor import ScheduleEditor
from engine.derivatives.models import Network
from engine.experiments.tasks import task_of
from engine.runs.try_out import TryOut

T = 12

GROUPS = Network((2, 3, 1)).groups[:2]

LEFT = Qt.MouseButton.LeftButton

CONTROL = Qt.KeyboardModifier.ControlModifier

KINDS = task_of(tiny()).measures(tiny())


def outcome(loss: float) -> TryOut:
    return TryOut(judged(loss, 1.1 * loss, 1.2 * loss, 0.5), np.linspace(1, loss, T), KINDS)


def click(qtbot: QtBot, button) -> None:
    assert button.isEnabled()
    qtbot.mouseClick(button, LEFT)


def draw(qtbot: QtBot, editor: ScheduleEditor, first: int, last: int, value: float) -> None:
    canvas = editor.canvas
    qtbot.mousePress(canvas.viewport(), LEFT, pos=place_of(canvas, first, value))
    qtbot.mouseMove(canvas.viewport(), place_of(canvas, last, value))
    qtbot.mouseRelease(canvas.viewport(), LEFT, pos=place_of(canvas, last, value))


def mark(qtbot: QtBot, editor: ScheduleEditor, first: int, last: int) -> None:
    click(qtbot, editor.tools.buttons["mark"])
    draw(qtbot, editor, first, last, 0.3)


def told(editor: ScheduleEditor) -> list[list[str]]:
    return [[cell.text() for cell in row] for row in editor.panel.rows if row[0].isVisible()]
