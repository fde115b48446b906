"""One BLAS thread for as long as anybody in this process trains.

Another number of threads may round differently, and a run that is being reversed must meet the bits
that it met on its way forwards. So the number goes back to what it was only when nobody is left.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from threadpoolctl import ThreadpoolController

from engine.locks import free_after_fork

_MAPPED: Final = Path("/proc/self/maps")
_PATH: Final = re.compile(r"^(?:\S+\s+){5}(/.*)$", re.MULTILINE)


class _Controller(ThreadpoolController):  # type: ignore[misc]
    """Finds the BLAS libraries in a list of what is loaded, where there is one.

    To be called back for each by the loader, which holds its lock meanwhile, is a trap: another
    thread may hold the interpreter's and load something.
    """

    def _find_libraries_with_dl_iterate_phdr(self) -> None:
        try:
            mapped = _MAPPED.read_text(errors="surrogateescape")
        except OSError:
            super()._find_libraries_with_dl_iterate_phdr()
            return
        for path in dict.fromkeys(_PATH.findall(mapped)):
            self._make_controller_from_path(path)


class _Held:
    """The limit, and how many hold it."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        free_after_fork(self._lock)
        self._holders = 0
        self._limit: Any = None

    def take(self) -> None:
        with self._lock:
            self._holders += 1
            if self._limit is None:
                import_module("scipy.linalg")  # compiled code uses its BLAS, which must be limited
                self._limit = _Controller().limit(limits=1, user_api="blas")

    def give_back(self) -> None:
        with self._lock:
            self._holders -= 1
            if not self._holders and self._limit is not None:
                self._limit.restore_original_limits()
                self._limit = None


_HELD = _Held()


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Keep BLAS to one thread, however many hold it to that and in whichever order they end."""
    _HELD.take()
    try:
        yield
    finally:
        _HELD.give_back()
