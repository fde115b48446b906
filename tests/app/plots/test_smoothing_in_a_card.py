"""Lines of a card, smoothed from its menu."""

from dataclasses import replace

import numpy as np
from driving import click
from plots_to_show import (
    hover,
    lines_of,
    pictures,
    plot_of,
    shown_names,
    two_lines,
)
from pytestqt.qtbot import QtBot

from app.plots.plot_card import PlotCard
from app.plots.plot_table import PlotTable
from engine.plots import SMOOTHINGS, Line, Plot


def noisy() -> Plot:
    x = np.arange(11.0)
    y = np.array([1.0, 3.0] * 5 + [1.0])
    return replace(plot_of(Line("a", x, y), Line("b", x, y + 5)), along="iterations")


def choose_smoothing(card: PlotCard, name: str) -> None:
    actions = card.head.smoothing_menu.actions()
    next(action for action in actions if action.data() == name).trigger()


def test_noisy_lines_are_smoothed_from_the_menu_and_stay_so(card: PlotCard) -> None:
    card.show_plot(noisy())
    assert card.smoothing == SMOOTHINGS["none"]
    assert card.head.smoothing_menu.menuAction().isVisible()
    choose_smoothing(card, "strong")
    assert card.smoothing == SMOOTHINGS["strong"]
    assert card.showing.smoothing == SMOOTHINGS["strong"], "exports follow"
    drawn = lines_of(card).lines
    assert np.ptp(drawn["a"][1][3:8]) < 0.5
    np.testing.assert_array_equal(drawn["a, measured"][1], noisy().lines[0].y)
    assert card.legend.buttons[0].entry.says == "smoothed"
    assert card.legend.names == ["a", "b"]
    hover(lines_of(card), 4, 2.0)
    assert card.view.crosshair.reading.heading == "steps 4, smoothed"
    card.show_plot(noisy())
    assert "a, measured" in lines_of(card).lines
    card.head.table_action.trigger()
    table = card.findChild(PlotTable)
    assert table.model.header == [
        "steps",
        "a, measured",
        "b, measured",
        "a (smoothed)",
        "b (smoothed)",
    ]
    table.close()
    choose_smoothing(card, "none")
    assert [*lines_of(card).lines] == ["a", "b"]


def test_a_smoothed_line_is_switched_off_with_what_was_measured(
    qtbot: QtBot, card: PlotCard
) -> None:
    card.show_plot(noisy())
    choose_smoothing(card, "light")
    click(qtbot, card.legend.button("a"))
    assert shown_names(card) == {"b", "b, measured"}


def test_a_single_line_that_is_smoothed_says_so(card: PlotCard) -> None:
    card.show_plot(replace(noisy(), lines=noisy().lines[:1]))
    assert card.legend.names == []
    choose_smoothing(card, "light")
    assert [button.entry.says for button in card.legend.buttons] == ["smoothed", "a"]
    assert card.legend.isVisible()


def test_smoothing_is_not_offered_where_it_means_nothing(card: PlotCard) -> None:
    card.show_plot(two_lines())
    assert not card.head.smoothing_menu.menuAction().isVisible()
    card.show_plot(pictures())
    assert not card.head.smoothing_menu.menuAction().isVisible()


def test_the_next_run_is_not_smoothed_by_itself(card: PlotCard) -> None:
    card.show_plot(noisy())
    choose_smoothing(card, "light")
    card.forget_choices()
    card.show_plot(noisy())
    assert card.smoothing.name == "none"
    assert [*lines_of(card).lines] == ["a", "b"]
