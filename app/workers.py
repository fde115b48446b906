"""Processes that compute the seeds of a run beside one another."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from typing import Any

from app.stopping import STOPPING


class Workers(ProcessPoolExecutor):
    """Processes that Ctrl+C in the terminal does not reach, and that end with this one.

    Args:
        count: how many at most.
    """

    def __init__(self, count: int) -> None:
        _have_locks_cleaned_up_silently()
        fresh = multiprocessing.get_context("spawn")
        super().__init__(count, fresh, initializer=_end_with_parent)

    def submit(self, call: Any, /, *arguments: Any, **options: Any) -> Future[Any]:
        """Starts a process, if need be; signals that are blocked when it starts stay so in it."""
        with STOPPING.delayed(), _blocked_interrupts():
            return super().submit(call, *arguments, **options)


@contextmanager
def _blocked_interrupts() -> Iterator[None]:
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _have_locks_cleaned_up_silently() -> None:
    """Python's own cleaner of what processes share would print a warning when this one is ended."""
    if sys.platform == "win32":
        return
    sys.warnoptions.append("ignore::UserWarning:multiprocessing.resource_tracker")
    resource_tracker.ensure_running()
    sys.warnoptions.pop()


def _end_with_parent() -> None:
    """Watch the process that started this one; without it, nobody would ever end this one."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, name="end with parent", daemon=True).start()
