"""The derivatives of a network as compiled calls, for stretches of training iterations."""

from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Floats, Integers
from engine.derivatives.stretches import Calls
from engine.kernels import threads
from engine.kernels.calls import address_of, room_for_call
from engine.kernels.desk import Desk
from engine.kernels.examples import Examples, Rows, read_only
from engine.kernels.layers import Shape
from engine.kernels.minibatches import ByTheta, keep_rows, keep_sums
from engine.kernels.network import differentiate
from engine.kernels.work import Work

_MOST_BYTES: Final = 2_000_000  # of what is prepared for a stretch, or summed up after it
_MOST: Final = 4096  # iterations in a stretch
_NOTHING: Final = np.zeros(0)
_NO_MATRIX: Final = np.zeros((0, 0))
_NONE_CHOSEN: Final = np.zeros(0, np.int64)
_SAME_AGAIN: Final = np.zeros((0, 0), np.int64)


class Adjoints(NamedTuple):
    """Adjoints of a network's θ, by its parts.

    Attributes:
        penalties: as many as there are; empty for none.
        gather: (n, P) derivatives by a penalty for each weight → (n, …) by those that there are;
            None if those are for each weight.
        weights: (N,) of the training examples, a view; empty for none.
        inputs: (N, D), a view; empty if they are not a part of θ.
    """

    penalties: Floats
    gather: Callable[[Floats], Floats] | None
    weights: Floats
    inputs: Floats


NO_ADJOINTS: Final = Adjoints(_NOTHING, None, _NOTHING, _NO_MATRIX)


class NetworkCalls:
    """Calls for minibatches of one size, kept for all stretches.

    Args:
        shape: of the network.
        examples: to train on.
        weights: (N,) of the examples; None if all count alike.
        shares: (n,) of a minibatch's examples; to be filled where they have weights.
        desk: for minibatches of this size.
        work: what is to be done with each.
        adjoints: of θ, if second derivatives are found.
        start: the first example of minibatches that all begin there, and go on in order; None if
            minibatches differ.
    """

    def __init__(
        self,
        shape: Shape,
        examples: Examples,
        weights: Floats | None,
        shares: NDArray[Any],
        desk: Desk,
        work: Work,
        adjoints: Adjoints,
        start: int | None,
    ) -> None:
        count = len(shares)
        self._work, self._adjoints = work, adjoints
        self._size = 1 if start is not None else count
        self._most = max(1, min(_MOST, _MOST_BYTES // (8 * self._size)))
        self._is_summed = bool(adjoints.penalties.size and adjoints.gather)
        if self._is_summed:
            self._most = max(1, min(self._most, _MOST_BYTES // work.by_weight.nbytes))
        chosen = _NONE_CHOSEN if start is not None else np.zeros(count, np.int64)
        self._minibatches = _SAME_AGAIN
        if start is None:
            self._minibatches = np.zeros((self._most, count), np.int64)
        self._losses = np.zeros(self._most)
        rows = Rows(*examples, read_only(chosen), start or 0, shares)
        by_theta = ByTheta(
            _NOTHING if adjoints.gather else adjoints.penalties,
            np.zeros(
                (self._most if self._is_summed and self._most > 1 else 0, work.by_weight.size)
            ),
            adjoints.weights,
            adjoints.inputs,
            np.zeros_like(adjoints.weights),
            np.zeros_like(adjoints.inputs),
            np.full(1, count, shares.dtype),
        )
        self._by_weight = by_theta.by_weight if self._most > 1 else work.by_weight[None]
        rooms = [room_for_call() for _ in range(3)]
        turned = read_only(_NOTHING if weights is None else weights)
        kept = keep_rows(rows, chosen, self._minibatches, turned, rooms[0])
        threads.run(differentiate, 1, shape, rows, work, desk, rooms[1])
        kept &= keep_sums(rows, work, desk, self._losses, by_theta, rooms[2])
        assert kept, "arguments are far fewer"
        changes = start is None or weights is not None
        self._addresses = np.array([address_of(room) for room in rooms[not changes :]])
        self._kept = rooms, shape, rows, chosen, turned, desk, work, by_theta, self._minibatches

    def calls(self, minibatches: Sequence[slice | Integers]) -> Calls:
        """Those for a stretch that is as long as can be.

        Args:
            minibatches: which examples are in each, one an iteration.
        """
        count = min(self._most, len(minibatches))
        if len(self._minibatches):
            for row, chosen in zip(self._minibatches, minibatches, strict=False):
                row[:] = np.asarray(chosen)
        return Calls(
            count,
            self._addresses,
            self._work.gradient,
            self._work.product,
            self._losses[:count],
            self._finish,
            self._kept,
        )

    def _finish(self, done: int) -> None:
        penalties, gather = self._adjoints.penalties, self._adjoints.gather
        if self._is_summed and gather is not None:
            lost = gather(self._by_weight[:done])
            penalties[:] = np.subtract.reduce(np.concatenate([penalties[None], lost]), axis=0)


class CallsOf:
    """The calls that an oracle has handed over, to be found again as long as they are of use."""

    def __init__(self) -> None:
        self._about: tuple[Floats, ...] = ()
        self._made: dict[tuple[int, int | None], NetworkCalls | None] = {}

    def of(
        self,
        about: tuple[Floats, ...],
        minibatches: Sequence[slice | Integers],
        examples: int,
        make: Callable[[int, int | None], NetworkCalls | None],
    ) -> Calls | None:
        """Those for a stretch.

        Args:
            about: the arrays that they are about.
            minibatches: of the iterations that it may have; it ends before the first that is of
                another size.
            examples: N.
            make: the size of minibatches, and the start that all have in common → calls.
        """
        if any(old is not new for old, new in zip_longest(self._about, about)):
            self._about, self._made = about, {}
        first = minibatches[0]
        if isinstance(first, slice) and all(
            isinstance(one, slice) and one == first for one in minibatches
        ):
            start, stop, _ = first.indices(examples)
            key: tuple[int, int | None] = (stop - start, start)
        else:
            minibatches = alike(minibatches, examples)
            key = len(minibatches[0]), None
        if key not in self._made:
            self._made[key] = make(*key)
        made = self._made[key]
        return None if made is None else made.calls(minibatches)


def alike(minibatches: Sequence[slice | Integers], examples: int) -> list[Integers]:
    """The indices in minibatches, as far as all have as many as the first."""
    found: list[Integers] = []
    for one in minibatches:
        indices = np.arange(examples)[one] if isinstance(one, slice) else one
        if found and len(indices) != len(found[0]):
            break
        found.append(indices)
    return found
