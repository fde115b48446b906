"""Fields that name an entry of a catalogue."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError


@dataclass(frozen=True)
class OneOf:
    """Accepts the names in a catalogue, as they are when a value is checked.

    Attributes:
        catalogue: its entries, by name; what describes the field reads their titles.
    """

    catalogue: Mapping[str, Any]

    def __call__(self, name: str) -> str:
        """The name, if it is one.

        Raises:
            PydanticCustomError: it is not.
        """
        if name not in self.catalogue:
            *some, last = (repr(known) for known in self.catalogue)
            expected = f"{', '.join(some)} or {last}" if some else last
            raise PydanticCustomError(
                "literal_error", "expected {expected}", {"expected": expected}
            )
        return name


def one_of(catalogue: Mapping[str, Any]) -> AfterValidator:
    """What marks a field that names an entry of a catalogue."""
    return AfterValidator(OneOf(catalogue))


def key_of(catalogue: Container[str]) -> AfterValidator:
    """Accepts a table's keys that a catalogue has; others are no fields."""

    def check(name: str) -> str:
        if name not in catalogue:
            raise PydanticCustomError("extra_forbidden", "there is no such field")
        return name

    return AfterValidator(check)
