import pytest
from plots_to_show import shown
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.plots.crosshair import Crosshair, Reading
from app.plots.readout import Value, place_beside
from app.theme import LIGHT

ROOM = QRectF(4, 4, 292, 192)


@pytest.mark.parametrize("x", [5, 100, 150, 290])
@pytest.mark.parametrize("y", [5, 100, 190])
@pytest.mark.parametrize("size", [QSizeF(80, 40), QSizeF(200, 40), QSizeF(290, 40)])
def test_the_box_is_within_the_view_and_never_under_the_pointer(
    x: float, y: float, size: QSizeF
) -> None:
    box = place_beside(size, ROOM, QPointF(x, y))
    assert ROOM.contains(box)
    assert not box.contains(QPointF(x, y))


def test_a_box_as_large_as_the_view_stays_within_it() -> None:
    assert ROOM.contains(place_beside(ROOM.size(), ROOM, QPointF(100, 100)))


def reading(at: QPointF, text: str) -> Reading:
    return Reading(at, "steps 3", (Value("", text, None, at),), QRectF(0, 0, 300, 200))


def test_a_long_text_is_shortened_to_the_view(qtbot: QtBot) -> None:
    view = QWidget()
    shown(qtbot, view, 300, 200)
    crosshair = Crosshair(LIGHT, view, view)
    crosshair.show_reading(reading(QPointF(100, 100), "a name " * 40), QPointF(100, 100))
    assert QRectF(view.rect()).contains(crosshair.readout.box)
    view.grab()


def test_it_is_hidden_until_there_is_something_to_read(qtbot: QtBot) -> None:
    view = QWidget()
    shown(qtbot, view, 300, 200)
    crosshair = Crosshair(LIGHT, view, view)
    assert not crosshair.isVisible()
    before = view.grab().toImage()
    crosshair.show_reading(reading(QPointF(100, 100), "one 3"), None)
    assert crosshair.isVisible()
    assert view.grab().toImage() != before
    crosshair.clear()
    assert not crosshair.isVisible()
    assert view.grab().toImage() == before


@pytest.mark.parametrize("y", [20, 80, 150])
def test_the_box_leaves_numbers_and_titles_of_axes_uncovered_where_there_is_room(
    qtbot: QtBot, y: float
) -> None:
    view = QWidget()
    shown(qtbot, view, 300, 200)
    crosshair = Crosshair(LIGHT, view, view)
    axes, at = QRectF(40, 8, 250, 150), QPointF(100, y)
    told = tuple(Value(name, "0.1", None, at) for name in ("one", "two", "three"))
    crosshair.show_reading(Reading(at, "meta-iteration 3", told, axes), at)
    assert axes.contains(crosshair.readout.box)
    assert len(crosshair.readout.rows) == 3
