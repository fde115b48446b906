"""A run that goes on where another one ended: told again as far as it came, and then on.

What follows equals, to the bit, what would have followed then: everything random depends on keys
that count (seed, meta-iteration, replicate), and all else that the next meta-iteration depends on
is in the `ResumePoint`.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import numpy as np

from engine.arrays import Floats
from engine.errors import InputError
from engine.experiments.changes import Change
from engine.experiments.experiment import Experiment
from engine.hyperparameters.layout import Layout
from engine.runs.changes import Changes
from engine.runs.events import Event, MetaIterationDone, ResumePoint, RunStarted
from engine.runs.records import RunRecord
from engine.runs.replicates import Reached
from engine.runs.telling import frozen
from engine.search.walk import Walk, make_walk


def nothing_more(_: MetaIterationDone, __: Experiment) -> Iterator[Event]:
    """Nothing follows."""
    return iter(())


SECONDS_BETWEEN_POINTS: Final = 1.0
"""Between resume points whose state is large, at least."""


class SoFar:
    """What there is of a run that goes on.

    Args:
        record: of it; None: it begins.
        experiment: what is run.

    Attributes:
        done: the meta-iterations that are known.
        meta_iterations: how many of them there are before the resume point.
        state: of the resume point; None if the run begins.
        experiment: as it is set at the resume point, once all before it was `told_again`.
        changes: that were taken over by then.

    Raises:
        InputError: the run cannot go on.
    """

    def __init__(self, record: RunRecord | None, experiment: Experiment) -> None:
        if record is not None:
            _check_resumable(record, experiment)
        self._record = record
        self._point = record.resume_point if record else None
        self.experiment = experiment
        self.done = record.meta_iterations[:] if record and self._point else []
        self.meta_iterations = self._point.meta_iterations if self._point else 0
        self.state: Mapping[str, Any] | None = self._point.state if self._point else None
        self.changes: tuple[Change, ...] = record.changes if record else ()

    def told_again(
        self,
        changes: Changes,
        started: RunStarted,
        follow: Callable[[MetaIterationDone, Experiment], Iterator[Event]] = nothing_more,
    ) -> Iterator[Event]:
        """The events before the resume point, for whoever listens to this run.

        Args:
            changes: hands out those that were taken over then.
            started: how the run starts here.
            follow: takes note of each meta-iteration that is done, and tells what follows from it.

        Raises:
            InputError: it starts otherwise than it did.
        """
        if self._record is not None:
            _check_start(self._record, started)
        for index in range(self.meta_iterations):
            if change := changes.take(index):
                self.experiment = change.experiment
                yield change
            if index == self.meta_iterations - 1 and self._point is not None:
                yield self._point
            yield self.done[index]
            yield from follow(self.done[index], self.experiment)

    def descent(self, layout: Layout) -> tuple[Layout, Floats, Walk, tuple[Reached, ...]]:
        """What a descent goes on with, or begins with.

        Args:
            layout: as it is at the start of the run.

        Returns:
            The layout, (N,) where in it the free hyperparameters are, the walk, and where
            minimisers arrived.
        """
        walk = make_walk(self.experiment.meta)
        if self.state is None:
            return layout, layout.initial_vector(), walk, ()
        walk.state = dict(self.state["strategy"])
        settings = self.experiment.hyperparameters.root
        layout = layout.going_on(settings, self.state["own"], self.state["there"])
        return layout, self.state["vector"], walk, self.state["ends"]


def descent_point(
    index: int, layout: Layout, vector: Floats, walk: Walk, ends: tuple[Reached, ...]
) -> ResumePoint:
    """What a descent goes on from after a meta-iteration; see `SoFar.descent`."""
    state = {
        "vector": frozen(vector),
        "own": {kind: frozen(values) for kind, values in layout.own_values(vector).items()},
        "there": layout.always_there,
        "strategy": kept(walk.state),
        "ends": kept(ends),
    }
    return ResumePoint(index + 1, state)


class Sparingly:
    """Says when a point is told whose state is large: once a second, at most.

    What follows it is done once more when the run goes on, and equals what was done.
    """

    def __init__(self) -> None:
        self._last = time.monotonic()

    def is_due(self) -> bool:
        """Whether it is told now."""
        now = time.monotonic()
        if now - self._last < SECONDS_BETWEEN_POINTS:
            return False
        self._last = now
        return True


def kept(state: Any) -> Any:
    """The same with read-only copies of its arrays."""
    if isinstance(state, np.ndarray):
        return frozen(state)
    if isinstance(state, Mapping):
        return {name: kept(one) for name, one in state.items()}
    if isinstance(state, Reached):
        return Reached(*map(kept, state))
    return tuple(map(kept, state)) if isinstance(state, tuple | list) else state


def _check_resumable(record: RunRecord, experiment: Experiment) -> None:
    """Whether a run can go on.

    Raises:
        InputError: it is over, is of another experiment, or of a kind that cannot go on.
    """
    field = "resume"
    if record.started_from != experiment:
        raise InputError(field, "expected the record of a run of this experiment.")
    if record.is_past:
        raise InputError(field, "expected a record as it stands now, found one of a moment.")
    if record.finished is not None:
        raise InputError(
            field, f"expected a run that is not over, found one that {record.finished.outcome}."
        )


def _check_start(record: RunRecord, started: RunStarted) -> None:
    one, other = record.initial, started.initial
    same = one.keys() == other.keys() and all(
        one[kind].tobytes() == other[kind].tobytes() for kind in one
    )
    if record.groups != started.groups or not same:
        raise InputError(
            "resume", "expected the data and the model that the run began with, found others."
        )
