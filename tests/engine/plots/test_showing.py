from dataclasses import replace

import numpy as np
import pytest
from plots_for_tests import banded, class_map, level_map, lines, pictures

from engine.plots import (
    AS_THE_PLOT_SAYS,
    LAST_STEP,
    NEXT_STEP,
    SMOOTHINGS,
    AnyPlot,
    Line,
    MapPlot,
    Plot,
    Showing,
    smoothed,
)


def shown(plot: AnyPlot, *hidden: str) -> Plot:
    made = Showing(hidden=frozenset(hidden)).of(plot)
    assert isinstance(made, Plot)
    return made


def test_a_hidden_line_takes_its_past_with_it() -> None:
    x = np.arange(3.0)
    drawn = (
        Line("now", x, x),
        Line("now, before", x, x, before="now", faint=True),
        Line("other", x, x),
    )
    left = shown(replace(lines(), lines=drawn), "now")
    assert [line.name for line in left.lines] == ["other"]


def test_arrows_are_hidden_by_what_the_legend_calls_them() -> None:
    with_both = lines(1, towards=True)
    assert shown(with_both, NEXT_STEP).lines[0].towards is None
    assert shown(with_both, LAST_STEP).lines[0].towards is not None
    assert shown(with_both, "group 0").lines == ()


def test_points_and_paths_of_a_map_are_hidden_and_its_values_stay() -> None:
    plot = level_map()
    names = {one.name for one in plot.points} | {one.name for one in plot.paths}
    assert names
    left = Showing(hidden=frozenset(names)).of(plot)
    assert isinstance(left, MapPlot)
    assert not left.points
    assert not left.paths
    assert left.values is plot.values


@pytest.mark.parametrize("plot", [lines(), banded(), pictures(), level_map(), class_map()])
def test_without_a_change_a_plot_is_as_it_was(plot: AnyPlot) -> None:
    assert Showing() == AS_THE_PLOT_SAYS
    assert AS_THE_PLOT_SAYS.changes(plot) == []
    made = AS_THE_PLOT_SAYS.of(plot)
    assert (made.title, made.caption) == (plot.title, plot.caption)
    if isinstance(plot, Plot) and isinstance(made, Plot):
        assert made.x_range == plot.x_range
        assert made.marks == plot.marks
        assert [line.name for line in made.lines] == [line.name for line in plot.lines]


def test_the_changes_are_said_in_a_few_words() -> None:
    zoomed = Showing(True, frozenset({"group 1"}), (0.0, 1.0), (0.0, 1.0))
    assert zoomed.changes(lines()) == ["logarithmic axis", "1 legend entry hidden", "zoomed"]
    assert Showing(False).changes(replace(lines(), log_y=True)) == ["linear axis"]
    assert Showing(False).changes(lines()) == []
    two = frozenset({"group 1", "group 2", "of another plot"})
    assert Showing(hidden=two).changes(lines()) == ["2 legend entries hidden"]
    assert Showing(True, two).changes(pictures()) == []


def test_smoothed_lines_are_shown_smoothed_over_the_whole_axis_whichever_part_is_shown() -> None:
    x = np.arange(40.0)
    noisy = Line("loss", x, np.where(x % 2 == 0, 1.0, 3.0))
    plot = Plot("losses", "Losses", "x", "y", (noisy,), (0, 40), along="iterations")
    strong = SMOOTHINGS["strong"]
    showing = Showing(smoothing=strong)
    assert [line.y.tolist() for line in showing.of(plot).lines] == [
        line.y.tolist() for line in smoothed(plot, strong).lines
    ]
    part = replace(showing, x_range=(0.0, 4.0)).of(plot)
    assert part.lines[-1].y.tolist() == smoothed(plot, strong).lines[-1].y.tolist()
    assert showing.changes(plot) == ["strong smoothing"]
    assert Showing().changes(plot) == []
    hidden = replace(showing, hidden=frozenset({"loss"})).of(plot)
    assert hidden.lines == (), "with what was measured behind it"
