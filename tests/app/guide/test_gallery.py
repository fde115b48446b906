from collections.abc import Iterator
from importlib import resources

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.dress import apply_to_application
from app.guide.gallery import Gallery
from app.guide.gallery_card import ExperimentCard
from app.guide.groups import GROUPS
from app.main_window import MainWindow
from app.theme import DARK, LIGHT, Theme
from engine.experiments.files import list_experiments

SHIPPED = list_experiments()
NAMES = list(SHIPPED)


@pytest.fixture
def gallery(qtbot: QtBot, qapp: QApplication) -> Iterator[Gallery]:
    apply_to_application(qapp, LIGHT)
    made = Gallery(SHIPPED, LIGHT)
    qtbot.addWidget(made)
    made.resize(940, 700)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()
    qapp.setStyleSheet("")


@pytest.fixture
def told(gallery: Gallery) -> list[tuple[str, str]]:
    """What the gallery has asked for, in order."""
    asked: list[tuple[str, str]] = []
    gallery.chosen.connect(lambda name: asked.append(("load", name)))
    gallery.run_requested.connect(lambda name: asked.append(("run", name)))
    return asked


def click(qtbot: QtBot, card: ExperimentCard) -> None:
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))


def focused(gallery: Gallery) -> str:
    return next(name for name, card in gallery.cards.items() if card.hasFocus())


def columns(gallery: Gallery) -> int:
    first = gallery.cards[NAMES[0]]
    return sum(card.y() == first.y() for card in gallery.cards.values())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_every_experiment_has_a_picture_for_each_theme(name: str, theme: Theme) -> None:
    file = resources.files("resources") / "gallery" / f"{name}-{theme.name}.png"
    picture = QImage()
    assert picture.loadFromData(file.read_bytes())
    assert (picture.width(), picture.height()) == (640, 360)
    assert picture.hasAlphaChannel()


def test_pictures_are_of_experiments_that_there_are() -> None:
    files = {file.name for file in (resources.files("resources") / "gallery").iterdir()}
    assert files == {f"{name}-{theme}.png" for name in NAMES for theme in ("light", "dark")}


def test_there_is_a_card_for_every_experiment_in_their_order(gallery: Gallery) -> None:
    assert list(gallery.cards) == NAMES
    places = [(card.y(), card.x()) for card in gallery.cards.values()]
    assert places == sorted(places)
    for name, card in gallery.cards.items():
        assert card.accessibleName() == SHIPPED[name].title
        assert SHIPPED[name].description in card.accessibleDescription()


def test_one_click_loads_an_experiment(
    gallery: Gallery, told: list[tuple[str, str]], qtbot: QtBot
) -> None:
    click(qtbot, gallery.cards["one-number"])
    assert told == [("load", "one-number")]


def test_the_experiment_that_is_set_up_is_marked(window: MainWindow, qtbot: QtBot) -> None:
    window.show_gallery()
    for name in ("one-number", "toy"):
        click(qtbot, window.gallery.cards[name])
        marked = [name for name, card in window.gallery.cards.items() if card.is_current]
        assert marked == [name]


def test_the_run_button_on_a_card_runs_its_experiment(
    gallery: Gallery, told: list[tuple[str, str]], qtbot: QtBot
) -> None:
    qtbot.mouseClick(gallery.cards["regression"].run_button, Qt.MouseButton.LeftButton)
    assert told == [("run", "regression")]


def test_enter_loads_and_control_enter_runs(
    gallery: Gallery, told: list[tuple[str, str]], qtbot: QtBot
) -> None:
    card = gallery.cards["regression"]
    card.setFocus()
    qtbot.keyClick(card, Qt.Key.Key_Return)
    qtbot.keyClick(card, Qt.Key.Key_Enter)
    qtbot.keyClick(card, Qt.Key.Key_Space)
    assert told == [("load", "regression")] * 3
    qtbot.keyClick(card, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert told[-1] == ("run", "regression")


def test_the_arrow_keys_walk_over_the_cards(gallery: Gallery, qtbot: QtBot) -> None:
    width = columns(gallery)
    assert width == 3

    def press(key: Qt.Key) -> str:
        qtbot.keyClick(gallery.cards[focused(gallery)], key)
        return focused(gallery)

    gallery.focus_card()
    assert focused(gallery) == NAMES[0]
    assert press(Qt.Key.Key_Up) == NAMES[0]
    assert press(Qt.Key.Key_Left) == NAMES[0]
    assert press(Qt.Key.Key_Right) == NAMES[1]
    assert press(Qt.Key.Key_Down) == NAMES[1 + width]
    assert press(Qt.Key.Key_Left) == NAMES[width]
    assert press(Qt.Key.Key_Up) == NAMES[0]
    assert press(Qt.Key.Key_End) == NAMES[-1]
    assert press(Qt.Key.Key_Right) == NAMES[-1]
    assert press(Qt.Key.Key_Home) == NAMES[0]


@pytest.mark.parametrize("key", [Qt.Key.Key_Right, Qt.Key.Key_Down])
def test_the_arrow_keys_walk_on_from_a_cards_button(
    gallery: Gallery, qtbot: QtBot, key: Qt.Key
) -> None:
    gallery.focus_card()
    button = gallery.cards[focused(gallery)].run_button
    button.setFocus()
    qtbot.keyClick(button, key)
    step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: columns(gallery)}[key]
    assert focused(gallery) == NAMES[step]


def test_down_above_the_gap_of_a_shorter_last_row_goes_to_the_last_card(
    gallery: Gallery, qtbot: QtBot
) -> None:
    width, names = columns(gallery), GROUPS["Reversible learning"]
    rows = -(-len(names) // width)
    assert len(names) % width, "the last row is full; choose another width"
    above = gallery.cards[names[width * (rows - 1) - 1]]
    above.setFocus()
    qtbot.keyClick(above, Qt.Key.Key_Down)
    assert focused(gallery) == names[-1]


def test_the_card_that_the_keyboard_is_on_is_scrolled_into_view(
    gallery: Gallery, qtbot: QtBot
) -> None:
    def is_seen(name: str) -> bool:
        card = gallery.cards[name]
        place = QRect(card.mapTo(gallery, QPoint(0, 0)), card.size())
        return gallery.rect().contains(place)

    gallery.focus_card()
    assert not is_seen(NAMES[-1])
    qtbot.keyClick(gallery.cards[NAMES[0]], Qt.Key.Key_End)
    assert is_seen(NAMES[-1])
    qtbot.keyClick(gallery.cards[NAMES[-1]], Qt.Key.Key_Home)
    assert is_seen(NAMES[0])
    assert gallery.tour_button.visibleRegion().boundingRect() == gallery.tour_button.rect()


def test_tab_reaches_one_card_and_it_is_the_last_one_used(gallery: Gallery, qtbot: QtBot) -> None:
    gallery.cards["moons"].setFocus()
    gallery.tour_button.setFocus()
    qtbot.keyClick(gallery.tour_button, Qt.Key.Key_Tab)
    assert gallery.open_button.hasFocus()
    qtbot.keyClick(gallery.open_button, Qt.Key.Key_Tab)
    assert focused(gallery) == "moons"
    qtbot.keyClick(gallery.cards["moons"], Qt.Key.Key_Tab)
    assert gallery.cards["moons"].run_button.hasFocus()
    qtbot.keyClick(gallery.cards["moons"].run_button, Qt.Key.Key_Tab)
    assert not any(
        card.run_button.hasFocus() or (name != "moons" and card.hasFocus())
        for name, card in gallery.cards.items()
    )


@pytest.mark.parametrize(("width", "expected"), [(360, 1), (660, 2), (940, 3), (1500, 5)])
def test_there_are_as_many_columns_as_there_is_room_for(
    gallery: Gallery, qtbot: QtBot, width: int, expected: int
) -> None:
    gallery.resize(width, 700)

    def right() -> int:
        cards = gallery.cards.values()
        return max(card.mapTo(gallery, card.rect().topRight()).x() for card in cards)

    qtbot.waitUntil(lambda: columns(gallery) == expected and right() <= width, timeout=2000)


def test_pictures_keep_their_shape_and_no_word_is_cut_off(gallery: Gallery, qtbot: QtBot) -> None:
    for width in (360, 660, 940, 1500):
        gallery.resize(width, 700)
        QApplication.processEvents()
        for name, card in gallery.cards.items():
            assert card.height() >= card.heightForWidth(card.width()), (name, width)


def test_a_theme_changes_cards_and_pictures(gallery: Gallery) -> None:
    def background(name: str) -> QColor:
        picture = gallery.cards[name].grab().toImage()
        return picture.pixelColor(picture.width() // 2, picture.height() - 8)

    before = gallery.cards["moons"].grab().toImage()
    assert background("moons") == QColor(LIGHT.card)
    gallery.set_theme(DARK)
    assert background("moons") == QColor(DARK.card)
    after = gallery.cards["moons"].grab().toImage()
    assert before.pixelColor(40, 40) != after.pixelColor(40, 40)


def test_focus_and_pointer_are_seen(gallery: Gallery) -> None:
    card = gallery.cards["spirals"]
    edge = QPoint(card.width() // 2, 0)
    gallery.tour_button.setFocus()
    assert card.grab().toImage().pixelColor(edge) != QColor(LIGHT.accent)
    card.setFocus()
    assert card.grab().toImage().pixelColor(edge) == QColor(LIGHT.accent)


def test_the_tour_and_a_file_can_be_asked_for(gallery: Gallery, qtbot: QtBot) -> None:
    with qtbot.waitSignal(gallery.tour_requested):
        qtbot.mouseClick(gallery.tour_button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(gallery.open_requested):
        qtbot.mouseClick(gallery.open_button, Qt.MouseButton.LeftButton)


def test_an_experiment_from_elsewhere_is_marked_on_no_card(gallery: Gallery) -> None:
    gallery.set_current("spirals")
    assert gallery.cards["spirals"].is_current
    gallery.set_current(None)
    assert not any(card.is_current for card in gallery.cards.values())
