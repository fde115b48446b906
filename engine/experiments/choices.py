"""Fields that name an entry of a catalogue."""

from collections.abc import Mapping
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


@dataclass(frozen=True)
class KeyOf:
    """Accepts a table's keys that a catalogue has; others are no fields.

    Attributes:
        catalogue: its entries, by name.
    """

    catalogue: Mapping[str, Any]

    def __call__(self, name: str) -> str:
        """The key, if it is one.

        Raises:
            PydanticCustomError: it is not.
        """
        if name not in self.catalogue:
            raise PydanticCustomError("extra_forbidden", "there is no such field")
        return name


def key_of(catalogue: Mapping[str, Any]) -> AfterValidator:
    """What marks the keys of a table that a catalogue has."""
    return AfterValidator(KeyOf(catalogue))
