"""What losses of a person's own may do, whatever the method."""

import itertools
import time

import autograd.numpy as anp
import autograd.numpy.random as random
import numpy as np
import pytest

from engine import DivergedError, InputError, hypergradient
from engine.errors import NoDerivativeError
from engine.methods import METHODS

every_method = pytest.mark.parametrize("method", METHODS)

IMPLICIT = [name for name in METHODS if name.startswith("implicit")]
GO_BACK = ("exact-reversal", "stored-trajectory", "checkpointed", "truncated")
going_back = pytest.mark.parametrize("method", GO_BACK)
evaluating_twice = pytest.mark.parametrize("method", [*GO_BACK, "forward"])
differentiating = pytest.mark.parametrize(
    "method", [name for name in METHODS if name != "finite-differences"]
)


def bowl(w, theta, t=0):
    return 0.5 * anp.sum((w - theta) ** 2)


def run(training_loss=bowl, validation_loss=bowl, method="exact-reversal", **changes):
    given = {
        "w0": [1.0, 2.0],
        "theta": [0.5, -0.5],
        "learning_rates": np.full(6, 0.1),
        "decays": np.full(6, 0.5),
        **changes,
    }
    return hypergradient(training_loss, validation_loss, method=method, **given)


# The same whenever it is evaluated


def random_numbers():
    generator = np.random.default_rng(0)
    return lambda w, theta, t: bowl(w, theta + generator.normal(size=2))


def global_random_numbers():
    return lambda w, theta, t: bowl(w, theta) * (1 + 0.1 * random.rand())


def running_mean():
    seen = []

    def loss(w, theta, t):
        seen.append(1.0)
        return bowl(w, theta) / len(seen)

    return loss


def clock():
    return lambda w, theta, t: bowl(w, theta) * (1 + 1e-3 * time.perf_counter())


def first_only_later():
    """The same six times and once more, as if an epoch was over."""
    calls = itertools.count()
    return lambda w, theta, t: bowl(w, theta) * (1.0 if next(calls) < 7 else 2.0)


def a_constant_added():
    calls = itertools.count()
    return lambda w, theta, t: bowl(w, theta) + next(calls)


def last_bit():
    calls = itertools.count()
    return lambda w, theta, t: bowl(w, theta) + 2.0**-51 * (next(calls) > 7) * w[0]


FICKLE = (
    random_numbers,
    global_random_numbers,
    running_mean,
    clock,
    first_only_later,
    a_constant_added,
    last_bit,
)


@evaluating_twice
@pytest.mark.parametrize("make", FICKLE)
def test_a_loss_that_is_not_the_same_twice_is_refused(make, method):
    with pytest.raises(InputError, match=r"^training_loss: .*the same.*must be a function of t"):
        run(make(), method=method)


@every_method
@pytest.mark.parametrize("make", [random_numbers, global_random_numbers, running_mean, clock])
def test_an_objective_that_is_not_the_same_twice_is_refused(make, method):
    loss = make()
    with pytest.raises(InputError, match=r"^validation_loss: .*the same"):
        run(validation_loss=lambda w, theta: loss(w, theta, 0), method=method)


@differentiating
def test_an_objective_of_which_only_the_derivative_is_random_is_refused(method):
    generator = np.random.default_rng(0)

    def objective(w, theta):
        here = w
        while not isinstance(here, np.ndarray):
            here = here._value
        return anp.sum(w**2) + generator.normal() * anp.sum(w - here)

    with pytest.raises(InputError, match=r"^validation_loss: .*Nothing in it may be random"):
        run(validation_loss=objective, method=method)


@every_method
def test_what_is_random_as_a_function_of_t_is_fine(method):
    def training_loss(w, theta, t):
        return bowl(w, theta + np.random.default_rng(t).normal(size=2))

    assert run(training_loss, method=method).gradient.is_finite


# Arguments are left as they are


def scales_theta(w, theta, *t):
    theta *= 0.5
    return bowl(w, theta)


def sets_w(w, theta, *t):
    value = w
    while not isinstance(value, np.ndarray):
        value = value._value
    value[0] = 0.0
    return bowl(w, theta)


def sorts_theta(w, theta, *t):
    theta.sort()
    return bowl(w, theta)


@every_method
@pytest.mark.parametrize("loss", [sets_w])
@pytest.mark.parametrize("name", ["training_loss", "validation_loss"])
def test_a_loss_that_writes_to_its_arguments_is_refused(loss, name, method):
    with pytest.raises(InputError, match=f"^{name}: .*left as they are.*writes to one of them"):
        run(**{name: loss}, method=method)


@every_method
@pytest.mark.parametrize("loss", [scales_theta, sorts_theta])
def test_a_training_loss_that_writes_to_theta_is_refused(loss, method):
    with pytest.raises(InputError, match=r"^training_loss: .*writes to one of them"):
        run(loss, method=method)


@evaluating_twice
def test_a_loss_may_keep_what_it_is_given(method):
    kept = []

    def training_loss(w, theta, t):
        if isinstance(w, np.ndarray):
            kept.append((t, w))
        else:
            kept.append((t, w._value if isinstance(w._value, np.ndarray) else w._value._value))
        return bowl(w, theta)

    start = np.array([1.0, 2.0])
    run(training_loss, method=method, w0=start)
    assert np.array_equal(start, [1.0, 2.0])
    first = [w for t, w in kept if t == 0]
    assert len(first) > 2
    assert all(np.array_equal(w, start) for w in first)
    assert not any(w.flags.writeable for _, w in kept)


def test_the_arguments_of_the_call_can_still_be_written_to():
    start, theta = np.array([1.0, 2.0]), np.array([0.5, -0.5])
    run(w0=start, theta=theta)
    start += 1
    theta += 1


# Values and derivatives are numbers


def power(w):
    """(w²)^1.5, of which autograd's second derivative at 0 is not a number."""
    return anp.sum((w**2) ** 1.5)


def degenerate(w):
    """The larger of two equal eigenvalues."""
    eye = np.eye(2) + 0.0 * w[0]
    return anp.linalg.eigh(eye)[0][1] + anp.linalg.eigh(eye)[1][0, 0]


@pytest.mark.parametrize("method", [*GO_BACK, *IMPLICIT])
def test_a_second_derivative_that_is_no_number_is_named_with_its_iteration(method):
    with pytest.raises(NoDerivativeError, match="second derivative of training_loss by w") as error:
        run(
            lambda w, theta, t: power(w),
            lambda w, theta: anp.sum(w),
            method=method,
            w0=[0.0, 0.0],
        )
    assert error.value.iteration == 5  # met first on the way back
    assert "at iteration 5" in str(error.value)


@differentiating
def test_a_second_derivative_by_theta_that_is_no_number_is_named(method):
    with pytest.raises(NoDerivativeError, match="second derivative of training_loss by theta"):
        run(
            lambda w, theta, t: anp.sum(w * (theta**2) ** 0.75) + anp.sum(w**2),
            lambda w, theta: anp.sum(w),
            method=method,
            theta=[0.0, 0.0],
        )


@pytest.mark.parametrize("method", [name for name in METHODS if name != "implicit-cholesky"])
def test_a_gradient_that_is_no_number_where_the_loss_is_one_is_named(method):
    with pytest.raises(NoDerivativeError, match="gradient of training_loss by w") as error:
        run(
            lambda w, theta, t: anp.sqrt(anp.sum(w**2)) if t == 0 else bowl(w, theta),
            method=method,
            w0=[0.0, 0.0],
        )
    assert error.value.iteration == 0
    assert "smaller steps do not help" in str(error.value)
    assert "usually help" not in str(error.value)


@differentiating
@pytest.mark.parametrize(
    ("objective", "named"),
    [
        (lambda w, theta: anp.sum(anp.log(-(w**2) - 1)), "value of validation_loss is not finite"),
        (lambda w, theta: np.inf * anp.sum(w), "value of validation_loss is not finite"),
        (lambda w, theta: anp.sum(anp.sqrt(w - w)), "derivative of validation_loss by w"),
        (lambda w, theta: anp.sum(w * anp.sqrt(theta)), "derivative of validation_loss by theta"),
        (lambda w, theta: degenerate(w), "derivative of validation_loss by w"),
    ],
)
def test_an_objective_without_a_value_or_derivative_is_named(objective, named, method):
    with pytest.raises(NoDerivativeError, match=named) as error, np.errstate(all="ignore"):
        run(validation_loss=objective, method=method, theta=[0.0, 0.0])
    assert error.value.iteration is None
    assert "after training" in str(error.value)


@going_back
def test_an_overflow_of_the_hypergradient_is_no_result(method):
    """Each step back multiplies by −10¹⁰⁰ what arrives, while training stands still."""
    with pytest.raises(DivergedError):
        run(
            lambda w, theta, t: 1e100 * anp.sum(w**2),
            lambda w, theta: anp.sum(w),
            method=method,
            w0=[0.0, 0.0],
            learning_rates=np.full(6, 1.0),
        )


# What a loss is


@pytest.mark.parametrize("name", ["training_loss", "validation_loss"])
@pytest.mark.parametrize("wrong", [None, 3.0, "loss", [], lambda: 0.0, lambda w: w], ids=range(6))
def test_what_is_no_function_of_the_arguments_is_refused(name, wrong):
    with pytest.raises(InputError, match=f"^{name}: expected a function of w, theta"):
        run(**{name: wrong})


@every_method
@pytest.mark.parametrize("name", ["training_loss", "validation_loss"])
@pytest.mark.parametrize(
    "value",
    [None, {"loss": 1.0}, (1.0,), [1.0], 3, True, 1j, "1.0", np.zeros(1), np.int64(2), np.zeros(0)],
    ids=lambda value: f"{type(value).__name__} {value}",
)
def test_a_loss_that_gives_no_floating_point_scalar_is_refused(name, value, method):
    with pytest.raises(InputError, match=f"^{name}: expected a (floating-point )?scalar, found"):
        run(**{name: lambda *_: value}, method=method)


def test_an_error_of_the_loss_itself_stays_what_it_is():
    def broken(w, theta, t):
        raise ValueError("no such file")

    with pytest.raises(ValueError, match=r"^no such file$"):
        run(broken)
