"""Hyperparameters read from a CSV file: a row a value, or a row for several that are the same."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from engine.arrays import Floats
from engine.errors import InputError
from engine.hyperparameters.kinds import KINDS
from engine.output.hyperparameters import COLUMNS
from engine.sentences import listed, shown

MOST_BYTES: Final = 50_000_000
_NEEDED: Final = ("hyperparameter", "value")


class Row(NamedTuple):
    """A row, and where it stands.

    Attributes:
        line: in the file, from 1.
        kind: which hyperparameter.
        iteration, group, entry: as written; empty for all.
        value: the number.
    """

    line: int
    kind: str
    iteration: str
    group: str
    entry: str
    value: float


def rows_of(path: Path, text: str) -> list[Row]:
    """The rows of a file, of which nothing but the value is looked at.

    Raises:
        InputError: it is no such table; with the line.
    """
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(path, header)
        return [
            _row(path, reader.line_num, header, cells)
            for cells in reader
            if any(cell.strip() for cell in cells)
        ]
    except csv.Error as error:
        raise InputError(_at(path, reader.line_num), f"expected a row of CSV: {error}.") from None


def _check_header(path: Path, header: Sequence[str]) -> None:
    for name in _NEEDED:
        if name not in header:
            expected = f"expected a column {name!r} in the first row"
            raise InputError(_at(path, 1), f"{expected}, found {shown(', '.join(header))}.")
    for name in header:
        if name not in COLUMNS or header.count(name) > 1:
            expected = f"expected the columns {listed(COLUMNS)}, each once at most"
            raise InputError(_at(path, 1), f"{expected}, found {shown(name)}.")


def _row(path: Path, line: int, header: Sequence[str], cells: Sequence[str]) -> Row:
    if len(cells) != len(header):
        raise InputError(_at(path, line), f"expected {len(header)} cells, found {len(cells)}.")
    named = dict(zip(header, (cell.strip() for cell in cells), strict=True))
    kind, text = named["hyperparameter"], named["value"]
    if kind not in KINDS:
        expected = f"expected one of {', '.join(KINDS)}"
        raise InputError(_at(path, line), f"{expected}, found {shown(kind)}.")
    try:
        value = float(text)
    except ValueError:
        raise InputError(_at(path, line), f"expected a number, found {shown(text)}.") from None
    if "_" in text:
        raise InputError(_at(path, line), f"expected a number, found {shown(text)}.")
    iteration, group, entry = (named.get(name, "") for name in ("iteration", "group", "entry"))
    return Row(line, kind, iteration, group, entry, value)


def filled(
    path: Path,
    rows: Sequence[Row],
    shape: tuple[int, ...],
    axes: Sequence[str],
    groups: Sequence[str],
) -> tuple[Floats, np.ndarray]:
    """An array of the values that the rows of one kind give.

    Args:
        path: of the file.
        rows: of the kind.
        shape: of the array.
        axes: what each axis goes over: "iteration", "group", or "entry".
        groups: names of the parameter groups.

    Returns:
        The values, and the line that each stands in.

    Raises:
        InputError: a row is of nothing in the array; a value is missing, or there twice.
    """
    values, lines = np.zeros(shape), np.zeros(shape, np.int64)
    for row in rows:
        place = tuple(_places(path, row, shape, axes, groups))
        taken = lines[place]
        if np.any(taken):
            before = int(np.max(taken))
            raise InputError(
                _at(path, row.line), f"expected each value once, found it in line {before} as well."
            )
        values[place], lines[place] = row.value, row.line
    if missing := np.argwhere(lines == 0).tolist():
        where = _in_words(missing[0], axes, groups)
        kind = KINDS[rows[0].kind].plural
        raise InputError(path.name, f"expected {kind} for {where}, found none.")
    return values, lines


def _places(
    path: Path, row: Row, shape: tuple[int, ...], axes: Sequence[str], groups: Sequence[str]
) -> Iterator[int | slice]:
    """Where a row's value goes along each axis; all of one that it does not name."""
    told = {"iteration": row.iteration, "group": row.group, "entry": row.entry}
    for name, text in told.items():
        if text and name not in axes:
            kind = KINDS[row.kind].plural
            expected = f"expected no {name}, because these {kind} are not set by one"
            raise InputError(_at(path, row.line), f"{expected}, found {shown(text)}.")
    entries = iter(row.entry.split())
    if row.entry and len(row.entry.split()) != axes.count("entry"):
        expected = f"expected an entry of {axes.count('entry')} whole numbers"
        raise InputError(_at(path, row.line), f"{expected}, found {shown(row.entry)}.")
    for axis, length in zip(axes, shape, strict=True):
        if axis == "group":
            if row.group and row.group not in groups:
                expected = f"expected one of the groups {', '.join(groups)}"
                raise InputError(_at(path, row.line), f"{expected}, found {shown(row.group)}.")
            yield groups.index(row.group) if row.group else slice(None)
            continue
        text = row.iteration if axis == "iteration" else next(entries, "")
        if text and not (text.isascii() and text.isdigit() and int(text) < length):
            expected = f"expected an {axis} from 0 to {length - 1:,}"
            raise InputError(_at(path, row.line), f"{expected}, found {shown(text)}.")
        yield int(text) if text else slice(None)


def _in_words(place: Sequence[int], axes: Sequence[str], groups: Sequence[str]) -> str:
    """As in "iteration 3, group layer 1 weights"."""
    told = [
        f"group {groups[at]}" if axis == "group" else f"{axis} {at}"
        for axis, at in zip(axes, place, strict=True)
        if axis != "entry"
    ]
    entry = [str(at) for axis, at in zip(axes, place, strict=True) if axis == "entry"]
    return ", ".join([*told, *([f"entry {' '.join(entry)}"] if entry else [])])


def _at(path: Path, line: int) -> str:
    return f"{path.name}, line {line:,}"
