"""The rows of a CSV file: one by one, or as blocks of text that are still to be taken apart."""

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from typing import BinaryIO, Final, NamedTuple

from engine.data.readers import limits
from engine.data.readers.refusals import wrong

_LINE_END: Final = re.compile(r"\r\n?|\n")
_BLOCK: Final = 2**16
"""Bytes that are read at once."""

_CONTINUATIONS: Final = bytes(range(0x80, 0xC0))
"""Bytes of UTF-8 that begin no character."""

Row = tuple[int, list[str]]
"""The number of a row's last line, from 1, and its cells."""


class Block(NamedTuple):
    """Whole lines.

    Attributes:
        text: of the lines.
        lines: the numbers of them, from 1 in the file.
    """

    text: str
    lines: range


class _Lines(Iterator[str]):
    """Lines of UTF-8 text; those of one row may not be too long together.

    Attributes:
        number: of the line that came last, from 1.
        row_size: characters of the row so far; whoever has taken a row in sets it to 0.
    """

    def __init__(self, origin: str, stream: BinaryIO) -> None:
        self._origin = origin
        self._stream = stream
        self._encoding = "utf-8-sig"
        self._bytes = bytearray()
        self._text = ""
        self._place = 0  # in the text
        self._has_returns = False  # among the ends of its lines
        self.number = 0
        self.row_size = 0

    def __next__(self) -> str:
        if not self.has_more_at_hand and not self._read():
            raise StopIteration
        end = self._line_end()
        line = self._text[self._place : end]
        self._place = end
        self.number += 1
        self.row_size += len(line)
        self._check_length(self.row_size, self.number)
        return line

    @property
    def has_more_at_hand(self) -> bool:
        """Whether part of a block has been taken, and the rest has not."""
        return self._place < len(self._text)

    def peek(self) -> Block | None:
        """The lines at hand, or the next ones; None at the end."""
        if not self.has_more_at_hand and not self._read():
            return None
        text = self._text[self._place :]
        ends = text.count("\n")
        if "\r" in text:
            ends += text.count("\r") - text.count("\r\n")
        start = self.number + 1
        return Block(text, range(start, start + ends + (not text.endswith(("\n", "\r")))))

    def skip(self, block: Block) -> None:
        """Go on behind the block that `peek` gave."""
        self._place = len(self._text)
        self.number = block.lines[-1]

    def _line_end(self) -> int:
        """Where the line at hand ends."""
        if not self._has_returns:
            return self._text.find("\n", self._place) + 1 or len(self._text)
        found = _LINE_END.search(self._text, self._place)
        return found.end() if found else len(self._text)

    def _read(self) -> bool:
        """Have whole lines at hand, if there are more."""
        end = size = 0
        while not end:
            more = self._stream.read(_BLOCK)
            unseen = max(0, len(self._bytes) - 1)
            self._bytes += more
            if not more:
                end = len(self._bytes)
                break
            last = len(self._bytes) - 1  # what follows may belong to the end of a line there
            ends = self._bytes.rfind(b"\n", unseen), self._bytes.rfind(b"\r", unseen, last)
            end = max(ends) + 1
            if not end:
                size += len(more.translate(None, _CONTINUATIONS))
                self._check_length(size, self.number + 1)
        whole = bytes(self._bytes[:end])
        del self._bytes[:end]
        try:
            self._text, self._place = whole.decode(self._encoding), 0
        except UnicodeDecodeError as error:
            before = error.object[: error.start].decode("latin-1")
            line = self.number + len(_LINE_END.findall(before)) + 1
            byte = f"the byte 0x{error.object[error.start]:02x}"
            wanted = "UTF-8 text (save it as UTF-8, or choose the encoding)"
            raise wrong(f"{self._origin}, line {line}", wanted, byte) from None
        self._has_returns = "\r" in self._text
        self._encoding = "utf-8"
        return bool(self._text)

    def _check_length(self, size: int, line: int) -> None:
        if size > limits.MAX_ROW:
            wanted = f"rows of at most {limits.MAX_ROW:,} characters"
            raise wrong(f"{self._origin}, line {line}", wanted, "a longer one")


def separator_in(line: str) -> str:
    """The mark that makes the most cells of a line: a comma, a semicolon or a tab."""
    cells = {mark: next(csv.reader([line], delimiter=mark), []) for mark in ",;\t"}
    return max(cells, key=lambda mark: len(cells[mark]))


class Rows(Iterator[Row]):
    """The rows that have anything in them.

    Args:
        origin: how a message calls the file.
        stream: its contents.
        separator: of cells; by default the one that makes the most of them in the first row.

    Attributes:
        separator: the same.
        hollow: rows so far with several cells, all of them empty.

    Raises:
        InputError: what is read is no CSV, or too much of it is empty.
    """

    def __init__(self, origin: str, stream: BinaryIO, separator: str | None = None) -> None:
        self._origin = origin
        self._lines = _Lines(origin, stream)
        self._empty = self.hollow = 0
        first = self._first_line()
        with self._well_formed():
            self.separator = separator or separator_in(first)
        self._reader = csv.reader(
            chain([first], self._lines),
            delimiter=self.separator,
            skipinitialspace=True,
            strict=True,
        )

    def __next__(self) -> Row:
        with self._well_formed():
            for cells in self._reader:
                self._lines.row_size = 0
                if any(cells):
                    self._check_text(cells)
                    return self._lines.number, cells
                self.hollow += bool(cells)
                self.count_empty(1)
        raise StopIteration

    def peek(self) -> Block | None:
        """The lines that come next, which stay there; None at the end."""
        return self._lines.peek()

    def skip(self, block: Block) -> None:
        """Go on behind the block that `peek` gave."""
        self._lines.skip(block)

    def that_begin_in_block(self) -> Iterator[Row]:
        """The rows that begin in the block that `peek` gave; one of them may end behind it."""
        while self._lines.has_more_at_hand and (row := next(self, None)):
            yield row

    def count_empty(self, count: int) -> None:
        """So many rows had nothing in them."""
        self._empty += count
        if self._empty > limits.MAX_EMPTY_ROWS:
            wanted = f"at most {limits.MAX_EMPTY_ROWS:,} rows with nothing in them"
            raise wrong(self._origin, wanted, "more")

    def remarks(self) -> list[str]:
        """How many rows were left out because all their cells are empty; nothing if none."""
        if not self.hollow:
            return []
        rows = "1 row is" if self.hollow == 1 else f"{self.hollow:,} rows are"
        return [f"{self._origin}: {rows} left out, because all cells are empty."]

    def _check_text(self, cells: list[str]) -> None:
        """Refuse what no text has in it."""
        for column, cell in enumerate(cells, 1):
            if "\0" in cell:
                where = f"{self._origin}, line {self._lines.number}, column {column}"
                raise wrong(where, "text", "a NUL character (the file may be damaged, or no table)")

    def _first_line(self) -> str:
        """The first that has anything in it."""
        for line in self._lines:
            if line.strip():
                return line
            self.count_empty(1)
            self._lines.row_size = 0
        return ""

    @contextmanager
    def _well_formed(self) -> Iterator[None]:
        try:
            yield
        except csv.Error as error:
            where = f"{self._origin}, line {self._lines.number}"
            raise wrong(where, "well-formed CSV", f"a mistake ({error})") from None
