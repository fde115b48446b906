"""Which lines of a plot are switched on: one by one, or all of a colour or stroke at once."""

from collections.abc import Iterable
from typing import NamedTuple


class Group(NamedTuple):
    """Lines that have a colour or a stroke in common.

    Attributes:
        name: as in "layer 2" or "weights".
        whole: what each colour stands for: a "layer"; empty: they have a stroke in common.
        text: as in "2", which stands beside others of the same kind.
        of: the names of the lines.
    """

    name: str
    whole: str
    text: str
    of: tuple[str, ...]


class Switches:
    """A line is drawn if it is on, and so are its colour and its stroke; all are on at first.

    Attributes:
        groups: of the lines.
    """

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self._off: set[str] = set()

    def is_on(self, name: str | None) -> bool:
        """Whether a line is drawn, or some of a group, or whatever else has this name."""
        group = next((group for group in self.groups if group.name == name), None)
        if name in self._off:
            return False
        if group is not None:
            return any(line not in self._off for line in group.of)
        return not any(each.name in self._off for each in self.groups if name in each.of)

    def meant_by(self, name: str) -> frozenset[str]:
        """The lines of a group, or the one of that name."""
        found = (group.of for group in self.groups if group.name == name)
        return frozenset(next(found, (name,)))

    def switch(self, name: str, on: bool) -> None:
        """Switch a line, a group, or whatever else has this name.

        A line that is switched on takes its groups apart, if they are off: their others stay off.
        """
        if not on:
            self._off.add(name)
            return
        self._off.discard(name)
        for group in self.groups:
            if group.name == name and self._off.issuperset(group.of):
                self._off.difference_update(group.of)
            elif group.name in self._off and name in group.of:
                self._off.remove(group.name)
                self._off.update(line for line in group.of if line != name)

    def keep(self, names: Iterable[str]) -> None:
        """Forget what is off, but for these names and the groups."""
        self._off &= {*names, *(group.name for group in self.groups)}
