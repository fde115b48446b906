"""The rows of a CSV file, read one by one."""

import csv
import io
import re
from collections.abc import Generator, Iterator
from itertools import chain
from typing import BinaryIO, Final

from engine.data.readers import limits
from engine.data.readers.refusals import wrong

_LINE_END: Final = re.compile(rb"\r\n?|\n")

Row = tuple[int, list[str]]
"""The number of a row's last line, from 1, and its cells."""


class _Lines(Iterator[str]):
    """Lines of UTF-8 text; those of one row may not be too long together.

    Attributes:
        number: of the line that came last, from 1.
        row_size: characters of the row so far; whoever has taken a row in sets it to 0.
    """

    def __init__(self, origin: str, stream: BinaryIO) -> None:
        self._origin = origin
        self._text = io.TextIOWrapper(stream, "utf-8-sig", newline="")
        self.number = 0
        self.row_size = 0

    def __next__(self) -> str:
        try:
            line = self._text.readline(limits.MAX_ROW + 1)
        except UnicodeDecodeError as error:
            before = len(_LINE_END.findall(error.object[: error.start]))
            byte = f"the byte 0x{error.object[error.start]:02x}"
            origin = f"{self._origin}, line {self.number + before + 1}"
            raise wrong(origin, "UTF-8 text", byte) from None
        if not line:
            raise StopIteration
        self.number += 1
        self.row_size += len(line)
        if self.row_size > limits.MAX_ROW:
            wanted = f"rows of at most {limits.MAX_ROW:,} characters"
            raise wrong(f"{self._origin}, line {self.number}", wanted, "a longer one")
        return line

    def let_go(self) -> None:
        """Leave the stream open."""
        self._text.detach()


def rows_of(origin: str, stream: BinaryIO) -> Generator[Row]:
    """The rows that have anything in them.

    Args:
        origin: how a message calls the file.
        stream: its contents.

    Raises:
        InputError: what is read next is no CSV, or too much of it is empty.
    """
    lines = _Lines(origin, stream)
    empty = 0
    try:
        first = ""
        for first in lines:
            if first.strip():
                break
            empty = _one_more(origin, empty)
            lines.row_size = 0
        separator = max(",;\t", key=lambda mark: len(next(csv.reader([first], delimiter=mark), [])))
        reader = csv.reader(
            chain([first], lines), delimiter=separator, skipinitialspace=True, strict=True
        )
        for cells in reader:
            lines.row_size = 0
            if any(cells):
                yield lines.number, cells
            else:
                empty = _one_more(origin, empty)
    except csv.Error as error:
        where = f"{origin}, line {lines.number}"
        raise wrong(where, "well-formed CSV", f"a mistake ({error})") from None
    finally:
        lines.let_go()


def _one_more(origin: str, empty: int) -> int:
    if empty == limits.MAX_EMPTY_ROWS:
        wanted = f"at most {limits.MAX_EMPTY_ROWS:,} rows with nothing in them"
        raise wrong(origin, wanted, "more")
    return empty + 1
