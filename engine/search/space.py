"""Where hyperparameters are searched: a box around the start, of as many sides as is asked for."""

from collections.abc import Sequence

import numpy as np

from engine.arrays import Floats, Integers
from engine.experiments.experiment import Experiment
from engine.groups import ParameterGroup
from engine.hyperparameters.layout import Layout


class Space:
    """What a strategy that tries may propose.

    A proposal has a number for each side of the box: how far the coordinates that belong to this
    side are from where they start. With a side for each coordinate they are free of each other;
    otherwise those of a parameter group, or of a kind, move together.

    Args:
        experiment: says how far from the start a proposal may be, and what moves together.
        layout: of its hyperparameters.
        groups: the G parameter groups.

    Attributes:
        names: of the D sides: the kind, and which part of it.
        low, high: (D,) the ends of each side; 0, the start, is between them.
    """

    def __init__(
        self, experiment: Experiment, layout: Layout, groups: Sequence[ParameterGroup]
    ) -> None:
        meta = experiment.meta
        self._layout = layout
        self._start = layout.project(layout.initial_vector())
        self._below, self._above = self._room(meta.trials_spread)
        sides: list[Integers] = []
        self.names: tuple[str, ...] = ()
        for kind in layout.free:
            granularity = experiment.hyperparameters[kind].granularity
            shape = layout.shape(kind)
            side, names = _sides(kind, granularity, shape, groups, meta.trials_by)
            sides.append(side.ravel() + len(self.names))
            self.names += names
        self._sides = np.concatenate([np.zeros(0, np.int64), *sides])
        self.low, self.high = np.zeros(len(self.names)), np.zeros(len(self.names))
        np.minimum.at(self.low, self._sides, self._below)
        np.maximum.at(self.high, self._sides, self._above)

    @property
    def size(self) -> int:
        """D, the number of sides."""
        return len(self.names)

    def vector(self, proposal: Floats) -> Floats:
        """(N,) the coordinates that a proposal (D,) means; within the ranges and constraints."""
        moved = np.clip(proposal[self._sides], self._below, self._above)
        return self._layout.project(self._start + moved)

    def _room(self, spread: float) -> tuple[Floats, Floats]:
        """(N,) how far each coordinate may go down, and up."""
        below, above = np.full_like(self._start, -spread), np.full_like(self._start, spread)
        for kind, span in self._layout.spans.items():
            low, high = self._layout.limits(kind)
            below[span] = np.maximum(below[span], np.minimum(low - self._start[span], 0.0))
            above[span] = np.minimum(above[span], np.maximum(high - self._start[span], 0.0))
        return below, above


def _sides(
    kind: str,
    granularity: str,
    shape: tuple[int, ...],
    groups: Sequence[ParameterGroup],
    by: str,
) -> tuple[Integers, tuple[str, ...]]:
    """Which side each of a kind's own values belongs to, counted from 0, and what they are called.

    A kind that knows no parameter groups has one side where groups move together.
    """
    size = int(np.prod(shape))
    if by == "value":
        names = (kind,) if size == 1 else tuple(f"{kind} {index}" for index in range(size))
        return np.arange(size), names
    if by == "group":
        of_groups = tuple(f"{kind} {group.name}" for group in groups)
        if granularity == "weight":
            return np.repeat(np.arange(len(groups)), [group.size for group in groups]), of_groups
        if "group" in granularity:  # the last axis
            return np.broadcast_to(np.arange(len(groups)), shape), of_groups
    return np.zeros(size, np.int64), (kind,)
