"""One way to write numbers, whatever the system's language: digits from 0 to 9, and a point."""

import re
from typing import Final

from PySide6.QtCore import QLocale

from engine.sentences import shown

_NUMBER: Final = re.compile(
    r"[+-]?((\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?|inf|nan)", re.ASCII | re.IGNORECASE
)
_COUNT: Final = re.compile(r"[+-]?\d+", re.ASCII)


def use_one_locale() -> None:
    """Let all widgets that are made from now on write and read numbers in this way."""
    QLocale.setDefault(QLocale.c())


def read_number(text: str) -> float:
    """A number that a person typed; it need not be finite.

    Raises:
        ValueError: it is none, or is written in another way: "1,5", "1_000", "١٫٥".
    """
    return float(_matching(_NUMBER, text))


def read_count(text: str) -> int:
    """A whole number that a person typed.

    Raises:
        ValueError: it is none, or is written in another way.
    """
    return int(_matching(_COUNT, text))


def is_count(text: str) -> bool:
    """Whether a text spells a whole number."""
    return _COUNT.fullmatch(text) is not None


def _matching(pattern: re.Pattern[str], text: str) -> str:
    trimmed = text.strip()
    if not pattern.fullmatch(trimmed):
        raise ValueError(f"not a number: {shown(text)}")
    return trimmed
