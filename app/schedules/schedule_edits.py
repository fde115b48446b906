"""The schedule being edited: its values, their limits, and undoing the edits."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand

from app.undoing import UndoStack
from engine.arrays import Floats
from engine.hyperparameters import schedules
from engine.hyperparameters.domains import Domain
from engine.hyperparameters.kinds import KINDS
from engine.plots import apart
from engine.plots.strokes import Strand

_MOST_UNDO = 500


class _Edit(QUndoCommand):
    """The rows of the schedule that one edit changed, before and after."""

    def __init__(
        self, edits: "ScheduleEdits", what: str, before: Floats, after: Floats, merges: int
    ) -> None:
        super().__init__(what)
        self._edits = edits
        self._merges = merges
        rows = np.flatnonzero((before != after).any(axis=1))
        self._rows = slice(int(rows[0]), int(rows[-1]) + 1)
        self._before, self._after = before[self._rows].copy(), after[self._rows].copy()

    def undo(self) -> None:
        self._edits.put(self._rows, self._before)

    def redo(self) -> None:
        self._edits.put(self._rows, self._after)

    def id(self) -> int:
        return self._merges

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Steps of the same point, one after the other, are one edit."""
        if not isinstance(other, _Edit) or other._rows != self._rows:
            return False
        self._after = other._after
        return True


class ScheduleEdits(QObject):
    """A schedule that changes by edits, each of which can be undone.

    While the mouse is held, `sketch` shows the result of an edit; `settle` makes it one.

    Args:
        kind: what the schedule sets.
        strands: one a column: its name and stroke.
        values: (T, G) or (T, 1), as they are at first.
        domain: the coordinate they move in.

    Attributes:
        original: the values at first.
        values: the values now, read-only.
        history: the edits.
        low, high: the least and the greatest value allowed.

    Signals:
        changed: the values are others, for whichever reason.
        sketched: they are others, but it is no edit yet.
        settled: an edit was made, undone or done again.
        refused: one sentence about values that were not taken.
    """

    changed = Signal()
    sketched = Signal()
    settled = Signal()
    refused = Signal(str)

    def __init__(
        self,
        kind: str,
        strands: Sequence[Strand],
        values: Floats,
        domain: Domain,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.kind, self.domain, self.strands = kind, domain, tuple(strands)
        self.original = _frozen(values)
        self.values = self.original
        self._settled = self.original
        self.low, self.high = KINDS[kind].limits(domain)
        self.history = UndoStack(self)
        self.history.setUndoLimit(_MOST_UNDO)

    @property
    def group_names(self) -> tuple[str, ...]:
        """What the columns are called."""
        return tuple(strand.name for strand in self.strands)

    @property
    def iterations(self) -> int:
        """T."""
        return len(self.original)

    @property
    def name(self) -> str:
        """What one value is called."""
        return KINDS[self.kind].singular

    @property
    def limits(self) -> str:
        """What values are allowed, in words."""
        return schedules.limits_in_words(self.kind, self.domain)

    @property
    def is_changed(self) -> bool:
        """Whether anything differs from the original."""
        return not np.array_equal(self.values, self.original)

    def apply(
        self,
        values: Floats,
        what: str,
        merges: int = -1,
        typed: Mapping[tuple[int, int], str] = MappingProxyType({}),
    ) -> bool:
        """Make an edit.

        Args:
            values: all of them, as they are to be.
            what: the edit, for people.
            merges: edits of one number, one after the other, are undone together; -1 never.
            typed: the text of values that somebody typed, by iteration and column.

        Returns:
            Whether the values are allowed; if not, nothing changes.
        """
        if sentence := schedules.problem(self.kind, self.domain, values, self.group_names, typed):
            self.refused.emit(sentence)
            return False
        if not np.array_equal(values, self._settled):
            self.history.push(_Edit(self, what, self._settled, values, merges))
        return True

    def sketch(self, values: Floats) -> None:
        """Show values before they are an edit; those that are not allowed stay at the edge."""
        held = np.clip(values, self.low, self.high)
        if not np.array_equal(held, values):
            plural = KINDS[self.kind].plural.capitalize()
            self.refused.emit(f"{plural} must be {self.limits}.")
        self.values = _frozen(held)
        self.changed.emit()
        self.sketched.emit()

    def settle(self, what: str) -> None:
        """Make what is sketched an edit."""
        self.apply(self.values, what)

    def drop_sketch(self) -> None:
        """Show the values as before."""
        self.values = self._settled
        self.changed.emit()
        self.sketched.emit()

    def smooth(self, rows: slice, columns: list[int]) -> None:
        """Average each of these values with its neighbours in time."""
        changed = self._settled.copy()
        smooth = schedules.smoothed(changed[:, columns], self.domain)
        changed[rows, columns] = np.clip(smooth, self.low, self.high)[rows]
        self.apply(changed, "smooth")

    def flatten(self, rows: slice, columns: list[int]) -> None:
        """Set these values to their average, group by group."""
        changed = self._settled.copy()
        flat = schedules.flattened(changed[rows, columns], self.domain)
        changed[rows, columns] = np.clip(flat, self.low, self.high)
        self.apply(changed, "flatten")

    def scale(self, rows: slice, columns: list[int], factor: float) -> None:
        """Multiply these values."""
        changed = self._settled.copy()
        with np.errstate(over="ignore"):  # what becomes infinite is refused
            changed[rows, columns] *= factor
        self.apply(changed, f"scale by {factor:g}")

    def reset(self) -> None:
        """Back to the original, as an edit that can be undone."""
        self.apply(self.original, "reset")

    def put(self, rows: slice, values: Floats) -> None:
        """Change rows; edits do this when they are done and undone."""
        changed = self._settled.copy()
        changed[rows] = values
        self._settled = self.values = _frozen(changed)
        self.changed.emit()
        self.settled.emit()

    def heights(self, values: Floats) -> Floats:
        """Where values are on the axis."""
        return np.log10(values) if self.is_log else values

    def at_heights(self, heights: Floats) -> Floats:
        """The values at heights of the axis."""
        return np.power(10.0, np.clip(heights, -300.0, 300.0)) if self.is_log else heights

    @property
    def is_log(self) -> bool:
        """Whether the axis is logarithmic."""
        return self.domain == "log"


def range_in_words(values: Floats) -> str:
    """The least and the greatest of some values, or the one that all are."""
    ends = sorted({float(values.min()), float(values.max())})
    return " to ".join(apart(ends, 4))


def _frozen(values: Floats) -> Floats:
    copy = np.array(values, np.float64)
    copy.setflags(write=False)
    return copy
