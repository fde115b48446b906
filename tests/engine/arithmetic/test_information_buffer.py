import math
from fractions import Fraction

import numpy as np
import pytest
from fixed_vector import FixedVector
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.arithmetic.fixed_point import decay_numerators, round_decays, to_fixed, to_float
from engine.arithmetic.information_buffer import InformationBuffer
from engine.kernels.exact import divide, multiply
from engine.kernels.fixed_point import DECAY_BITS, FRACTION_BITS

ONE = 2**DECAY_BITS
UNIT = 2.0**-FRACTION_BITS
LOW_ONES = ONE - 1

EXTREMES = np.array(
    [0, 1, -1, LOW_ONES, -ONE, 2**62, -(2**62), 2**62 | LOW_ONES, 2**63 - 1, -(2**63)], np.int64
)
NUMERATORS = [1, 2, round(0.37 * ONE), ONE // 2, round(0.9 * ONE), ONE - 1, ONE]

unhurried = settings(deadline=None)

numerators = st.one_of(st.integers(1, ONE), st.sampled_from(NUMERATORS))
tiny = st.integers(-(2**20), 2**20).map(lambda bits: bits * UNIT)
changes = st.one_of(st.floats(-2.5, 2.5), st.floats(-2047, 2047), tiny)
values = st.one_of(
    st.floats(-2047, 2047),
    tiny,
    st.floats(2046.5, 2047) | st.floats(-2047, -2046.5),
    st.integers(-(2**46), 2**46).map(lambda high: to_float(np.int64(high * ONE + LOW_ONES))),
)
starts = hnp.arrays(np.float64, st.sampled_from([0, 1, 2, 7]), elements=values)


@st.composite
def starts_and_steps(draw, others=()):
    """A start, and steps to take from it: an operation's name and its argument."""
    start = draw(starts)
    addition = st.tuples(st.just("add"), hnp.arrays(np.float64, start.size, elements=changes))
    multiplication = st.tuples(st.just("multiply"), numerators)
    rest = [st.tuples(st.just(other), st.none()) for other in others]
    return start, draw(st.lists(st.one_of(addition, multiplication, *rest), max_size=60))


class Undoable:
    """A fixed-point vector that remembers how to go back, and what to find there."""

    def __init__(self, start):
        self.vector = FixedVector(start)
        self.past = []

    def do(self, name, argument):
        if name == "add" and np.any(np.abs(self.vector.to_float() + argument) > 2047):
            return
        self.past.append((name, argument, self.vector.bits.copy()))
        getattr(self.vector, name)(argument)

    def undo(self):
        if self.past:
            name, argument, before = self.past.pop()
            getattr(self.vector, {"add": "subtract", "multiply": "divide"}[name])(argument)
            assert np.array_equal(self.vector.bits, before)

    def undo_everything(self):
        while self.past:
            self.undo()
        assert self.vector.buffer.is_empty


@unhurried
@given(starts_and_steps())
def test_any_sequence_of_reversible_steps_undone_gives_every_bit_back(start_and_steps):
    start, steps = start_and_steps
    walk = Undoable(start)
    for step in steps:
        walk.do(*step)
    walk.undo_everything()
    assert np.array_equal(walk.vector.bits, to_fixed(start))


@unhurried
@given(starts_and_steps(others=("undo", "undo many", "pack")))
def test_steps_can_be_undone_redone_and_packed_in_any_order(start_and_steps):
    start, steps = start_and_steps
    walk = Undoable(start)
    for name, argument in steps:
        if name == "pack":
            walk.vector.buffer.pack()
        elif name.startswith("undo"):
            for _ in range(10 if name == "undo many" else 1):
                walk.undo()
        else:
            walk.do(name, argument)
    walk.undo_everything()


@unhurried
@given(st.data(), st.integers(0, 9), st.booleans())
def test_a_long_run_of_one_decay_is_undone_through_every_flush(data, size, packed):
    start = data.draw(hnp.arrays(np.float64, size, elements=values))
    walk = Undoable(start)
    numerator = data.draw(numerators)
    for _ in range(80):
        walk.do("add", -0.5 * walk.vector.to_float())
        walk.do("multiply", numerator)
    if packed:
        walk.vector.buffer.pack()
    walk.undo_everything()
    assert np.array_equal(walk.vector.bits, to_fixed(start))


@pytest.mark.parametrize("numerator", NUMERATORS)
def test_extreme_bits_survive_three_hundred_multiplications(numerator):
    walk = Undoable(np.zeros(EXTREMES.size))
    walk.vector.bits[:] = EXTREMES
    for _ in range(300):
        walk.do("multiply", numerator)
    walk.undo_everything()


@pytest.mark.parametrize("numerator", NUMERATORS)
@pytest.mark.parametrize("turn", [0, 1, 3], ids=["constant", "turning", "turning by three"])
def test_extreme_bits_put_back_before_each_multiplication_are_all_found_again(numerator, turn):
    vector = FixedVector(np.zeros(EXTREMES.size))
    products = []
    for t in range(300):
        vector.bits[:] = np.roll(EXTREMES, turn * t)
        vector.multiply(numerator)
        products.append(vector.bits.copy())
    for t in reversed(range(300)):
        vector.bits[:] = products[t]
        vector.divide(numerator)
        assert np.array_equal(vector.bits, np.roll(EXTREMES, turn * t))
    assert vector.buffer.is_empty


def test_a_hundred_thousand_steps_with_a_decay_of_their_own_reverse_exactly():
    rng = np.random.default_rng(1)
    start = rng.normal(0, 100, 8)
    vector = FixedVector(start)
    kicks = rng.normal(0, 1, (100_000, 8))
    schedule = rng.choice([*NUMERATORS, 65000, 60000, 32769, 12345], 100_000).tolist()
    for kick, numerator in zip(kicks, schedule, strict=True):
        vector.multiply(numerator)
        vector.add(kick)
    assert not vector.buffer.is_empty
    for kick, numerator in zip(kicks[::-1], schedule[::-1], strict=True):
        vector.subtract(kick)
        vector.divide(numerator)
    assert np.array_equal(vector.bits, to_fixed(start))
    assert vector.buffer.is_empty


@unhurried
@given(starts, st.lists(numerators, min_size=1, max_size=40), st.integers(0, 2**32))
def test_products_are_right_to_the_last_bit_however_full_the_buffer(start, factors, seed):
    rng = np.random.default_rng(seed)
    vector = FixedVector(start)
    for numerator in factors:
        vector.bits ^= rng.integers(-(2**62), 2**62, vector.bits.size)
        exact = [int(before) * numerator for before in vector.bits]
        vector.multiply(numerator)
        for after, wanted in zip(vector.bits, exact, strict=True):
            assert abs(int(after) * ONE - wanted) < ONE


@pytest.mark.parametrize("numerator", NUMERATORS)
def test_products_of_extreme_bits_are_right_to_the_last_bit(numerator):
    vector = FixedVector(np.zeros(EXTREMES.size))
    for _ in range(100):
        vector.bits[:] = EXTREMES
        vector.multiply(numerator)
        for before, after in zip(EXTREMES, vector.bits, strict=True):
            assert abs(int(after) * ONE - int(before) * numerator) < ONE


@pytest.mark.parametrize("numerator", [*NUMERATORS, 12345, 49 * 1000, 3 * 2**14, 65521])
@pytest.mark.parametrize("before", [[], [40000], [60000] * 300], ids=["empty", "one", "many"])
def test_digits_at_both_ends_of_every_run_go_where_whole_numbers_say(numerator, before):
    buffer = InformationBuffer([(0, 0)])
    for earlier in before:
        buffer.multiply(np.zeros(0, np.int64), np.array([earlier]))
    _, bounds = buffer.before_multiply()
    pairs = ONE * int(bounds[0])
    starts = [-(-run * pairs // numerator) for run in range(numerator + 1)]
    ends = [start - 1 for start in starts[1:]]
    places = [*starts[:-1], *ends]
    values, digits = np.array([divmod(place, int(bounds[0])) for place in places]).T.copy()
    digits = digits.astype(float)
    kept = values.copy(), digits.copy()
    one_group = np.array([[0, values.size]]), bounds, np.array([numerator])
    multiply(values, digits, *one_group)
    assert np.array_equal(values, np.tile(np.arange(numerator), 2))
    assert np.array_equal(digits, np.array(places) - np.tile(starts[:-1], 2))
    divide(values, digits, *one_group)
    assert np.array_equal((values, digits), kept)


def packed_after(schedule, size):
    """A buffer after decays and random kicks, packed; and the bytes it announced before."""
    rng = np.random.default_rng(5)
    vector = FixedVector(rng.normal(size=size))
    for numerator in schedule:
        vector.multiply(numerator)
        vector.add(rng.normal(0, 0.1, size))
    announced = vector.buffer.packed_bytes
    vector.buffer.pack()
    return vector.buffer, announced


def bits_in_one_long_number(schedule):
    """What a parameter's digits take, kept the simplest way: in one number of any length."""
    bound = 1
    for numerator in schedule:
        bound = -(-ONE * bound // numerator)
    return (bound - 1).bit_length()


@pytest.mark.parametrize("decay", [0.1, 0.5, 0.9])
def test_the_packed_buffer_stays_within_three_percent_of_the_entropy_bound(decay):
    numerator = int(decay_numerators(decay))
    buffer, _ = packed_after([numerator] * 1000, 1000)
    entropy_bits = 1000 * 1000 * math.log2(ONE / numerator)
    assert 0.99 * entropy_bits < 8 * buffer.nbytes < 1.03 * entropy_bits


@unhurried
@given(st.lists(st.integers(1, ONE) | st.integers(60000, ONE), max_size=400))
def test_the_buffer_takes_what_one_long_number_would_whatever_the_decays(schedule):
    _, announced = packed_after(schedule, 8)
    assert abs(announced - bits_in_one_long_number(schedule)) <= 1


@unhurried
@given(st.lists(numerators, max_size=120), st.sampled_from([1, 3, 64]))
def test_the_packed_buffer_is_never_larger_than_it_announces(schedule, size):
    buffer, announced = packed_after(schedule, size)
    assert buffer.nbytes <= announced == buffer.packed_bytes


@pytest.mark.parametrize("steps", [1, 31, 46, 47, 48, 49, 100, 1000])
def test_halving_costs_exactly_one_bit_a_parameter_a_step(steps):
    _, announced = packed_after([ONE // 2] * steps, 8)
    assert announced == steps


def test_multiplying_by_one_costs_nothing_and_changes_nothing():
    vector = FixedVector([1.5, -2047.0, UNIT])
    before = vector.bits.copy()
    for _ in range(100):
        vector.multiply(ONE)
    assert np.array_equal(vector.bits, before)
    assert vector.buffer.packed_bytes == 0


def test_packing_frees_the_live_digits_and_can_be_repeated():
    buffer, _ = packed_after([60000] * 50, 20)
    once = buffer.nbytes
    buffer.pack()
    assert (buffer.nbytes, buffer.live_bytes) == (once, 0)
    buffer.unpack()
    assert buffer.live_bytes == 8 * 20


@given(st.floats(2**-17, 1))
def test_decays_round_to_the_nearest_fraction(decay):
    assert abs(round_decays(decay) - decay) <= 2**-17


@given(hnp.arrays(np.float64, hnp.array_shapes(), elements=st.floats(1e-300, 1)))
def test_decay_numerators_keep_the_shape_and_lie_between_one_and_65536(decays):
    rounded = decay_numerators(decays)
    assert rounded.shape == decays.shape
    assert np.all((rounded >= 1) & (rounded <= ONE))
    assert np.array_equal(decay_numerators(round_decays(decays)), rounded)


@given(st.floats(-2047.9999, 2047.9999))
def test_conversion_to_fixed_point_and_back_is_right_to_half_the_last_bit(value):
    assert abs(to_float(to_fixed(value)) - value) <= UNIT / 2


@unhurried
@given(st.floats(-1000, 1000), st.floats(-1000, 1000))
def test_sums_and_differences_are_right_to_half_the_last_bit(value, change):
    vector = FixedVector([value])
    before, exact = int(vector.bits[0]), Fraction(change) * 2**FRACTION_BITS
    vector.add(np.array([change]))
    assert abs(int(vector.bits[0]) - before - exact) <= Fraction(1, 2)
    vector.subtract(np.array([change]))
    vector.subtract(np.array([change]))
    assert abs(int(vector.bits[0]) - before + exact) <= Fraction(1, 2)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 2048.0, -2048.0, 1e300])
def test_what_fixed_point_cannot_hold_is_refused(value):
    with pytest.raises(OverflowError):
        to_fixed([0.0, value])
    with pytest.raises(OverflowError):
        FixedVector([value])


@pytest.mark.parametrize("change", [1.0, 5000.0, 1e300, np.inf, -np.inf, -4095.0, np.nan])
def test_adding_beyond_the_range_is_refused_naming_the_element(change):
    vector = FixedVector([0.0, 2047.0, 0.0])
    with pytest.raises(OverflowError, match="element 1"):
        vector.add(np.array([0.0, change, 0.0]))


def test_subtracting_beyond_the_range_is_refused():
    with pytest.raises(OverflowError):
        FixedVector([-2047.0]).subtract(np.array([1.5]))


@given(st.integers(2**63 - 5000, 2**63 - 1), st.floats(0, 5000, width=32), st.sampled_from([1, -1]))
@example(2**63 - 1536, 1535.75, 1)
def test_next_to_the_limit_a_sum_is_right_or_refused(bits, change, sign):
    vector = FixedVector([0.0])
    vector.bits[0] = sign * bits
    total = bits + round(change)
    try:
        vector.add(np.array([sign * change * UNIT]))
    except OverflowError:
        assert total > 2**63 - 1024
    else:
        assert total < 2**63
        assert int(vector.bits[0]) == sign * total


def test_dividing_with_nothing_to_undo_is_refused():
    vector = FixedVector([1.0])
    with pytest.raises(RuntimeError):
        vector.divide(ONE // 2)
    vector.multiply(ONE // 2)
    vector.divide(ONE // 2)
    with pytest.raises(RuntimeError):
        vector.divide(ONE // 2)
