import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
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


def test_the_card_that_the_guide_names_is_what_it_says(window: MainWindow) -> None:
    named = re.search(
        r"The card \*(.+?)\*,\s+for example, trains a network with three hidden layers on\s+"
        r"handwritten digits for a hundred iterations",
        sections()["A first run"],
    )
    assert named is not None
    [shipped] = [one for one in window.setup.shipped.values() if one.title == named[1]]
    assert len(shipped.model.hidden) == 3
    assert shipped.data.source == "digits"
    assert shipped.training.iterations == 100
    assert shipped.name in window.gallery.cards


def test_every_key_of_the_guide_s_commands_is_an_action_s(window: MainWindow) -> None:
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|", sections()["A first run"], re.MULTILINE)
    of_actions = [cell for name, cell in rows[2:] if name != "Undo, Redo"]  # of the set-up alone
    keys = [key for cell in of_actions for key in cell.replace("−", "-").split(", ")]
    known = {
        shortcut.toString()
        for action in window.findChildren(QAction)
        for shortcut in action.shortcuts()
    }
    assert len(keys) > 20
    assert {QKeySequence(key).toString() for key in keys} <= known


def test_the_menu_says_that_f1_opens_the_guide(window: MainWindow) -> None:
    assert window.actions_["guide"].shortcut() == QKeySequence("F1")
