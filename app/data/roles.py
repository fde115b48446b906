"""What each column of a table is for: a feature, the target, the order of rows, or nothing."""

from collections.abc import Collection, Sequence
from typing import Literal

from PySide6.QtCore import QObject, Signal

Role = Literal["feature", "target", "order", "ignored"]
ROLES: tuple[Role, ...] = ("feature", "ignored", "order", "target")


class Roles(QObject):
    """The role of every column: what a person has chosen, and else what is likely.

    At most one column is the target. A column that was chosen for it before becomes a feature, and
    the target again if the one that took its place is given another role. So it is with the order,
    but that no column need be it.

    Attributes:
        target: the name of the column to predict; None if there is none.
        order: the name of the column that puts the rows in order; None if they are no series.
        ignored: names of the columns that are left out, from left to right.

    Signals:
        changed: a person changed a role.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.target: str | None = None
        self.order: str | None = None
        self.ignored: tuple[str, ...] = ()
        self._names: Sequence[str] = ()
        self._texts: frozenset[str] = frozenset()
        self._likely_target = ""
        self._likely_ignored: Collection[str] = ()
        self._chosen: dict[str, Role] = {}
        self._targets: list[str] = []
        self._orders: list[str] = []

    def of(self, name: str) -> Role:
        """The role of a column."""
        if name == self.target:
            return "target"
        likely: Role = "ignored" if name in self._likely_ignored else "feature"
        if name == self.order:
            return "order"
        role = self._chosen.get(name, likely)
        return "feature" if role in ("target", "order") else role

    def choose(self, name: str, role: Role) -> None:
        """Give a column a role."""
        if role == self.of(name):
            return
        self._chosen[name] = role
        if role == "target":
            self._targets.append(name)
        elif role == "order":
            self._orders.append(name)
        self._settle()
        self.changed.emit()

    def propose(
        self,
        names: Sequence[str],
        target: str,
        ignored: Collection[str],
        order: str | None = None,
        texts: Collection[str] = (),
    ) -> None:
        """Take these columns with these roles, except where a person has chosen others.

        Args:
            names: of all columns, from left to right.
            target: the likely one.
            ignored: those that had better be left out.
            order: the column of the order.
            texts: those that hold text, which no series is made of.
        """
        self._names, self._texts = names, frozenset(texts)
        if order is not None and not self._orders:
            self._orders.append(order)
            self._chosen.setdefault(order, "order")
        self._likely_target, self._likely_ignored = target, frozenset(ignored)
        self._settle()

    def _likely_of_series(self) -> list[str]:
        """The last column of numbers in place of one of text, once there is an order."""
        likely = self._likely_target
        if self.order is None or likely not in self._texts:
            return []
        unlikely = {self.order, *self._texts, *self._likely_ignored}
        return [name for name in self._names if name not in unlikely][-1:]

    def _settle(self) -> None:
        ordering = (
            name
            for name in reversed(self._orders)
            if name in self._names and self._chosen[name] == "order"
        )
        self.order = next(ordering, None)
        likely = self._likely_of_series() or [self._likely_target]
        candidates = [*likely, *self._targets]
        self.target = next(
            (
                name
                for name in reversed(candidates)
                if name in self._names and self._chosen.get(name, "target") == "target"
            ),
            None,
        )
        self.ignored = tuple(name for name in self._names if self.of(name) == "ignored")
