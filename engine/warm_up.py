"""Compiling the kernels before a run, piece by piece, so that no later step has to wait."""

from collections.abc import Iterator

import numpy as np

from engine.derivatives import NetworkOracle, make_examples
from engine.dynamics.momentum_sgd import MomentumSGD
from engine.events import Preparing
from engine.groups import partition
from engine.tasks.interface import Task
from engine.tasks.models import Network
from engine.tasks.network_task import PRECISIONS, NetworkTask


def warm_up(task: Task) -> Iterator[Preparing]:
    """Run what a task needs once on a tiny problem; fast, once it has been compiled.

    Args:
        task: what is to be trained.

    Yields:
        What is compiled next.
    """
    needs_network = isinstance(task, NetworkTask)
    pieces = 4 if needs_network else 3

    def next_piece(number: int, what: str) -> Preparing:
        return Preparing(f"Compiling, once and for all: {what}", number, pieces)

    yield next_piece(0, "the training step")
    one, rate, numerators = np.zeros(1), np.full(1, 0.1), np.full(1, 32768)
    state = MomentumSGD(one, one, partition(None, 1))
    state.step(one, rate, numerators, 0)
    state.turn_round()
    yield next_piece(1, "the step back")
    adjoints = np.zeros((3, 1))
    state.undo_position(rate, numerators, *adjoints)
    yield next_piece(2, "the bits that come back")
    state.undo_velocity(one, numerators, one, adjoints[0], adjoints[1])
    if isinstance(task, NetworkTask):
        yield next_piece(3, "the derivatives of networks, half a minute")
        network = Network((1, 1, 2))
        examples = make_examples(np.ones((1, 1)), np.zeros(1, np.int64), PRECISIONS[task.precision])
        oracle = NetworkOracle(network, examples, lambda t: slice(0, 1), examples, np.zeros(1))
        oracle.gradient_and_products(np.ones(network.size), 0, np.ones(network.size))
