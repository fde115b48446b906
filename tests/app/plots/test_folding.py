from dataclasses import replace

import numpy as np
import pytest
from plots_to_show import two_lines
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.plots.folding import SMALLEST, Around, Drawing, shown_around
from app.plots.plot_card import PlotCard
from app.theme import LIGHT
from engine.plots import Line

ROW, TITLE, HEAD = 18, 16, 24


def room(width: int, height: int) -> Drawing:
    """A card of this size, with a legend of one row."""

    def drawing(rows: int, legend: bool, titled: bool) -> QSize:
        head = max(HEAD, rows * ROW) if rows else 0
        return QSize(
            width - (TITLE if titled else 0),
            height - head - (ROW if legend else 0) - (TITLE if titled else 0),
        )

    return drawing


def test_everything_is_shown_where_there_is_room() -> None:
    assert shown_around(room(400, 300), legend=True) == Around(3, True, True)


@pytest.mark.parametrize("width", [150, 400])
@pytest.mark.parametrize("legend", [True, False])
def test_a_drawing_is_as_large_as_it_can_be_before_it_gets_too_small(
    width: int, legend: bool
) -> None:
    for height in range(60, 300):
        drawing = room(width, height)
        shown = shown_around(drawing, legend=legend)
        size = drawing(shown.rows, shown.legend and legend, shown.titles)
        folded = shown.rows == 0 and not shown.legend and not shown.titles
        assert size.height() >= SMALLEST.height() or folded


def test_less_room_never_brings_anything_back() -> None:
    seen = [shown_around(room(400, height), legend=True) for height in range(300, 60, -1)]
    assert seen == sorted(seen, reverse=True)
    order = list(dict.fromkeys((around.legend, around.rows > 0, around.titles) for around in seen))
    assert order == [
        (True, True, True),
        (False, True, True),
        (False, False, True),
        (False, False, False),
    ]


def test_titles_fold_in_a_narrow_card_however_high_it_is() -> None:
    assert shown_around(room(190, 300), legend=True) == Around(3, True, False)


def test_a_caption_is_cut_off_only_where_another_row_would_make_the_drawing_too_small() -> None:
    for height in range(110, 300):
        drawing = room(330, height)
        shown = shown_around(drawing, legend=True)
        if shown.rows == 1:
            assert drawing(2, shown.legend, True).height() < SMALLEST.height() or not shown.legend


def test_a_narrow_card_has_a_third_row_before_a_wide_one_of_the_same_height() -> None:
    assert shown_around(room(300, 240), legend=True).rows == 3
    assert shown_around(room(500, 240), legend=True).rows == 2


def test_a_caption_comes_back_with_a_plot_like_the_one_that_was_cleared(qtbot: QtBot) -> None:
    make_application()
    card = PlotCard("losses", LIGHT)
    qtbot.addWidget(card)
    card.resize(420, 300)
    card.show()
    plot = replace(two_lines(), caption="what it shows")
    card.show_plot(plot)
    assert card.head.caption.isVisible()
    card.clear()
    card.resize(430, 310)
    QApplication.processEvents()
    card.show_plot(plot)
    QApplication.processEvents()
    assert card.head.caption.isVisible()
    assert card.head.caption.text == "what it shows"


def test_a_legend_takes_a_second_row_only_where_the_drawing_stays_large(qtbot: QtBot) -> None:
    make_application()
    card = PlotCard("losses", LIGHT)
    qtbot.addWidget(card)
    card.resize(420, 330)
    card.show()
    x = np.arange(3.0)
    names = [f"weights of the layer {number}" for number in range(4)]
    lines = [Line(name, x, x + number, number) for number, name in enumerate(names)]
    card.show_plot(replace(two_lines(), lines=tuple(lines), caption="what it shows"))
    QApplication.processEvents()
    assert not card.legend.hidden_entries
    assert card.legend.height() == card.legend.height_of(2)
    card.resize(420, 220)
    QApplication.processEvents()
    assert card.legend.hidden_entries
    assert card.legend.height() == card.legend.height_of(1)
