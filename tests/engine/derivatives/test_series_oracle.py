"""Walk-forward regressions, against the same losses spelled out forecast by forecast."""

from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.derivatives.autograd_oracle import AutogradOracle
from engine.derivatives.series_oracle import SeriesOracle, WalkForward
from engine.groups import ParameterGroup

COUNT, FORECASTS = 12, 5
JUDGED = slice(1, 4)


def both(
    features: int, granularity: str, values: int, seed: int
) -> tuple[SeriesOracle, AutogradOracle]:
    """By hand; and spelled out for autograd, which knows nothing of blocks or shares."""
    random = np.random.default_rng(seed)
    inputs, targets = random.normal(size=(COUNT, features)), random.normal(size=COUNT)
    groups = tuple(
        ParameterGroup(f"input {d}", d * FORECASTS, (d + 1) * FORECASTS) for d in range(features)
    )
    walk = WalkForward(inputs, targets, FORECASTS, JUDGED, groups)
    amount = {"one": 1, "group": features, "weight": features * FORECASTS}[granularity]
    penalties = random.uniform(0.1, 1.0, amount)
    past = random.uniform(1.0, 6.0, values)

    def training_loss(w: Any, theta: Any, t: int) -> Any:
        total, each = 0.0, theta[:amount]
        if granularity == "one":
            each = each[0] * np.ones(features * FORECASTS)
        elif granularity == "group":
            each = anp.array([each[d] for d in range(features) for _ in range(FORECASTS)])
        for f in range(FORECASTS):
            before = COUNT - FORECASTS + f
            ages = np.arange(before, 0, -1.0)
            weights = np.ones(before)
            if values == 1:
                weights = anp.exp(-ages / theta[amount])
            elif values == 2:
                weights = 1 / (1 + anp.exp((ages - theta[amount]) / theta[amount + 1]))
            misses = anp.dot(inputs[:before], w[f::FORECASTS]) - targets[:before]
            total = total + anp.sum(weights * misses**2) / anp.sum(weights)
        return (total + anp.sum(each * w**2)) / FORECASTS

    def objective(w: Any, theta: Any) -> Any:
        error = 0.0
        for f in range(*JUDGED.indices(FORECASTS)):
            at = COUNT - FORECASTS + f
            error = error + (anp.dot(inputs[at], w[f::FORECASTS]) - targets[at]) ** 2
        return error / len(range(*JUDGED.indices(FORECASTS)))

    theta = np.concatenate([penalties, past])
    ours = SeriesOracle(walk, penalties, granularity, past)
    return ours, AutogradOracle(training_loss, objective, theta)


@settings(deadline=None, max_examples=30)
@given(
    features=st.integers(1, 3),
    granularity=st.sampled_from(["one", "group", "weight"]),
    values=st.integers(0, 2),
    seed=st.integers(0, 2**32 - 1),
)
def test_by_hand_and_by_autograd_agree(
    features: int, granularity: str, values: int, seed: int
) -> None:
    ours, spelled = both(features, granularity, values, seed)
    random = np.random.default_rng(seed)
    w, direction = random.normal(size=(2, features * FORECASTS))
    moved = random.uniform(0.5, 2.0, ours.theta_size)
    for one, other in ((ours, spelled), (ours.at(moved), spelled.at(moved))):
        loss, gradient = one.gradient(w, 0)
        expected_loss, expected = other.gradient(w, 0)
        assert loss == pytest.approx(expected_loss)
        assert gradient == pytest.approx(expected)
        g, product, by_theta = one.gradient_and_products(w, 0, direction)
        assert g.tobytes() == gradient.tobytes(), "exact reversal rests on it"
        _, wanted, wanted_by_theta = other.gradient_and_products(w, 0, direction)
        assert product == pytest.approx(wanted, rel=1e-9, abs=1e-11)
        assert by_theta == pytest.approx(wanted_by_theta, rel=1e-9, abs=1e-11)
        theta_direction = random.normal(size=one.theta_size)
        assert one.mixed_product(w, 0, theta_direction) == pytest.approx(
            other.mixed_product(w, 0, theta_direction), rel=1e-9, abs=1e-11
        )
        value, by_w, nothing = one.objective(w)
        expected_value, expected_by_w, _ = other.objective(w)
        assert value == one.objective_value(w) == pytest.approx(expected_value)
        assert by_w == pytest.approx(expected_by_w)
        assert not nothing.any()


@pytest.mark.parametrize("granularity", ["one", "group", "weight"])
def test_the_blocks_are_the_hessian(granularity: str) -> None:
    ours, _ = both(3, granularity, 2, seed=1)
    size = 3 * FORECASTS
    hessian = ours.gradient_and_hessian(np.zeros(size), 0)[2]
    assert hessian.blocks is not None
    whole = np.zeros((size, size))
    for place, block in enumerate(hessian.blocks()):
        of_block = np.arange(3) * FORECASTS + place
        whole[np.ix_(of_block, of_block)] = block
    np.testing.assert_allclose(whole, hessian.times(np.eye(size)), rtol=1e-12, atol=1e-14)


def test_what_a_memory_too_short_to_be_written_leaves_is_the_last_example() -> None:
    """Weights of e^−1000 and less are 0, and are still divided by their sum."""
    walk = WalkForward(
        np.ones((6, 1)), np.arange(6.0), 2, slice(0, 1), (ParameterGroup("level", 0, 2),)
    )
    shares, slopes = walk.shares(np.array([1e-3]))
    np.testing.assert_array_equal(shares, [[0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 1, 0]])
    assert np.isfinite(slopes).all()
