"""Hands for the tests of the timeline."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.timeline.time_slider import TimeSlider

T = 10
"""The iterations of its runs."""


def click(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def click_at(qtbot: QtBot, slider: TimeSlider, value: int) -> None:
    place = QPoint(slider.x_of(value), slider.height() // 2)
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=place)
