"""Over which horizontal axis a plot is drawn, chosen on it or in its menu."""

from dataclasses import replace

import numpy as np
import pytest
from plots_to_show import lines_of, plot_of, shown
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from app.plots.plot_card import PlotCard
from app.preferences import Preferences
from app.theme import LIGHT
from engine.plots import Line, Plot


def by_effort(key: str = "distance_by_seconds", along: str | None = None) -> Plot:
    """Over seconds, or over iterations."""
    y = np.array([3.0, 2.0, 1.0])
    over_seconds = plot_of(Line("a", np.array([0.1, 0.2, 0.3]), y))
    over_seconds = replace(
        over_seconds, key=key, across="seconds", x_label="time", along=along, x_range=(0.0, 0.3)
    )
    other = replace(over_seconds, key="distance_by_iterations", across="iterations", along=None)
    lines = (Line("a", np.array([10.0, 20.0, 40.0]), y),)
    other = replace(other, x_label="iterations", lines=lines, x_range=(0.0, 40.0))
    return replace(over_seconds, others=(other,))


def card_for(qtbot: QtBot, plot: Plot) -> PlotCard:
    made = PlotCard(plot.key, LIGHT)
    made.show_plot(plot)
    shown(qtbot, made, 480, 300)
    return made


def choose(card: PlotCard, name: str) -> None:
    actions = card.head.axis.axes_menu.actions()
    next(action for action in actions if action.data() == name).trigger()


def test_another_axis_is_chosen_from_the_menu_and_exports_follow(qtbot: QtBot) -> None:
    plot = by_effort()
    card = card_for(qtbot, plot)
    assert card.head.axis.isVisible()
    assert card.head.axis.text().startswith("seconds")
    assert card.head.axis.axes_menu.menuAction() in card.head.menu.actions()
    choose(card, "iterations")
    np.testing.assert_array_equal(lines_of(card).lines["a"][0], [10.0, 20.0, 40.0])
    assert card.head.axis.text().startswith("iterations")
    assert card.showing.across == "iterations"
    assert card.plot is plot, "it is the same plot"
    assert card.showing.of(plot).key == "distance_by_iterations"
    card.show_plot(by_effort())
    np.testing.assert_array_equal(lines_of(card).lines["a"][0], [10.0, 20.0, 40.0])
    choose(card, "seconds")
    np.testing.assert_array_equal(lines_of(card).lines["a"][0], [0.1, 0.2, 0.3])


def test_a_choice_is_remembered_for_its_plot_alone(qtbot: QtBot) -> None:
    choose(card_for(qtbot, by_effort()), "iterations")
    assert Preferences().horizontal_axes == {"distance_by_seconds": "iterations"}
    again = card_for(qtbot, by_effort())
    assert again.showing.across == "iterations"
    again.forget_choices()
    assert again.showing.across == "iterations", "another experiment has the same plot"
    assert card_for(qtbot, by_effort("losses")).showing.across is None


def test_another_axis_shows_all_of_it(qtbot: QtBot) -> None:
    card = card_for(qtbot, by_effort())
    view = lines_of(card)
    view.getPlotItem().getViewBox().setXRange(0.1, 0.2, padding=0)
    view.getPlotItem().getViewBox().sigRangeChangedManually.emit([True, False])
    choose(card, "iterations")
    low, high = view.ranges()[0]
    assert low <= 0.0
    assert high >= 40.0


def test_where_the_axis_goes_along_the_run_only_the_menu_offers_another(qtbot: QtBot) -> None:
    card = card_for(qtbot, by_effort("losses", along="meta-iterations"))
    assert not card.head.axis.isVisible()
    choose(card, "iterations")
    assert card.head.axis.isVisible(), "it says so, and is the way back"
    choose(card, "seconds")
    assert not card.head.axis.isVisible()


def test_a_plot_without_a_choice_offers_none(qtbot: QtBot) -> None:
    plain = plot_of(Line("a", np.arange(3.0), np.arange(3.0)))
    card = card_for(qtbot, plain)
    assert not card.head.axis.isVisible()
    assert not card.head.axis.axes_menu.menuAction().isVisible()


@pytest.mark.parametrize("saved", ["", "no json", "[1, 2]", '{"losses": 3}'])
def test_a_preference_that_cannot_be_read_was_never_set(saved: str) -> None:
    QSettings().setValue("window/horizontal axes", saved)
    assert Preferences().horizontal_axes == {}
