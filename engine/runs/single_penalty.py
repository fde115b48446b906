"""What a penalty for each input is compared with: none at all, and the best single one.

Both are found by the run's own training and method. The best single penalty has the lowest loss of
the objective: on a grid of powers of e first, then by golden-section search around its best point.
"""

from collections.abc import Callable, Generator
from typing import Final, TypeAlias

import numpy as np

from engine.errors import DivergedError
from engine.experiments.experiment import Experiment
from engine.experiments.measures import BEST_SINGLE, NO_PENALTY, Measures
from engine.hyperparameters.values import Hyperparameters
from engine.runs.events import Event
from engine.runs.replicates import mean_measures

Judge: TypeAlias = Callable[[Hyperparameters], Generator[Event, None, list[Measures]]]
"""Trains with some hyperparameters and tells what comes of it, seed by seed."""

_KIND: Final = "l2_penalties"
_GRID: Final = np.arange(-12.0, 6.1, 1.5)  # log λ
_GOLDEN: Final = (np.sqrt(5.0) - 1) / 2
_CLOSE: Final = 0.01  # of log λ


def is_compared(experiment: Experiment) -> bool:
    """Whether an experiment learns a penalty for each input."""
    setting = experiment.hyperparameters[_KIND]
    return setting.free and setting.granularity == "input"


def fixed_penalties(
    values: Hyperparameters, loss: str, judge: Judge
) -> Generator[Event, None, dict[str, list[Measures]]]:
    """Train with no penalty, and with the best single one.

    Args:
        values: all hyperparameters, of which the penalties alone are replaced.
        loss: the measure by which the single one is the best.
        judge: see `Judge`.

    Returns:
        What comes of it, seed by seed, by name; of what diverges, or has no such measure, nothing.
    """
    tried: dict[float, list[Measures]] = {}
    losses: dict[float, float] = {}

    def attempt(penalty: float) -> Generator[Event, None, float]:
        if penalty not in tried:
            fixed = np.full_like(values[_KIND], penalty)
            try:
                tried[penalty] = yield from judge(values.replace(**{_KIND: fixed}))
            except DivergedError:
                tried[penalty] = []
            found = mean_measures(tried[penalty]).get(loss) if tried[penalty] else None
            losses[penalty] = np.inf if found is None else found
        return losses[penalty]

    yield from attempt(0.0)
    for power in _GRID:
        yield from attempt(float(np.exp(power)))
    place = int(np.argmin([losses[float(np.exp(power))] for power in _GRID]))
    low, high = _GRID[max(place - 1, 0)], _GRID[min(place + 1, len(_GRID) - 1)]
    while high - low > _CLOSE:
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        of_left = yield from attempt(float(np.exp(left)))
        of_right = yield from attempt(float(np.exp(right)))
        low, high = (low, right) if of_left <= of_right else (left, high)
    best = min((penalty for penalty in losses if penalty), key=losses.__getitem__)
    rows = {NO_PENALTY: tried[0.0]}
    if np.isfinite(losses[best]):
        rows[BEST_SINGLE] = tried[best]
    return {name: outcomes for name, outcomes in rows.items() if outcomes}
