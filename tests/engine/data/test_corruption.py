"""Labels that are wrong on purpose, and known to be."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.data.corruption import corrupt

labels = st.lists(st.integers(0, 4), min_size=1, max_size=60).map(np.array)


@given(labels, st.floats(0, 1), st.integers(0, 2**40))
def test_so_many_labels_as_asked_for_say_another_class_and_the_others_the_same(
    before: np.ndarray, share: float, seed: int
) -> None:
    found = corrupt(before, 5, share, (seed,))
    np.testing.assert_array_equal(found.given != before, found.moved)
    assert found.moved.sum() == round(share * len(before))
    assert found.given.min() >= 0
    assert found.given.max() < 5


@given(labels, st.floats(0.1, 1), st.integers(0, 2**40))
def test_the_key_alone_decides_which(before: np.ndarray, share: float, seed: int) -> None:
    one, again = (corrupt(before, 5, share, (seed, 1)) for _ in range(2))
    np.testing.assert_array_equal(one.given, again.given)


def test_each_other_class_is_as_likely() -> None:
    found = corrupt(np.zeros(40_000, np.int64), 5, 1.0, (0,))
    shares = np.bincount(found.given, minlength=5) / len(found.given)
    np.testing.assert_allclose(shares, [0, 0.25, 0.25, 0.25, 0.25], atol=0.01)


def test_a_single_class_has_nowhere_to_go() -> None:
    assert not corrupt(np.zeros(9, np.int64), 1, 1.0, (0,)).moved.any()
