"""Dates in the cells of a table, as days."""

import re
from datetime import UTC, datetime
from typing import Final

_TIME: Final = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST: Final = re.compile(rf"(\d{{4}})[-/](\d{{1,2}})[-/](\d{{1,2}})({_TIME})", re.ASCII)
_DAY_FIRST: Final = re.compile(rf"(\d{{1,2}})\.(\d{{1,2}})\.(\d{{4}})({_TIME})", re.ASCII)
_AMBIGUOUS: Final = re.compile(rf"\d{{1,2}}[/-]\d{{1,2}}[/-](\d{{4}}|\d{{2}}){_TIME}", re.ASCII)
_LONGEST: Final = 40
_DAY: Final = 86_400.0
_START: Final = datetime(1970, 1, 1, tzinfo=UTC)


def is_date(cell: str) -> bool:
    """Whether a cell looks like a date, also one of which it is open what is day and month."""
    text = cell.strip()
    return len(text) <= _LONGEST and bool(
        _YEAR_FIRST.fullmatch(text) or _DAY_FIRST.fullmatch(text) or _AMBIGUOUS.fullmatch(text)
    )


def days_in(cell: str) -> float | None:
    """Days since 1970-01-01, with the time as a fraction; None for anything but a certain date.

    2024-01-31, 2024/01/31 and 31.01.2024 are certain, 01/02/2024 is not. A time without a zone
    counts as UTC.
    """
    text = cell.strip()
    if len(text) > _LONGEST:
        return None
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day, time = found.groups()
    elif found := _DAY_FIRST.fullmatch(text):
        day, month, year, time = found.groups()
    else:
        return None
    clock = time.replace(" ", "T").replace(",", ".") or "T00:00"
    hour, _, rest = clock[1:].partition(":")
    try:
        moment = datetime.fromisoformat(
            f"{year}-{int(month):02}-{int(day):02}T{int(hour):02}:{rest}"
        )
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _START).total_seconds() / _DAY
