"""The binomial schedule of checkpointing: where snapshots go so that the fewest steps are repeated.

Griewank and Walther, "Algorithm 799: revolve" (ACM Transactions on Mathematical Software, 2000).
With s snapshots, of which one is the start, T steps are undone in r sweeps where
C(s + r − 1, s) < T ≤ C(s + r, s), at the price of r·T − C(s + r, s + 1) steps forwards besides the
T that are undone.
"""

from collections.abc import Iterator
from math import comb
from typing import Literal, NamedTuple


class Action(NamedTuple):
    """What to do next.

    Attributes:
        does: "advance" from one iteration to another, "keep" the state here as a snapshot, "recall"
            the last snapshot, "release" it, or "undo" the step that starts here.
        start: the iteration where it is done.
        stop: the iteration that an advance leads to; else the same as start.
    """

    does: Literal["advance", "keep", "recall", "release", "undo"]
    start: int
    stop: int


def sweeps(steps: int, snapshots: int) -> int:
    """r, how often a step is taken at most.

    Args:
        steps: T, at least 1.
        snapshots: s, at least 1.
    """
    r = 0
    while comb(snapshots + r, snapshots) < steps:
        r += 1
    return r


def fewest_steps(steps: int, snapshots: int) -> int:
    """The steps forwards that it takes to undo T steps, besides those that are undone."""
    r = sweeps(steps, snapshots)
    return r * steps - comb(snapshots + r, snapshots + 1)


def schedule(steps: int, snapshots: int) -> Iterator[Action]:
    """Undo T steps with s snapshots, the start among them, in as few steps as can be.

    The start has been kept already, and the state is there; it is the last snapshot released.
    """
    kept, stop = [0], steps
    while kept and stop:
        start = kept[-1]
        while stop - start > 1:
            free = snapshots - len(kept)
            if free:
                middle = start + _first_part(stop - start, free + 1)
                yield Action("advance", start, middle)
                yield Action("keep", middle, middle)
                kept.append(middle)
                start = middle
            else:
                yield Action("advance", start, stop - 1)
                yield Action("undo", stop - 1, stop - 1)
                yield Action("recall", start, start)
                stop -= 1
        yield Action("undo", start, start)
        yield Action("release", start, start)
        kept.pop()
        stop = start
        if kept:
            yield Action("recall", kept[-1], kept[-1])


def _first_part(steps: int, snapshots: int) -> int:
    """How many of the steps to advance before the next snapshot.

    Any number will do that leaves both parts within what they can be undone in: the rest with one
    snapshot fewer in r sweeps, the first part with all of them in r − 1.
    """
    r = sweeps(steps, snapshots)
    least = steps - comb(snapshots - 1 + r, snapshots - 1)
    return max(least, comb(snapshots + r - 2, snapshots), 1)
