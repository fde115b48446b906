from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent, QImage
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from app.setup.box import Box

LONG = "One learning rate, one decay, one penalty"


def box_of(qtbot: QtBot, *texts: str, width: int = 120) -> Box:
    box = Box()
    qtbot.addWidget(box)
    box.addItems(texts)
    box.setFixedSize(width, 28)
    box.show()
    box.clearFocus()
    return box


def picture_of(box: Box) -> QImage:
    return box.grab().toImage()


def test_a_long_choice_ends_in_dots(qtbot: QtBot) -> None:
    box = box_of(qtbot, LONG)
    assert box.currentText() == LONG
    assert box.shown.startswith("One l")
    assert box.shown.endswith("…")
    assert picture_of(box_of(qtbot, box.shown)) == picture_of(box)


def test_a_short_choice_is_whole(qtbot: QtBot) -> None:
    assert box_of(qtbot, "moons").shown == "moons"
    assert box_of(qtbot, LONG, width=500).shown == LONG


def test_its_tip_tells_all_of_a_choice_that_ends_in_dots(qtbot: QtBot) -> None:
    box = box_of(qtbot, LONG, "moons")
    box.setToolTip("What it is")
    place = QPoint(10, 10)
    hover = QHelpEvent(QEvent.Type.ToolTip, place, box.mapToGlobal(place))
    QApplication.sendEvent(box, hover)
    assert QToolTip.text() == LONG
    box.setCurrentIndex(1)
    QApplication.sendEvent(box, hover)
    assert QToolTip.text() == "What it is"
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_the_list_is_as_wide_as_its_choices(qtbot: QtBot) -> None:
    box = box_of(qtbot, LONG, "moons")
    box.showPopup()
    assert box.view().width() >= box.fontMetrics().horizontalAdvance(LONG)
    box.hidePopup()
