"""Room to work in for the derivatives of a network, laid out once for all minibatches of a size."""

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from engine.kernels.examples import PANELS
from engine.kernels.layers import SCRATCH_ROWS
from engine.kernels.threads import count_parts

BLOCK = 256
"""Examples worked through at once: what they need fits the processor's caches."""

_SMALL_PRODUCT = 1_000_000  # multiplications; up to here OpenBLAS has kernels a fifth faster
_NARROWEST_PANEL = 32
_WORTH_A_PART = 1_000_000  # multiplications of all layers' products, a tenth of a millisecond


class Desk(NamedTuple):
    """Room to work in.

    Attributes:
        panels: how many panels the inputs are cut into.
        parts: how many parts the examples of a block are cut into.
        inputs: (panels, …) a panel of a block of examples.
        sums, r_sums: (panels, …) what a panel adds to the first layer's z, and to its R z.
        first, r_first: (panels, …) derivatives by a panel's rows of the first matrix; R of them.
        errors, r_errors: (…) errors, and R errors, of the first layer, of a block of examples.
        scratch: (parts, SCRATCH_ROWS, …) what a part needs in all layers.
        rest, r_rest: (parts, …) derivatives by all that comes behind the first matrix in w.
        spare: (panels, …).
        losses: (parts,).
        penalties: (panels,).
    """

    panels: int
    parts: int
    inputs: np.ndarray
    sums: np.ndarray
    r_sums: np.ndarray
    first: np.ndarray
    r_first: np.ndarray
    errors: np.ndarray
    r_errors: np.ndarray
    scratch: np.ndarray
    rest: np.ndarray
    r_rest: np.ndarray
    spare: np.ndarray
    losses: np.ndarray
    penalties: np.ndarray


def make_desk(
    sizes: tuple[int, ...], precision: type[np.floating[Any]], count: int, sparse: bool = False
) -> Desk:
    """Room for minibatches of ``count`` examples.

    Args:
        sizes: of the network.
        precision: of the network.
        count: examples.
        sparse: whether their inputs are.
    """
    block, hidden, units = min(count, BLOCK), sizes[1], sum(sizes[1:])
    products = block * sum(below * size for below, size in pairwise(sizes))
    panels = parts = min(block, count_parts(products, _WORTH_A_PART))
    if sparse:
        panels = PANELS
    elif _SMALL_PRODUCT // (block * hidden) >= _NARROWEST_PANEL:
        panels = parts * -(-block * hidden * sizes[0] // (parts * _SMALL_PRODUCT))
    columns = -(-sizes[0] // panels)
    rest = hidden + sum((below + 1) * size for below, size in pairwise(sizes[1:]))

    def room(*shape: int) -> np.ndarray:
        return np.empty(shape, precision)

    return Desk(
        panels=panels,
        parts=parts,
        inputs=room(panels, 0 if sparse else block * columns),
        sums=room(panels, 0 if sparse else block * hidden),
        r_sums=room(panels, 0 if sparse else block * hidden),
        first=room(panels, columns * hidden),
        r_first=room(panels, columns * hidden),
        errors=room(block * hidden),
        r_errors=room(block * hidden),
        scratch=room(parts, SCRATCH_ROWS, -(-block // parts) * units),
        rest=room(parts, rest),
        r_rest=room(parts, rest),
        spare=room(max(panels, parts), max(columns * hidden, rest)),
        losses=np.empty(parts),
        penalties=np.empty(panels),
    )
