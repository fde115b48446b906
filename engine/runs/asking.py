"""Asking a person whether something that will not win is to be stopped; nothing waits for it."""

from collections.abc import Generator
from typing import TypeVar

from engine.runs.events import Event, StopAdvised
from engine.runs.predictions import Prediction

Returned = TypeVar("Returned")


class Asking:
    """Tells when forecasts turn against something, or for it again; and hears the answer.

    Args:
        meta_iteration: which one, or trial, or where the meta-optimization is.

    Attributes:
        told: events that nobody has been told of yet.
    """

    def __init__(self, meta_iteration: int) -> None:
        self.meta_iteration = meta_iteration
        self.told: list[Event] = []
        self._advises = False

    def follow(self, prediction: Prediction, *, stops: bool) -> None:
        """Tell of the last verdict, if it is another than the one before."""
        if stops != self._advises:
            self._advises = stops
            self.told.append(StopAdvised(self.meta_iteration, stops, prediction))

    def telling(self, events: Generator[Event, None, Returned]) -> Generator[Event, None, Returned]:
        """Pass events on, and tell of one's own between them."""
        while True:
            try:
                event = next(events)
            except StopIteration as stop:
                yield from self.news()
                return stop.value  # type: ignore[no-any-return]
            yield event
            yield from self.news()

    def news(self) -> Generator[Event, None, None]:
        """What nobody has been told of yet."""
        while self.told:
            yield self.told.pop(0)
