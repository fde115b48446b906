"""Plots of comparisons of methods."""

from dataclasses import replace

import numpy as np
import pytest
from experiments_for_tests import FIXED, tiny

from engine.plots import PALETTE, Plot
from engine.plots.method_plots import method_plots, stroke_of
from engine.runs.compare import compare
from engine.runs.comparison import ComparisonRecord, ComparisonStarted, Likeness, Study

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


def test_what_is_varied_stands_on_a_logarithmic_axis_and_is_named() -> None:
    plot = plot_of(record_of("forward", study="iterations"), "memory_by_iterations")
    assert plot.x_names == ("1", "2", "4", "8", "16")
    for line in plot.lines:
        assert [*line.x] == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert plot.x_range == (-0.4, 4.4)
    assert plot.x_in_words(2.2) == "4"


def test_factors_that_are_not_alike_are_not_drawn_alike() -> None:
    record = record_of("forward", study="hyperparameters", **{"training.iterations": "50"})
    plot = plot_of(record, "memory_by_hyperparameters")
    counts = np.array([float(name) for name in plot.x_names])
    assert len({*np.diff(np.log(counts)).round(6)}) > 1, "there are different factors"
    np.testing.assert_allclose(plot.x_places, np.log2(counts))
    for line in plot.lines:
        np.testing.assert_array_equal(line.x, plot.x_places[: len(line.x)])


def test_it_is_said_of_which_methods_only_a_part_is_measured() -> None:
    many = {"training.iterations": "300", "hyperparameters.decays.granularity": "one"}
    record = record_of("forward", study="hyperparameters", **many)
    plot = plot_of(record, "memory_by_hyperparameters")
    assert plot.caption == "Forward only up to 2, as each takes time"
    few = record_of("forward", study="hyperparameters")
    assert plot_of(few, "memory_by_hyperparameters").caption == ""


def timed(seconds: dict[float, float]) -> Plot:
    """Time by T where the reference takes T seconds, and forward mode these."""
    record = record_of("forward", study="iterations")
    for index, point in enumerate(record.points):
        found = record.measured[index]
        assert found.cost is not None
        taken = seconds[point.x] if point.contender.method == "forward" else point.x
        record.measured[index] = replace(found, cost=replace(found.cost, seconds=taken))
    return plot_of(record, "time_by_iterations")


def test_it_is_marked_where_forward_mode_crosses_the_reference() -> None:
    plot = timed({1: 2.0, 2: 4.0, 4: 32**0.5, 8: 32**0.5, 16: 8.0})
    [mark] = plot.marks
    assert mark.x == pytest.approx(2.5)
    assert mark.name == "forward crosses near 5.7"
    highest = max(line.y.max() for line in plot.lines)
    assert plot.y_covers is not None
    assert plot.y_covers[1] > 1.3 * highest, "the name hides no point"


def test_where_forward_mode_takes_more_than_the_reference_another_that_it_crosses_is_named() -> (
    None
):
    record = record_of("forward", "stored-trajectory", study="iterations")
    for index, point in enumerate(record.points):
        found = record.measured[index]
        assert found.cost is not None
        times = {"forward": 2.0 * point.x, "stored-trajectory": 4.0 * point.x**0.5}
        seconds = times.get(point.contender.method, point.x)
        record.measured[index] = replace(found, cost=replace(found.cost, seconds=seconds))
    plot = plot_of(record, "time_by_iterations")
    [mark] = plot.marks
    assert mark.x == pytest.approx(2.0)
    assert mark.name == "forward crosses near 4"
    assert plot.caption == "forward crosses stored trajectory"


@pytest.mark.parametrize(
    "seconds",
    [
        {1: 1.5, 2: 1.5, 4: 32**0.5, 8: 32**0.5, 16: 8.0},
        {1: 1.1, 2: 2.1, 4: 3.9, 8: 7.9, 16: 15.0},
    ],
    ids=["it crosses thrice", "times are nearly the same"],
)
def test_noise_is_no_crossing(seconds: dict[float, float]) -> None:
    plot = timed(seconds)
    assert plot.marks == ()
    assert plot.caption == "forward and exact reversal are too close to tell which wins"


def test_it_is_said_what_stands_at_the_least_error_that_is_drawn() -> None:
    record = record_of("stored-trajectory", study="iterations")
    for index, found in record.measured.items():
        if found.likeness is not None:
            record.measured[index] = replace(found, likeness=Likeness(1.0, 0.0))
    plot = plot_of(record, "error_by_iterations")
    assert plot.caption == "Stored trajectory; what stands at 1e-16 is equal, or closer than that"


def test_errors_of_rounding_alone_do_not_fill_the_axis() -> None:
    record = record_of("stored-trajectory", study="iterations")
    plot = plot_of(record, "error_by_iterations")
    every = np.concatenate([line.y for line in plot.lines])
    low, high = plot.y_covers or (every.min(), every.max())
    assert max(high, every.max()) >= 9.99 * min(low, every.min())
