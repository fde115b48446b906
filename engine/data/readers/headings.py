"""Whether the first row of a CSV file names its columns, or is an example like those below.

- A number with a decimal point in it: it is an example. So it is with a mark for a missing value
  beside a number, which is refused then.
- The name of the target column that was asked for: it names the columns.
- Nothing but numbers: it is an example, with two exceptions. If all numbers below have decimal
  points, in three rows or more, and none above has, it names the columns. If these count the
  columns, 0, 1, 2, … or 1, 2, 3, …, the rows below decide: of three or more columns it names them,
  unless each of its numbers occurs again below in its column; of two columns only if all numbers
  below one of its own have decimal points.
- Text to predict beside numbers only: it is an example if that text occurs again below.
- Several texts beside numbers: it is an example if all of them occur again below.
- Any other text: it names the columns.

Wherever a person might have meant the other, a note says what was decided.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Final, NamedTuple

from engine.data.readers.cells import cell_in_words, is_missing, is_written_otherwise, number_in

ROWS_BELOW: Final = 1000
"""How many of them decide."""

_SEVERAL: Final = 3

CELLS_BELOW: Final = 2**20
"""How many they may have together."""


class Heading(NamedTuple):
    """What was decided.

    Attributes:
        names: of the columns.
        is_example: whether the row is one.
        reason: for people: "taken as an example, because …"; empty where there was no doubt.
    """

    names: list[str]
    is_example: bool
    reason: str = ""


def without_names(count: int) -> Heading:
    """The first row is an example of so many columns, which have numbers instead of names."""
    return Heading([f"column {index + 1}" for index in range(count)], True)


def heading_of(first: Sequence[str], below: Sequence[Sequence[str]], target: str | None) -> Heading:
    """Decide about the first row.

    Args:
        first: its cells.
        below: those of the rows that follow it, `ROWS_BELOW` at most.
        target: the column to predict that a person asked for.
    """
    cells = [cell.strip() for cell in first]
    numbers = [cell for cell in cells if number_in(cell) is not None]
    example = without_names(len(cells))
    has_missing = any(cell and is_missing(cell) for cell in cells)
    if numbers and (has_missing or any("." in cell for cell in numbers)):
        return example
    if target in cells or not numbers:
        return Heading(cells, False)
    if len(numbers) == len(cells):
        return _of_numbers(cells, below, example)
    place = example.names.index(target) if target in example.names else len(cells) - 1
    label = cells[place]
    texts = [place for place, cell in enumerate(cells) if number_in(cell) is None]
    if len(texts) > 1 and all(cells[each] in _column(below, each) for each in texts):
        found = cell_in_words(cells[texts[-1]])
        reason = f"taken as an example, because {found} and its other texts occur again below."
        return example._replace(reason=reason)
    if len(texts) > 1 or number_in(label) is not None:
        reason = "taken as the names of the columns, although some are numbers."
        return Heading(cells, False, reason)
    if is_written_otherwise(label):
        return example
    if label in _column(below, place):
        reason = f"taken as an example, because {cell_in_words(label)} occurs again below."
        return example._replace(reason=reason)
    reason = f"taken as the names of the columns, because {cell_in_words(label)} is not below."
    return Heading(cells, False, reason)


def _of_numbers(cells: list[str], below: Sequence[Sequence[str]], example: Heading) -> Heading:
    """The same for a first row of numbers without points."""
    numbers = [number_in(cell) for cell in cells]
    are_different = len(set(cells)) == len(cells)
    columns = [_column(below, place) for place in range(len(cells))]
    if are_different and len(below) >= _SEVERAL and all("." in cell for cell in chain(*columns)):
        reason = "because it alone has no decimal points."
        return Heading(cells, False, f"taken as the names of the columns, {reason}")
    if numbers not in ([*range(len(cells))], [*range(1, len(cells) + 1)]):
        return example
    if len(cells) > 2:
        fits = all(
            number in map(number_in, _column(below, place)) for place, number in enumerate(numbers)
        )
    else:
        fits = not any(
            below and all("." in cell for cell in _column(below, place)) for place in (0, 1)
        )
    if fits:
        return example._replace(
            reason="taken as an example, not as the names of the columns, "
            "because its numbers fit those below."
        )
    return Heading(cells, False, "taken as the names of the columns, because it counts them.")


def _column(below: Sequence[Sequence[str]], place: int) -> list[str]:
    """The cells of one column in the rows below."""
    return [row[place].strip() for row in below if place < len(row)]
