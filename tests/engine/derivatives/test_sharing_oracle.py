from itertools import pairwise
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from penalties_for_tests import granularity_of

from engine.data.splits import Part
from engine.derivatives import sharing_oracle
from engine.derivatives.autograd_oracle import AutogradOracle
from engine.derivatives.models import Network, l2_penalty
from engine.derivatives.sharing_oracle import SharingOracle
from engine.kernels.blas import one_blas_thread
from engine.kernels.examples import make_examples

networks = st.builds(
    Network,
    sizes=st.lists(st.integers(1, 5), min_size=2, max_size=4).map(tuple),
    activation=st.sampled_from(["tanh", "softplus"]),
    loss=st.sampled_from(["cross-entropy", "squared"]),
)


def examples(network: Network, counts: list[int], random: np.random.Generator) -> list[Part]:
    """Random ones, so many for each task."""
    return [
        Part(
            random.normal(size=(count, network.sizes[0])),
            random.integers(0, network.sizes[-1], count),
        )
        for count in counts
    ]


def by_hand(
    network: Network,
    train: list[Part],
    judged: list[Part],
    penalties: np.ndarray,
    sharing: np.ndarray,
    team: int = 1,
    precision: Any = np.float64,
) -> SharingOracle:
    parts = train + judged
    stops = np.cumsum([0, *(len(part.targets) for part in parts)]).tolist()
    slices = [slice(*ends) for ends in pairwise(stops)]
    together = make_examples(
        np.concatenate([part.inputs for part in parts]),
        np.concatenate([part.targets for part in parts]),
        precision,
    )
    n = len(train)
    return SharingOracle(
        network,
        together,
        slices[:n],
        slices[n:],
        penalties,
        sharing,
        penalty_granularity=granularity_of(penalties, network.groups),
        team=team,
    )


def by_autograd(
    network: Network,
    train: list[Part],
    judged: list[Part],
    penalties: np.ndarray,
    sharing: np.ndarray,
) -> AutogradOracle:
    """The same losses, spelled out in the simplest way."""
    n = len(train)
    groups = tuple(
        type(group)(group.name, n * group.start, n * group.stop) for group in network.groups
    )

    def losses(z: Any, theta: Any, parts: list[Part]) -> list[Any]:
        matrices = anp.reshape(theta[penalties.size :], sharing.shape)
        blocks = [
            anp.dot(matrices[i // 2], anp.reshape(z[group.span], (n, -1)))
            for i, group in enumerate(groups)
        ]
        mixed = anp.concatenate(blocks, axis=1)
        return [
            network.mean_loss(mixed[i], part.inputs, part.targets) for i, part in enumerate(parts)
        ]

    granularity = granularity_of(penalties, groups)

    def training_loss(z: Any, theta: Any, t: int) -> Any:
        loss = sum(losses(z, theta, train))
        if not penalties.size:
            return loss
        return loss + l2_penalty(z, theta[: penalties.size], granularity, groups)

    def objective(z: Any, theta: Any) -> Any:
        return sum(losses(z, theta, judged)) / n

    return AutogradOracle(training_loss, objective, np.concatenate([penalties, sharing.ravel()]))


def everything(oracle: Any, z: np.ndarray, direction: np.ndarray) -> tuple[Any, ...]:
    found = (
        *oracle.gradient(z, 0),
        *oracle.gradient_and_products(z, 0, direction),
        *oracle.objective(z),
        oracle.objective_value(z),
    )
    copies = [np.copy(array) for array in found]
    loss, gradient, hessian = oracle.gradient_and_hessian(z, 0)
    return *copies, loss, gradient, *hessian.times([direction, z])


@settings(deadline=None, max_examples=40)
@given(network=networks, seed=st.integers(0, 2**32 - 1), data=st.data())
def test_by_hand_and_by_autograd_agree_for_any_number_of_tasks_and_any_penalties(
    network: Network, seed: int, data: st.DataObject
) -> None:
    random = np.random.default_rng(seed)
    n = data.draw(st.integers(1, 4))
    counts = st.lists(st.integers(1, 5), min_size=n, max_size=n)
    train = examples(network, data.draw(counts), random)
    judged = examples(network, data.draw(counts), random)
    size = data.draw(st.sampled_from([0, 1, len(network.groups), n * network.size]))
    penalties = random.uniform(0.01, 0.2, size)
    sharing = random.normal(size=(len(network.sizes) - 1, n, n))
    z, direction = random.normal(size=(2, n * network.size))
    given_parts = (network, train, judged, penalties, sharing)
    one, other = by_hand(*given_parts), by_autograd(*given_parts)
    assert one.theta_size == other.theta_size
    np.testing.assert_array_equal(one.theta, other.theta)
    moved = random.normal(size=one.theta_size)
    elsewhere = one.at(one.theta + 0.1 * moved), other.at(one.theta + 0.1 * moved)
    for found, expected in zip(
        (*everything(one, z, direction), one.mixed_product(z, 0, moved)),
        (*everything(other, z, direction), other.mixed_product(z, 0, moved)),
        strict=True,
    ):
        scale = max(1.0, float(np.max(np.abs(expected), initial=0)))
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-11 * scale)
    for found, expected in zip(*(oracle.gradient(z, 0) for oracle in elsewhere), strict=True):
        scale = max(1.0, float(np.max(np.abs(expected), initial=0)))
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-11 * scale)


@pytest.mark.parametrize("precision", [np.float64, np.float32])
@pytest.mark.parametrize("penalties", [1, 4, 3 * 3100])
def test_bits_depend_neither_on_the_threads_nor_on_the_products(
    precision: Any, penalties: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing_oracle, "_WORTH_THREADS", 0)
    network = Network((74, 40, 2))  # several stretches
    assert 3 * network.size > 3 * sharing_oracle._LONGEST_STRETCH
    random = np.random.default_rng(1)
    train, judged = (examples(network, [20, 30, 25], random) for _ in range(2))
    rates = random.uniform(0.01, 0.1, penalties if penalties < 9 else 3 * network.size)
    sharing = random.normal(size=(2, 3, 3))
    z, direction = 0.1 * random.normal(size=(2, 3 * network.size))
    with one_blas_thread():
        alone, together = (
            by_hand(network, train, judged, rates, sharing, team, precision) for team in (1, 3)
        )
        expected = everything(alone, z, direction)
        for _ in range(5):
            for found, wanted in zip(everything(together, z, direction), expected, strict=True):
                np.testing.assert_array_equal(found, wanted)
    np.testing.assert_array_equal(expected[1], expected[2])


def test_networks_of_their_own_are_those_without_any_matrix() -> None:
    network, random = Network((3, 4, 2)), np.random.default_rng(2)
    train, judged = (examples(network, [5, 6], random) for _ in range(2))
    oracle = by_hand(network, train, judged, np.zeros(0), np.array([np.eye(2)] * 2))
    w = random.normal(size=(2, network.size))
    z = np.concatenate([w[:, group.span].ravel() for group in network.groups])
    alone = [network.mean_loss(w[i], train[i].inputs, train[i].targets) for i in range(2)]
    assert oracle.gradient(z, 0)[0] == pytest.approx(sum(alone))
    value = oracle.objective_value(z)
    alone = [network.mean_loss(w[i], judged[i].inputs, judged[i].targets) for i in range(2)]
    assert value == pytest.approx(np.mean(alone))
