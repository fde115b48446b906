"""What forecasters see of a curve: flat beginnings cut, many points taken together."""

import numpy as np

from engine.forecasting.observations import (
    MOST_POINTS,
    before_the_rise,
    flat_beginning,
    lost_lately,
    observed_points,
)
from engine.randomness import generator


def test_a_flat_beginning_is_left_out_but_for_its_last_value() -> None:
    flat = np.array([0.1, 0.1, 0.12, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    assert flat_beginning(flat) == 3
    assert flat_beginning(flat[4:]) == 0


def test_nothing_is_left_out_before_five_values_have_risen() -> None:
    assert flat_beginning(np.array([0.1, 0.1, 0.1, 0.2, 0.3, 0.4, 0.5])) == 0
    assert flat_beginning(np.full(30, 0.4)) == 0
    assert flat_beginning(np.array([np.nan, 0.5, 0.4, 0.3])) == 0


def test_points_taken_together_keep_counts_sums_and_scatter() -> None:
    y = generator(6).random(1000)
    y[3] = np.nan
    points = observed_points(y)
    finite = np.isfinite(y)
    assert len(points.x) <= MOST_POINTS
    assert points.counts.sum() == 999
    assert np.isclose((points.counts * points.y).sum(), y[finite].sum())
    assert np.isclose((points.counts * points.x).sum(), (np.flatnonzero(finite) + 1).sum())
    assert np.all(np.diff(points.x) > 0)
    assert points.scatters.sum() > 0.8 * 999 / 12, "of uniform noise"


def test_a_line_has_no_scatter() -> None:
    points = observed_points(np.linspace(0, 1, 1000))
    np.testing.assert_allclose(points.scatters, 0, atol=1e-12)


def test_few_points_are_themselves() -> None:
    points = observed_points(np.array([0.1, np.nan, 0.3]))
    assert points.x.tolist() == [1, 3]
    assert points.y.tolist() == [0.1, 0.3]


def test_the_papers_program_begins_where_five_values_in_a_row_have_risen() -> None:
    risen = [0.2, 0.3, 0.4, 0.5, 0.6]
    assert before_the_rise(np.array([0.1, 0.1, 0.2, 0.1, *risen])) == 4
    assert before_the_rise(np.array([0.1, *risen])) == 1
    assert before_the_rise(np.array([0.1, np.nan, *risen])) == 2
    assert before_the_rise(np.array([0.1, 0.1, *risen[:4]])) == 0
    assert before_the_rise(np.full(30, 0.4)) == 0


def test_a_curve_gets_worse_if_it_lost_more_than_noise() -> None:
    x, noise = np.arange(40.0), 0.01 * generator(7).standard_normal(40)
    rising = 0.8 - 0.5 / (1 + x)
    assert lost_lately(rising) == lost_lately(rising + noise) == 0
    falling = rising - 0.005 * np.maximum(x - 10, 0)
    assert abs(lost_lately(falling) - (falling.max() - falling[-10:].mean())) < 0.02
    assert lost_lately(falling + noise) > 0.05
    assert lost_lately(np.array([0.5, 0.4, 0.3])) == 0, "too few to tell"
    assert lost_lately(np.full(20, 0.4)) == 0
