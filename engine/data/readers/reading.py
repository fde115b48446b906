"""What is a table, and how it is to be read, where a person says so."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

Encoding = Literal["utf-8", "utf-16", "windows-1252", "latin-1"]
Separator = Literal["comma", "semicolon", "tab"]
Decimal = Literal["point", "comma"]
Missing = Literal["refuse", "drop", "mean", "median"]
Texts = Literal["refuse", "one-hot"]
Dates = Literal["refuse", "days"]

MARKS: Final[dict[Separator, str]] = {"comma": ",", "semicolon": ";", "tab": "\t"}
"""What stands between cells."""

FILLS: Final = ("mean", "median")
"""What missing cells can be filled with."""


@dataclass(frozen=True)
class Reading:
    """What is said of a table; None leaves it as it is usual.

    Attributes:
        encoding: of its text; UTF-8.
        separator: between its cells; by the first row.
        decimal: the mark in its numbers; a point.
        header: whether the first row names the columns; see `engine.data.readers.headings`. If it
            is said to, names that are missing or occur twice get numbers.
        ignore: names of columns that are left out; none.
        missing: what happens where a cell is missing: the file is refused; the row is dropped; or
            the cell of a feature is filled with the mean or the median that its column has in the
            training part. A row without its target is dropped then, and a text that is missing is
            0 in each of its columns.
        text: what happens to a feature that is text: it is refused, or "one-hot" makes a column of
            0 and 1 of each different text.
        dates: what happens to dates: they are refused, or become days since 1970-01-01.
        order: the column of dates or numbers that the rows are put in the order of: they are a
            series then, and other columns but the target are left out. None: no series.
    """

    encoding: Encoding | None = None
    separator: Separator | None = None
    decimal: Decimal | None = None
    header: bool | None = None
    ignore: tuple[str, ...] | None = None
    missing: Missing | None = None
    text: Texts | None = None
    dates: Dates | None = None
    order: str | None = None


USUAL: Final = Reading()
"""Nothing is said."""


def is_table(path: Path | str) -> bool:
    """Whether a file is one of text in rows and columns, by its name."""
    name = Path(path).name.lower().removesuffix(".gz")
    return name.endswith((".csv", ".tsv", ".txt", ".data"))
