"""The plots of a run while it goes on, each remade only when what it shows has changed."""

from collections.abc import Set
from operator import is_
from typing import Final

from engine.plots.base import AnyPlot
from engine.plots.catalogue import PLOTS
from engine.plots.kind import Changes
from engine.runs.records import RunRecord

_NOTHING: Final[frozenset[Changes]] = frozenset()
_STEPS: Final[frozenset[Changes]] = frozenset({"step"})
_ALL: Final[frozenset[Changes]] = frozenset({"step", "meta-iteration"})


class LivePlots:
    """Keeps plots from one look at a run to the next; one that has not changed is the same object.

    A record never changes what it holds of finished things, it replaces it, and its curves only
    grow: so which objects there are, and how long the curves, tells what has changed.
    """

    def __init__(self) -> None:
        self._made: dict[str, AnyPlot] = {}
        self._meta_iteration: tuple[object, ...] = ()
        self._step: tuple[object, ...] = ()
        self._lengths: tuple[int, ...] = ()

    def plots(self, record: RunRecord) -> list[AnyPlot]:
        """The plots that mean something for a run, in order; but for those of moments."""
        changed = self._note(record)
        for key, kind in PLOTS.items():
            if kind.changes in changed:
                made = kind.plot(record)
                if made is not None:
                    self._made[key] = made
                else:
                    self._made.pop(key, None)
        return [self._made[key] for key in PLOTS if key in self._made]

    def _note(self, record: RunRecord) -> Set[Changes]:
        """Note what a record holds; which plots show something that has changed since."""
        before = self._meta_iteration, self._step, self._lengths
        self._meta_iteration = (
            record.initial,
            record.experiment,
            record.current,
            record.following,
            record.previous,
            record.meta_iterations[-1] if record.meta_iterations else None,
            record.under_way,
            record.finished,
            record.end,
        )
        self._step = (record.learning_curve, record.buffer_curve, record.entropy_bytes)
        self._lengths = len(record.learning_curve), len(record.buffer_curve)
        if not _are_same(before[0], self._meta_iteration):
            return _ALL
        if not _are_same(before[1], self._step) or before[2] != self._lengths:
            return _STEPS
        return _NOTHING


def _are_same(some: tuple[object, ...], others: tuple[object, ...]) -> bool:
    """Whether they are the very same objects."""
    return len(some) == len(others) and all(map(is_, some, others))
