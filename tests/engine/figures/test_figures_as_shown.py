"""Figures follow how somebody has a plot shown: axis, hidden lines, range."""

from dataclasses import replace

import numpy as np
import pytest
from figures_for_tests import STARTS, drawn, plot_of, texts_of
from plots_for_tests import (
    banded,
    class_map,
    level_map,
    lines,
    named_points,
)

from engine.figures.figure import Format, draw, render
from engine.plots import (
    Line,
    Showing,
    to_csv,
)


def test_the_axis_can_be_made_logarithmic_or_linear_against_the_plot() -> None:
    log, linear = Showing(log_y=True), Showing(log_y=False)
    assert draw(lines(), showing=log).axes[0].get_yscale() == "log"
    assert draw(plot_of("memory"), showing=linear).axes[0].get_yscale() == "linear"
    assert render(lines(), "svg", showing=log) != render(lines(), "svg")


def test_lines_that_are_hidden_are_neither_drawn_nor_named_nor_counted_in_the_range() -> None:
    plot = replace(
        lines(), lines=(*lines(2).lines, Line("high", np.arange(40.0), np.full(40, 99.0)))
    )
    figure = draw(plot, showing=Showing(hidden=frozenset({"high"})))
    [axes] = figure.axes
    assert len(axes.get_lines()) == 2
    assert axes.get_ylim()[1] < 10
    assert not [text for text in texts_of(figure) if text.get_text() == "high"]
    assert b"high" not in render(plot, "svg", showing=Showing(hidden=frozenset({"high"})))


def test_a_zoomed_range_is_the_range_of_the_axes() -> None:
    part = Showing(x_range=(5.0, 11.0), y_range=(1.5, 2.5))
    for plot in (lines(), class_map(), level_map()):
        axes = draw(plot, showing=replace(part, log_y=None)).axes[0]
        assert axes.get_xlim() == (5.0, 11.0)
        assert axes.get_ylim() == (1.5, 2.5)
    names = draw(named_points(), showing=Showing(x_range=(0.5, 2.5), y_range=(0.0, 9.0)))
    assert names.axes[0].get_xlim() == (0.5, 2.5)


@drawn
@pytest.mark.parametrize("low", [1e-280, 1.0, 1.2])
def test_any_zoom_of_a_logarithmic_axis_can_be_drawn(kind: Format, low: float) -> None:
    showing = Showing(log_y=True, x_range=(-50.0, 2.0), y_range=(low, 1.3))
    assert render(banded(), kind, showing=showing).startswith(STARTS[kind])


def test_a_mark_beyond_the_zoomed_range_is_not_drawn() -> None:
    inside = draw(banded(), showing=Showing(x_range=(10.0, 20.0), y_range=(0.0, 4.0)))
    beyond = draw(banded(), showing=Showing(x_range=(20.0, 30.0), y_range=(0.0, 4.0)))
    assert "chaos from 12" in [text.get_text() for text in texts_of(inside)]
    assert "chaos from 12" not in [text.get_text() for text in texts_of(beyond)]


def test_the_numbers_are_all_there_however_a_plot_is_shown() -> None:
    showing = Showing(True, frozenset({"group 0"}), (5.0, 9.0), (0.0, 1.0))
    assert render(lines(), "csv", showing=showing) == to_csv(lines()).encode()
