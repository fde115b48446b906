"""Numbers typed or pasted into a schedule: a block of cells, all of it or nothing."""

from collections.abc import Sequence

from app.numbers import read_number
from engine.arrays import Floats
from engine.errors import InputError
from engine.sentences import quoted


def cells_of(text: str) -> list[list[str]]:
    """The cells of text as spreadsheets copy it: lines, with tabs between cells."""
    return [line.split("\t") for line in text.strip("\r\n").splitlines()]


def with_cells(
    values: Floats,
    cells: Sequence[Sequence[str]],
    corner: tuple[int, int],
    name: str,
    group_names: Sequence[str],
) -> Floats:
    """A schedule with a block of cells in it; its numbers may be out of range.

    Args:
        values: (T, G) or (T, 1), the schedule.
        cells: the block, row by row.
        corner: iteration and group of its first cell.
        name: what one value is called.
        group_names: one a column.

    Raises:
        InputError: the block is too large, or a cell is no number.
    """
    row, column = corner
    rows, columns = len(cells), max((len(line) for line in cells), default=0)
    room = len(values) - row, len(group_names) - column
    if rows > room[0] or columns > room[1]:
        raise InputError(
            "Paste",
            f"expected at most {room[0]} rows and {room[1]} columns from here, "
            f"found {rows} and {columns}.",
        )
    changed = values.copy()
    for down, line in enumerate(cells, row):
        for across, text in enumerate(line, column):
            try:
                changed[down, across] = read_number(text)
            except ValueError:
                place = f"{name.capitalize()} at iteration {down}, {group_names[across]}"
                raise InputError(place, f"expected a number, found {quoted(text)}.") from None
    return changed
