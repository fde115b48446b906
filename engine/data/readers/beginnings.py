"""The beginning of a table: names of its columns, and the rows by which things are decided."""

import reprlib
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Final, NamedTuple

from engine.data.readers.headings import (
    CELLS_BELOW,
    ROWS_BELOW,
    Heading,
    heading_of,
    without_names,
)
from engine.data.readers.refusals import wrong
from engine.data.readers.rows import Row
from engine.sentences import shown

_FEWEST: Final = 20
_MOST_CELLS: Final = 2**17


class Beginning(NamedTuple):
    """What stands there.

    Attributes:
        line: of the first row.
        first: its cells.
        heading: whether they name the columns.
        examples: the first rows that do not.
    """

    line: int
    first: list[str]
    heading: Heading
    examples: list[Row]

    @property
    def sample(self) -> list[Row]:
        """So many of the examples as tell what kind of column each is."""
        return self.examples[: max(_FEWEST, _MOST_CELLS // max(1, len(self.first)))]

    def place_of_target(
        self,
        file: str,
        target: str | None,
        ignored: Collection[str] = (),
        order: str | None = None,
    ) -> tuple[str, int]:
        """The first row as a message calls it, and where the column to predict is.

        Args:
            file: as a message calls it.
            target: the column that a person asked for; None: the last one that is left.
            ignored: columns that are left out.
            order: the column that rows are put in the order of, if there is one.

        Raises:
            InputError: columns have no names, or the same; or none is left to learn from.
        """
        origin, names = f"{file}, line {self.line}", self.heading.names
        if len(names) < 2:
            wanted = "two or more columns between commas, semicolons or tabs"
            raise wrong(origin, wanted, str(len(names)))
        if "" in names:
            raise wrong(origin, "a name for each column", "an empty cell")
        name, times = Counter(names).most_common(1)[0]
        if times > 1:
            raise wrong(origin, "a different name for each column", f"{shown(name)} twice")
        known = set(names)
        for name in [name for name in (target, order) if name is not None] + sorted(ignored):
            if name not in known:
                raise wrong(origin, f"a column named {shown(name)}", reprlib.repr(names))
        if target in ignored:
            raise wrong(file, "a column to predict that is not ignored", shown(target))
        if order is not None and (order == target or order in ignored):
            wanted = "a column of the order that is neither predicted nor ignored"
            raise wrong(file, wanted, shown(order))
        used = [name for name in names if name not in ignored and name != order]
        if order is not None and not used:
            raise wrong(file, "a column to predict beside the one of the order", "none")
        if order is not None:
            return origin, names.index(used[-1] if target is None else target)
        if len(used) < 2:
            wanted = "a column to predict and a feature that are not ignored"
            raise wrong(file, wanted, f"{len(used)} such column{'s' * (len(used) != 1)}")
        return origin, names.index(used[-1] if target is None else target)


def beginning_of(rows: Iterator[Row], target: str | None, header: bool | None = None) -> Beginning:
    """Read it.

    Args:
        rows: from the first one.
        target: the column to predict that a person asked for.
        header: whether the first row names the columns; None leaves that to be decided.
    """
    line, first = next(rows, (1, []))
    below = _some(rows)
    if header is None:
        heading = heading_of(first, [cells for _, cells in below], target)
    else:
        heading = _named(first) if header else without_names(len(first))
    examples = [(line, first), *below] if heading.is_example and first else below
    return Beginning(line, first, heading, examples)


def _named(first: Sequence[str]) -> Heading:
    """The names in a row; those that are missing or occur twice are numbered."""
    given = [cell.strip() for cell in first]
    taken, seen, others = {*given}, set[str](), Counter[str]()
    names: list[str] = []
    for place, cell in enumerate(given, 1):
        name = own = cell or f"column {place}"
        while own in taken and (not cell or cell in seen):
            others[name] += 1
            own = f"{name} ({others[name] + 1})"
        seen.add(cell)
        taken.add(own)
        names.append(own)
    reason = "" if names == given else "names that are missing or occur twice are numbered."
    return Heading(names, False, reason)


def _some(rows: Iterator[Row]) -> list[Row]:
    """The next rows, to decide by."""
    some: list[Row] = []
    size = 0
    while len(some) < ROWS_BELOW and size < CELLS_BELOW and (row := next(rows, None)):
        some.append(row)
        size += len(row[1])
    return some
