"""Records and libraries, compared to the bit."""

import dataclasses
import itertools
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from experiments_for_tests import tiny

from engine.experiments.experiment import Experiment
from engine.library.connecting import connect
from engine.library.library import Library
from engine.library.recording import recorded
from engine.library.schema import ROW_CHECKSUM
from engine.runs.events import Event, MetaIterationDone
from engine.runs.records import RunRecord
from engine.runs.run import optimize


def assert_same(one: Any, other: Any, *, clocks: bool = True, path: str = "") -> None:
    """Two things made of events are the same, to the bit.

    Args:
        one, other: the things.
        clocks: whether seconds count, too.
        path: where they are.
    """
    if isinstance(one, np.generic):
        one = one.item()
    if isinstance(other, np.generic):
        other = other.item()
    assert type(one) is type(other), path
    if isinstance(one, np.ndarray):
        assert (one.dtype, one.shape) == (other.dtype, other.shape), path
        assert one.tobytes() == other.tobytes(), path
    elif isinstance(one, float):
        assert np.float64(one).tobytes() == np.float64(other).tobytes(), path
    elif isinstance(one, Experiment):
        assert one == other, path
    elif isinstance(one, Mapping):
        assert list(one) == list(other), path
        for key in one:
            assert_same(one[key], other[key], clocks=clocks, path=f"{path}.{key}")
    elif isinstance(one, list | tuple):
        assert len(one) == len(other), path
        for place, (left, right) in enumerate(zip(one, other, strict=True)):
            assert_same(left, right, clocks=clocks, path=f"{path}[{place}]")
    elif dataclasses.is_dataclass(one):
        for field in dataclasses.fields(one):
            if clocks or field.name != "seconds" or isinstance(one.seconds, Mapping):
                left, right = getattr(one, field.name), getattr(other, field.name)
                assert_same(left, right, clocks=clocks, path=f"{path}.{field.name}")
    else:
        assert one == other, path


def assert_same_records(one: RunRecord, other: RunRecord, *, clocks: bool = True) -> None:
    """Two records are the same, to the bit."""
    left, right = dict(vars(one)), dict(vars(other))
    for attributes in (left, right):
        del attributes["_planned_of"], attributes["_next_resume_point"]
    assert left["free"] == right["free"]
    del left["free"], right["free"]
    if not clocks and (one.is_one_run or one.experiment.meta.trials_warm):
        del left["resume_point"], right["resume_point"]  # told now and then
    assert_same(left, right, clocks=clocks)


def record_in(path: Path, events: Iterable[Event]) -> RunRecord:
    """The record of a run that is recorded in a library, as it is read from there."""
    for _ in recorded(events, path):
        pass
    with Library(path) as library:
        return next(iter(library)).record


def until(events: Iterable[Event], done: int) -> list[Event]:
    """The events up to a number of meta-iterations that are done; then the run is closed."""
    count = itertools.count(1)
    found = []
    for event in events:
        found.append(event)
        if isinstance(event, MetaIterationDone) and next(count) == done:
            break
    if hasattr(events, "close"):
        events.close()
    return found


def cut_short(path: Path, experiment: Experiment, done: int, name: str = "cut short") -> None:
    """Record a run as far as a process came that was killed."""
    list(recorded(until(optimize(experiment, threads=1), done), path, name))
    with closing(connect(path)[0]) as connection:
        connection.execute("UPDATE runs SET state = 'running' WHERE name = ?", (name,))
        connection.execute(f"UPDATE runs SET crc32 = {ROW_CHECKSUM}")


_IMPLICIT = {
    "method": "implicit-cg",
    "hypergradient.minimise_to": "1e-6",
    "hyperparameters.learning_rates.free": "false",
    "hyperparameters.decays.free": "false",
    "hyperparameters.l2_penalties.initial": "0.01",
}
LONG_RUNS = {
    "adam by exact reversal": {"meta.optimizer": "adam"},
    "adam by stored trajectory": {"meta.optimizer": "adam", "method": "stored-trajectory"},
    "random by exact reversal": {"meta.optimizer": "random"},
    "tpe by stored trajectory": {
        "meta.optimizer": "tpe",
        "method": "stored-trajectory",
        "meta.iterations": "120",
    },
    "hoag": {**_IMPLICIT, "meta.optimizer": "hoag"},
    "real time": {
        "method": "forward",
        "meta.optimizer": "real-time",
        "training.iterations": "4000",
        "meta.update_every": "4",
        "meta.random_runs": "1",
    },
}
"""Runs that last long enough to be killed within them."""


def long_run(sort: str) -> Experiment:
    """One of them."""
    return tiny({"meta.iterations": "400", **LONG_RUNS[sort]})
