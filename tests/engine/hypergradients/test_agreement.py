"""Every method that is exact agrees with every other, on problems drawn at random."""

from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problems_for_tests import KINDS, logistic_regression, network_regression, quadratic

from engine import hypergradient
from engine.errors import UnsolvedError
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import Steps
from engine.methods import (
    METHODS,
    Checkpointed,
    FiniteDifferences,
    Forward,
    StoredTrajectory,
    Truncated,
)

EXACT = ("stored-trajectory", "checkpointed", "forward", "exact-reversal")


class Drawn:
    """A random problem: sizes, groups, θ in either loss, in both or in none, minibatches."""

    def __init__(self, data: st.DataObject) -> None:
        draw = data.draw
        random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
        size, iterations = draw(st.integers(1, 6)), draw(st.integers(1, 12))
        self.in_training, self.in_objective = draw(st.booleans()), draw(st.booleans())
        batch, examples = draw(st.integers(1, 5)), 8
        inputs = random.normal(size=(examples, size))
        targets = random.normal(size=examples)
        edges = sorted({0, size, *draw(st.lists(st.integers(0, size), max_size=3))})
        groups = [slice(*ends) for ends in pairwise(edges)]
        shape = (iterations, len(groups)) if draw(st.booleans()) else (iterations,)
        has_theta = self.in_training or self.in_objective

        def training_loss(w: Any, theta: Any, t: int) -> Any:
            chosen = (batch * t + np.arange(batch)) % examples
            loss = anp.mean(anp.tanh(anp.dot(inputs[chosen], w) - targets[chosen]) ** 2)
            return loss + (0.1 * anp.sum(anp.tanh(theta) * w**2) if self.in_training else 0.0)

        def validation_loss(w: Any, theta: Any) -> Any:
            loss = anp.sum(anp.sin(anp.dot(inputs, w) - 0.3))
            return loss + (anp.sum(theta * w + theta**2) if self.in_objective else 0.0)

        self.losses = training_loss, validation_loss
        self.dynamics = draw(st.sampled_from(["momentum-sgd", "gradient-descent"]))
        self.given: dict[str, Any] = {
            "w0": random.normal(size=size),
            "theta": random.normal(size=size) if has_theta else None,
            "groups": groups,
            "learning_rates": random.uniform(0.05, 0.5, shape),
            "dynamics": self.dynamics,
        }
        if self.dynamics == "momentum-sgd":
            self.given["v0"] = random.normal(size=size)
            self.given["decays"] = random.uniform(0.1, 1.0, shape)

    def by(self, method: Any) -> Any:
        return hypergradient(*self.losses, method=method, **self.given)


def assert_agree(one: Any, other: Any, tolerance: float = 1e-8) -> None:
    for kind in KINDS:
        found, expected = getattr(one, kind), getattr(other, kind)
        if found is not None and expected is not None:
            scale = float(np.abs(expected).max(initial=0.0)) or 1.0
            np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance * scale)


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_every_exact_method_agrees_with_every_other(data: st.DataObject) -> None:
    problem = Drawn(data)
    wanted = problem.by("stored-trajectory")
    for method in EXACT[1:]:
        if method == "exact-reversal" and problem.dynamics == "gradient-descent":
            continue
        found = problem.by(method)
        assert_agree(found.gradient, wanted.gradient)
        assert found.validation_loss == pytest.approx(wanted.validation_loss, rel=1e-12)


@settings(deadline=None, max_examples=40)
@given(data=st.data(), snapshots=st.integers(1, 14))
def test_checkpoints_change_no_bit_of_the_stored_trajectory(
    data: st.DataObject, snapshots: int
) -> None:
    problem = Drawn(data)
    wanted = problem.by("stored-trajectory")
    for method in (Checkpointed(snapshots), Checkpointed(megabytes=1e-4 * snapshots)):
        found = problem.by(method)
        for kind in KINDS:
            np.testing.assert_array_equal(
                getattr(found.gradient, kind), getattr(wanted.gradient, kind)
            )
        np.testing.assert_array_equal(found.learning_curve, wanted.learning_curve)


@settings(deadline=None, max_examples=30)
@given(data=st.data(), last=st.integers(1, 14))
def test_truncation_is_the_reverse_pass_cut_short(data: st.DataObject, last: int) -> None:
    problem = Drawn(data)
    wanted, found = problem.by(StoredTrajectory()), problem.by(Truncated(last))
    iterations = len(problem.given["learning_rates"])
    for kind in ("learning_rates", "decays"):
        whole, cut = getattr(wanted.gradient, kind), getattr(found.gradient, kind)
        if whole is not None:
            np.testing.assert_array_equal(cut[-last:], whole[-last:])
            assert not cut[:-last].any()
    if last >= iterations:
        for kind in KINDS:
            np.testing.assert_array_equal(
                getattr(found.gradient, kind), getattr(wanted.gradient, kind)
            )
    else:
        assert found.gradient.w0 is None
        assert found.gradient.v0 is None


@settings(deadline=None, max_examples=30)
@given(data=st.data(), columns=st.integers(1, 20))
def test_blocks_of_tangents_give_the_bits_of_all_at_once(data: st.DataObject, columns: int) -> None:
    problem = Drawn(data)
    slots = 1 if problem.dynamics == "gradient-descent" else 2
    megabytes = columns * 8 * slots * problem.given["w0"].size / 1e6
    wanted, found = problem.by(Forward()), problem.by(Forward(megabytes=megabytes))
    for kind in KINDS:
        np.testing.assert_array_equal(getattr(found.gradient, kind), getattr(wanted.gradient, kind))
    assert found.memory.states_bytes <= max(megabytes * 1e6, 8 * slots * problem.given["w0"].size)


@pytest.mark.parametrize("problem", [quadratic, logistic_regression])
def test_finite_differences_know_how_far_off_they_are(problem: Any) -> None:
    training_loss, validation_loss, given = problem()
    wanted = hypergradient(training_loss, validation_loss, method="stored-trajectory", **given)
    usual, coarse = (
        hypergradient(training_loss, validation_loss, method=method, **given)
        for method in (FiniteDifferences(), FiniteDifferences(step=0.1))
    )
    for found in (usual, coarse):
        for kind in KINDS:
            off = np.abs(getattr(found.gradient, kind) - getattr(wanted.gradient, kind))
            assert np.all(off <= getattr(found.error, kind)), kind
    assert_agree(usual.gradient, wanted.gradient)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (1e-300, "The step 1e-300 is too small: moved by 1e-300"),
        (1e-17, "The step 1e-17 is too small: moved by 1e-17"),
        (1e9, "The step 1e+09 is too large: with the value 1 moved by 1e+09, training diverged at"),
    ],
)
def test_finite_differences_name_a_step_that_tells_nothing(step: float, said: str) -> None:
    with pytest.raises(UnsolvedError) as error:
        hypergradient(
            lambda w, theta, t: anp.sum((w - theta) ** 2),
            lambda w, theta: anp.sum(w**2),
            np.ones(2),
            theta=[1.0],
            learning_rates=np.full(2, 0.1),
            method=FiniteDifferences(step),
            dynamics="gradient-descent",
        )
    assert str(error.value).startswith(said)
    assert "learning rate" not in str(error.value)


def test_what_a_method_does_not_give_is_none() -> None:
    training_loss, validation_loss, given = network_regression()
    for name, method in METHODS.items():
        if name == "implicit-cholesky":
            continue  # this loss is not quadratic
        way = Truncated(3) if name == "truncated" else method()
        gradient = hypergradient(training_loss, validation_loss, method=way, **given).gradient
        assert (gradient.w0 is not None) == ("start" in method.gives), name
        assert (gradient.learning_rates is not None) == ("schedule" in method.gives), name
        assert (gradient.theta is not None) == ("loss" in method.gives), name


@pytest.mark.parametrize("first", ["forward", "implicit-cg", "checkpointed", "exact-reversal"])
@pytest.mark.parametrize("then", ["exact-reversal", "forward"])
def test_methods_do_not_disturb_each_other(first: str, then: str) -> None:
    training_loss, validation_loss, given = quadratic()

    def bits(method: str) -> dict[str, Any]:
        gradient = hypergradient(training_loss, validation_loss, method=method, **given).gradient
        return {kind: getattr(gradient, kind) for kind in KINDS}

    alone = bits(then)
    bits(first)
    again = bits(then)
    for kind, wanted in alone.items():
        np.testing.assert_array_equal(again[kind], wanted)


def test_what_methods_evaluate_is_counted() -> None:
    training_loss, validation_loss, given = network_regression()
    steps = 10

    def cost(method: Any) -> Any:
        result = hypergradient(training_loss, validation_loss, method=method, **given)
        assert result.cost.seconds > 0
        return replace(result.cost, seconds=0.0)

    counted = {"gradients": steps, "products": steps, "tangents": 0}
    for method in ("stored-trajectory", "exact-reversal", Checkpointed(10)):
        found = cost(method)
        assert {name: getattr(found, name) for name in counted} == counted, method
    assert cost(Checkpointed(1)).gradients == steps * (steps - 1) // 2 + 1
    assert cost(Truncated(3)).products == 3
    started = 4 * steps + 2 * 4 * sum(range(1, steps + 1))
    assert (cost(Forward()).products, cost(Forward()).tangents) == (started, 4 * steps)


@pytest.mark.parametrize(
    ("method", "phase", "runs"),
    [
        pytest.param(FiniteDifferences, "differencing", 4 * 5, id="four for each value"),
        pytest.param(partial(Forward, 1e-9), "recomputing", 2, id="one more for each tangent"),
    ],
)
def test_training_that_is_repeated_tells_which_run_of_how_many(
    method: Any, phase: str, runs: int
) -> None:
    told: list[tuple[int, int]] = []
    way = method()

    class Watched:
        def __getattr__(self, name: str) -> Any:
            return getattr(way, name)

        def run(self, problem: Problem) -> Steps:
            steps = way.run(problem)
            while True:
                try:
                    progress = next(steps)
                except StopIteration as stop:
                    return stop.value
                if progress.phase == phase:
                    told.append(progress.part)
                yield progress

    hypergradient(
        lambda w, theta, t: anp.sum((w - theta) ** 2),
        lambda w, theta: anp.sum(w**2),
        np.ones(2),
        theta=[1.0],
        learning_rates=np.full(2, 0.1),
        method=Watched(),
        dynamics="gradient-descent",
    )
    assert told == [(run, runs) for run in range(1, runs + 1) for _ in range(2)]
