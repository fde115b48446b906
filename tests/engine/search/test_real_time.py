"""Hyperparameters that move within one training run, against independent derivatives."""

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.derivatives.autograd_oracle import AutogradOracle
from engine.dynamics.catalogue import DYNAMICS
from engine.errors import DivergedError
from engine.experiments.experiment import Meta
from engine.groups import ParameterGroup
from engine.hypergradients.forward import Forward
from engine.hypergradients.problem import Problem, make_problem
from engine.hypergradients.result import drain
from engine.hypergradients.stored_trajectory import StoredTrajectory
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.layout import Layout
from engine.hyperparameters.settings import Setting
from engine.search.real_time import RealTime, Update

P, GROUPS = (
    4,
    (ParameterGroup("first", 0, 1, 0, "weights"), ParameterGroup("rest", 1, 4, 0, "biases")),
)
W0 = np.array([0.5, -0.3, 0.8, 0.1])
SCHEDULES = ("learning_rates", "decays")
SHAKE = np.random.default_rng(3).standard_normal((200, P))


def training_loss(w: Any, theta: Any, t: int) -> Any:
    return anp.sum((w - SHAKE[t]) ** 2 * anp.array([1.0, 0.5, 2.0, 0.2])) / 4 + theta[0] * anp.sum(
        w**2
    )


def objective(w: Any, theta: Any) -> Any:
    return anp.sum(anp.tanh(w - 0.2) ** 2) + 0.1 * theta[0] ** 2 * w[0]


def layout_of(
    granularity: str = "one",
    iterations: int = 20,
    free: tuple[str, ...] = SCHEDULES,
    rate: float = 0.2,
) -> Layout:
    usual = {name: kind.usual for name, kind in KINDS.items()}
    of_schedules = {
        "learning_rates": Setting(
            initial=rate, free="learning_rates" in free, granularity=granularity, domain="log"
        ),
        "decays": Setting(
            initial=0.6, free="decays" in free, granularity=granularity, domain="logit"
        ),
        "l2_penalties": Setting(initial=0.05, free="l2_penalties" in free, domain="log"),
    }
    kinds = (*SCHEDULES, "l2_penalties")
    return Layout({**usual, **of_schedules}, iterations, GROUPS, kinds)


def problem_of(layout: Layout, values: Any = None) -> Problem:
    values = layout.values(layout.initial_vector()) if values is None else values
    return make_problem(
        AutogradOracle(training_loss, objective, values["l2_penalties"]),
        W0,
        schedules={kind: values[kind] for kind in SCHEDULES},
        groups=GROUPS,
        dynamics=DYNAMICS["momentum-sgd"],
        own_shapes={kind: layout.shape(kind) for kind in SCHEDULES},
    )


def run_of(layout: Layout, **meta: Any) -> RealTime:
    usual = {"optimizer": "real-time", "step": 0.05, "update_every": 5}
    return RealTime(problem_of(layout), layout, Meta(**{**usual, **meta}), (0, 0, 0))


def updates_of(run: RealTime) -> list[Update]:
    return [run.update for _ in run.train() if run.update is not None]


@pytest.mark.parametrize("granularity", ["one", "group"])
@pytest.mark.parametrize("free", [SCHEDULES, (*SCHEDULES, "l2_penalties"), ("l2_penalties",)])
def test_the_first_update_goes_against_the_hypergradient_of_the_run_so_far(
    granularity: str, free: tuple[str, ...]
) -> None:
    first = updates_of(run_of(layout_of(granularity, free=free)))[0]
    short = layout_of(granularity, iterations=5, free=free)
    for method in (Forward(), StoredTrajectory()):
        found = drain(method.run(problem_of(short))).gradient
        gathered = dict(found.schedules or {}) | {"l2_penalties": found.theta}
        pulled = short.pull_back(short.initial_vector(), gathered)
        np.testing.assert_allclose(first.gradient, pulled, rtol=1e-10, atol=1e-14)


def unrolled(
    run: RealTime, layout: Layout, updates: list[Update], upto: int
) -> Callable[[Any], Any]:
    """The objective after the updates before ``upto``, if all coordinates had been moved by a bit.

    In autograd alone: its own formulas of training, schedules as they were applied.
    """
    stop = updates[upto].stop

    def after(shift: Any) -> Any:
        w, v = anp.array(W0), anp.zeros(P)
        theta = anp.array([0.05])
        for t in range(stop):
            u = updates[t // 5].before
            alpha = anp.exp(u[0] + shift[0])
            gamma = 1 / (1 + anp.exp(-(u[1] + shift[1])))
            g = grad(training_loss)(w, theta, t)
            v = gamma * v - (1 - gamma) * g
            w = w + alpha * v
        return objective(w, theta)

    return after


def test_kept_tangents_give_the_hypergradient_of_the_whole_schedule_as_applied() -> None:
    layout = layout_of()
    run = run_of(layout)
    updates = updates_of(run)
    for upto in (0, 1, 3):
        expected = grad(unrolled(run, layout, updates, upto))(anp.zeros(2))
        # Decays are rounded to multiples of 2⁻¹⁶ in training, but not in autograd's formulas.
        np.testing.assert_allclose(updates[upto].gradient, expected, rtol=2e-4, atol=1e-6)


def test_reset_tangents_know_the_iterations_since_the_last_update_alone() -> None:
    kept, reset = (updates_of(run_of(layout_of(), tangents=name)) for name in ("kept", "reset"))
    np.testing.assert_array_equal(kept[0].gradient, reset[0].gradient)
    assert np.all(kept[1].gradient != reset[1].gradient)


def test_with_an_update_after_each_step_reset_tangents_are_of_the_last_step() -> None:
    each = [
        updates_of(run_of(layout_of(), tangents=name, update_every=1))
        for name in ("reset", "last step")
    ]
    for one, other in zip(*each, strict=True):
        np.testing.assert_array_equal(one.after, other.after)


def test_hypergradient_descent_of_baydin_is_its_one_step_variant() -> None:
    """α ← α + β ∇f(w_t)·∇f(w_{t−1}), with plain gradient descent (Baydin et al. 2018)."""
    usual = {name: kind.usual for name, kind in KINDS.items()}
    rate = Setting(initial=0.05, free=True, domain="identity")
    layout = Layout({**usual, "learning_rates": rate}, 12, GROUPS, ("learning_rates",))

    def loss(w: Any, theta: Any, t: int = 0) -> Any:
        return anp.sum(anp.array([1.0, 0.5, 2.0, 0.2]) * anp.tanh(w - 0.2) ** 2)

    problem = make_problem(
        AutogradOracle(loss, lambda w, theta: loss(w, theta), None),
        W0,
        schedules={"learning_rates": np.full(12, 0.05)},
        groups=GROUPS,
        dynamics=DYNAMICS["gradient-descent"],
        own_shapes={"learning_rates": (1, 1)},
    )
    meta = Meta(
        optimizer="real-time",
        update_by="sgd",
        momentum=0.0,
        step=0.02,
        update_every=1,
        tangents="reset",
    )
    run = RealTime(problem, layout, meta, (0, 0, 0))
    w, alpha = W0.copy(), 0.05
    for _ in run.train():
        before = grad(loss)(w, None)
        w = w - alpha * before
        alpha = alpha + 0.02 * grad(loss)(w, None) @ before
        np.testing.assert_allclose(run.w, w, rtol=1e-12)
        np.testing.assert_allclose(run.vector, [alpha], rtol=1e-12)


def test_the_hypergradient_is_that_of_finite_differences_also_by_what_the_objective_has_in_it() -> (
    None
):
    layout = layout_of(free=("l2_penalties",))
    first = updates_of(run_of(layout))[0]

    def loss_at(u: float) -> float:
        w, v, theta = W0.copy(), np.zeros(P), np.array([np.exp(u)])
        for t in range(5):
            g = grad(training_loss)(w, theta, t)
            v = round(0.6 * 2**16) / 2**16 * v - (1 - round(0.6 * 2**16) / 2**16) * g
            w = w + 0.2 * v
        return float(objective(w, theta))

    u, h = np.log(0.05), 1e-5
    slope = (loss_at(u + h) - loss_at(u - h)) / (2 * h)
    np.testing.assert_allclose(first.gradient, [slope], rtol=1e-7)


@given(
    at=st.integers(0, 19),
    every=st.integers(1, 25),
    tangents=st.sampled_from(["kept", "reset", "last step"]),
    by=st.sampled_from(["adam", "rmsprop", "sgd"]),
)
@settings(max_examples=25, deadline=None)
def test_a_restored_run_goes_on_to_the_same_bits(
    at: int, every: int, tangents: str, by: str
) -> None:
    free = (*SCHEDULES, "l2_penalties")
    meta = {"update_every": every, "tangents": tangents, "update_by": by, "step": 0.02}
    whole, part = run_of(layout_of(free=free), **meta), run_of(layout_of(free=free), **meta)
    for _ in whole.train():
        pass
    steps = part.train()
    for _ in range(at):
        next(steps)
    kept = part.state
    for _ in steps:  # what comes later must not be seen in what was kept
        pass
    restored = run_of(layout_of(free=free), **meta)
    restored.state = kept
    for _ in restored.train():
        pass
    np.testing.assert_array_equal(restored.w, whole.w)
    np.testing.assert_array_equal(restored.vector, whole.vector)
    for kind, values in whole.hyperparameters.items():
        np.testing.assert_array_equal(restored.hyperparameters[kind], values)


def test_updates_cover_training_and_its_schedules_are_told_as_they_were_applied() -> None:
    run = run_of(layout_of(iterations=13))
    updates = updates_of(run)
    assert [(each.first, each.stop) for each in updates] == [(0, 5), (5, 10), (10, 13)]
    rates = run.hyperparameters["learning_rates"]
    assert rates.shape == (13, 2)
    for each in updates:
        np.testing.assert_array_equal(rates[each.first : each.stop], np.exp(each.before[0]))
    assert run.during(10, updates[2].before, 5)["learning_rates"].shape == (5, 2)


def test_without_a_step_worth_the_name_it_trains_as_if_nothing_moved() -> None:
    run = run_of(layout_of(), update_by="sgd", step=1e-300, momentum=0.0)
    for _ in run.train():
        pass
    still = drain(StoredTrajectory().run(problem_of(layout_of())))
    np.testing.assert_array_equal(run.w, still.w_final)


def test_without_momentum_it_trains_as_well() -> None:
    usual = {name: kind.usual for name, kind in KINDS.items()}
    still = Setting(initial=0.0, domain="logit")
    rate = Setting(initial=0.2, free=True, domain="log")
    kinds = (*SCHEDULES, "l2_penalties")
    layout = Layout({**usual, "learning_rates": rate, "decays": still}, 20, GROUPS, kinds)
    problem = make_problem(
        AutogradOracle(
            lambda w, theta, t: training_loss(w, [0.0], t),
            lambda w, theta: objective(w, [0.0]),
            None,
        ),
        W0,
        schedules={"learning_rates": np.full(20, 0.2), "decays": np.zeros(20)},
        groups=GROUPS,
        own_shapes={"learning_rates": (1, 1), "decays": (1, 1)},
    )
    run = RealTime(problem, layout, Meta(optimizer="real-time"), (0, 0, 0))
    assert len(updates_of(run)) == 4


def test_divergence_says_when_and_where() -> None:
    run = run_of(layout_of(rate=30.0), update_by="sgd", step=1e-9)
    with pytest.raises(DivergedError) as caught:
        updates_of(run)
    assert caught.value.iteration == run.iteration
    assert caught.value.group in ("first", "rest")


def test_a_hypergradient_that_is_no_number_is_divergence() -> None:
    run = run_of(layout_of(), penalty=1e9, update_every=20)
    broken = run.state
    broken["tangents"] = tuple(
        tuple(np.full_like(slot, 1e200) for slot in stack) for stack in at_19(run)
    )
    run.state = {**broken, "iteration": 19}
    with pytest.raises(DivergedError, match="hypergradient is not finite, or beyond 1e"):
        updates_of(run)


def at_19(run: RealTime) -> tuple[Any, ...]:
    """The tangents one iteration before the end."""
    steps = run.train()
    for _ in range(19):
        next(steps)
    return tuple(run.state["tangents"])
