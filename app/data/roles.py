"""What each column of a table is for: a feature, the target, or nothing."""

from collections.abc import Collection, Sequence
from typing import Literal

from PySide6.QtCore import QObject, Signal

Role = Literal["feature", "target", "ignored"]
ROLES: tuple[Role, ...] = ("feature", "ignored", "target")


class Roles(QObject):
    """The role of every column: what a person has chosen, and else what is likely.

    At most one column is the target. A column that was chosen for it before becomes a feature, and
    the target again if the one that took its place is given another role.

    Attributes:
        target: the name of the column to predict; None if there is none.
        ignored: names of the columns that are left out, from left to right.

    Signals:
        changed: a person changed a role.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.target: str | None = None
        self.ignored: tuple[str, ...] = ()
        self._names: Sequence[str] = ()
        self._likely_target = ""
        self._likely_ignored: Collection[str] = ()
        self._chosen: dict[str, Role] = {}
        self._targets: list[str] = []

    def of(self, name: str) -> Role:
        """The role of a column."""
        if name == self.target:
            return "target"
        likely: Role = "ignored" if name in self._likely_ignored else "feature"
        role = self._chosen.get(name, likely)
        return "feature" if role == "target" else role

    def choose(self, name: str, role: Role) -> None:
        """Give a column a role."""
        if role == self.of(name):
            return
        self._chosen[name] = role
        if role == "target":
            self._targets.append(name)
        self._settle()
        self.changed.emit()

    def propose(self, names: Sequence[str], target: str, ignored: Collection[str]) -> None:
        """Take these columns with these roles, except where a person has chosen others."""
        self._names = names
        self._likely_target, self._likely_ignored = target, frozenset(ignored)
        self._settle()

    def _settle(self) -> None:
        candidates = [self._likely_target, *self._targets]
        self.target = next(
            (
                name
                for name in reversed(candidates)
                if name in self._names and self._chosen.get(name, "target") == "target"
            ),
            None,
        )
        self.ignored = tuple(name for name in self._names if self.of(name) == "ignored")
