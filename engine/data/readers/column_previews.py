"""A column of a table by its first cells, and what it is likely to be for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from engine.data.readers import limits
from engine.data.readers.cells import is_written_otherwise, may_be_left_out, number_with
from engine.data.readers.column_kinds import ColumnKind, kind_of
from engine.data.readers.dates import days_in
from engine.data.readers.reading import Decimal

_TARGETS: Final = ("target", "label", "labels", "class", "y", "outcome", "species")
"""What columns to predict are often called."""

_FEW: Final = 10
"""So many different texts need not recur."""

_SEVERAL: Final = 5


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        name: its own, or "column 3".
        kind: what most of its first cells are.
        texts: how many different ones there are, if it is text.
        missing: how many of the first cells are missing.
        reason: why it had better be left out: "its texts hardly recur"; empty if it need not.
        stray: the first text among numbers, for which the column is refused; often none.
        orders: whether its first cells are dates that are certain, each another one.
    """

    name: str
    kind: ColumnKind
    texts: int
    missing: int
    reason: str
    stray: str = ""
    orders: bool = False


def column_of(name: str, cells: Sequence[str], decimal: Decimal, *, is_first: bool) -> Column:
    """A column.

    Args:
        name: of it.
        cells: its first ones.
        decimal: the mark in numbers.
        is_first: whether it is the leftmost one, which may only count the rows.
    """
    kind = kind_of(cells, decimal)
    among_numbers = kind not in ("text", "nothing")
    known = [
        cell.strip() for cell in cells if not may_be_left_out(cell, among_numbers=among_numbers)
    ]
    texts = len(set(known)) if kind == "text" else 0
    missing, reason = len(cells) - len(known), ""
    if kind == "nothing":
        reason = "it is empty"
    elif 2 * missing > len(cells):
        reason = "most of its cells are missing"
    elif kind == "dates":
        reason = "it holds dates"
    elif texts > limits.MAX_TEXTS or _hardly_recur(texts, len(known)):
        reason = "its texts hardly recur"
    elif is_first and kind == "whole numbers" and _count_rows(known, decimal):
        reason = "it counts the rows"
    strays = (cell for cell in known if _is_text(cell, decimal)) if "numbers" in kind else ()
    days = [days_in(cell) for cell in known] if kind == "dates" else []
    orders = len(days) > 1 and None not in days and len({*days}) == len(days) == len(cells)
    return Column(name, kind, texts, missing, reason, next(iter(strays), ""), orders)


def likely_target(columns: Sequence[Column]) -> str:
    """The name of the column that is likely to be predicted.

    One that is called as such columns are; the only one that is text, if it is the first or the
    last one; or the last one.
    """
    usable = [column for column in columns if not column.reason] or columns
    named = [column.name for column in usable if column.name.strip().lower() in _TARGETS]
    if named:
        return named[-1]
    texts = [column for column in usable if column.kind == "text"]
    return usable[0].name if texts == usable[:1] else usable[-1].name


def likely_order(columns: Sequence[Column], target: str, *, is_wanted: bool) -> str | None:
    """The name of the column of dates that is likely to say the order of a series.

    Args:
        columns: of the table.
        target: the likely one to predict.
        is_wanted: whether a series is asked for; else the rows are one if there is nothing but the
            dates that numbers could be predicted from.
    """
    numbers = [one.name for one in columns if "number" in one.kind and not one.reason]
    no_classes = [one.name for one in columns if one.texts <= 1]
    alone = len(numbers) == 1 and target in no_classes
    if not (numbers if is_wanted else alone):
        return None
    return next((one.name for one in columns if one.orders), None)


def _is_text(cell: str, decimal: Decimal) -> bool:
    return number_with(cell, decimal) is None and not is_written_otherwise(cell)


def _hardly_recur(texts: int, cells: int) -> bool:
    return (texts > _FEW and 2 * texts > cells) or (texts == cells >= _SEVERAL)


def _count_rows(cells: Sequence[str], decimal: Decimal) -> bool:
    """Whether cells are 0, 1, 2, … or 1, 2, 3, …."""
    numbers = [number_with(cell, decimal) for cell in cells]
    return len(numbers) >= _SEVERAL and numbers in (
        [*range(len(numbers))],
        [*range(1, len(numbers) + 1)],
    )
