"""Fields that name an entry of a catalogue."""

from collections.abc import Container, Mapping
from typing import Any

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError


def one_of(catalogue: Mapping[str, Any]) -> AfterValidator:
    """Accepts the names in a catalogue, as they are when a value is checked."""

    def check(name: str) -> str:
        if name not in catalogue:
            *some, last = (repr(known) for known in catalogue)
            expected = f"{', '.join(some)} or {last}" if some else last
            raise PydanticCustomError(
                "literal_error", "expected {expected}", {"expected": expected}
            )
        return name

    return AfterValidator(check)


def key_of(catalogue: Container[str]) -> AfterValidator:
    """Accepts a table's keys that a catalogue has; others are no fields."""

    def check(name: str) -> str:
        if name not in catalogue:
            raise PydanticCustomError("extra_forbidden", "there is no such field")
        return name

    return AfterValidator(check)
