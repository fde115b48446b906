"""Penalties reach the weights that they are for, and derivatives come back the same way."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from autograd import grad
from hypothesis import given
from hypothesis import strategies as st

from engine.derivatives.models import Network, l2_penalty
from engine.groups import ParameterGroup
from engine.hyperparameters.extents import Sizes
from engine.hyperparameters.l2_penalties import L2_PENALTIES, SPREADS, check_penalties

NETWORKS = st.lists(st.integers(1, 4), min_size=2, max_size=4).map(
    lambda sizes: Network(tuple(sizes))
)


@given(
    network=NETWORKS,
    granularity=st.sampled_from(L2_PENALTIES.granularities),
    seed=st.integers(0, 2**32 - 1),
)
def test_gathering_is_the_transpose_of_spreading(
    network: Network, granularity: str, seed: int
) -> None:
    groups, spread = network.groups, SPREADS[granularity]
    random = np.random.default_rng(seed)
    own = random.normal(size=L2_PENALTIES.extent.shape(granularity, Sizes(1, groups)))
    check_penalties(own, granularity, groups)
    w, v = random.normal(size=(2, network.size))
    spread_out = spread.to_parameters(own, groups)
    assert spread_out.shape == (network.size,)
    assert spread_out @ v == pytest.approx(own @ spread.gather(v, groups), abs=1e-12)
    np.testing.assert_allclose(spread.scale(own, groups, w), spread_out * w, rtol=1e-15)
    slope = grad(lambda w: l2_penalty(w, own, granularity, groups))(w)
    np.testing.assert_allclose(slope, 2 * spread_out * w, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("sizes", [(3, 1), (3, 2), (3, 2, 2), (2, 3, 2, 1)])
def test_an_input_s_penalty_is_that_of_the_weights_that_leave_it(sizes: tuple[int, ...]) -> None:
    network, count = Network(sizes), sizes[0]
    shape = L2_PENALTIES.extent.shape("input", Sizes(1, network.groups))
    assert shape == (count + (len(sizes) > 2),)
    own = np.arange(1.0, shape[0] + 1)
    found = SPREADS["input"].to_parameters(own, network.groups)
    expected: list[Any] = []
    for layer, (below, above) in enumerate(pairwise(sizes)):
        penalties = own[:count] if layer == 0 else np.full(below, own[-1])
        expected += [np.repeat(penalties, above), np.zeros(above)]  # biases have none
    np.testing.assert_array_equal(found, np.concatenate(expected))


def test_without_layers_there_are_no_inputs() -> None:
    with pytest.raises(LookupError, match="not those of layers"):
        L2_PENALTIES.extent.shape("input", Sizes(1, (ParameterGroup("all", 0, 4),)))
