from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.guide.gallery_index import GalleryIndex
from app.guide.groups import GROUPS, grouped
from app.main_window import MainWindow
from engine.experiments.experiment import Experiment
from engine.experiments.files import list_experiments, save_experiment


def test_every_experiment_is_in_one_group() -> None:
    members = [name for names in GROUPS.values() for name in names]
    assert sorted(members) == sorted(list_experiments())


def test_what_is_in_no_group_comes_last() -> None:
    assert grouped(["mine", "toy"]) == {"First steps": ["toy"], "More": ["mine"]}


def test_a_group_shows_its_cards_alone(window: MainWindow, qtbot: QtBot) -> None:
    window.show_gallery()
    for row, (_, names) in enumerate(GROUPS.items(), start=1):
        window.index.groups.setCurrentRow(row)
        shown = [name for name, card in window.gallery.cards.items() if card.isVisible()]
        assert sorted(shown) == sorted(names)
        window.gallery.focus_card()
        assert window.focusWidget() in [window.gallery.cards[name] for name in names]
    qtbot.keyClick(window.index.groups, Qt.Key.Key_Home)
    assert all(card.isVisible() for card in window.gallery.cards.values())


def test_an_experiment_that_was_opened_is_offered_and_opens_again(
    window: MainWindow, qtbot: QtBot, quick: Experiment, tmp_path: Path
) -> None:
    assert not window.index.recent.isVisibleTo(window.index)
    save_experiment(quick, tmp_path / "mine.toml")
    window.setup.open_experiment(tmp_path / "mine.toml")
    window.setup.set_experiment(list_experiments()["toy"])
    window.show_gallery()
    recent = window.index.recent
    place = recent.visualItemRect(recent.item(0)).center()
    qtbot.mouseClick(recent.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.setup.experiment() == quick
    assert window.body.page == "ready"


def test_lists_are_as_high_as_what_they_hold(qtbot: QtBot) -> None:
    index = GalleryIndex(["One", "Two"])
    qtbot.addWidget(index)
    index.set_recent(["/one/a.toml", "/two/b.toml"])
    index.show()
    qtbot.waitExposed(index)
    for listed in (index.groups, index.recent):
        last = listed.visualItemRect(listed.item(listed.count() - 1))
        assert 0 <= listed.viewport().height() - last.bottom() < 12
