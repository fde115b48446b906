"""Where a sweep is in each of its meta-iterations, and where on its way chaos begins."""

from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from engine.arrays import Floats
from engine.hyperparameters.domains import DOMAINS
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.values import Hyperparameters
from engine.plots.hyperparameters import setting_of
from engine.plots.strategies import is_a_sweep
from engine.runs.events import MetaIterationDone
from engine.runs.records import RunRecord

_DIGITS: Final = 10  # that a coordinate is rounded to, after logarithms of exponentials
_FEWEST, _MOST_OF_THEM = 5, 0.8
_CLEARLY = 1.25  # times the exponent of neutral growth, at whose level calm training can hover


class _Place(NamedTuple):
    """Where a sweep was in a meta-iteration, and the slope of the objective along it there."""

    x: float
    slope: float


_places: Final[WeakKeyDictionary[MetaIterationDone, _Place]] = WeakKeyDictionary()
"""Found once for each meta-iteration, because every later one asks for it again."""


def swept(record: RunRecord) -> str | None:
    """The kind whose coordinate a run moves along; None if it is no sweep, or of nothing."""
    kinds = (kind for kind in record.current if not KINDS[kind].is_set_by_entry)
    free = (kind for kind in kinds if setting_of(record, kind).free)
    return next(free, None) if is_a_sweep(record) else None


def coordinates(record: RunRecord, kind: str) -> Floats:
    """(n,) where the sweep was in each meta-iteration done."""
    return np.array([_place(record, kind, done).x for done in record.meta_iterations])


def slopes(record: RunRecord, kind: str) -> Floats:
    """(n,) the objective's derivatives along the sweep, which moves free coordinates alike."""
    return np.array([_place(record, kind, done).slope for done in record.meta_iterations])


def range_of_sweep(record: RunRecord, kind: str) -> tuple[float, float]:
    """The coordinates that it begins with and will end with."""
    start, step = _coordinate(record, kind, record.initial), record.experiment.meta.step
    return start, round(start + step * max(record.planned - 1, 1), _DIGITS)


def neutral_growth(record: RunRecord) -> float:
    """The exponent that growth in proportion to time, which is no chaos, comes to at most."""
    return float(np.log(record.iterations) / record.iterations)


def chaos_onset(record: RunRecord) -> float | None:
    """Where on the way of a sweep the hypergradient stops being informative.

    Returns:
        The first coordinate from which the Lyapunov exponent, as the median of three neighbours, is
        a quarter larger than what neutral growth reaches in T iterations, ln(T) / T, and nearly
        always stays so; None while there is none.
    """
    kind = swept(record)
    if kind is None or not record.meta_iterations:
        return None
    exponents = np.array([done.lyapunov_exponent for done in record.meta_iterations])
    above = exponents > _CLEARLY * neutral_growth(record)
    around = np.concatenate([above[:1], above, above[-1:]]).astype(int)
    is_chaotic = around[:-2] + around[1:-1] + around[2:] >= 2
    following = np.cumsum(is_chaotic[::-1])[::-1] / np.arange(len(above), 0, -1)
    found = np.flatnonzero(is_chaotic & (following >= _MOST_OF_THEM))
    if not found.size or len(above) - found[0] < _FEWEST:
        return None
    return _place(record, kind, record.meta_iterations[found[0]]).x


def _place(record: RunRecord, kind: str, done: MetaIterationDone) -> _Place:
    if done not in _places:
        x = _coordinate(record, kind, done.hyperparameters)
        _places[done] = _Place(x, _slope(record, done))
    return _places[done]


def _slope(record: RunRecord, done: MetaIterationDone) -> float:
    """Derivative along the sweep, which moves every free coordinate by the same step."""
    total = 0.0
    for kind, values in done.hyperparameters.items():
        setting = setting_of(record, kind)
        if setting.free:
            transform = DOMAINS[setting.domain]
            by_coordinate = transform.slope(transform.to_coordinate(values))
            total += float(np.sum(done.hypergradient[kind] * by_coordinate))
    return total


def _coordinate(record: RunRecord, kind: str, values: Hyperparameters) -> float:
    transform = DOMAINS[setting_of(record, kind).domain]
    first = values[kind].ravel()[:1]
    return round(float(transform.to_coordinate(first)[0]), _DIGITS)
