from itertools import count

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import DivergedError, InputError, hypergradient
from engine.exact import round_decays

METHODS = ("exact-reversal", "stored-trajectory")
KINDS = ("w0", "v0", "learning_rates", "decays", "theta")

both_methods = pytest.mark.parametrize("method", METHODS)


def schedules(rng, iterations, groups):
    """Learning rates and decays (on the grid of 1/65536) of their own for every step and group."""
    rates = rng.uniform(0.1, 0.6, (iterations, groups))
    return {
        "learning_rates": rates,
        "decays": round_decays(rng.uniform(0.2, 0.95, (iterations, groups))),
    }


def quadratic(seed=0):
    """A bowl that wobbles with t, its minimum at θ; the second group is empty."""
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(5, 5))
    hessian = root @ root.T / 5 + np.eye(5)

    def training_loss(w, theta, t):
        apart = w - theta * (1 + 0.1 * np.sin(t))
        return 0.5 * anp.dot(apart, anp.dot(hessian, apart))

    def validation_loss(w, theta):
        return anp.sum((w - 1) ** 4) + anp.dot(w, theta)

    return training_loss, validation_loss, {
        "w0": rng.normal(size=5),
        "v0": rng.normal(size=5),
        "theta": rng.normal(size=5),
        "groups": [slice(2, 5), slice(2, 2), slice(0, 2)],
        **schedules(rng, 9, 3),
    }  # fmt: skip


def network_regression(seed=0):
    """A network of 3, 4 and 1 units on minibatches; θ scales its inputs and penalises a layer."""
    rng = np.random.default_rng(seed)
    inputs, targets = rng.normal(size=(20, 3)), rng.normal(size=20)

    def misfit(w, theta, chosen):
        hidden = anp.tanh(
            anp.dot(inputs[chosen] * theta[:3], anp.reshape(w[:12], (3, 4))) + w[12:16]
        )
        return anp.mean((anp.dot(hidden, w[16:20]) + w[20] - targets[chosen]) ** 2)

    def training_loss(w, theta, t):
        return misfit(w, theta, (5 * t + np.arange(5)) % 15) + theta[3] * anp.sum(w[16:20] ** 2)

    def validation_loss(w, theta):
        return misfit(w, theta, np.arange(15, 20))

    return training_loss, validation_loss, {
        "w0": rng.normal(size=21),
        "v0": rng.normal(size=21),
        "theta": np.append(rng.uniform(0.5, 1.5, 3), 0.1),
        "groups": [slice(0, 12), slice(12, 16), slice(16, 20), slice(20, 21)],
        **schedules(rng, 10, 4),
    }  # fmt: skip


def logistic_regression(seed=0):
    """A penalty e^θ for every weight, in training and validation loss, on minibatches."""
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(24, 6))
    signs = np.sign(inputs @ rng.normal(size=6) + 0.3 * rng.normal(size=24))

    def penalised(w, theta, chosen):
        margins = signs[chosen] * anp.dot(inputs[chosen], w)
        return anp.mean(anp.logaddexp(0, -margins)) + anp.dot(anp.exp(theta), w * w)

    def training_loss(w, theta, t):
        return penalised(w, theta, (8 * t + np.arange(8)) % 16)

    def validation_loss(w, theta):
        return penalised(w, theta, np.arange(16, 24))

    return training_loss, validation_loss, {
        "w0": rng.normal(size=6),
        "v0": rng.normal(size=6),
        "theta": rng.normal(-2, 0.5, 6),
        "groups": [slice(0, 5), slice(5, 6)],
        **schedules(rng, 12, 2),
    }  # fmt: skip


PROBLEMS = (quadratic, network_regression, logistic_regression)
every_problem = pytest.mark.parametrize("problem", PROBLEMS)


def spread(per_group, groups, size):
    """(G,) → (P,), differentiably."""
    return sum(
        per_group[g] * np.isin(np.arange(size), np.arange(size)[group])
        for g, group in enumerate(groups)
    )


def unrolled(training_loss, w0, v0, learning_rates, decays, theta, groups):
    """Algorithm 1 as it is written, in autograd.numpy; w before each iteration and at the end."""
    visited, v = [w0], v0
    for t in range(len(learning_rates)):
        rate, decay = (spread(x[t], groups, len(w0)) for x in (learning_rates, decays))
        v = decay * v - (1 - decay) * grad(training_loss)(visited[-1], theta, t)
        visited.append(visited[-1] + rate * v)
    return visited


def assert_close(found, wanted, tolerance):
    for kind in KINDS:
        got, expected = getattr(found, kind), wanted[kind]
        assert got.shape == expected.shape
        assert np.max(np.abs(got - expected)) <= tolerance * np.max(np.abs(expected)), kind


@every_problem
def test_exact_reversal_agrees_with_the_stored_trajectory(problem):
    training_loss, validation_loss, given = problem()
    exact, stored = (
        hypergradient(training_loss, validation_loss, method=method, **given) for method in METHODS
    )
    assert exact.reversed_exactly
    assert stored.reversed_exactly
    assert_close(exact.gradient, vars(stored.gradient), 1e-10)
    assert np.isclose(exact.validation_loss, stored.validation_loss, rtol=1e-12)
    for name in ("w_final", "v_final", "learning_curve"):
        assert np.allclose(getattr(exact, name), getattr(stored, name), rtol=1e-12, atol=1e-12)


@both_methods
@every_problem
def test_hypergradients_agree_with_autograd_through_the_whole_training_run(problem, method):
    training_loss, validation_loss, given = problem()
    groups = given["groups"]

    def trained(*hyperparameters):
        final = unrolled(training_loss, *hyperparameters, groups)[-1]
        return validation_loss(final, hyperparameters[-1])

    hyperparameters = [given[kind] for kind in KINDS]
    wanted = dict(zip(KINDS, grad(trained, tuple(range(5)))(*hyperparameters), strict=True))
    result = hypergradient(training_loss, validation_loss, method=method, **given)
    assert np.isclose(result.validation_loss, trained(*hyperparameters), rtol=1e-12)
    assert_close(result.gradient, wanted, 1e-9)


@pytest.mark.parametrize("kind", KINDS)
@every_problem
def test_hypergradients_agree_with_finite_differences(problem, kind):
    training_loss, validation_loss, given = problem()
    direction = np.random.default_rng(7).choice([-1.0, 1.0], given[kind].shape)
    step = 2.0**-16

    def after(moved):
        arguments = {**given, kind: given[kind] + moved * direction}
        return hypergradient(
            training_loss, validation_loss, method="stored-trajectory", **arguments
        ).validation_loss

    slope = np.sum(
        getattr(hypergradient(training_loss, validation_loss, **given).gradient, kind) * direction
    )
    assert np.isclose((after(step) - after(-step)) / (2 * step), slope, rtol=1e-5, atol=1e-7)


@both_methods
@every_problem
def test_the_learning_curve_is_the_training_loss_before_each_step(problem, method):
    training_loss, validation_loss, given = problem()
    visited = unrolled(training_loss, *(given[kind] for kind in KINDS), given["groups"])
    losses = [training_loss(w, given["theta"], t) for t, w in enumerate(visited[:-1])]
    result = hypergradient(training_loss, validation_loss, method=method, **given)
    assert np.allclose(result.learning_curve, losses, rtol=1e-12)
    assert np.allclose(result.w_final, visited[-1], rtol=1e-12)


@both_methods
@pytest.mark.parametrize("shared", [["learning_rates"], ["decays"], ["learning_rates", "decays"]])
def test_a_value_for_all_groups_has_the_sum_of_their_hypergradients(shared, method):
    training_loss, validation_loss, given = network_regression()
    one_for_all = {name: given[name][:, 0] for name in shared}
    repeated = {name: np.repeat(given[name][:, :1], 4, axis=1) for name in shared}
    narrow, wide = (
        hypergradient(training_loss, validation_loss, method=method, **{**given, **arguments})
        for arguments in (one_for_all, repeated)
    )
    for name in ("learning_rates", "decays"):
        found, wanted = getattr(narrow.gradient, name), getattr(wide.gradient, name)
        assert np.allclose(found, wanted.sum(axis=1) if name in shared else wanted, rtol=1e-13)


@both_methods
def test_without_groups_theta_and_velocity_all_parameters_are_one_group_at_rest(method):
    _, _, given = quadratic()

    def training_loss(w, theta, t):
        assert theta is None
        return anp.sum(anp.cosh(w))

    def validation_loss(w, theta):
        assert theta is None
        return anp.sum(w**3)

    plain = {"w0": given["w0"], "learning_rates": [0.1, 0.2], "decays": [0.5, 0.75]}
    spelt_out = {**plain, "groups": [slice(0, 5)], "v0": np.zeros(5)}
    found, wanted = (
        hypergradient(training_loss, validation_loss, method=method, **arguments)
        for arguments in (plain, spelt_out)
    )
    assert found.gradient.theta.shape == (0,)
    assert found.gradient.learning_rates.shape == found.gradient.decays.shape == (2,)
    for kind in ("w0", "v0", "learning_rates", "decays"):
        assert np.array_equal(getattr(found.gradient, kind), getattr(wanted.gradient, kind))


@both_methods
@pytest.mark.parametrize("shape", [(0,), (0, 3)])
def test_without_iterations_the_hypergradient_is_the_validation_gradient(shape, method):
    training_loss, validation_loss, given = quadratic()
    given |= {"learning_rates": np.zeros(shape), "decays": np.zeros(shape)}
    result = hypergradient(training_loss, validation_loss, method=method, **given)
    dw, d_theta = grad(validation_loss, (0, 1))(given["w0"], given["theta"])
    assert np.allclose(result.gradient.w0, dw, rtol=1e-13)
    assert np.allclose(result.gradient.theta, d_theta, rtol=1e-13)
    assert not np.any(result.gradient.v0)
    assert result.gradient.learning_rates.shape == result.gradient.decays.shape == shape
    assert result.learning_curve.shape == (0,)
    assert result.reversed_exactly
    assert result.memory.buffer_bytes == result.memory.trajectory_bytes == 0


@both_methods
def test_decays_are_rounded_to_the_grid_and_nothing_else_is_done_to_the_arguments(method):
    training_loss, validation_loss, given = network_regression()
    given["decays"] = given["decays"] + 2.0**-18
    kept = {name: np.copy(value) for name, value in given.items() if name != "groups"}
    rounded = {**given, "decays": round_decays(given["decays"])}
    found, wanted = (
        hypergradient(training_loss, validation_loss, method=method, **arguments)
        for arguments in (given, rounded)
    )
    for kind in KINDS:
        assert np.array_equal(getattr(found.gradient, kind), getattr(wanted.gradient, kind))
    assert all(np.array_equal(given[name], value) for name, value in kept.items())


@settings(deadline=None, max_examples=15)
@given(st.sampled_from(PROBLEMS), st.integers(0, 2**32), st.floats(0.01, 1), st.floats(2**-16, 1))
def test_random_problems_reverse_exactly(problem, seed, rate, decay):
    training_loss, validation_loss, given = problem(seed)
    given["learning_rates"] = rate * given["learning_rates"]
    given["decays"] = decay ** given["decays"]
    result = hypergradient(training_loss, validation_loss, **given)
    assert result.reversed_exactly


def test_the_same_call_gives_the_same_bits():
    first, second = (
        hypergradient(*losses, **given) for *losses, given in (quadratic(), quadratic())
    )
    for kind in KINDS:
        assert np.array_equal(getattr(first.gradient, kind), getattr(second.gradient, kind))


def test_a_training_loss_that_changes_behind_our_back_is_found_out():
    calls = count()
    _, validation_loss, given = quadratic()

    def training_loss(w, theta, t):
        return 0.5 * anp.sum((w - theta) ** 2) * (1 + 1e-9 * next(calls))

    assert not hypergradient(training_loss, validation_loss, **given).reversed_exactly


def test_a_change_in_the_last_bit_of_one_gradient_is_found_out():
    calls = count()
    _, validation_loss, given = quadratic()

    def training_loss(w, theta, t):
        late = next(calls) >= len(given["decays"]) and t == 0
        return anp.sum(w[1:]) + w[0] * (1.0 + 2.0**-51 if late else 1.0)

    assert not hypergradient(training_loss, validation_loss, **given).reversed_exactly


def test_changes_that_cancel_in_the_velocity_are_found_out_in_the_parameters():
    calls = count()

    def training_loss(w, theta, t):
        slopes = (1.0, 1.0) if next(calls) < 2 else (1 - 2.0**-19, 1 + 2.0**-20)
        return slopes[t] * anp.sum(w)

    result = hypergradient(
        training_loss, lambda w, _: anp.sum(w), [1.0], learning_rates=[0.1, 0.1], decays=[0.5, 0.5]
    )
    assert not result.reversed_exactly


def bowl(size, iterations, decay, **options):
    """Sum of squares, the cheapest of runs."""
    rng = np.random.default_rng(4)
    return hypergradient(
        lambda w, theta, t: 0.5 * anp.dot(w, w),
        lambda w, theta: anp.sum(w),
        rng.normal(size=size),
        learning_rates=np.full(iterations, 0.1),
        decays=np.full(iterations, decay),
        **options,
    )


def test_the_buffer_of_a_thousand_iterations_is_within_three_percent_of_the_entropy_bound():
    result = bowl(1000, 1000, 0.9)
    entropy_bytes = 1000 * 1000 * np.log2(65536 / 58982) / 8
    assert result.reversed_exactly
    assert np.isclose(result.memory.entropy_bits, 8 * entropy_bytes, rtol=1e-12)
    assert 0.97 * entropy_bytes < result.memory.buffer_bytes <= 1.03 * entropy_bytes
    assert result.memory.trajectory_bytes == 16 * 1000 * 1000


def test_a_buffer_in_a_file_changes_no_bit_of_the_result():
    in_memory = bowl(1000, 1000, 0.5)
    in_file = bowl(1000, 1000, 0.5, buffer_memory=50_000)
    live_digits = 8 * 1000
    assert in_memory.memory.file_bytes == 0
    held = in_file.memory.buffer_bytes - in_file.memory.file_bytes
    assert held <= 50_000 + live_digits < in_file.memory.buffer_bytes
    assert in_file.memory.buffer_bytes == in_memory.memory.buffer_bytes
    assert in_file.reversed_exactly
    for one, other in zip(
        vars(in_file.gradient).values(), vars(in_memory.gradient).values(), strict=True
    ):
        np.testing.assert_array_equal(one, other)


def test_a_decay_of_one_needs_no_buffer():
    result = bowl(50, 200, 1.0)
    assert result.memory.buffer_bytes == result.memory.entropy_bits == 0
    assert result.reversed_exactly


def test_working_memory_does_not_depend_on_the_number_of_iterations():
    short, long = bowl(50, 10, 0.9), bowl(50, 300, 0.9)
    assert short.memory.working_bytes == long.memory.working_bytes > 0


@both_methods
def test_the_entropy_is_summed_over_iterations_and_the_parameters_of_each_group(method):
    training_loss, validation_loss, given = network_regression()
    sizes = np.array([12, 4, 4, 1])
    memory = hypergradient(training_loss, validation_loss, method=method, **given).memory
    assert np.isclose(memory.entropy_bits, np.sum(sizes * np.log2(1 / given["decays"])))
    assert memory.trajectory_bytes == 16 * 21 * 10


LOSSES = {
    "ignores theta": lambda w, theta, t: anp.sum(anp.cosh(w)),
    "linear in w": lambda w, theta, t: anp.dot(w, np.arange(5.0)),
    "linear in w and theta": lambda w, theta, t: anp.dot(w, theta),
    "independent of w": lambda w, theta, t: anp.sum(theta**2),
    "a number": lambda w, theta, t: 3.0,
}


@both_methods
@pytest.mark.parametrize("loss", LOSSES)
def test_losses_with_nothing_to_differentiate_give_the_zeros_they_should(loss, method):
    _, _, given = quadratic()
    result = hypergradient(LOSSES[loss], lambda w, _: anp.sum(w**3), method=method, **given)
    assert result.reversed_exactly
    if loss != "linear in w and theta":
        assert np.array_equal(result.gradient.theta, np.zeros(5))
    if loss != "ignores theta":
        assert np.array_equal(result.gradient.w0, 3 * result.w_final**2)


@both_methods
def test_an_objective_independent_of_everything_has_no_hypergradient(method):
    training_loss, _, given = network_regression()
    result = hypergradient(training_loss, lambda w, theta: 2.5, method=method, **given)
    assert result.validation_loss == 2.5
    for kind in KINDS:
        assert np.array_equal(getattr(result.gradient, kind), np.zeros_like(given[kind]))


def diverging(method, **changes):
    """Four parameters in two groups, at rest unless the changes move them."""
    arguments = {
        "w0": [1.0, 2.0, 3.0, 4.0],
        "learning_rates": np.zeros((5, 2)),
        "decays": np.full((5, 2), 0.5),
        "groups": [slice(0, 2), slice(2, 4)],
        **changes,
    }
    training_loss = arguments.pop("training_loss", lambda w, theta, t: anp.sum(w**2))
    return hypergradient(training_loss, lambda w, theta: anp.sum(w), method=method, **arguments)


@both_methods
@pytest.mark.parametrize("group", [0, 1])
@pytest.mark.parametrize("iteration", [0, 3])
@pytest.mark.parametrize("size", [1e6, 1e12])
def test_a_huge_learning_rate_diverges_at_its_iteration_in_its_group(
    method, group, iteration, size
):
    rates = np.zeros((5, 2))
    rates[iteration, group] = size
    with pytest.raises(DivergedError, match="parameters") as error:
        diverging(method, learning_rates=rates)
    assert (error.value.iteration, error.value.group) == (iteration, f"group {group}")


@both_methods
def test_training_that_blows_up_by_itself_diverges_instead_of_wrapping(method):
    with pytest.raises(DivergedError) as error:
        diverging(method, learning_rates=np.full(60, 50.0), decays=np.full(60, 0.5))
    assert 0 < error.value.iteration < 60


@both_methods
@pytest.mark.parametrize("factor", [np.nan, np.inf, -np.inf])
def test_a_gradient_that_is_not_finite_is_named_by_iteration_and_group(method, factor):
    def training_loss(w, theta, t):
        return anp.sum(w[:2]) + anp.sum(w[2:]) * (factor if t == 2 else 1.0)

    rates = np.full((5, 2), 0.1)
    with pytest.raises(DivergedError, match="gradient is not finite") as error:
        diverging(method, training_loss=training_loss, learning_rates=rates)
    assert (error.value.iteration, error.value.group) == (2, "group 1")


@both_methods
@pytest.mark.parametrize("name", ["w0", "v0"])
@pytest.mark.parametrize("value", [2048.0, -2048.0, 1e9])
def test_a_start_beyond_the_range_has_diverged_at_iteration_zero(method, name, value):
    with pytest.raises(DivergedError) as error:
        diverging(method, **{name: [0.0, 0.0, value, 0.0]})
    assert (error.value.iteration, error.value.group) == (0, "group 1")


@both_methods
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("decays", np.full(5, 0.0)),
        ("decays", np.full(5, -0.5)),
        ("decays", np.full(5, 1.0000001)),
        ("decays", np.full((5, 2), np.nan)),
        ("decays", np.full(4, 0.5)),
        ("decays", np.full((5, 3), 0.5)),
        ("decays", 0.5),
        ("learning_rates", np.full(5, np.nan)),
        ("learning_rates", np.full(5, np.inf)),
        ("learning_rates", np.zeros((5, 1))),
        ("learning_rates", np.zeros((5, 2, 1))),
        ("learning_rates", 0.1),
        ("w0", np.zeros((2, 2))),
        ("w0", 1.0),
        ("w0", [0.0, np.nan, 0.0, 0.0]),
        ("w0", [0.0, np.inf, 0.0, 0.0]),
        ("v0", np.zeros(3)),
        ("v0", np.zeros((4, 1))),
        ("v0", [0.0, np.nan, 0.0, 0.0]),
        ("theta", np.zeros((2, 2))),
        ("theta", 1.0),
        ("groups", [slice(0, 2), slice(3, 4)]),
        ("groups", [slice(0, 3), slice(2, 4)]),
        ("groups", [slice(0, 4, 2), slice(1, 4, 2)]),
        ("groups", []),
        ("groups", [(0, 2), (2, 4)]),
        ("groups", [slice(0, 4, 0)]),
        ("w0", ["a", "b"]),
        ("decays", [[0.5, 0.5], [0.5]]),
        ("theta", ["a"]),
    ],
)
def test_a_wrong_argument_is_refused_by_name(method, name, value):
    with pytest.raises(InputError, match=f"^{name}"):
        diverging(method, **{name: value})


@pytest.mark.parametrize("method", ["reverse", "", None, "Exact-reversal"])
def test_an_unknown_method_is_refused_naming_the_known_ones(method):
    with pytest.raises(InputError, match=r"^method.*exact-reversal.*stored-trajectory"):
        diverging(method)


@both_methods
@pytest.mark.parametrize(
    ("slope", "rate", "decay", "reason"),
    [
        (np.inf, 0.1, 1.0, "gradient"),
        (np.inf, 0.0, 0.5, "gradient"),
        (1e300, 1e300, 0.5, "velocity"),
    ],
)
def test_divergence_beyond_the_floats_gives_its_error_and_no_warning(
    method, slope, rate, decay, reason
):
    with pytest.raises(DivergedError, match=f"iteration 0 in group 0: the {reason}"):
        diverging(
            method,
            training_loss=lambda w, theta, t: slope * anp.sum(w),
            learning_rates=np.full(5, rate),
            decays=np.full(5, decay),
        )


@pytest.mark.parametrize("which", [0, 1])
def test_a_loss_that_is_no_scalar_is_refused_by_name(which):
    losses = [lambda w, theta, t: anp.sum(w**2), lambda w, theta: anp.sum(w)]
    losses[which] = lambda w, *_: w * w
    name = ("training_loss", "validation_loss")[which]
    with pytest.raises(InputError, match=rf"^{name}: expected a scalar, found shape \(3,\)"):
        hypergradient(*losses, np.ones(3), learning_rates=[0.1], decays=[0.5])
