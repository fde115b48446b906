from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent, QImage
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from app.setup.line import Line


def line_of(qtbot: QtBot, text: str, width: int = 80) -> Line:
    line = Line()
    qtbot.addWidget(line)
    line.setText(text)
    line.setFixedSize(width, 28)
    line.show()
    line.clearFocus()
    return line


def picture_of(line: Line) -> QImage:
    return line.grab().toImage()


def test_a_long_text_ends_in_dots_while_the_keyboard_is_elsewhere(qtbot: QtBot) -> None:
    line = line_of(qtbot, "0.36787944117144233")
    assert line.text() == "0.36787944117144233"
    assert line.shown.startswith("0.36")
    assert line.shown.endswith("…")
    shown, cut = line.shown, picture_of(line)
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    assert line.shown == line.text()
    assert picture_of(line_of(qtbot, shown)) == cut, "it is not where Qt would draw it"


def test_a_short_text_is_whole(qtbot: QtBot) -> None:
    assert line_of(qtbot, "0.5").shown == "0.5"


def test_a_long_text_is_drawn_as_wide_as_the_line_lets_it(qtbot: QtBot) -> None:
    text = "50, 50, 50, 50, 50, 50"
    assert len(line_of(qtbot, text, 120).shown) > len(line_of(qtbot, text, 80).shown)
    assert line_of(qtbot, text, 300).shown == text


def test_a_long_number_keeps_its_power_of_ten(qtbot: QtBot) -> None:
    shown = line_of(qtbot, "1.2345678901234e-05", 110).shown
    assert shown.startswith("1.2")
    assert shown.endswith("…e-05")


def test_the_tip_of_a_line_begins_with_a_text_that_ends_in_dots(qtbot: QtBot) -> None:
    line = line_of(qtbot, "0.36787944117144233")
    line.setToolTip("What it is")
    place = QPoint(10, 10)
    hover = QHelpEvent(QEvent.Type.ToolTip, place, line.mapToGlobal(place))
    QApplication.sendEvent(line, hover)
    assert QToolTip.text() == "0.36787944117144233\nWhat it is"
    line.setText("0.5")
    QApplication.sendEvent(line, hover)
    assert QToolTip.text() == "What it is"
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())
