"""What lies over the window is whole on the screen."""

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QGuiApplication, QPen
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.guide.help_popover import HelpPopover
from app.plots.entries import Entry
from app.plots.legend import LegendPopup
from app.plots.prediction_popover import PredictionPopover
from app.popover import Popover

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # popups, offscreen


def room() -> QRect:
    return QGuiApplication.primaryScreen().availableGeometry()


def is_whole(popover: QWidget) -> bool:
    return room().contains(QRect(popover.pos(), popover.size()))


def test_one_that_grows_while_it_is_seen_makes_way(qtbot: QtBot) -> None:
    popover, words = Popover(), QLabel("Few words")
    qtbot.addWidget(popover)
    QVBoxLayout(popover).addWidget(words)
    popover.adjustSize()
    popover.place_at(room().bottomRight())
    popover.show()
    assert is_whole(popover)
    words.setText("Many more words than before, in one line\nand another")
    popover.adjustSize()
    assert is_whole(popover)
    popover.close()


def test_one_that_is_larger_than_it_was_told_stays_on_the_screen(qtbot: QtBot) -> None:
    popover, button = Popover(), QPushButton("A button that needs its room")
    qtbot.addWidget(popover)
    QVBoxLayout(popover).addWidget(button)
    popover.resize(20, 20)  # its layout grants it more, once it is shown
    popover.place_at(QPoint(room().right() - 20, room().top()))
    popover.show()
    qtbot.waitUntil(lambda: popover.width() > 20)
    assert is_whole(popover)
    popover.close()


def test_predictions_help_and_legends_do_so(qtbot: QtBot) -> None:
    corner = room().bottomRight()
    window = QWidget()
    qtbot.addWidget(window)
    predicted, legend, told = PredictionPopover(window), LegendPopup(window), HelpPopover(window)
    predicted.show_prediction(None, "Nothing is predicted.", "domhan-eleven")
    predicted.open_at(corner)
    assert is_whole(predicted)
    predicted.close()
    legend.entries.set_entries([Entry(f"line {n}", QPen()) for n in range(5)])
    legend.open_at(corner)
    assert is_whole(legend)
    legend.close()
    anchor = QPushButton("?", window)
    window.move(corner - QPoint(30, 30))
    window.show()
    told.show_help("memory", anchor)
    assert is_whole(told)
    told.close()
