from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.arrays import Floats
from engine.experiments.experiment import Meta
from engine.experiments.strategies import STRATEGIES
from engine.search.descent import Adam, MomentumSGD, RMSprop
from engine.search.strategy import Strategy, make_strategy

STEP = 0.03
unhurried = settings(deadline=None)
gradients = st.lists(
    arrays(np.float64, 3, elements=st.floats(-100, 100, allow_subnormal=False)),
    min_size=1,
    max_size=12,
)
MAKERS: dict[str, Callable[[], Strategy]] = {
    "gradient descent": lambda: MomentumSGD(STEP),
    "momentum": lambda: MomentumSGD(STEP, momentum=0.8),
    "rmsprop": lambda: RMSprop(STEP),
    "adam": lambda: Adam(STEP),
    "adam, first moment decaying": lambda: Adam(STEP, 0.9, 0.99, 1e-4, decay=1e-4),
}


def path(optimizer: Strategy, several: Sequence[Floats]) -> list[Floats]:
    """Where the coordinates are after each change, from the origin."""
    x, places = np.zeros(3), []
    for g in several:
        x = x + optimizer.change(g)
        places.append(x)
    return places


def assert_same_path(optimizer: Strategy, several: Sequence[Floats], expected: Any) -> None:
    np.testing.assert_allclose(path(optimizer, several), expected, rtol=1e-9, atol=1e-11)


@unhurried
@given(gradients)
def test_gradient_descent_subtracts_the_gradient(several: list[Floats]) -> None:
    assert_same_path(MomentumSGD(STEP), several, -STEP * np.cumsum(several, axis=0))


@unhurried
@given(gradients, st.floats(0, 0.99))
def test_momentum_is_a_geometric_sum_of_gradients(several: list[Floats], beta: float) -> None:
    changes = [
        sum(-STEP * beta ** (now - then) * several[then] for then in range(now + 1))
        for now in range(len(several))
    ]
    assert_same_path(MomentumSGD(STEP, beta), several, np.cumsum(changes, axis=0))


@unhurried
@given(gradients, st.floats(0, 0.99))
def test_rmsprop_follows_tieleman_and_hinton(several: list[Floats], rho: float) -> None:
    x, mean_square, places = np.zeros(3), np.zeros(3), []
    for g in several:
        mean_square = rho * mean_square + (1 - rho) * g * g
        x = x - STEP * g / (mean_square**0.5 + 1e-6)
        places.append(x)
    assert_same_path(RMSprop(STEP, rho, epsilon=1e-6), several, places)


@unhurried
@given(gradients, st.floats(0, 0.99), st.floats(0, 0.9999))
def test_adam_follows_kingma_and_ba(several: list[Floats], beta1: float, beta2: float) -> None:
    x, m, v, places = np.zeros(3), np.zeros(3), np.zeros(3), []
    for t, g in enumerate(several, start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        m_hat = m / (1 - beta1**t)
        v_hat = v / (1 - beta2**t)
        x = x - STEP * m_hat / (np.sqrt(v_hat) + 1e-8)
        places.append(x)
    assert_same_path(Adam(STEP, beta1, beta2), several, places)


@unhurried
@given(gradients)
def test_adam_with_a_decaying_first_moment_is_what_the_authors_ran(several: list[Floats]) -> None:
    b1, b2, eps, lam = 0.1, 0.01, 1e-4, 1e-4
    x, m, v, places = np.zeros(3), np.zeros(3), np.zeros(3), []
    for i, g in enumerate(several):
        b1t = 1 - (1 - b1) * lam**i
        m = b1t * g + (1 - b1t) * m
        v = b2 * g**2 + (1 - b2) * v
        mhat = m / (1 - (1 - b1) ** (i + 1))
        vhat = v / (1 - (1 - b2) ** (i + 1))
        x = x - STEP * mhat / (np.sqrt(vhat) + eps)
        places.append(x)
    optimizer = Adam(STEP, beta1=0.9, beta2=0.99, epsilon=1e-4, decay=1e-4)
    assert_same_path(optimizer, several, places)


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_each_minimises_a_quadratic(make: Callable[[], Strategy]) -> None:
    curvature, optimum = np.array([0.5, 1.0, 4.0]), np.array([1.0, -2.0, 0.5])
    optimizer, x = make(), np.zeros(3)
    for _ in range(600):
        x = x + optimizer.change(curvature * (x - optimum))
    np.testing.assert_allclose(x, optimum, atol=2 * STEP)


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_a_gradient_of_zero_changes_nothing_at_the_start(
    make: Callable[[], Strategy],
) -> None:
    np.testing.assert_array_equal(make().change(np.zeros(3)), np.zeros(3))


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_gradients_are_left_as_they_were(make: Callable[[], Strategy]) -> None:
    gradient, optimizer = np.array([1.0, -2.0, 3.0]), make()
    optimizer.change(gradient)
    optimizer.change(gradient)
    np.testing.assert_array_equal(gradient, [1.0, -2.0, 3.0])


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"optimizer": "sgd", "momentum": 0.5}, MomentumSGD(STEP, 0.5)),
        ({"optimizer": "rmsprop", "memory": 0.7}, RMSprop(STEP, 0.7)),
        (
            {"optimizer": "adam", "beta1": 0.8, "beta2": 0.9, "epsilon": 0.1, "beta1_decay": 0.5},
            Adam(STEP, 0.8, 0.9, 0.1, 0.5),
        ),
    ],
)
def test_an_experiment_makes_the_optimizer_that_it_names(
    fields: dict[str, Any], expected: Strategy
) -> None:
    several = list(np.random.default_rng(0).standard_normal((4, 3)))
    made = make_strategy(Meta.model_validate({"step": STEP, **fields}))
    np.testing.assert_array_equal(path(made, several), path(expected, several))


@pytest.mark.parametrize("name", [name for name, one in STRATEGIES.items() if not one.tries])
def test_a_saved_state_brings_a_strategy_back_to_where_it_was(name: str) -> None:
    meta = Meta.model_validate({"step": STEP, "optimizer": name})
    gradients = list(np.random.default_rng(1).standard_normal((6, 3)))
    went_on, restored = make_strategy(meta), make_strategy(meta)
    for gradient in gradients[:3]:
        went_on.change(gradient)
    saved = went_on.state
    expected = [went_on.change(gradient) for gradient in gradients[3:]]
    restored.state = saved
    found = [restored.change(gradient) for gradient in gradients[3:]]
    np.testing.assert_array_equal(found, expected)
