import pickle

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.arithmetic.fixed_point import to_fixed
from engine.dynamics.momentum_sgd import MomentumSGD
from engine.errors import DivergedError
from engine.groups import ParameterGroup

ONE = 65536
GROUPS = (
    ParameterGroup("weights", 0, 4),
    ParameterGroup("nothing", 4, 4),
    ParameterGroup("bias", 4, 5),
    ParameterGroup("rest", 5, 8),
)
SIZE, G = 8, len(GROUPS)

unhurried = settings(deadline=None)
seeds = st.integers(0, 2**32)


def spread(per_group):
    """(G,) → (P,)."""
    return np.repeat(per_group, [group.size for group in GROUPS])


def some_state(rng, scale=1.0):
    return MomentumSGD(rng.normal(0, scale, SIZE), rng.normal(0, scale, SIZE), GROUPS)


def some_decays(rng, iterations):
    extremes = rng.choice([1, 2, 24248, ONE // 2, 58982, ONE - 1, ONE], (iterations, G))
    return np.where(
        rng.random((iterations, G)) < 0.5, rng.integers(1, ONE, (iterations, G)), extremes
    )


def undo(state, gradient, rates, numerators):
    zeros = np.zeros(SIZE)
    state.undo_position(rates, numerators, zeros.copy(), zeros.copy(), zeros.copy())
    state.undo_velocity(gradient, numerators, zeros, zeros.copy(), zeros.copy())


@unhurried
@given(seeds)
def test_one_step_is_the_formulas_of_algorithm_one(seed):
    rng = np.random.default_rng(seed)
    state, gradient, rates = some_state(rng), rng.normal(size=SIZE), rng.normal(size=G)
    numerators = some_decays(rng, 1)[0]
    decays = spread(numerators / ONE)
    v = decays * state.v - (1 - decays) * gradient
    w = state.w + spread(rates) * v
    state.step(gradient, rates, numerators, 0)
    assert np.max(np.abs(state.v - v)) < 1e-14
    assert np.max(np.abs(state.w - w)) < 1e-14


@unhurried
@given(seeds, st.integers(0, 60), st.floats(1e-6, 30), st.booleans())
def test_any_training_run_is_undone_bit_for_bit(seed, iterations, scale, packed):
    rng = np.random.default_rng(seed)
    w0, v0 = rng.normal(0, scale, (2, SIZE))
    state = MomentumSGD(w0, v0, GROUPS)
    gradients = rng.normal(0, scale, (iterations, SIZE))
    rates = rng.normal(0, 0.3, (iterations, G))
    decays = some_decays(rng, iterations)
    passed = []
    for t in range(iterations):
        passed.append((state.position.copy(), state.velocity.copy(), state.w.copy()))
        state.step(gradients[t], rates[t], decays[t], t)
    if packed:
        state.turn_round()
    for t in reversed(range(iterations)):
        undo(state, gradients[t], rates[t], decays[t])
        assert np.array_equal((state.position, state.velocity), passed[t][:2])
        assert np.array_equal(state.w, passed[t][2])
    assert np.array_equal((state.position, state.velocity), (to_fixed(w0), to_fixed(v0)))
    assert state.buffer.is_empty


@unhurried
@given(seeds, st.lists(st.integers(-4, 6), max_size=20))
def test_training_can_turn_round_as_often_as_it_likes(seed, moves):
    rng = np.random.default_rng(seed)
    state = some_state(rng)
    gradients, rates = rng.normal(size=(200, SIZE)), rng.normal(0, 0.3, (200, G))
    decays = some_decays(rng, 200)
    passed = [(state.position.copy(), state.velocity.copy())]
    for move in moves:
        for _ in range(move):
            t = len(passed) - 1
            state.step(gradients[t], rates[t], decays[t], t)
            passed.append((state.position.copy(), state.velocity.copy()))
        for _ in range(min(-move, len(passed) - 1)):
            passed.pop()
            t = len(passed) - 1
            undo(state, gradients[t], rates[t], decays[t])
            assert np.array_equal((state.position, state.velocity), passed[t])
        state.turn_round()


@unhurried
@given(seeds)
def test_the_adjoint_of_a_step_is_what_autograd_makes_of_the_formulas(seed):
    rng = np.random.default_rng(seed)
    hessian, slope = rng.normal(size=(SIZE, SIZE)), rng.normal(size=SIZE)
    state = some_state(rng)
    w, v = state.w.copy(), state.v
    rates, numerators = rng.normal(size=G), some_decays(rng, 1)[0]
    dw, dv = rng.normal(size=(2, SIZE))

    def gradient(w):
        return anp.dot(hessian, w) + slope * anp.sin(w)

    def objective(w, v, rates, decays):
        sizes = [group.size for group in GROUPS]
        alpha = anp.concatenate([rates[i] * anp.ones(size) for i, size in enumerate(sizes)])
        gamma = anp.concatenate([decays[i] * anp.ones(size) for i, size in enumerate(sizes)])
        v = gamma * v - (1 - gamma) * gradient(w)
        w = w + alpha * v
        return anp.dot(dw, w) + anp.dot(dv, v)

    wanted = grad(objective, (0, 1, 2, 3))(w, v, rates, numerators / ONE)

    g = gradient(w)
    state.step(g, rates, numerators, 0)
    new_dw, new_dv, direction = dw.copy(), dv.copy(), np.empty(SIZE)
    d_rates = state.undo_position(rates, numerators, new_dw, new_dv, direction)
    product = (hessian + np.diag(slope * np.cos(w))).T @ direction
    d_decays = state.undo_velocity(g, numerators, product, new_dw, new_dv)
    for found, expected in zip((new_dw, new_dv, d_rates, d_decays), wanted, strict=True):
        assert np.allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_the_direction_of_the_second_derivatives_is_the_kept_share_of_the_velocitys_adjoint():
    rng = np.random.default_rng(3)
    state, dw, dv = some_state(rng), rng.normal(size=SIZE), rng.normal(size=SIZE)
    rates, numerators = rng.normal(size=G), some_decays(rng, 1)[0]
    state.step(rng.normal(size=SIZE), rates, numerators, 0)
    direction = np.empty(SIZE)
    wanted = spread(1 - numerators / ONE) * (dv + spread(rates) * dw)
    state.undo_position(rates, numerators, dw, dv, direction)
    assert np.allclose(direction, wanted, rtol=1e-14)


def one_step(gradient, rates, iteration=17, v0=None):
    v0 = np.zeros(SIZE) if v0 is None else v0
    state = MomentumSGD(np.full(SIZE, 2000.0), v0, GROUPS)
    state.step(gradient, rates, np.full(G, ONE // 2), iteration)


@pytest.mark.parametrize("group", [group for group in GROUPS if group.size])
@pytest.mark.parametrize(
    ("size", "rate", "reason"),
    [
        (np.nan, 0.1, "gradient"),
        (np.inf, 0.1, "gradient"),
        (-np.inf, 0.0, "gradient"),
        (5000.0, 0.1, "velocity"),
        (-1e308, 0.1, "velocity"),
        (-1000.0, 1.0, "parameters"),
        (1.0, 1e308, "parameters"),
    ],
)
def test_a_step_that_cannot_be_taken_names_iteration_group_and_reason(group, size, rate, reason):
    gradient, rates = np.zeros(SIZE), np.full(G, rate)
    gradient[group.stop - 1] = size
    with pytest.raises(DivergedError, match=f"iteration 17 in {group.name}: the {reason}") as error:
        one_step(gradient, rates)
    assert (error.value.iteration, error.value.group) == (17, group.name)


@pytest.mark.parametrize("gradient", [np.nan, np.inf])
def test_a_gradient_that_is_not_finite_is_refused_even_where_the_decay_hides_it(gradient):
    state = MomentumSGD(np.zeros(SIZE), np.zeros(SIZE), GROUPS)
    with pytest.raises(DivergedError, match="gradient is not finite"):
        state.step(np.full(SIZE, gradient), np.zeros(G), np.full(G, ONE), 0)


@pytest.mark.parametrize("value", [2048.0, -2048.0, 1e300, np.inf, np.nan])
@pytest.mark.parametrize(("which", "reason"), [(0, "parameters"), (1, "velocity")])
def test_a_start_out_of_range_has_diverged_before_the_first_iteration(value, which, reason):
    start = np.zeros((2, SIZE))
    start[which, 4] = value
    with pytest.raises(DivergedError, match=f"iteration 0 in bias: the {reason}"):
        MomentumSGD(*start, GROUPS)


def test_the_error_travels_between_processes():
    error = pickle.loads(pickle.dumps(DivergedError(3, "bias", "because")))
    assert (error.iteration, error.group, error.reason) == (3, "bias", "because")


def test_the_buffers_grow_by_the_entropy_of_the_decays_and_only_by_that():
    rng = np.random.default_rng(2)
    state, packed_bits = some_state(rng), []
    for t in range(64):
        packed_bits.append(8 * state.buffer_bytes)
        state.step(rng.normal(size=SIZE), np.full(G, 0.1), np.full(G, ONE // 2), t)
    assert packed_bits == [sum(8 * -(-group.size * t // 8) for group in GROUPS) for t in range(64)]


def test_what_the_state_holds_besides_the_buffers_does_not_grow():
    rng = np.random.default_rng(2)
    state = some_state(rng)
    before = state.working_bytes
    for t in range(100):
        state.step(rng.normal(size=SIZE), np.full(G, 0.1), np.full(G, 60000), t)
    assert state.working_bytes == before == 4 * 8 * SIZE
