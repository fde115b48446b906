import pytest
from PySide6.QtCore import QLocale, Qt
from pytestqt.qtbot import QtBot

from app.exporting.count_box import CountBox


@pytest.mark.parametrize("language", ["C", "de_DE", "ja_JP", "ar_EG"])
def test_only_digits_can_be_typed(qtbot: QtBot, language: str) -> None:
    box = CountBox(1, 5000, " frames")
    qtbot.addWidget(box)
    box.setLocale(QLocale(language))
    for keys in ("1,5", "1.5", "1 5", "\N{ARABIC-INDIC DIGIT ONE}5"):
        box.lineEdit().setText("")
        for key in keys:
            box.lineEdit().insert(key)
        assert set(box.cleanText()) <= set("15")
    box.lineEdit().setText("")
    qtbot.keyClicks(box.lineEdit(), "250")
    assert (box.value(), box.text()) == (250, "250 frames")


def test_one_of_them_is_called_one(qtbot: QtBot) -> None:
    box = CountBox(1, 5000, " frames", " frame")
    qtbot.addWidget(box)
    assert box.text() == "1 frame"
    box.selectAll()
    qtbot.keyClicks(box.lineEdit(), "12")
    assert (box.value(), box.text()) == (12, "12 frames")
    qtbot.keyClick(box, Qt.Key.Key_Backspace)
    assert (box.value(), box.text()) == (1, "1 frame")
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert box.text() == "2 frames"
