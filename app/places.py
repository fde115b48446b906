"""Where training runs go: this process, others on this machine, or a Dask cluster."""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

from app.workers import Workers
from engine.errors import InputError
from engine.sentences import one_line

_SECONDS: float = 10.0
"""To wait for a scheduler that does not answer."""


@contextmanager
def executor_at(workers: int | None = None, scheduler: str = "") -> Iterator[Executor | None]:
    """Who does the work; None: this process itself.

    Args:
        workers: processes on this machine.
        scheduler: the address of a Dask cluster's, as in tcp://HOST:8786; needs the extra
            ``cluster``.

    Raises:
        InputError: both are given, or there is no such cluster.
    """
    if workers and scheduler:
        raise InputError("--scheduler", "expected either workers or a scheduler, found both.")
    if workers:
        with Workers(workers) as processes:
            yield processes
    elif scheduler:
        with _cluster_at(scheduler) as cluster:
            yield cluster
    else:
        yield None


@contextmanager
def _cluster_at(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError:
        install = "pip install 'retrograde[cluster]'"
        raise InputError("--scheduler", f"expected the package distributed: {install}.") from None
    try:
        client: Any = Client(address, timeout=_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as error:
        expected = "expected the address of a Dask scheduler, as in tcp://HOST:8786"
        raise InputError("--scheduler", f"{expected}: {one_line(str(error))}") from None
    try:
        yield client.get_executor(pure=False)
    finally:
        client.close()
