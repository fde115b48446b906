import autograd.numpy as anp
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from problems_for_tests import PROBLEMS, both_methods, network_regression

from engine import hypergradient
from engine.hypergradients.problem import make_problem
from engine.hypergradients.result import drain
from engine.methods import METHODS

# Whether training was met again bit for bit


@settings(deadline=None, max_examples=15)
@given(st.sampled_from(PROBLEMS), st.integers(0, 2**32), st.floats(0.01, 1), st.floats(2**-16, 1))
def test_random_problems_reverse_exactly(problem, seed, rate, decay):
    training_loss, validation_loss, given = problem(seed)
    given["learning_rates"] = rate * given["learning_rates"]
    given["decays"] = decay ** given["decays"]
    result = hypergradient(training_loss, validation_loss, **given)
    assert result.reversed_exactly


class Fickle:
    """A linear loss by hand, its slope chosen by how often it was asked; θ has no part in it."""

    theta_size = 0

    def __init__(self, slope):
        self.calls, self.slope = 0, slope

    def gradient(self, w, t):
        gradient = np.array(self.slope(self.calls, t), dtype=np.float64)
        self.calls += 1
        return float(gradient @ w), gradient

    def gradient_and_products(self, w, t, direction):
        return self.gradient(w, t)[1], np.zeros_like(w), np.zeros(0)

    def objective(self, w):
        return float(np.sum(w)), np.ones_like(w), np.zeros(0)


def is_reversed(slope, size):
    """Whether two iterations of training by these slopes are undone bit for bit."""
    schedules = {"learning_rates": [0.1, 0.1], "decays": [0.5, 0.5]}
    problem = make_problem(Fickle(slope), np.ones(size), schedules=schedules)
    return drain(METHODS["exact-reversal"]().run(problem)).reversed_exactly


def test_gradients_that_stay_the_same_are_undone():
    assert is_reversed(lambda call, t: [1.0, 1.0 + t], 2)


def test_gradients_that_change_behind_our_back_are_found_out():
    assert not is_reversed(lambda call, t: [1 + 1e-9 * call], 1)


def test_a_change_in_the_last_bit_of_one_gradient_is_found_out():
    assert not is_reversed(lambda call, t: [1.0 + 2.0**-51 * (call == 3), 1.0], 2)


def test_changes_that_cancel_in_the_velocity_are_found_out_in_the_parameters():
    late = (1 - 2.0**-19, 1 + 2.0**-20)
    assert not is_reversed(lambda call, t: [1.0 if call < 2 else late[t]], 1)


# What is kept for it


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
    for kind in ("w0", "v0", "learning_rates", "decays", "theta"):
        found, expected = (getattr(one.gradient, kind) for one in (in_file, in_memory))
        np.testing.assert_array_equal(found, expected)


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
