"""Undo and redo in the set-up panel: every change keeps all fields as they were and as they are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QUndoCommand

from app.setup.data_state import DataState
from app.undoing import UndoStack
from engine.experiments.experiment import Experiment

_MOMENT = 1.0  # seconds between two keys that belong together
_LONGEST = 200  # changes that can be undone


@dataclass(eq=False)
class Origin:
    """Where the experiment in the fields came from; saving it makes it come from the file.

    Attributes:
        own: the experiment as it was there.
        path: of the file; None for one that ships with the program, or came from a script.
    """

    own: Experiment
    path: Path | None = None

    @property
    def key(self) -> str:
        """What tells it from others."""
        return str(self.path) if self.path else self.own.name


@dataclass(frozen=True)
class Snapshot:
    """All that the fields hold.

    Attributes:
        origin: where it came from.
        fields: by dotted name, to the letter: text that is no valid value yet, too.
        data: the data set.
    """

    origin: Origin
    fields: Mapping[str, Any]
    data: DataState


class Change(QUndoCommand):
    """One change of the fields.

    Args:
        key: dotted name of the field that was changed; empty if it was more than one.
        name: of the change, for people.
        before: the fields before it.
        after: the fields after it; they are so already when the change is pushed.
        typed: whether a key was typed, so that the next one may belong to it.
        restore: brings back the fields: (snapshot, key of the field to look at).
    """

    def __init__(
        self,
        key: str,
        name: str,
        before: Snapshot,
        after: Snapshot,
        typed: bool,
        restore: Callable[[Snapshot, str], None],
    ) -> None:
        super().__init__(name)
        self.key = key
        self.before = before
        self.after = after
        self._typed = typed
        self._restore = restore
        self._at = monotonic()
        self._is_done = True

    def redo(self) -> None:
        """Make the change again."""
        if not self._is_done:
            self._restore(self.after, self.key)
        self._is_done = True

    def undo(self) -> None:
        """Take the change back."""
        self._is_done = False
        self._restore(self.before, self.key)

    def id(self) -> int:
        """What Qt asks before it tries to merge: typing may be merged, nothing else."""
        return 1 if self._typed else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take in the next key that was typed in the same field."""
        if not isinstance(other, Change) or other.key != self.key or other._at > self._at + _MOMENT:
            return False
        self.after, self._at = other.after, other._at
        self.setObsolete(self.after == self.before)
        return True


class History(UndoStack):
    """The changes of the set-up, which rest while a run goes on."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setUndoLimit(_LONGEST)
        self._is_resting = False

    def rest(self, resting: bool) -> None:
        """Offer nothing to undo or redo, or offer it again."""
        self._is_resting = resting
        self.canUndoChanged.emit(self.canUndo())  # switches the actions made of this stack
        self.canRedoChanged.emit(self.canRedo())

    def canUndo(self) -> bool:
        """Whether there is something to undo, and it may be."""
        return not self._is_resting and super().canUndo()

    def canRedo(self) -> bool:
        """Whether there is something to redo, and it may be."""
        return not self._is_resting and super().canRedo()

    @Slot()
    def undo(self) -> None:
        """Take the last change back."""
        if self.canUndo():
            super().undo()

    @Slot()
    def redo(self) -> None:
        """Make the last undone change again."""
        if self.canRedo():
            super().redo()
