import autograd.numpy as anp
import numpy as np
import pytest
from problems_for_tests import both_methods

from engine import DivergedError, InputError, hypergradient
from engine.dynamics import MomentumSGD
from engine.methods import METHODS, StoredTrajectory


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


ITERATIVE = [name for name in METHODS if name != "implicit-cholesky"]


@pytest.mark.parametrize("iteration", [0, 3])
@pytest.mark.parametrize("method", ITERATIVE)
def test_a_training_loss_that_is_no_number_is_told_with_its_iteration(method, iteration):
    def training_loss(w, theta, t):
        return anp.sum(w**2) * (np.nan if t >= iteration else 1.0)

    with pytest.raises(DivergedError, match=rf"iteration {iteration}\b.*gradient is not finite"):
        diverging(method, training_loss=training_loss)


@pytest.mark.parametrize("iteration", [0, 3])
def test_a_loss_that_is_no_number_although_its_gradient_is_one_is_refused(iteration):
    def training_loss(w, theta, t):
        return anp.sum(w**2) + (np.nan if t >= iteration else 0.0)

    said = f"The value of training_loss is not finite at iteration {iteration}"
    with pytest.raises(DivergedError, match=said):
        diverging("stored-trajectory", training_loss=training_loss)


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


def small(**changes):
    arguments = {"w0": [0.0, 1.0], "learning_rates": [0.1, 0.1], "decays": [0.5, 0.5], **changes}
    return hypergradient(
        lambda w, theta, t: anp.sum(w**2), lambda w, theta: anp.sum(w), **arguments
    )


@pytest.mark.parametrize("wrong", ["forwards", 3, None, StoredTrajectory, object()])
def test_what_is_no_method_is_refused(wrong):
    with pytest.raises(InputError, match=r"^method: expected one of exact-reversal, .* a method"):
        small(method=wrong)


@pytest.mark.parametrize("wrong", ["newton", 3, None, MomentumSGD, object()])
def test_what_is_no_dynamics_is_refused(wrong):
    with pytest.raises(InputError, match=r"^dynamics: expected one of momentum-sgd, .* a dynamics"):
        small(dynamics=wrong)


def test_a_schedule_that_the_dynamics_needs_or_does_not_know_is_refused():
    with pytest.raises(InputError, match=r"^decays: expected a schedule"):
        small(decays=None)
    with pytest.raises(InputError, match=r"^damping: expected none"):
        small(schedules={"damping": [0.1, 0.1]})


def test_names_and_objects_are_the_same_method_and_dynamics():
    by_name = small(method="stored-trajectory", dynamics="momentum-sgd")
    by_object = small(method=StoredTrajectory(), dynamics=MomentumSGD())
    assert np.array_equal(by_name.gradient.w0, by_object.gradient.w0)
    assert by_name.reversed_exactly is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"schedules": {1: [0.1]}}, "schedules: expected arrays by name, found the key 1."),
        (
            {"groups": [slice("a", "b")]},
            "groups[0]: expected a slice of whole numbers, found slice(",
        ),
        ({"groups": ["x" * 999]}, "groups[0]: expected a slice, found 'xxx"),
        ({"buffer_memory": "x\n" * 999}, "buffer_memory: expected bytes or None, found 'x"),
    ],
)
def test_arguments_of_another_kind_are_refused_in_one_line(changes, message):
    with pytest.raises(InputError) as error:
        diverging("exact-reversal", **changes)
    assert str(error.value).startswith(message)
    assert len(str(error.value)) <= 300
    assert str(error.value).isprintable()


@pytest.mark.parametrize("name", ["w0", "v0", "theta", "learning_rates", "decays"])
def test_an_array_that_does_not_fit_is_refused_before_it_is_copied(name, monkeypatch):
    copied = []
    make = np.array
    monkeypatch.setattr(
        np, "array", lambda value, *a, **k: copied.append(np.size(value)) or make(value, *a, **k)
    )
    with pytest.raises(InputError, match=rf"^{name}|^decays: expected"):
        diverging("exact-reversal", **{name: np.broadcast_to(0.1, (2**27, 1, 1))})
    assert max(copied, default=0) < 2**20
