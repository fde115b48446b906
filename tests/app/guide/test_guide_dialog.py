from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.guide.guide_dialog import GuideDialog, sections
from app.main_window import MainWindow


def test_help_opens_the_guide_at_its_beginning(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_["guide"].trigger()
    guide = window.findChild(GuideDialog)
    assert guide is not None
    assert guide.isVisible()
    shown = guide.page.toPlainText()
    assert shown.startswith("A first run")
    qtbot.keyClick(guide.contents, Qt.Key.Key_Down)
    assert guide.page.toPlainText().startswith(guide.contents.item(1).text())
    qtbot.keyClick(guide, Qt.Key.Key_Escape)
    assert not guide.isVisible()


def test_every_section_has_text_and_points_at_nothing_that_is_not_there() -> None:
    found = sections()
    assert len(found) >= 6
    for text in found.values():
        assert len(text) > 200
        assert "](" not in text.replace("](http", "")
        assert ".png" not in text
