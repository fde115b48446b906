"""Compiling the kernels before a run, piece by piece, so that no later step has to wait."""

from collections.abc import Iterator

import numpy as np

from engine.derivatives.models import Network
from engine.derivatives.network_oracle import NetworkOracle
from engine.derivatives.sharing_oracle import SharingOracle
from engine.dynamics.momentum_sgd import MomentumSGD
from engine.groups import partition
from engine.kernels.examples import make_examples
from engine.runs.events import Preparing
from engine.tasks.networks import PRECISIONS, NetworkTask
from engine.tasks.sharing import SharingTask
from engine.tasks.task import Task


def warm_up(task: Task) -> Iterator[Preparing]:
    """Run what a task needs once on a tiny problem; fast, once it has been compiled.

    Args:
        task: what is to be trained.

    Yields:
        What is compiled next.
    """
    pieces = 5 if isinstance(task, SharingTask) else 4 if isinstance(task, NetworkTask) else 3

    def next_piece(number: int, what: str) -> Preparing:
        return Preparing(f"Compiling (first run only): {what}", number, pieces)

    yield next_piece(0, "the training step")
    one, rate, numerators = np.zeros(1), np.full(1, 0.1), np.full(1, 32768)
    state = MomentumSGD(one, one, partition(None, 1))
    state.step(one, rate, numerators, 0)
    state.turn_round()
    yield next_piece(1, "the reverse step")
    adjoints = np.zeros((3, 1))
    state.undo_position(rate, numerators, *adjoints)
    yield next_piece(2, "the bits that come back")
    state.undo_velocity(one, numerators, one, adjoints[0], adjoints[1])
    if isinstance(task, NetworkTask | SharingTask):
        yield next_piece(3, "the derivatives of networks, about half a minute")
        network = Network((1, 1, 2))
        examples = make_examples(np.ones((1, 1)), np.zeros(1, np.int64), PRECISIONS[task.precision])
        first = slice(0, 1)
        oracle = NetworkOracle(network, examples, lambda t: first, examples, np.zeros(1))
        oracle.gradient_and_products(np.ones(network.size), 0, np.ones(network.size))
    if isinstance(task, SharingTask):
        yield next_piece(4, "the mixing of networks")
        shared = SharingOracle(network, examples, [first], [first], np.zeros(1), np.ones((2, 1, 1)))
        shared.gradient(np.ones(network.size), 0)
        shared.gradient_and_products(np.ones(network.size), 0, np.ones(network.size))
        shared.objective(np.ones(network.size))
