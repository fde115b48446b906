"""What was typed, or stands in a file, as part of one line; and words in a row."""

import reprlib
from collections.abc import Sequence
from typing import Any, Final

LONGEST: Final = 300
"""Characters of a message."""

_LONGEST_SHOWN: Final = 60
_LARGEST_SHOWN: Final = 10**30
_ELLIPSIS: Final = "…"


def one_line(text: str, most: int = LONGEST) -> str:
    """A text as one line that can be printed.

    White space of any kind becomes a space; other characters that do not show, or cannot be
    written as UTF-8, are escaped; of a text that is too long, the middle is left out.

    Args:
        text: any.
        most: characters to keep, at least 1.
    """
    kept = text if len(text) <= most else text[:most] + text[-most:]  # no more can be needed
    line = "".join(map(_printable, kept))
    if len(text) <= most and len(line) <= most:
        return line
    tail = (most - 1) // 3
    return line[: most - 1 - tail] + _ELLIPSIS + line[len(line) - tail :]


def shown(value: Any, most: int = _LONGEST_SHOWN) -> str:
    """A value as Python writes it, in one short line.

    Args:
        value: any; only the beginnings of containers are looked at.
        most: characters to keep.
    """
    return one_line(_short.repr(value), most)


def quoted(text: str, most: int = _LONGEST_SHOWN) -> str:
    """What somebody typed, letter by letter, in quotation marks and one short line.

    Args:
        text: any.
        most: characters to keep.
    """
    return f"“{one_line(text, most)}”"


class _Short(reprlib.Repr):
    """Like `reprlib.repr`, with more of a text, and never all the digits of a number."""

    def repr_str(self, x: str, level: int) -> str:
        most = _LONGEST_SHOWN
        return one_line(repr(x if len(x) <= most else f"{x[:most]}{x[-most:]}"), most)

    def repr_int(self, x: int, level: int) -> str:
        if abs(x) <= _LARGEST_SHOWN:
            return repr(x)
        try:
            return f"{float(x):.3g}"
        except OverflowError:  # its digits may take long to work out
            return f"a whole number of {x.bit_length():,} bits"


_short = _Short()


def _printable(character: str) -> str:
    if character.isprintable():
        return character
    return " " if character.isspace() else character.encode("unicode_escape").decode()


def listed(words: Sequence[str]) -> str:
    """Words in a row: "a, b and c"."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
