"""Logistic regression by hand, against autograd."""

from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.derivatives.autograd_oracle import AutogradOracle
from engine.derivatives.logistic_oracle import LogisticOracle, Signed
from engine.groups import ParameterGroup

GRANULARITIES = st.sampled_from(["none", "one", "group", "weight"])
few = settings(deadline=None, max_examples=40)


def signed(random: np.random.Generator, count: int, size: int) -> Signed:
    targets = np.where(random.random(count) < 0.5, -1.0, 1.0)
    return Signed(random.normal(size=(count, size)), targets)


def loss(w: Any, examples: Signed) -> Any:
    return anp.mean(anp.log(1 + anp.exp(-examples.targets * anp.dot(examples.inputs, w))))


def both(size: int, granularity: str, seed: int) -> tuple[LogisticOracle, AutogradOracle]:
    random = np.random.default_rng(seed)
    train, judged = signed(random, 9, size), signed(random, 5, size)
    count = {"none": 0, "one": 1, "group": 1, "weight": size}[granularity]
    penalties = random.random(count)
    group = (ParameterGroup("weights", 0, size, 0, "weights", size),)
    own = "one" if granularity == "none" else granularity

    def training_loss(w: Any, theta: Any, t: int) -> Any:
        return loss(w, train) + (anp.sum(theta * w**2) if count else 0.0)

    return (
        LogisticOracle(train, judged, penalties, own, group),
        AutogradOracle(training_loss, lambda w, theta: loss(w, judged), penalties),
    )


@few
@given(st.integers(1, 6), GRANULARITIES, st.integers(0, 2**32 - 1))
def test_every_derivative_is_that_of_autograd(size: int, granularity: str, seed: int) -> None:
    ours, theirs = both(size, granularity, seed)
    random = np.random.default_rng(seed + 1)
    w, u, theta = random.normal(size=size), random.normal(size=size), random.random(ours.theta_size)
    close = {"rtol": 1e-11, "atol": 1e-12}
    for found, expected in zip(ours.gradient(w, 0), theirs.gradient(w, 0), strict=True):
        np.testing.assert_allclose(found, expected, **close)
    pairs = zip(
        ours.gradient_and_products(w, 0, u), theirs.gradient_and_products(w, 0, u), strict=True
    )
    for found, expected in pairs:
        np.testing.assert_allclose(found, expected, **close)
    for found, expected in zip(ours.objective(w)[:2], theirs.objective(w)[:2], strict=True):
        np.testing.assert_allclose(found, expected, **close)
    assert ours.objective_value(w) == ours.objective(w)[0]
    if theta.size:
        moved = theirs.mixed_product(w, 0, theta)
        np.testing.assert_allclose(ours.mixed_product(w, 0, theta), moved, **close)
    _, _, hessian = ours.gradient_and_hessian(w, 0)
    product = theirs.gradient_and_products(w, 0, u)[1]
    np.testing.assert_allclose(hessian.times([u])[0], product, **close)
    np.testing.assert_allclose(hessian.rows(0, size) @ u, product, **close)


@few
@given(st.integers(1, 6), GRANULARITIES, st.integers(0, 2**32 - 1))
def test_the_same_place_gives_the_same_bits_whatever_was_asked_before(
    size: int, granularity: str, seed: int
) -> None:
    ours, _ = both(size, granularity, seed)
    random = np.random.default_rng(seed + 1)
    places = random.normal(size=(4, size))
    first = [ours.gradient(w, 0)[1].copy() for w in places]
    for w, gradient in zip(places[::-1], first[::-1], strict=True):
        np.testing.assert_array_equal(ours.gradient_and_products(w, 1, w)[0], gradient)
    moved = ours.at(ours.theta)
    np.testing.assert_array_equal(moved.gradient(places[0], 0)[1], first[0])


def test_large_margins_overflow_nowhere() -> None:
    ours, _ = both(3, "one", 0)
    with np.errstate(over="raise", invalid="raise"):
        value, gradient = ours.gradient(np.full(3, 1e4), 0)
    assert np.isfinite(value)
    assert np.isfinite(gradient).all()


def test_penalties_have_to_be_as_many_as_is_said() -> None:
    random = np.random.default_rng(0)
    examples = signed(random, 4, 3)
    with pytest.raises(ValueError, match="expected penalties of shape"):
        LogisticOracle(examples, examples, np.ones(2), "weight", (ParameterGroup("w", 0, 3),))
