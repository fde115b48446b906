import pickle

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.arithmetic.fixed_point import to_fixed
from engine.dynamics.dynamics import Adjoint, spread, sum_by_group
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


class Given:
    """The derivatives of a loss whose gradients at each iteration are given."""

    theta_size = 0

    def __init__(self, gradients, hessian=None):
        self.gradients, self.hessian = gradients, hessian

    def gradient(self, w, t):
        return 0.0, self.gradients[t]

    def gradient_and_products(self, w, t, direction):
        self.direction = direction.copy()
        product = np.zeros(SIZE) if self.hessian is None else self.hessian.T @ direction
        return self.gradients[t], product, np.zeros(0)


def exactly(start, rates, numerators):
    """Training in exact arithmetic, of learning rates and decays (T, G)."""
    schedules = {"learning_rates": rates, "decays": numerators / ONE}
    return MomentumSGD().exact(tuple(start), GROUPS, schedules)


def some_start(rng, scale=1.0):
    return rng.normal(0, scale, (2, SIZE))


def bits(training):
    return training.position.copy(), training.velocity.copy(), training.w.copy()


def some_decays(rng, iterations):
    extremes = rng.choice([1, 2, 24248, ONE // 2, 58982, ONE - 1, ONE], (iterations, G))
    return np.where(
        rng.random((iterations, G)) < 0.5, rng.integers(1, ONE, (iterations, G)), extremes
    )


@unhurried
@given(seeds)
def test_one_step_is_the_formulas_of_algorithm_one(seed):
    rng = np.random.default_rng(seed)
    (w, v), gradient, rates = some_start(rng), rng.normal(size=SIZE), rng.normal(size=(1, G))
    numerators = some_decays(rng, 1)
    training = exactly((w, v), rates, numerators)
    w, v = training.state
    decays = spread(numerators[0] / ONE, GROUPS)
    v = decays * v - (1 - decays) * gradient
    w = w + spread(rates[0], GROUPS) * v
    training.step(Given([gradient]), 0)
    assert np.max(np.abs(training.state[1] - v)) < 1e-14
    assert np.max(np.abs(training.w - w)) < 1e-14


@unhurried
@given(seeds)
def test_in_floating_point_a_step_is_the_same_and_can_be_solved_for_what_was_before(seed):
    rng = np.random.default_rng(seed)
    start, gradient = tuple(some_start(rng)), rng.normal(size=SIZE)
    numerators, rates = some_decays(rng, 1), rng.normal(size=(1, G))
    training = exactly(start, rates, numerators)
    training.step(Given([gradient]), 0)
    schedules = {
        "learning_rates": spread(rates[0], GROUPS),
        "decays": spread(numerators[0] / ONE, GROUPS),
    }
    after = MomentumSGD().step(start, gradient, schedules)
    for found, expected in zip(after, training.state, strict=True):
        assert np.allclose(found, expected, rtol=0, atol=1e-14)
    before = MomentumSGD().undo(after, schedules, lambda w: gradient)
    for found, expected in zip(before, start, strict=True):  # a tiny decay loses many digits
        assert np.allclose(found, expected, rtol=0, atol=1e-9)


@unhurried
@given(seeds, st.integers(0, 60), st.floats(1e-6, 30), st.booleans())
def test_any_training_run_is_undone_bit_for_bit(seed, iterations, scale, packed):
    rng = np.random.default_rng(seed)
    start = some_start(rng, scale)
    oracle = Given(rng.normal(0, scale, (iterations, SIZE)))
    rates = rng.normal(0, 0.3, (iterations, G))
    training = exactly(start, rates, some_decays(rng, iterations))
    passed = []
    for t in range(iterations):
        passed.append(bits(training))
        training.step(oracle, t)
    if packed:
        training.turn_round()
    for t in reversed(range(iterations)):
        training.undo(oracle, t)
        assert all(map(np.array_equal, bits(training), passed[t]))
    assert np.array_equal((training.position, training.velocity), to_fixed(start))
    assert training.buffer.is_empty
    assert training.is_at(tuple(start))


@unhurried
@given(seeds, st.lists(st.integers(-4, 6), max_size=20))
def test_training_can_turn_round_as_often_as_it_likes(seed, moves):
    rng = np.random.default_rng(seed)
    oracle = Given(rng.normal(size=(200, SIZE)))
    training = exactly(some_start(rng), rng.normal(0, 0.3, (200, G)), some_decays(rng, 200))
    passed = [bits(training)]
    for move in moves:
        for _ in range(move):
            training.step(oracle, len(passed) - 1)
            passed.append(bits(training))
        for _ in range(min(-move, len(passed) - 1)):
            passed.pop()
            training.undo(oracle, len(passed) - 1)
            assert all(map(np.array_equal, bits(training), passed[-1]))
        training.turn_round()


@unhurried
@given(seeds)
def test_the_adjoint_of_a_step_is_what_autograd_makes_of_the_formulas(seed):
    rng = np.random.default_rng(seed)
    hessian, slope = rng.normal(size=(SIZE, SIZE)), rng.normal(size=SIZE)
    rates, numerators = rng.normal(size=(1, G)), some_decays(rng, 1)
    training = exactly(some_start(rng), rates, numerators)
    w, v = training.state
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

    wanted = grad(objective, (0, 1, 2, 3))(w, v, rates[0], numerators[0] / ONE)
    oracle = Given([gradient(w)], hessian + np.diag(slope * np.cos(w)))
    training.step(oracle, 0)
    after = training.state
    kinds = ("learning_rates", "decays")
    adjoint = Adjoint(
        (dw.copy(), dv.copy()), {kind: np.empty((1, G)) for kind in kinds}, np.zeros(0)
    )
    training.undo(oracle, 0, adjoint)
    exact = (*adjoint.state, *(adjoint.schedules[kind][0] for kind in kinds))
    pulled = MomentumSGD().pull_back(
        (w, v),
        after,
        {
            "learning_rates": spread(rates[0], GROUPS),
            "decays": spread(numerators[0] / ONE, GROUPS),
        },
        (dw, dv),
        lambda direction: oracle.gradient_and_products(w, 0, direction),
    )
    floating = (*pulled.state, *(sum_by_group(pulled.schedules[kind], GROUPS) for kind in kinds))
    for found in (exact, floating):
        for one, expected in zip(found, wanted, strict=True):
            assert np.allclose(one, expected, rtol=1e-12, atol=1e-12)


def test_the_direction_of_the_second_derivatives_is_the_kept_share_of_the_velocitys_adjoint():
    rng = np.random.default_rng(3)
    (dw, dv), rates = rng.normal(size=(2, SIZE)), rng.normal(size=(1, G))
    numerators, oracle = some_decays(rng, 1), Given(rng.normal(size=(1, SIZE)))
    training = exactly(some_start(rng), rates, numerators)
    training.step(oracle, 0)
    wanted = spread(1 - numerators[0] / ONE, GROUPS) * (dv + spread(rates[0], GROUPS) * dw)
    empty = {kind: np.empty((1, G)) for kind in ("learning_rates", "decays")}
    training.undo(oracle, 0, Adjoint((dw, dv), empty, np.zeros(0)))
    assert np.allclose(oracle.direction, wanted, rtol=1e-14)


def one_step(gradient, rates, iteration=17):
    every = iteration + 1
    training = exactly(
        (np.full(SIZE, 2000.0), np.zeros(SIZE)),
        np.tile(rates, (every, 1)),
        np.full((every, G), ONE // 2),
    )
    training.step(Given([gradient] * every), iteration)


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
    training = exactly(np.zeros((2, SIZE)), np.zeros((1, G)), np.full((1, G), ONE))
    with pytest.raises(DivergedError, match="gradient is not finite"):
        training.step(Given([np.full(SIZE, gradient)]), 0)


@pytest.mark.parametrize("value", [2048.0, -2048.0, 1e300, np.inf, np.nan])
@pytest.mark.parametrize(("which", "reason"), [(0, "parameters"), (1, "velocity")])
def test_a_start_out_of_range_has_diverged_before_the_first_iteration(value, which, reason):
    start = np.zeros((2, SIZE))
    start[which, 4] = value
    with pytest.raises(DivergedError, match=f"iteration 0 in bias: the {reason}"):
        exactly(start, np.zeros((1, G)), np.full((1, G), ONE))


def test_the_error_travels_between_processes():
    error = pickle.loads(pickle.dumps(DivergedError(3, "bias", "because")))
    assert (error.iteration, error.group, error.reason) == (3, "bias", "because")


def test_the_buffers_grow_by_the_entropy_of_the_decays_and_only_by_that():
    rng, packed_bits = np.random.default_rng(2), []
    halves = np.full((64, G), ONE // 2)
    training = exactly(some_start(rng), np.full((64, G), 0.1), halves)
    for t in range(64):
        packed_bits.append(8 * training.buffer_bytes)
        training.step(Given(rng.normal(size=(64, SIZE))), t)
    assert packed_bits == [sum(8 * -(-group.size * t // 8) for group in GROUPS) for t in range(64)]
    dropped = MomentumSGD().dropped_bits({"decays": halves / ONE}, GROUPS)
    assert np.array_equal(dropped, np.full(64, SIZE))


def test_what_the_state_holds_besides_the_buffers_does_not_grow():
    rng = np.random.default_rng(2)
    training = exactly(some_start(rng), np.full((100, G), 0.1), np.full((100, G), 60000))
    before = training.working_bytes
    for t in range(100):
        training.step(Given(rng.normal(size=(100, SIZE))), t)
    assert training.working_bytes == before == 5 * 8 * SIZE


@unhurried
@given(st.integers(1, 40), seeds)
def test_a_compiled_step_has_the_bits_of_the_formula(size: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    w, v, gradient = random.standard_normal((3, size)) * 10.0 ** random.integers(-9, 9, (3, size))
    rate, decay = random.uniform(0, 3, size), random.integers(0, 2**16 + 1, size) / 2**16
    velocity = decay * v - (1 - decay) * gradient
    schedules = {"learning_rates": rate, "decays": decay}
    moved, pushed = MomentumSGD().step((w, v), gradient, schedules)
    assert pushed.tobytes() == velocity.tobytes()
    assert moved.tobytes() == (w + rate * velocity).tobytes()
