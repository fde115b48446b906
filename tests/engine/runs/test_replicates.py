"""However the training runs of a meta-iteration are shared out, the same bits come out."""

import multiprocessing
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import cache
from typing import Any

import pytest
from clusters_for_tests import local_cluster
from experiments_for_tests import (
    DIVERGES_AFTER_ONE,
    finished,
    numbers_of,
    of_kind,
    tiny,
    tiny_with_everything_free,
)

from engine.experiments.experiment import Experiment
from engine.runs.events import Event, ReversalProgress, SeedsProgress, TrainingProgress
from engine.runs.run import optimize

SEEDS = {"meta.seeds": "3", "meta.iterations": "2", "meta.new_seed": "true"}
LARGE_ENOUGH_FOR_THREADS = {
    "data.source": "digits",
    "training.batch_size": "200",
    "model.kind": "dense network",
    "model.hidden": "[50]",
}


def small() -> Experiment:
    return tiny_with_everything_free(SEEDS)


def large() -> Experiment:
    return tiny_with_everything_free({**SEEDS, **LARGE_ENOUGH_FOR_THREADS})


@cache
def one_by_one(experiment: Experiment) -> list[Any]:
    return numbers_of(list(optimize(experiment, threads=1)))


@pytest.mark.parametrize("threads", [2, 3, 4])
def test_seeds_in_threads_give_the_same_bits(threads: int) -> None:
    assert numbers_of(list(optimize(large(), threads=threads))) == one_by_one(large())


def threads_at_work(experiment: Experiment, threads: int) -> int:
    """How many threads for seeds there were besides this one, at most."""
    most = 0
    for _ in optimize(experiment, threads=threads):
        names = [thread.name for thread in threading.enumerate()]
        most = max(most, sum(name.startswith("retrograde-seed") for name in names))
    return most


def test_threads_are_used_for_seeds_when_that_is_faster() -> None:
    assert threads_at_work(large(), 3) == 2
    assert threads_at_work(small(), 3) == 0
    assert threads_at_work(large(), 1) == 0


def test_with_seeds_in_threads_one_of_them_is_still_shown_as_it_goes() -> None:
    events = list(optimize(large(), threads=3))
    for kind in (TrainingProgress, ReversalProgress):
        assert {event.replicate for event in of_kind(events, kind)} >= {0}


def test_a_run_with_seeds_in_threads_leaves_none_behind_wherever_it_is_closed() -> None:
    before = set(threading.enumerate())
    for stop_after in range(4, 24, 3):
        with closing(optimize(large(), threads=3)) as events:
            for _, _ in zip(range(stop_after), events, strict=False):
                pass
        assert set(threading.enumerate()) == before


@contextmanager
def processes() -> Iterator[Executor]:
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        yield pool


@contextmanager
def dask_cluster() -> Iterator[Executor]:
    with local_cluster() as cluster, cluster.get_client() as client:
        yield client.get_executor()


EXECUTORS = {"threads": lambda: ThreadPoolExecutor(2), "processes": processes, "dask": dask_cluster}


@pytest.mark.parametrize(
    "kind", ["threads", "processes", pytest.param("dask", marks=pytest.mark.long)]
)
def test_any_executor_gives_the_same_bits(kind: str) -> None:
    with EXECUTORS[kind]() as executor:
        events = list(optimize(small(), executor=executor))
        diverged = list(optimize(tiny({**DIVERGES_AFTER_ONE, **SEEDS}), executor=executor))
    assert numbers_of(events) == one_by_one(small())
    assert (
        finished(diverged).message
        == finished(list(optimize(tiny({**DIVERGES_AFTER_ONE, **SEEDS})))).message
    )
    assert not of_kind(events, TrainingProgress)


class Inline(Executor):
    """Does everything at once, and counts."""

    def __init__(self) -> None:
        self.calls = 0

    def submit(self, call: Any, /, *args: Any, **options: Any) -> Future[Any]:
        self.calls += 1
        future: Future[Any] = Future()
        future.set_result(call(*args, **options))
        return future


def test_an_executor_gets_a_call_a_seed_and_tells_how_many_are_done() -> None:
    executor = Inline()
    events: list[Event] = list(optimize(small(), executor=executor))
    assert executor.calls == 3 * (2 + 1)  # two meta-iterations, and the result is judged
    told = [(e.meta_iteration, e.done, e.total) for e in of_kind(events, SeedsProgress)]
    assert told == [(0, 3, 3), (1, 3, 3), (2, 3, 3)]
