import autograd.numpy as anp
import numpy as np
import pytest

from engine import InputError, hypergradient
from engine.hypergradients.numbers import as_floats


class Refuses:
    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("not today")


def given(name, value):
    """A run in which one argument is another."""
    arguments = {
        "w0": [1.0, 2.0],
        "theta": [0.5, -0.5],
        "v0": [0.0, 0.0],
        "learning_rates": [0.1, 0.1],
        "decays": [0.5, 0.5],
    }
    return hypergradient(
        lambda w, theta, t: anp.sum((w - theta) ** 2),
        lambda w, theta: anp.sum(w),
        **{**arguments, name: value},
    )


WRONG = {
    "masked": np.ma.array([0.5, 0.5], mask=[True, False]),
    "complex": np.array([0.5 + 1j, 0.5]),
    "complex without imaginary part": np.array([0.5 + 0j, 0.5]),
    "text": ["0.5", "0.5"],
    "bytes": [b"0.5", b"0.5"],
    "an object among numbers": np.array([0.5, None]),
    "numbers as objects": np.array([0.5, 0.5], dtype=object),
    "truth values": [True, True],
    "ragged": [[0.5], [0.5, 0.5]],
    "not a number": [0.5, np.nan],
    "infinite": [0.5, np.inf],
    "beyond the floats": [0.5, 10**400],
    "dates": np.array(["2026-01-01", "2026-01-02"], dtype="datetime64[D]"),
    "a dictionary": {"a": 0.5},
    "a set": {0.5, 0.25},
    "refuses to be an array": Refuses(),
    "an object": object(),
    "a function": lambda: 0.5,
    "too many": np.broadcast_to(0.5, 2**31 + 1),
    "far too many": np.broadcast_to(0.5, (2**40, 2)),
}


@pytest.mark.parametrize("name", ["w0", "v0", "theta", "learning_rates", "decays"])
@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_what_is_no_array_of_finite_real_numbers_is_refused_by_name(name, wrong):
    with pytest.raises(InputError, match=f"^{name}: ") as error:
        given(name, wrong)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) <= 300


def test_numbers_that_double_precision_would_round_are_refused():
    with pytest.raises(InputError, match=r"^w0: .*without rounding"):
        as_floats("w0", [2**53 + 1])
    with pytest.raises(InputError, match=r"^w0: .*without rounding"):
        as_floats("w0", np.array([np.longdouble(1) + np.finfo(np.longdouble).eps]))


@pytest.mark.parametrize(
    "values",
    [[1, 2], (1.0, 2.0), np.array([1, 2], np.uint8), np.float16([1, 2]), np.ma.array([1.0, 2.0])],
    ids=["a list", "a tuple", "small integers", "half precision", "nothing masked"],
)
def test_what_holds_numbers_becomes_a_plain_copy(values):
    floats = as_floats("w0", values)
    assert type(floats) is np.ndarray
    assert floats.dtype == np.float64
    assert np.array_equal(floats, [1.0, 2.0])
    assert not np.shares_memory(floats, values)


@pytest.mark.parametrize("wrong", [5, "ab", slice(0, 2), {0: 2}, 0.5])
def test_groups_that_are_no_slices_are_refused(wrong):
    with pytest.raises(InputError, match=r"^groups"):
        given("groups", wrong)


@pytest.mark.parametrize("wrong", [-1, 0.5, True, "1 MB"])
def test_a_buffer_memory_that_is_no_number_of_bytes_is_refused(wrong):
    with pytest.raises(InputError, match=r"^buffer_memory: expected"):
        given("buffer_memory", wrong)


def test_a_schedule_given_twice_is_refused():
    with pytest.raises(InputError, match=r"^schedules: expected decays once"):
        given("schedules", {"decays": [0.9, 0.9]})
    with pytest.raises(InputError, match=r"^schedules: expected arrays by name"):
        given("schedules", [0.9, 0.9])


def test_a_schedule_times_groups_beyond_memory_is_refused_before_it_is_spread():
    many = [slice(0, 1), *[slice(1, 1)] * 10_000, slice(1, 2)]
    rates = np.broadcast_to(0.5, 2**20)
    with pytest.raises(InputError, match=r"^learning_rates: expected at most 2,147,483,648"):
        hypergradient(bowl, bowl, [1.0, 2.0], learning_rates=rates, decays=rates, groups=many)


def bowl(w, theta, t=0):
    return anp.sum(w**2)
