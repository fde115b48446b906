"""Experiments that run in a blink, and what became of them."""

import dataclasses
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

import numpy as np
import pytest

from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.runs.events import Event, MetaIterationDone, RunFinished, RunStarted
from engine.runs.records import RunRecord
from engine.runs.run import optimize

Kind = TypeVar("Kind")

_TINY = {
    "name": "tiny",
    "data.source": "iris",
    "model.kind": "softmax regression",
    "model.loss": "cross-entropy",
    "training.iterations": "8",
    "meta.iterations": "3",
}
_FINE = {
    "training.batch_size": "20",
    "hyperparameters.learning_rates.granularity": "iteration and group",
    "hyperparameters.decays.granularity": "iteration",
    "hyperparameters.initial_scales.free": "true",
    "hyperparameters.initial_scales.granularity": "group",
    "hyperparameters.l2_penalties.granularity": "weight",
}
FIXED = {
    "hyperparameters.learning_rates.free": "false",
    "hyperparameters.decays.free": "false",
    "hyperparameters.l2_penalties.free": "false",
}
SMALLEST = '[data]\nsource = "iris"\n[model]\nkind = "softmax regression"\n'
DIVERGES_AFTER_ONE = {**FIXED, "hyperparameters.l2_penalties.free": "true", "meta.step": "1e9"}
"""Penalties jump to their largest value after the first meta-iteration."""
DIVERGES_AT_ONCE = {"hyperparameters.learning_rates.initial": "2000", "meta.iterations": "2"}
"""On the shipped "regression"."""


def tiny(changes: Mapping[str, str] | None = None) -> Experiment:
    """Softmax regression on irises, T = 8: free learning rate, decay and penalty, one of each."""
    return override(load_experiment("regression"), {**_TINY, **(changes or {})})


def tiny_with_everything_free(changes: Mapping[str, str] | None = None) -> Experiment:
    """The same with minibatches, and every kind free, each as finely as it can be set."""
    return tiny({**_FINE, **(changes or {})})


def run(experiment: Experiment) -> list[Event]:
    """All events of a run."""
    return list(optimize(experiment))


@cache
def events_of(experiment: Experiment) -> tuple[Event, ...]:
    """All events of a run; of equal experiments, the same events."""
    return tuple(optimize(experiment))


def of_kind(events: tuple[Event, ...] | list[Event], kind: type[Kind]) -> list[Kind]:
    """The events of one kind."""
    return [event for event in events if isinstance(event, kind)]


def done(events: tuple[Event, ...] | list[Event]) -> list[MetaIterationDone]:
    """The meta-iterations that were done."""
    return of_kind(events, MetaIterationDone)


def finished(events: tuple[Event, ...] | list[Event]) -> RunFinished:
    """The last event."""
    last = events[-1]
    assert isinstance(last, RunFinished)
    return last


def record_of(events: tuple[Event, ...] | list[Event]) -> RunRecord:
    """What a view would have collected of these events."""
    record: RunRecord | None = None
    for event in events:
        if isinstance(event, RunStarted):
            record = RunRecord(event)
        elif record:
            record.add(event)
    assert record is not None, "a run starts"
    return record


def arrays_in(thing: Any) -> Iterator[np.ndarray[Any, Any]]:
    """Every array that an event carries, however deep."""
    if isinstance(thing, np.ndarray):
        yield thing
    elif isinstance(thing, Mapping):
        for value in thing.values():
            yield from arrays_in(value)
    elif dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            yield from arrays_in(getattr(thing, field.name))


def numbers_of(events: list[Event] | tuple[Event, ...]) -> list[Any]:
    """All that a run says, but for what depends on the clock."""
    told: list[Any] = [
        (step.losses, step.hypergradient_norm, step.memory, step.reversed_exactly)
        for step in done(events)
    ]
    arrays = (array for e in (*done(events), finished(events)) for array in arrays_in(e))
    return told + [finished(events).losses] + [array.tobytes() for array in arrays]


def assert_same_hyperparameters(one: Any, other: Any) -> None:
    """All their values are the same."""
    assert set(one) == set(other)
    for kind, values in one.items():
        np.testing.assert_array_equal(values, other[kind])


def sentence(error: pytest.ExceptionInfo[InputError]) -> str:
    """The message, once it is one sentence on one line."""
    text = str(error.value)
    assert "\n" not in text
    assert text.endswith((".", "?"))
    return text
