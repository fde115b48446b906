"""Dates along an axis of years: where its ticks stand, and how a place is written."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np

from engine.data.readers.series import in_years

_DAY: Final = 86_400
_MONDAY: Final = 4  # days after 1970-01-01
_BETWEEN: Final = 3
"""Letters of room that a tick has besides its own."""
_MOST: Final = 100
"""Ticks."""


class _Every(NamedTuple):
    """Ticks so many units apart: seconds, months, or years."""

    unit: str
    number: int


_FINER: Final = (
    *(_Every("s", 60 * count) for count in (1, 5, 10, 30)),
    *(_Every("s", 3600 * count) for count in (1, 3, 6, 12)),
    *(_Every("s", _DAY * count) for count in (1, 2, 7, 14)),
    *(_Every("M", count) for count in (1, 3, 6)),
)


def date_of(years: float) -> Any:
    """The time, to the second, that years of our calendar tell, as `numpy.datetime64`."""
    whole = int(np.floor(years))
    begun, ends = (_begin_of(year) for year in (whole, whole + 1))
    seconds = (ends - begun).astype(np.int64) * (years - whole)
    return begun + np.timedelta64(round(float(seconds)), "s")


def date_in_words(years: float) -> str:
    """As in "2020-02-06", with the time of day, if it is not the beginning of one."""
    return _written(date_of(years), with_time=_time_of_day(date_of(years)) != 0)


def date_ticks(low: float, high: float, letters: float) -> list[tuple[float, str]]:
    """Where ticks stand, and what is written there: the most that have room.

    Args:
        low: where the axis begins, in years.
        high: where it ends.
        letters: how many have room along it.
    """
    if not (np.isfinite(low) and np.isfinite(high) and low < high):
        return []
    for every in (*_FINER, *_of_years()):
        if (high - low) / _length(every) > _MOST:
            continue
        found = _placed(every, low, high)
        if sum(len(text) + _BETWEEN for _, text in found) <= max(letters, 1):
            return found
    return []


def _of_years() -> Iterator[_Every]:
    for power in range(7):
        for count in (1, 2, 5):
            yield _Every("Y", count * 10**power)


def _length(every: _Every) -> float:
    """How far apart ticks are, in years."""
    return every.number / {"s": 365.25 * _DAY, "M": 12.0, "Y": 1.0}[every.unit]


def _placed(every: _Every, low: float, high: float) -> list[tuple[float, str]]:
    if every.unit == "Y":
        first = int(np.ceil(low / every.number)) * every.number
        return [(float(year), str(year)) for year in range(first, int(high) + 1, every.number)]
    start, stop = date_of(low), date_of(high)
    if every.unit == "M":
        first, last = (int(time.astype("datetime64[M]").astype(np.int64)) for time in (start, stop))
        first = -(-first // every.number) * every.number
        months = np.arange(first, last + 1, every.number)
        times = months.astype("datetime64[M]").astype("datetime64[s]")
        texts = [str(month.astype("datetime64[M]")) for month in times]
    else:
        offset = _MONDAY * _DAY if every.number % (7 * _DAY) == 0 else 0
        first, last = (int(time.astype(np.int64)) - offset for time in (start, stop))
        first = -(-first // every.number) * every.number
        times = (np.arange(first, last + 1, every.number) + offset).astype("datetime64[s]")
        texts = [_written(time, with_time=every.number < _DAY) for time in times]
    places = in_years(times.astype(np.int64) / _DAY)
    pairs = zip(places.tolist(), texts, strict=True)
    return [(place, text) for place, text in pairs if low <= place <= high]


def _begin_of(year: int) -> Any:
    return np.datetime64(year - 1970, "Y").astype("datetime64[s]")


def _time_of_day(time: Any) -> int:
    return int((time - time.astype("datetime64[D]")).astype(np.int64))


def _written(time: Any, *, with_time: bool) -> str:
    date = str(time.astype("datetime64[D]"))
    if not with_time:
        return date
    unit = "m" if _time_of_day(time) % 60 == 0 else "s"
    return f"{date} {str(time.astype(f'datetime64[{unit}]')).partition('T')[2]}"
