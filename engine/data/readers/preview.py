"""The beginning of a table, looked at before it is read: what it is like, and how to read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Final

from engine.data.readers import limits
from engine.data.readers.beginnings import Beginning, beginning_of
from engine.data.readers.cells import may_be_left_out
from engine.data.readers.column_previews import Column, column_of, likely_target
from engine.data.readers.contents import Contents, opened
from engine.data.readers.encodings import as_utf8, decoded, encoding_of
from engine.data.readers.headings import Heading, heading_of, without_names
from engine.data.readers.marks import decimal_in, has_header, separator_of, usual_separator
from engine.data.readers.reading import MARKS, USUAL, Encoding, Missing, Reading, Separator
from engine.data.readers.refusals import wrong
from engine.data.readers.rows import Rows

ROWS_SHOWN: Final = 100
"""Of a preview."""

_HEAD: Final = 2**18
"""Bytes by which the encoding and the separator are told."""

_LINES: Final = 100
_MOST_LOST: Final = 0.2
"""Of the rows, before cells that are missing are rather filled."""


@dataclass(frozen=True)
class Preview:
    """What a table is like at its beginning, and a proposal.

    Attributes:
        reading: how it was looked at: encoding, separator, decimal mark and header, each said.
        columns: from left to right.
        rows: the first examples, `ROWS_SHOWN` at most, as they stand.
        lines: of the file, from 1, that these are on; the last one of each.
        target: the column that is likely to be predicted.
        ignored: the columns that had better be left out then.
        missing: what had better be done where a cell is missing.
        usual: how a table is looked at of which nothing is said.
    """

    reading: Reading
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    target: str
    ignored: tuple[str, ...]
    missing: Missing
    usual: Reading

    def settings(
        self, target: str, ignored: Sequence[str], missing: Missing, order: str | None = None
    ) -> tuple[str | None, Reading]:
        """What to say of the table, and no more than that.

        Args:
            target: the column to predict.
            ignored: columns to leave out, in any order.
            missing: what to do where a cell is missing.
            order: the column that puts the rows in order, if they are a series.

        Returns:
            The target and the reading for `engine.data.readers.read_dataset`.
        """
        left_out = set(ignored)
        used = [column for column in self.columns if column.name not in left_out]
        is_last = [one.name for one in used if one.name != order][-1] == target
        says_header = self.reading.header != self.usual.header or not (
            self.reading.header or is_last
        )
        as_usual = {
            name: None
            for name in ("encoding", "separator", "decimal")
            if getattr(self.reading, name) == getattr(self.usual, name)
        }
        is_series = order is not None
        features = {one.kind for one in used if one.name != target and not is_series}
        told = [column for column in used if column.name == target or not is_series]
        return None if is_last else target, replace(
            self.reading,
            **as_usual,
            header=self.reading.header if says_header else None,
            ignore=tuple(one.name for one in self.columns if one.name in left_out) or None,
            missing=None if missing == "refuse" else missing,
            text="one-hot" if "text" in features else None,
            dates="days" if any(column.kind == "dates" for column in told) else None,
            order=order,
        )


def look_at(path: Path | str, reading: Reading = USUAL) -> Preview:
    """Look at the beginning of a table, and find out how it is written.

    Args:
        path: the file.
        reading: what is said of it already; only encoding, separator, decimal mark and header are
            looked at.

    Raises:
        InputError: the file cannot be read, or is no table.
    """
    path = Path(path)
    with opened(path) as contents:
        encoding, lines = _head(contents, reading.encoding)
        separator = reading.separator or separator_of(lines)
        start = _beginning(path, contents, encoding, separator)
        below = [cells for _, cells in start.sample]
        decimal = reading.decimal or decimal_in(chain.from_iterable(below))
        header = reading.header
        if header is None:
            header = has_header(start.first, below, decimal)
        return _preview(start, lines, Reading(encoding, separator, decimal, header))


def look_again(path: Path | str, target: str | None, reading: Reading) -> Preview:
    """Look at the beginning of a table as `engine.data.readers.read_dataset` reads it.

    Args:
        path: the file.
        target: the column to predict; None for the last one.
        reading: what is said of it.

    Raises:
        InputError: the file cannot be read, or is no table.
    """
    path = Path(path)
    with opened(path) as contents:
        encoding = reading.encoding or "utf-8"
        _, lines = _head(contents, encoding)
        separator = reading.separator or usual_separator(lines)
        start = _beginning(path, contents, encoding, separator)
        header = reading.header
        if header is None:
            header = not _usual_heading(start, target).is_example
        decimal = reading.decimal or "point"
        return _preview(start, lines, Reading(encoding, separator, decimal, header))


def _head(contents: Contents, encoding: Encoding | None) -> tuple[Encoding, list[str]]:
    """The encoding of a file, unless it is known, and its first lines."""
    head = contents.beginning(_HEAD)
    is_whole = len(head) < _HEAD
    known = encoding or encoding_of(head, is_whole=is_whole)
    lines = decoded(head, known).splitlines()
    if not is_whole:
        lines = lines[:-1] or lines
    return known, [line for line in lines if line.strip()][:_LINES]


def _beginning(
    path: Path, contents: Contents, encoding: Encoding, separator: Separator
) -> Beginning:
    stream = as_utf8(path.name, contents.stream, encoding)
    start = beginning_of(Rows(path.name, stream, MARKS[separator]), None, header=True)
    if len(start.first) > limits.MAX_COLUMNS:
        raise wrong(path.name, f"at most {limits.MAX_COLUMNS:,} columns", f"{len(start.first):,}")
    if not any(start.first):
        raise wrong(path.name, "a table", "an empty file")
    return start


def _usual_heading(start: Beginning, target: str | None) -> Heading:
    return heading_of(start.first, [cells for _, cells in start.examples], target)


def _preview(start: Beginning, lines: Sequence[str], reading: Reading) -> Preview:
    """What there is to say of a table whose first row is taken as one of names so far."""
    usual_header: bool | None = not _usual_heading(start, None).is_example
    if reading.header:
        names, rows = start.heading.names, start.examples
        if start.heading.reason:  # names that are as usual refused
            usual_header = None
    else:
        names = without_names(len(start.first)).names
        rows = [(start.line, start.first), *start.examples]
    examples = [cells for _, cells in rows]
    sample = examples[: len(start.sample)]
    columns = tuple(
        column_of(
            name,
            [row[place] for row in sample if place < len(row)],
            reading.decimal or "point",
            is_first=place == 0,
        )
        for place, name in enumerate(names)
    )
    target = likely_target(columns)
    likely = (one.name for one in columns if one.reason and one.name != target)
    ignored = tuple(likely) if sample else ()  # reading says that there are no rows
    used = {
        place: one.kind not in ("text", "nothing")
        for place, one in enumerate(columns)
        if not one.reason or one.name == target
    }
    return Preview(
        reading,
        columns,
        tuple(map(tuple, examples[:ROWS_SHOWN])),
        tuple(line for line, _ in rows[:ROWS_SHOWN]),
        target,
        ignored,
        _likely_remedy(sample, used),
        Reading("utf-8", usual_separator(lines), "point", usual_header),
    )


def _likely_remedy(rows: Sequence[Sequence[str]], used: Mapping[int, bool]) -> Missing:
    """Nothing, if no cell of the used columns is missing; a few rows are dropped, not many.

    Args:
        rows: the first ones.
        used: for the place of each column that is used, whether it has numbers or dates.
    """
    lost = sum(
        any(
            may_be_left_out(row[place], among_numbers=has_numbers)
            for place, has_numbers in used.items()
            if place < len(row)
        )
        for row in rows
    )
    if not lost:
        return "refuse"
    return "drop" if lost <= _MOST_LOST * len(rows) else "mean"
