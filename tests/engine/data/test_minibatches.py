from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.minibatches import Minibatches

unhurried = settings(deadline=None)
keys = st.tuples(st.integers(0, 2**63), st.integers(0, 1000), st.integers(0, 10))


def chosen(minibatches, t):
    return np.arange(1000)[minibatches.rows(t)].tolist()


@unhurried
@given(st.integers(1, 40), st.integers(1, 50), keys, st.lists(st.integers(0, 200), min_size=1))
def test_a_minibatch_is_the_same_in_whatever_order_iterations_come(examples, size, key, order):
    jumping = Minibatches(examples, size, key)
    for t in order:
        fresh = Minibatches(examples, size, key)
        assert chosen(jumping, t) == chosen(fresh, t)


@unhurried
@given(st.integers(2, 40), st.integers(1, 39), keys, st.integers(0, 20))
def test_an_epoch_visits_distinct_examples_and_leaves_out_less_than_a_minibatch(
    examples, size, key, epoch
):
    size = min(size, examples - 1)
    minibatches = Minibatches(examples, size, key)
    iterations = examples // size
    batches = [chosen(minibatches, epoch * iterations + place) for place in range(iterations)]
    visited = list(chain(*batches))
    assert [len(batch) for batch in batches] == [size] * iterations
    assert len(set(visited)) == len(visited) > examples - size
    assert set(visited) <= set(range(examples))


@pytest.mark.parametrize("size", [10, 11, 1000])
@pytest.mark.parametrize("t", [0, 1, 7])
def test_a_minibatch_as_large_as_the_data_is_the_data_in_its_own_order(size, t):
    assert chosen(Minibatches(10, size, (3,)), t) == list(range(10))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((1, 0, 0), (2, 0, 0)),
        ((1, 0, 0), (1, 1, 0)),
        ((1, 0, 0), (1, 0, 1)),
        ((1, 2, 0), (2, 1, 0)),
    ],
    ids=["seed", "meta-iteration", "replicate", "exchanged"],
)
def test_every_part_of_the_key_changes_the_minibatches(one, other):
    first, second = (Minibatches(100, 10, key) for key in (one, other))
    assert chosen(first, 0) != chosen(second, 0)


def test_epochs_have_orders_of_their_own():
    minibatches = Minibatches(100, 100 // 4, (5,))
    epochs = [[chosen(minibatches, 4 * epoch + place) for place in range(4)] for epoch in range(5)]
    assert all(epochs[i] != epochs[j] for i in range(5) for j in range(i))


def test_over_many_epochs_every_example_has_its_turn():
    minibatches = Minibatches(7, 3, (1,))
    assert set(chain(*(chosen(minibatches, t) for t in range(60)))) == set(range(7))
