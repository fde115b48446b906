"""Several jobs at the same time; a job here is a generator that can be let go step by step."""

import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest

from engine.errors import DivergedError
from engine.runs.side_by_side import by_executor, in_threads

HERE = "here"


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def job(name: str, steps: int = 3) -> Callable[[], Generator[str, None, str]]:
    def begin() -> Generator[str, None, str]:
        for step in range(steps):
            yield f"{name}{step}"
        return name

    return begin


def diverging(name: str) -> Callable[[], Generator[str, None, str]]:
    def begin() -> Generator[str, None, str]:
        yield f"{name}0"
        raise DivergedError(3, name, "it had to be")

    return begin


def live(number: int, steps: Generator[str, None, str]) -> Generator[Any, None, str]:
    outcome = yield from steps
    return outcome


def waiting(done: int) -> int:
    return done


def outcome_of(generator: Generator[Any, None, Any]) -> tuple[list[Any], Any]:
    told = []
    while True:
        try:
            told.append(next(generator))
        except StopIteration as stop:
            return told, stop.value


def test_outcomes_come_in_the_order_of_the_jobs(pool: ThreadPoolExecutor) -> None:
    jobs = [job(name, steps) for name, steps in zip("abcdefg", (9, 0, 5, 1, 0, 3, 2), strict=True)]
    _, outcomes = outcome_of(in_threads(pool, jobs, live, waiting))
    assert outcomes == list("abcdefg")


def test_this_thread_tells_of_its_own_and_takes_on_what_nobody_has_begun(
    pool: ThreadPoolExecutor,
) -> None:
    let_go, begun = threading.Event(), threading.Event()

    def slow() -> Generator[str, None, str]:
        begun.set()
        let_go.wait(10)
        yield "b0"
        return "b"

    generator = in_threads(pool, [job("a"), slow, job("c")], live, waiting)
    told = [next(generator) for _ in range(6)]  # nothing but b is left then
    assert begun.is_set()
    assert told == ["a0", "a1", "a2", "c0", "c1", "c2"]
    assert next(generator) == 2
    let_go.set()
    assert outcome_of(generator)[1] == ["a", "b", "c"]


def test_a_closed_generator_stops_what_others_are_doing(pool: ThreadPoolExecutor) -> None:
    closed, begun = threading.Event(), threading.Event()

    def endless() -> Generator[str, None, str]:
        try:
            while True:
                begun.set()
                yield "on and on"
        finally:
            closed.set()

    with closing(in_threads(pool, [job("a"), endless, job("c")], live, waiting)) as generator:
        assert next(generator) == "a0"
        assert begun.wait(10)
    assert closed.is_set()


def test_the_first_in_order_that_diverges_is_told_of(pool: ThreadPoolExecutor) -> None:
    jobs = [job("a"), diverging("b"), diverging("c")]
    with pytest.raises(DivergedError, match=" b: it had to be"):
        outcome_of(in_threads(pool, jobs, live, waiting))


def test_an_executor_gives_outcomes_in_order_and_tells_how_many_are_done(
    pool: ThreadPoolExecutor,
) -> None:
    told, outcomes = outcome_of(by_executor(pool, [(divmod, n, 2) for n in range(5)], waiting))
    assert outcomes == [divmod(n, 2) for n in range(5)]
    assert told[-1] == 5


def test_closed_early_the_executor_is_told_to_begin_no_more(pool: ThreadPoolExecutor) -> None:
    let_go = threading.Event()
    submitted: list[Future[Any]] = []
    submit = pool.submit
    pool.submit = lambda *call: submitted.append(submit(*call)) or submitted[-1]  # type: ignore
    with closing(by_executor(pool, [(let_go.wait, 10)] * 3, waiting)) as generator:
        assert next(generator) == 0
    assert [future.cancelled() for future in submitted] == [False, True, True]
    let_go.set()
