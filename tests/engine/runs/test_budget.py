"""What the same gradient evaluations could have bought."""

from itertools import combinations
from statistics import fmean

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.experiments.measures import Measures
from engine.runs.budget import Budget, SeedOutcome, expected_least

NAME = "validation_loss"


@given(st.lists(st.floats(0, 10), min_size=1, max_size=8), st.data())
def test_the_expected_best_is_the_mean_over_all_choices(
    values: list[float], data: st.DataObject
) -> None:
    count = data.draw(st.integers(1, len(values)))
    every = fmean(min(chosen) for chosen in combinations(values, count))
    assert expected_least(values, count) == pytest.approx(every, abs=1e-12)


def test_runs_that_diverged_count_only_where_nothing_else_was_drawn() -> None:
    assert expected_least([1.0, np.inf, 2.0], 2) == pytest.approx(4 / 3)
    assert expected_least([1.0, np.inf, 2.0], 1) == np.inf


def measures(value: float) -> Measures:
    return Measures({NAME: value})


def test_a_budget_tells_each_way_seed_by_seed() -> None:
    seeds = (
        SeedOutcome(measures(0.2), measures(0.5), (measures(0.4), measures(0.3), None)),
        SeedOutcome(None, measures(0.6), (measures(0.1), measures(0.7), measures(0.9))),
    )
    budget = Budget(2.5, seeds)
    assert budget.moved(NAME).tolist() == [0.2, np.inf]
    assert budget.stayed(NAME).tolist() == [0.5, 0.6]
    assert (budget.affordable, budget.drawn) == (2, 3)
    assert budget.best_of(3, NAME).tolist() == [0.3, 0.1]
