"""Telling of training runs while they go on: a few events a second, whatever they do."""

import time
from collections.abc import Generator
from typing import Final, TypeVar

from engine.errors import DivergedError
from engine.hypergradients.result import Progress
from engine.runs.events import Event, JudgingProgress, MethodProgress
from engine.runs.telling import progress_event

_SECONDS_BETWEEN_EVENTS: Final = 1 / 60
Outcome = TypeVar("Outcome")


class Watching:
    """Goes through the steps of training runs, and tells of them.

    Args:
        iterations: T.
    """

    def __init__(self, iterations: int) -> None:
        self._iterations = iterations
        self._last_event = time.monotonic()

    def watch(
        self, index: int, replicate: int, steps: Generator[Progress, None, Outcome]
    ) -> Generator[Event, None, Outcome]:
        """Pass a training run's progress on in handfuls."""
        untold: list[Progress] = []
        while True:
            try:
                progress = next(steps)
            except StopIteration as stop:
                return stop.value  # type: ignore[no-any-return]
            except DivergedError:
                if untold:
                    yield progress_event(index, replicate, untold)
                raise
            if progress.phase not in ("training", "reversing"):
                if self.is_time_for_an_event():
                    where = progress.phase, progress.iteration, progress.part
                    yield MethodProgress(index, replicate, *where)
                continue
            untold.append(progress)
            last = self._iterations if progress.phase == "training" else 0
            if self.is_time_for_an_event() or progress.iteration == last:
                yield progress_event(index, replicate, untold)
                untold = []

    def watch_update(
        self,
        index: int,
        update: int,
        of: int,
        replicate: int,
        steps: Generator[Progress, None, Outcome],
    ) -> Generator[Event, None, Outcome]:
        """Tell only how many updates of a meta-iteration are done."""
        while True:
            try:
                next(steps)
            except StopIteration as stop:
                return stop.value  # type: ignore[no-any-return]
            if self.is_time_for_an_event():
                yield MethodProgress(index, replicate, "updating", update, (update + 1, of))

    def watch_judging(
        self, replicate: int, steps: Generator[Progress, None, Outcome]
    ) -> Generator[Event, None, Outcome]:
        """Tell only how far training once more is."""
        while True:
            try:
                progress = next(steps)
            except StopIteration as stop:
                return stop.value  # type: ignore[no-any-return]
            if self.is_time_for_an_event():
                yield JudgingProgress(replicate, progress.iteration)

    def is_time_for_an_event(self) -> bool:
        """Whether the last one was long enough ago; the next one counts from now, then."""
        now = time.monotonic()
        due = now - self._last_event >= _SECONDS_BETWEEN_EVENTS
        if due:
            self._last_event = now
        return due
