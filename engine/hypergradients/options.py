"""Options of methods, checked where a method is made."""

from math import isfinite
from typing import Any

from engine.errors import InputError
from engine.sentences import shown


def check_count(name: str, value: Any, least: int, *, needed: bool = False) -> None:
    """Refuse what is no whole number from some least one.

    Raises:
        InputError: naming the option.
    """
    if value is None and not needed:
        return
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise InputError(name, f"expected a whole number, at least {least}, found {shown(value)}.")


def check_positive(name: str, value: Any, *, needed: bool = False) -> None:
    """Refuse what is no positive number.

    Raises:
        InputError: naming the option.
    """
    if value is None and not needed:
        return
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not isfinite(value) or value <= 0:
        raise InputError(name, f"expected a number above 0, found {shown(value)}.")
