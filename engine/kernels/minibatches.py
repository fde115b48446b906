"""What changes from one training iteration of a network to the next, for stretches of them.

Each kernel keeps a call (see `engine.kernels.calls`) that is done with the number of an iteration,
counted from the beginning of a stretch.
"""

from typing import NamedTuple

import numpy as np

from engine.kernels.arrays import copy, total_of
from engine.kernels.calls import describe_call, keep_call
from engine.kernels.compiling import helper, kernel
from engine.kernels.examples import example_of


class ByTheta(NamedTuple):
    """Adjoints of θ, which lose what each iteration adds to the derivatives of g · u.

    Attributes:
        penalties: (P,) of a penalty for each weight; or empty.
        by_weight: (n, P) filled with what such penalties would lose, iteration by iteration, for
            whoever sums that up; or (0, P).
        weights: (N,) of the examples' weights; or empty.
        inputs: (N, D) of their inputs; or empty.
        some_weights, some_inputs: room of the same shapes, zero.
        batch: (1,) how many examples a minibatch has, in the network's precision.
    """

    penalties: np.ndarray
    by_weight: np.ndarray
    weights: np.ndarray
    inputs: np.ndarray
    some_weights: np.ndarray
    some_inputs: np.ndarray
    batch: np.ndarray


@kernel()
def keep_rows(rows, chosen, minibatches, weights, kept):  # type: ignore[no-untyped-def]
    """Keep the call that turns to an iteration's minibatch.

    Args:
        rows: `Rows`, whose shares are filled where examples have weights.
        chosen: the same memory as what they choose, to be filled.
        minibatches: (n, …) what is chosen in each iteration; (0, …) if that does not change.
        weights: (N,) of the examples; empty if all count alike.
        kept: room for the call.

    Returns:
        Whether there was room.
    """
    arguments = rows, chosen, minibatches, weights
    return keep_call(describe_call(_turn_to, arguments)[0], arguments, kept)


@kernel()
def keep_sums(rows, work, desk, losses, theta, kept):  # type: ignore[no-untyped-def]
    """Keep the call that takes over what has been found in an iteration.

    Args:
        rows: `Rows`.
        work: the `Work` that was done.
        desk: the `Desk` it was done at.
        losses: (n,) filled with the loss of each iteration.
        theta: `ByTheta`.
        kept: room for the call.

    Returns:
        Whether there was room.
    """
    arguments = rows, work, desk, losses, theta
    return keep_call(describe_call(_take_over, arguments)[0], arguments, kept)


@helper()
def _turn_to(rows, chosen, minibatches, weights, number):  # type: ignore[no-untyped-def]
    if len(minibatches):
        copy(chosen, minibatches[number])
    if weights.size:
        count = len(rows.shares)
        for i in range(count):
            rows.shares[i] = weights[example_of(rows, i)] / count


@helper()
def _take_over(rows, work, desk, losses, theta, number):  # type: ignore[no-untyped-def]
    losses[number] = total_of(desk.losses) + total_of(desk.penalties)
    if not work.u.size:
        return
    if len(theta.by_weight):
        copy(theta.by_weight[number], work.by_weight)
    for i in range(theta.penalties.size):
        theta.penalties[i] -= work.by_weight[i]
    count = len(rows.shares)
    if theta.weights.size:
        # An example may be there more than once: then its sum is taken off once.
        for i in range(count):
            share = work.by_share[i] / theta.batch[0]
            theta.some_weights[example_of(rows, i)] += share
        for i in range(count):
            place = example_of(rows, i)
            theta.weights[place] -= theta.some_weights[place]
            theta.some_weights[place] = 0.0
    if theta.inputs.size:
        for i in range(count):
            place = example_of(rows, i)
            for j in range(theta.inputs.shape[1]):
                theta.some_inputs[place, j] += work.by_input[i, j]
        for i in range(count):
            place = example_of(rows, i)
            for j in range(theta.inputs.shape[1]):
                theta.inputs[place, j] -= theta.some_inputs[place, j]
                theta.some_inputs[place, j] = 0.0
