"""Plots of comparisons of methods."""

from dataclasses import replace

import numpy as np
import pytest
from experiments_for_tests import FIXED, tiny

from engine.plots import PALETTE, Plot
from engine.plots.method_plots import method_plots, stroke_of
from engine.runs.compare import compare
from engine.runs.comparison import ComparisonRecord, ComparisonStarted, Study

FREE = {**FIXED, "hyperparameters.decays.free": "true"}


def record_of(*methods: str, study: Study = "option", **fields: str) -> ComparisonRecord:
    events = compare(tiny({**FREE, **fields}), methods, (study,))
    started = next(event for event in events if isinstance(event, ComparisonStarted))
    record = ComparisonRecord(started)
    for event in events:
        record.add(event)
    return record


def plot_of(record: ComparisonRecord, key: str) -> Plot:
    return next(plot for plot in method_plots(record) if plot.key == key)


def test_a_method_has_the_same_stroke_whatever_else_is_compared() -> None:
    for few, many in ((1, 4), (2, 5)):
        names = ("stored-trajectory", "checkpointed", "truncated", "forward", "implicit-cg")
        one, other = record_of(*names[few - 1 : few]), record_of(*names[:many])
        shared = one.contenders[-1]
        assert stroke_of(one, shared) == stroke_of(other, shared)


def test_as_long_as_there_are_colours_no_two_methods_share_one() -> None:
    six = ("checkpointed", "truncated", "forward", "implicit-cg", "finite-differences")
    record = record_of(*six)
    colours = [stroke_of(record, one)[0] for one in record.contenders]
    assert sorted(colours) == [*range(len(PALETTE))]


def test_a_single_derivative_stands_beside_those_of_other_methods() -> None:
    record = record_of(
        "truncated:last=2", "forward", **{"hyperparameters.decays.granularity": "one"}
    )
    plot = plot_of(record, "hypergradient_decays")
    assert plot.x_label == "row of the table"
    assert [[*line.x] for line in plot.lines] == [[1.0], [2.0], [3.0]]
    for line, contender in zip(plot.lines, record.contenders, strict=True):
        found = record.of(contender)
        assert found is not None
        assert line.y == pytest.approx(found.gradient["decays"].ravel())


def test_measured_points_are_marked_and_a_single_line_is_named_in_the_caption() -> None:
    plot = plot_of(record_of("truncated"), "error_by_option")
    [line] = plot.lines
    assert line.single
    assert plot.caption == line.name == "Truncated: iterations undone"
    assert np.all(np.diff(line.x) > 0)


def test_what_is_varied_stands_at_even_spaces_and_is_named() -> None:
    plot = plot_of(record_of("forward", study="iterations"), "memory_by_iterations")
    assert plot.x_names == ("1", "2", "4", "8", "16")
    for line in plot.lines:
        assert [*line.x] == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert plot.x_range == (-0.4, 4.4)


def test_it_is_marked_where_forward_mode_crosses_the_reference() -> None:
    record = record_of("forward", study="iterations")
    for index, point in enumerate(record.points):
        found = record.measured[index]
        assert found.cost is not None
        forward = {1.0: 1.5, 2.0: 1.5}.get(point.x, 32**0.5)  # crosses thrice, as noise lets it
        seconds = forward if point.contender.method == "forward" else point.x
        record.measured[index] = replace(found, cost=replace(found.cost, seconds=seconds))
    [mark] = plot_of(record, "time_by_iterations").marks
    assert mark.x == pytest.approx(2.5)
    assert mark.name == "forward crosses at 5.66"


def test_errors_of_rounding_alone_do_not_fill_the_axis() -> None:
    record = record_of("stored-trajectory", study="iterations")
    plot = plot_of(record, "error_by_iterations")
    every = np.concatenate([line.y for line in plot.lines])
    low, high = plot.y_covers or (every.min(), every.max())
    assert max(high, every.max()) >= 9.99 * min(low, every.min())
