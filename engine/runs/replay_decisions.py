"""Forecasts finished curves as far as they were known after a while, so that decisions be replayed.

A generator of events, like a run: whoever asks for the next one is in charge. What was forecast
once is remembered, and not forecast again.
"""

import threading
from collections import OrderedDict
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import Executor, Future
from typing import Any, Final, NamedTuple

import numpy as np

from engine.arrays import Floats
from engine.errors import InputError
from engine.forecasting.forecast import forecasting, rehearse
from engine.forecasting.foreseen import Foreseen
from engine.forecasting.replayed import LEVELS
from engine.forecasting.scales import Quantity
from engine.runs.decisions import (
    CurveForecast,
    CurveProgress,
    CurvesProgress,
    CurveStarted,
    DecisionsEvent,
    DecisionsFinished,
    DecisionsStarted,
    Replayed,
    checked,
)
from engine.runs.events import Preparing
from engine.runs.side_by_side import until_done

_MOST_REMEMBERED: Final = 4_000  # forecasts, of some 20 kB


def replay_decisions(
    asked: Replayed, executor: Executor | None = None
) -> Generator[DecisionsEvent, None, None]:
    """Forecast curve after curve, from each look on; see `engine.forecasting.replayed`.

    Args:
        asked: what is replayed.
        executor: who forecasts instead, a curve at a time: any `concurrent.futures.Executor`.

    Yields:
        DecisionsStarted; for each curve CurveStarted, CurveProgress and CurveForecast (or
        CurvesProgress and CurveForecast, where it is done elsewhere); DecisionsFinished.

    Raises:
        InputError: it cannot be replayed; before any forecast.
    """
    checked(asked)
    yield DecisionsStarted(asked)
    if executor is None:
        yield Preparing("Compiling the forecast")
        rehearse()
        yield from _here(asked)
    else:
        yield from _by(asked, executor)
    yield DecisionsFinished()


def _here(asked: Replayed) -> Generator[DecisionsEvent, None, None]:
    for place in range(asked.curves.count):
        found = _REMEMBERED.of(_task_of(asked, place))
        yield CurveStarted(place)
        for n in asked.looks:
            if n not in found:
                task = _task_of(asked, place)
                steps = _foreseen(task, n)
                while True:
                    try:
                        next(steps)
                    except StopIteration as stop:
                        found[n] = stop.value
                        break
                    yield CurveProgress(place, n)
                _REMEMBERED.add(task, {n: found[n]})
        yield CurveForecast(place, {n: found[n] for n in asked.looks})


def _by(asked: Replayed, executor: Executor) -> Generator[DecisionsEvent, None, None]:
    futures: dict[int, Future[Any]] = {}
    for place in range(asked.curves.count):
        task = _task_of(asked, place)
        known = _REMEMBERED.of(task)
        missing = [n for n in asked.looks if n not in known]
        futures[place] = executor.submit(_elsewhere, task, missing)
    try:
        for place, future in futures.items():
            for _ in until_done([future]):
                yield CurvesProgress(sum(one.done() for one in futures.values()))
            task = _task_of(asked, place)
            _REMEMBERED.add(task, future.result())
            found = _REMEMBERED.of(task) | future.result()
            yield CurveForecast(place, {n: found[n] for n in asked.looks})
    finally:
        for future in futures.values():
            future.cancel()


class _Task(NamedTuple):
    """What forecasts of a curve follow from, to look them up by.

    Attributes:
        curve: the bytes of its values, from the first to the last.
        quantity, model, seed: as of a forecast.
    """

    curve: bytes
    quantity: Quantity
    model: str
    seed: int

    @property
    def values(self) -> Floats:
        """(N,)."""
        return np.frombuffer(self.curve)


def _task_of(asked: Replayed, place: int) -> _Task:
    curves = asked.curves
    return _Task(curves.values[place].tobytes(), curves.quantity, asked.model, asked.seed)


def _foreseen(task: _Task, n: int) -> Generator[None, None, Foreseen | None]:
    """The forecast of where a curve ends from its first points; None: they say nothing."""
    values = task.values
    try:
        made = yield from forecasting(
            values[:n].copy(),
            len(values),
            seed=task.seed,
            model=task.model,
            quantity=task.quantity,
        )
    except InputError:
        return None
    return made.at_the_horizon(LEVELS)


def _elsewhere(task: _Task, missing: Sequence[int]) -> dict[int, Foreseen | None]:
    """A curve's forecasts in another process."""
    found: dict[int, Foreseen | None] = {}
    for n in missing:
        steps = _foreseen(task, n)
        while n not in found:
            try:
                next(steps)
            except StopIteration as stop:
                found[n] = stop.value
    return found


class _Remembered:
    """The forecasts that were made last, for any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[_Task, int], Foreseen | None] = OrderedDict()

    def of(self, task: _Task) -> dict[int, Foreseen | None]:
        """Those of a curve, by points."""
        with self._lock:
            return {n: one for (other, n), one in self._kept.items() if other == task}

    def add(self, task: _Task, found: Mapping[int, Foreseen | None]) -> None:
        """Keep these, and forget the oldest where there are too many."""
        with self._lock:
            for n, one in found.items():
                self._kept[task, n] = one
            while len(self._kept) > _MOST_REMEMBERED:
                self._kept.popitem(last=False)


_REMEMBERED: Final = _Remembered()
