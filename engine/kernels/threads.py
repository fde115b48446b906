"""Compiled work with its parts side by side."""

import atexit
import ctypes
import os
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from engine.arrays import Integers
from engine.kernels import team as kernels

_MOST_PARTS = 2
_SECONDS_TO_SPIN = 100e-6  # about as long as it takes to fall asleep and be woken twice
_SECONDS_TO_SPIN_WHEN_BUSY = 5e-6
_SECONDS_TO_STOP = 1.0
_NO_BOARD = np.zeros(0, np.int64)

_allocate_lock = ctypes.PYFUNCTYPE(ctypes.c_void_p)(("PyThread_allocate_lock", ctypes.pythonapi))
_acquire_lock = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int)(
    ("PyThread_acquire_lock", ctypes.pythonapi)
)


def count_parts(work: int, worth: int) -> int:
    """In how many parts to do some work: 1 or 2.

    Args:
        work: how much there is to do.
        worth: how much of it is worth a part of its own.

    How sums round depends on their parts; these depend on the work alone, so that results do not
    depend on how many threads there are.
    """
    parts = 1
    while parts < _MOST_PARTS and work >= 2 * parts * worth:
        parts *= 2
    return parts


def run(kernel: Callable[..., Any], team: int, *args: Any) -> Any:
    """Call a compiled function, with its parts side by side if that can be.

    Args:
        kernel: its last argument is the board to `share_out` its parts with; what it gives does
            not depend on who does them.
        team: threads to use. One does without helpers, and so does a caller that comes
            while another has them.
        *args: what comes before the last.
    """
    return _team.run(kernel, min(team, _CORES), *args)


class Team:
    """A thread that calls kernels, and helpers that stay for the next call.

    Args:
        most: threads, the caller's among them.
    """

    def __init__(self, most: int) -> None:
        self._in_use = threading.Lock()
        self._helpers: list[threading.Thread] = []
        self.board: Integers = np.zeros(kernels.size_of_board(most), np.int64)
        self.board[kernels.JOIN + kernels.LOCK] = _taken_lock()
        self._most = most

    def run(self, kernel: Callable[..., Any], size: int, *args: Any) -> Any:
        """See `run`."""
        if size > 1 and self._in_use.acquire(blocking=False):
            try:
                size = min(size, self._most)
                self._hire(size)
                self.board[kernels.SIZE] = size
                return kernel(*args, self.board)
            finally:
                self._in_use.release()
        return kernel(*args, _NO_BOARD)

    def stop(self) -> None:
        """Send the helpers away; work still gets done."""
        self.board[kernels.STOPPED] = 1
        for member, thread in enumerate(self._helpers, 1):
            kernels.wake(self.board, kernels.slot_of(member))
            thread.join(_SECONDS_TO_STOP)

    def _hire(self, size: int) -> None:
        if not self._helpers:
            per_second = _spins_per_second()
            self.board[kernels.MANY_SPINS] = _SECONDS_TO_SPIN * per_second
            self.board[kernels.FEW_SPINS] = _SECONDS_TO_SPIN_WHEN_BUSY * per_second
        for member in range(1 + len(self._helpers), size):
            self.board[kernels.slot_of(member) + kernels.LOCK] = _taken_lock()
            thread = threading.Thread(
                target=kernels.help_out,
                args=(self.board, member),
                name=f"retrograde-helper-{member}",
                daemon=True,  # it helps for as long as the process lives
            )
            self._helpers.append(thread)
            thread.start()


def _taken_lock() -> int:
    """The address of a lock for compiled code to wait for."""
    address = _allocate_lock()
    if not address:
        raise MemoryError
    _acquire_lock(address, 1)
    return int(address)


def _spins_per_second(count: int = 1000) -> float:
    """How often a thread looks at the board in a second; other programs may hold it up at times."""
    never_zero = np.ones(1, np.int64)
    shortest = np.inf
    for _ in range(5):
        began = time.perf_counter()
        kernels.watch(never_zero, 0, count)
        shortest = min(shortest, time.perf_counter() - began)
    return count / shortest


def _count_cores() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_CORES = _count_cores()
_team = Team(_CORES)


def _start_again() -> None:
    """In a forked process: its parent's helpers are not here."""
    global _team
    _team = Team(_CORES)


atexit.register(lambda: _team.stop())
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_again)
