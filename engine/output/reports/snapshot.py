"""A record that stays as it is, for another thread to read."""

from copy import copy
from typing import Any, TypeVar

RecordT = TypeVar("RecordT")


def snapshot(record: RecordT) -> RecordT:
    """The same record as it stands; what events add later is not in it.

    What it holds is immutable, or lists and mappings, which are copied.

    Args:
        record: of a run or a comparison, which is only added to.
    """
    still = copy(record)
    for name, value in vars(record).items():
        setattr(still, name, _copied(value))
    return still


def _copied(value: Any) -> Any:
    if isinstance(value, list):
        return [*value]
    if isinstance(value, dict):
        return {key: _copied(one) for key, one in value.items()}
    return value
