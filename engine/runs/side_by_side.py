"""Several jobs at the same time: in threads of this process, or wherever an executor takes them."""

import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor, wait
from contextlib import closing
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar

from engine.errors import DivergedError
from engine.tasks.task import Task

_SECONDS_BETWEEN_LOOKS = 0.04
_WORTH_A_THREAD: Final = 200_000
"""Multiplications of a minibatch; below, threads wait for the interpreter."""
Told = TypeVar("Told")
Outcome = TypeVar("Outcome")
Steps: TypeAlias = Generator[Any, None, Outcome]
Live: TypeAlias = Callable[[int, Steps[Outcome]], Generator[Told, None, Outcome]]
"""(which job, its steps) → goes through the steps, telling of them."""


class Places(NamedTuple):
    """Where training runs may be done.

    Attributes:
        team: threads of this process, this one included.
        pool: the others.
        executor: what does them instead, if there is one.
    """

    team: int
    pool: ThreadPoolExecutor
    executor: Executor | None = None


def is_worth_threads(task: Task) -> bool:
    """Whether a training run spends most of its time in kernels, which need no interpreter."""
    return task.products >= _WORTH_A_THREAD


def in_threads(
    pool: ThreadPoolExecutor,
    jobs: Sequence[Callable[[], Steps[Outcome]]],
    live: Live[Outcome, Told],
    waiting: Callable[[int], Told],
) -> Generator[Told, None, list[Outcome]]:
    """Do jobs in a pool's threads and in this one, which tells how its own go.

    Args:
        pool: of threads, besides this one.
        jobs: each begins one.
        live: goes through the steps of the jobs that this thread does.
        waiting: makes something to tell, of the number of jobs done, when nothing is left here.

    Returns:
        What the jobs return, in their order. Their threads have stopped, even if this generator is
        closed before its end.

    Raises:
        DivergedError: of the first job, in their order, that diverged.
    """
    stopping = threading.Event()
    futures: list[Future[Outcome]] = [pool.submit(_drain, job, stopping) for job in jobs[1:]]
    here: dict[int, Outcome | DivergedError] = {}
    try:
        for number, job in enumerate(jobs):
            if number == 0 or futures[number - 1].cancel():
                try:
                    here[number] = yield from live(number, job())
                except DivergedError as error:
                    here[number] = error
        away = [future for future in futures if not future.cancelled()]
        yield from _wait(away, lambda done: waiting(len(here) + done))
        return [
            _outcome(here[number]) if number in here else futures[number - 1].result()
            for number in range(len(jobs))
        ]
    finally:
        stopping.set()
        for future in futures:
            future.cancel()
        wait(futures)


def by_executor(
    executor: Executor, calls: Sequence[tuple[Any, ...]], waiting: Callable[[int], Told]
) -> Generator[Told, None, list[Any]]:
    """Have an executor do calls, each a function and its arguments.

    Args:
        executor: any.
        calls: what to submit.
        waiting: makes something to tell, of the number of calls done.

    Returns:
        What the calls return, in their order. Closed before its end, the generator cancels those
        that have not begun.
    """
    futures = [executor.submit(*call) for call in calls]
    try:
        yield from _wait(futures, waiting)
        return [future.result() for future in futures]
    finally:
        for future in futures:
            future.cancel()


def until_done(futures: Sequence[Future[Any]]) -> Generator[int, None, None]:
    """Wait for futures, and tell now and then how many of them are not done."""
    yield from _wait(futures, lambda done: len(futures) - done)


def _wait(
    futures: Sequence[Future[Any]], waiting: Callable[[int], Told]
) -> Generator[Told, None, None]:
    left = set(futures)
    while left:
        _, left = wait(left, timeout=_SECONDS_BETWEEN_LOOKS)
        yield waiting(len(futures) - len(left))


def _drain(job: Callable[[], Steps[Outcome]], stopping: threading.Event) -> Outcome:
    with closing(job()) as steps:
        while not stopping.is_set():
            try:
                next(steps)
            except StopIteration as stop:
                return stop.value  # type: ignore[no-any-return]
    raise CancelledError


def _outcome(outcome: Outcome | DivergedError) -> Outcome:
    if isinstance(outcome, DivergedError):
        raise outcome
    return outcome
