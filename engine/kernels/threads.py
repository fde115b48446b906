"""Compiled work with its parts side by side."""

import threading
from collections.abc import Callable
from typing import Any

from numba import set_num_threads
from numba.core import config

_TEAM = threading.Lock()  # numba has one team of threads, which not every platform lets two share
_CORES: int = config.NUMBA_NUM_THREADS  # type: ignore[attr-defined]
_MOST_PARTS = 2


def count_parts(work: int, worth: int) -> int:
    """In how many parts to do some work: 1, 2 or 4.

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
        kernel: its last argument tells how many of numba's team of threads to use; what it gives
            does not depend on that.
        team: threads to use. One does without the team, and so does whoever comes while somebody
            else has it.
        *args: what comes before the last.
    """
    if team > 1 and _TEAM.acquire(blocking=False):
        try:
            size = min(team, _CORES)
            set_num_threads(size)
            return kernel(*args, size)
        finally:
            _TEAM.release()
    return kernel(*args, 1)
