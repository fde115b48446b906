from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.plots import SMOOTHINGS, Line, Plot, can_be_smoothed, smoothed, table
from engine.plots.smoothing import centred_mean

X = np.arange(101.0)
NOISE = np.random.default_rng(0).normal(size=101)


def plot_of(*lines: Line, x_range: tuple[float, float] = (0, 100)) -> Plot:
    return Plot("key", "Title", "training iteration", "loss", lines, x_range, along="iterations")


def test_a_straight_line_stays_as_it_is_to_its_ends() -> None:
    np.testing.assert_allclose(centred_mean(3 * X + 1, 20), 3 * X + 1)


def test_each_value_becomes_the_mean_of_those_around_it() -> None:
    reaches = [min(4, i, 100 - i) for i in range(101)]
    expected = [NOISE[i - reach : i + reach + 1].mean() for i, reach in enumerate(reaches)]
    np.testing.assert_allclose(centred_mean(NOISE, 4), expected)


@pytest.mark.parametrize("reach", [1, 2, 3, 50])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 7])
def test_lines_shorter_than_the_window_keep_their_length(count: int, reach: int) -> None:
    means = centred_mean(np.full(count, 2.5), reach)
    np.testing.assert_array_equal(means, np.full(count, 2.5))


def test_gaps_stay_gaps_and_do_not_spread() -> None:
    values = NOISE.copy()
    values[40:43] = np.nan
    means = centred_mean(values, 5)
    np.testing.assert_array_equal(np.isnan(means), np.isnan(values))
    np.testing.assert_allclose(means[39], np.nanmean(values[34:45]))


def test_small_values_beside_huge_ones_keep_their_digits() -> None:
    values = np.full(1001, 1e-3)
    values[:10] = 1e12
    np.testing.assert_allclose(centred_mean(values, 10)[100:], 1e-3)


def test_the_measured_line_stands_faint_behind_and_is_switched_with_the_smoothed_one() -> None:
    plot = smoothed(plot_of(Line("a", X, NOISE, towards=NOISE + 1)), SMOOTHINGS["medium"])
    behind, front = plot.lines
    assert (behind.faint, behind.before, front.name) == (True, "a", "a")
    np.testing.assert_array_equal(behind.y, NOISE)
    assert front.y.std() < 0.6 * NOISE.std()
    assert front.label == "a (smoothed)"
    assert front.arrows is None, "arrows start at what is moved"
    assert behind.arrows is not None


def test_stronger_means_smoother() -> None:
    spread = [
        smoothed(plot_of(Line("a", X, NOISE)), smoothing).lines[-1].y.std()
        for smoothing in SMOOTHINGS.values()
    ]
    assert spread == sorted(spread, reverse=True)
    assert len(set(spread)) == len(SMOOTHINGS)


def test_what_is_drawn_already_does_not_change_as_the_run_goes_on() -> None:
    strong = SMOOTHINGS["strong"]
    half = smoothed(plot_of(Line("a", X[:61], NOISE[:61])), strong).lines[-1].y
    whole = smoothed(plot_of(Line("a", X, NOISE)), strong).lines[-1].y
    np.testing.assert_allclose(half[:50], whole[:50])


def test_context_is_smoothed_in_place_and_points_and_short_lines_stay() -> None:
    faint, few = Line("old", X, NOISE, faint=True), Line("few", X[:2], NOISE[:2])
    dots = Line("dots", X, NOISE, dash="points")
    plot = smoothed(plot_of(faint, few, dots, Line("a", X, NOISE)), SMOOTHINGS["light"])
    names = [line.name for line in plot.lines]
    assert names == ["a, measured", "old", "few", "dots", "a"]
    assert [line.smoothed for line in plot.lines] == [False, True, False, False, True]


@pytest.mark.parametrize("along", [None, "steps"])
def test_other_axes_are_left_alone(along: None) -> None:
    plot = replace(plot_of(Line("a", X, NOISE)), along=along)
    assert not can_be_smoothed(plot)
    assert smoothed(plot, SMOOTHINGS["strong"]) is plot


def test_no_smoothing_is_the_same_plot() -> None:
    plot = plot_of(Line("a", X, NOISE))
    assert can_be_smoothed(plot)
    assert smoothed(plot, SMOOTHINGS["none"]) is plot


def test_a_sweep_that_goes_down_is_smoothed_as_one_that_goes_up() -> None:
    up = smoothed(plot_of(Line("a", X, NOISE)), SMOOTHINGS["medium"]).lines[-1].y
    down = smoothed(plot_of(Line("a", X[::-1], NOISE[::-1])), SMOOTHINGS["medium"]).lines[-1].y
    np.testing.assert_allclose(down[::-1], up)


def test_the_table_names_both() -> None:
    header, rows = table(smoothed(plot_of(Line("a", X, NOISE)), SMOOTHINGS["light"]))
    assert header == ["training iteration", "a, measured", "a (smoothed)"]
    assert rows[0][1] == NOISE[0]


def test_means_of_the_largest_numbers_do_not_overflow() -> None:
    largest = np.finfo(np.float64).max
    means = centred_mean(np.full(9, 0.99 * largest), 2)
    np.testing.assert_allclose(means, np.full(9, 0.99 * largest))


# Numbers so small that halves of them are rounded have other bits in another unit.
_ORDINARY = st.floats(-1e6, 1e6).filter(lambda y: y == 0 or abs(y) > 1e-200)


@given(st.lists(_ORDINARY, min_size=3, max_size=20))
def test_the_unit_that_sums_are_counted_in_changes_no_bit(values: list[float]) -> None:
    y = np.array(values)
    for factor in (2.0**40, 2.0**900):
        np.testing.assert_array_equal(centred_mean(factor * y, 2), factor * centred_mean(y, 2))
