"""Decisions replayed on curves whose forecasts are known."""

import numpy as np
import pytest
from curves_for_tests import LOOKS, SIGMA, all_at, curves_to, foreseen
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from bench.forecasts import CHECKS, THRESHOLD, Made, races
from bench.learning_curves import kept
from engine.forecasting.curve_sets import shipped_curves, whole_curves
from engine.forecasting.foreseen import Foreseen
from engine.forecasting.predictive import Ending
from engine.forecasting.replayed import LEVELS, balance_of, calibration, replay
from engine.forecasting.scales import Scale
from engine.forecasting.stopping import Rule


def test_what_will_not_win_is_stopped_once_it_was_said_often_enough() -> None:
    curves = curves_to(0.5, 0.4, 0.8, 0.7)
    known = all_at(curves, [0.5, 0.4, 0.8, 0.7])
    found = replay(curves, known, Rule(0.05, 2, 3), LOOKS)
    assert [one.stopped_at for one in found] == [None, 4, None, 4]
    assert [one.best for one in found] == [None, 0.5, 0.5, 0.8]
    assert [one.is_winner for one in found] == [False, False, True, False]
    balance = balance_of(curves, found)
    assert (balance.stopped, balance.winners, balance.wrong, balance.lost) == (2, 1, 0, 0.0)
    assert (balance.trained, balance.total) == (20, 24)
    assert balance.saved == pytest.approx(4 / 24)


def test_patience_and_least_points_count() -> None:
    curves = curves_to(0.5, 0.4)
    known = all_at(curves, [0.5, 0.4])
    for patience, least, at in ((1, 3, 3), (1, 5, 5), (3, 3, 5), (4, 3, None), (1, 6, None)):
        found = replay(curves, known, Rule(0.05, patience, least), LOOKS)
        assert found[1].stopped_at == at


def test_a_winner_that_was_stopped_counts_as_wrong_and_what_it_cost_is_told() -> None:
    curves = curves_to(0.5, 0.9, 0.6)
    known = all_at(curves, [0.5, 0.3, 0.6])
    found = replay(curves, known, Rule(0.05, 1, 3), LOOKS)
    assert found[1].is_wrong
    assert found[1].verdict is not None
    assert found[1].verdict.predicted == 0.3
    assert found[2].best == 0.5  # what was stopped is not known to be better
    balance = balance_of(curves, found)
    assert (balance.winners, balance.wrong) == (2, 1)
    assert balance.lost == pytest.approx(0.3)


def test_what_is_better_than_the_best_on_its_way_is_never_stopped() -> None:
    values = np.array([0.2, 0.6, 0.1, 0.1, 0.1, 0.1])
    curves = whole_curves(
        "a", "A", "accuracy", [("first", np.full(6, 0.5)), ("high, then low", values)]
    )
    found = replay(curves, all_at(curves, [0.5, 0.1]), Rule(0.05, 1, 3), LOOKS)
    assert found[1].stopped_at is None
    assert found[1].verdict is None


def test_of_losses_less_is_better() -> None:
    curves = whole_curves(
        "a", "A", "loss", [("low", np.linspace(2, 0.5, 6)), ("high", np.linspace(2, 1, 6))]
    )
    scale = Scale(2.0, 0.0, (-np.inf, 1.0))
    ending = Ending(np.full(2, 0.5), np.full(2, SIGMA), (-np.inf, 1.0))
    one = Foreseen(3, np.array([1.0]), np.array([0.04]), {0.9: (0.9, 1.1)}, ending, scale)
    known = {(place, n): one for place in range(2) for n in LOOKS}
    found = replay(curves, known, Rule(0.05, 1, 3), LOOKS)
    assert found[1].stopped_at == 3
    assert found[1].best == 0.5
    assert not found[1].is_winner


@given(
    ends=st.lists(st.floats(0.05, 0.95), min_size=2, max_size=8),
    means=st.lists(st.floats(0.05, 0.95), min_size=8, max_size=8),
    threshold=st.floats(0.01, 0.6),
    patience=st.integers(1, 3),
)
def test_decisions_are_those_of_the_rule_worked_out_by_hand(
    ends: list[float], means: list[float], threshold: float, patience: int
) -> None:
    curves = curves_to(*ends)
    found = replay(curves, all_at(curves, means[: len(ends)]), Rule(threshold, patience, 3), LOOKS)
    best = None
    for place, one in enumerate(found):
        expected = None
        if best is not None:
            chance = norm.sf((best - means[place]) / SIGMA)  # the same at every look
            path = curves.values[place]
            for number, n in enumerate(LOOKS, 1):
                if path[:n].max() > best:
                    break
                if chance < threshold and number >= patience:
                    expected = n
                    break
        assert one.stopped_at == expected
        if expected is None:
            best = curves.truths[place] if best is None else max(best, curves.truths[place])
    balance = balance_of(curves, found)
    assert 0 <= balance.saved < 1
    assert balance.wrong <= balance.winners


def test_forecasts_that_are_as_sure_as_they_should_be_are_calibrated() -> None:
    random = np.random.default_rng(1)
    truths = random.uniform(0.3, 0.7, 400)
    curves = curves_to(*truths)
    means = truths + SIGMA * random.standard_normal(400)
    shares = calibration(curves, all_at(curves, means), LOOKS, 400)
    assert shares.shape == (len(LEVELS), len(LOOKS))
    for level, share in zip(LEVELS, shares, strict=True):
        assert np.all(np.abs(share - level) < 4 * np.sqrt(level * (1 - level) / 400))


def test_nothing_is_said_of_curves_that_are_not_forecast_yet() -> None:
    curves = curves_to(0.5, 0.4)
    assert replay(curves, {}, Rule(), LOOKS, 0) == ()
    assert balance_of(curves, ()).saved == 0
    assert np.isnan(calibration(curves, {}, LOOKS, 0)).all()


class _Ends:
    """A forecast as races of the bench ask for it."""

    def __init__(self, one: Foreseen) -> None:
        self.end = float(one.mean[0])
        self.probability_above = one.probability_better

    def ends(self, level: float = 0.9) -> tuple[float, float]:
        raise NotImplementedError

    def log_density(self, value: float) -> float:
        raise NotImplementedError


@pytest.mark.parametrize("patience", [1, 2])
@pytest.mark.parametrize(
    ("name", "data"), [("digits", "digits"), ("breast-cancer", "breast cancer"), ("mnist", "MNIST")]
)
def test_decisions_come_to_what_races_of_the_bench_come_to(
    name: str, data: str, patience: int
) -> None:
    """Two programs for the same thing, on curves that ship and forecasts that are made up."""
    curves = shipped_curves(name)
    random = np.random.default_rng(patience)
    known = {
        (place, n): foreseen(n, float(truth + 0.03 * random.standard_normal()), 0.03)
        for place, truth in enumerate(curves.truths)
        for n in CHECKS
    }
    own = [one for one in kept() if one.data == data]
    made = Made(own, {n: [_Ends(known[i, n]) for i in range(len(own))] for n in CHECKS}, 0.0)
    expected = races(made, 1, patience)
    found = balance_of(curves, replay(curves, known, Rule(THRESHOLD, patience, 3), CHECKS))
    assert (found.winners, found.wrong) == (expected.winners, expected.wrong)
    assert found.saved == pytest.approx(expected.saved)
    assert found.lost == pytest.approx(expected.lost)
