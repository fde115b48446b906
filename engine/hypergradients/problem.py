"""What every method starts from: a training run whose hypergradient is wanted, checked once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arrays import Floats
from engine.derivatives.oracle import Oracle
from engine.dynamics.catalogue import DYNAMICS
from engine.dynamics.dynamics import Dynamics, State, reversible_from
from engine.errors import InputError
from engine.groups import ParameterGroup, partition
from engine.hypergradients.numbers import MOST_VALUES, as_array, as_floats
from engine.sentences import shown


@dataclass(frozen=True, eq=False)
class Problem:
    """A training run, and through its oracle the objective to differentiate.

    Attributes:
        oracle: derivatives of the training loss and of the objective.
        dynamics: how training moves.
        start: the state before training, (P,) a slot.
        schedules: by kind, (T, G), as training really uses them.
        groups: the G parameter groups.
        own_shapes: by kind, the shape in which its schedule was given, and its derivatives are
            wanted: (T or 1, G or 1), where 1 stands for a value that all share.
        warm: (P,) parameters that a minimiser of the training loss begins at, if not at the start.
        warm_solution: (P,) what conjugate gradients begin at, if not at 0.
        wanted: what derivatives are wanted by, for methods whose time grows with that: kinds of
            schedules, "start" and "theta"; None: all.
        team: threads that may share the arithmetic of one training run.
        buffer_memory: bytes of the information buffer to keep in memory; what comes beyond goes to
            a temporary file. None: all of it.
    """

    oracle: Oracle
    dynamics: Dynamics
    start: State
    schedules: Mapping[str, Floats]
    groups: tuple[ParameterGroup, ...]
    own_shapes: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    team: int = 1
    buffer_memory: int | None = None
    wanted: frozenset[str] | None = None
    warm: Floats | None = None
    warm_solution: Floats | None = None

    def wants(self, name: str) -> bool:
        """Whether derivatives are wanted by a kind of schedule, the "start" or "theta"."""
        return self.wanted is None or name in self.wanted

    @property
    def size(self) -> int:
        """P, the number of elementary parameters."""
        return self.start[0].size

    @property
    def iterations(self) -> int:
        """T, the number of training iterations."""
        return len(next(iter(self.schedules.values())))

    def own(self, kind: str, full: Floats) -> Floats:
        """Derivatives by a schedule's own values, of those by full ones (T, G)."""
        for axis, length in enumerate(self.own_shapes[kind]):
            if length == 1 and full.shape[axis] > 1:
                full = full.sum(axis=axis, keepdims=True)
        return full

    @property
    def can_be_undone(self) -> bool:
        """Whether training can be undone bit for bit."""
        dynamics = self.dynamics
        return dynamics.is_reversible and not any(
            np.any(self.schedules[kind] < least)
            for kind, least in reversible_from(dynamics).items()
        )

    @property
    def trajectory_bytes(self) -> int:
        """Bytes of the state of every iteration in float64: 16·P·T for w and v."""
        return 8 * len(self.start) * self.size * self.iterations

    @property
    def entropy_bits(self) -> float:
        """The bits that training drops, which no exact reversal can do without; see `Memory`."""
        return float(self.dynamics.dropped_bits(self.schedules, self.groups).sum()) + 0.0


def make_problem(
    oracle: Oracle,
    w0: ArrayLike,
    *,
    schedules: Mapping[str, ArrayLike],
    groups: Sequence[Any] | None = None,
    v0: ArrayLike | None = None,
    dynamics: Dynamics | None = None,
    team: int = 1,
    buffer_memory: int | None = None,
    own_shapes: Mapping[str, tuple[int, int]] | None = None,
    wanted: frozenset[str] | None = None,
) -> Problem:
    """Check the arguments of a training run.

    Args:
        oracle: derivatives of its losses.
        w0: (P,) initial elementary parameters.
        schedules: (T,) or (T, G) for each kind that the dynamics owns.
        groups: see `partition`.
        v0: (P,) initial velocity; zeros when None.
        dynamics: momentum SGD when None.
        team: see `Problem`.
        buffer_memory: see `Problem`.
        own_shapes: see `Problem`; None: as the schedules are given.
        wanted: see `Problem`.

    Raises:
        InputError: naming the argument and what was expected.
    """
    moves = DYNAMICS["momentum-sgd"] if dynamics is None else dynamics
    start = _vector("w0", w0)
    velocity = np.zeros_like(start) if v0 is None else _vector("v0", v0)
    if velocity.shape != start.shape:
        raise InputError("v0", f"expected {start.size} values like w0, found {velocity.size}.")
    if isinstance(buffer_memory, bool) or not isinstance(buffer_memory, int | None):
        raise InputError("buffer_memory", f"expected bytes or None, found {shown(buffer_memory)}.")
    if buffer_memory is not None and buffer_memory < 0:
        raise InputError("buffer_memory", f"expected at least 0 bytes, found {buffer_memory}.")
    parts = partition(groups, start.size)
    for kind in schedules:
        if kind not in moves.schedules:
            raise InputError(kind, f"expected none, because {moves.title} does not use any.")
    for kind in moves.schedules:
        if kind not in schedules:
            raise InputError(kind, f"expected a schedule, because {moves.title} uses one.")
    given = {kind: as_array(kind, schedules[kind]) for kind in moves.schedules}
    _check_shapes(given, len(parts))
    full = {kind: _schedule(kind, given[kind], len(parts)) for kind in moves.schedules}
    return Problem(
        oracle,
        moves,
        moves.begin(start, velocity),
        moves.usable(full),
        parts,
        own_shapes or {kind: (len(full[kind]), *given[kind].shape[1:], 1)[:2] for kind in full},
        team,
        buffer_memory,
        wanted,
    )


def _vector(name: str, values: ArrayLike) -> Floats:
    vector = as_floats(name, values, "a vector")
    if not vector.size:
        raise InputError(name, "expected at least one value, found none.")
    return vector


def _check_shapes(schedules: Mapping[str, NDArray[Any]], groups: int) -> None:
    """Refuse schedules that do not fit, before they are copied."""
    first = next(iter(schedules), "")
    for kind, schedule in schedules.items():
        if schedule.ndim not in (1, 2) or schedule.shape[1:] not in ((), (groups,)):
            raise InputError(kind, f"expected shape (T,) or (T, {groups}), found {schedule.shape}.")
        if schedule.ndim == 1 and schedule.size * groups > MOST_VALUES:
            raise InputError(kind, f"expected at most {MOST_VALUES:,} values for all groups.")
        if len(schedule) != len(schedules[first]):
            expected = f"expected {len(schedules[first])} iterations like {first}"
            raise InputError(kind, f"{expected}, found {len(schedule)}.")


def _schedule(name: str, values: NDArray[Any], groups: int) -> Floats:
    schedule = as_floats(name, values)
    return np.repeat(schedule[:, None], groups, axis=1) if schedule.ndim == 1 else schedule
