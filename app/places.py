"""Where training runs go, and where they are recorded.

They go on in this process, others on this machine, or a Dask cluster.
"""

import os
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from platformdirs import user_data_path

from engine.errors import InputError
from engine.sentences import one_line

_SECONDS: float = 10.0
"""To wait for a scheduler that does not answer."""

CORES: Final = os.cpu_count() or 1
USUAL_CORES: Final = max(1, CORES - 1)
"""One stays for the window."""

MOST_WORKERS: Final = 256
PlaceKind: TypeAlias = Literal["here", "processes", "cluster"]


def default_library() -> Path:
    """The file in which runs are recorded where nobody names another.

    ``RETROGRADE_LIBRARY`` names one for all runs of a person, or of tests.
    """
    named = os.environ.get("RETROGRADE_LIBRARY")
    return Path(named) if named else user_data_path("retrograde") / "runs.retrograde"


@dataclass(frozen=True)
class Place:
    """Where the window's runs go.

    Attributes:
        kind: the window's own process, others on this machine, or a cluster.
        cores: that runs share here.
        workers: processes.
        scheduler: address of a cluster's scheduler.
    """

    kind: PlaceKind = "here"
    cores: int = USUAL_CORES
    workers: int = USUAL_CORES
    scheduler: str = ""

    @property
    def words(self) -> str:
        """As in "Runs on 3 of 4 cores"."""
        if self.kind == "cluster":
            return f"Runs on {self.scheduler}"
        if self.kind == "processes":
            return f"Runs in {self.workers} {'process' if self.workers == 1 else 'processes'}"
        return f"Runs on {self.cores} of {CORES} core{'s' * (CORES != 1)}"

    def executor(self, problem: str | None = None) -> AbstractContextManager[Executor | None]:
        """Who does the work; see `executor_at`.

        Args:
            problem: the Python file of a problem of one's own, which runs in one process here.
        """
        if problem is not None:
            return executor_at()
        workers = self.workers if self.kind == "processes" else None
        return executor_at(workers, self.scheduler if self.kind == "cluster" else "")


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
        from app.workers import Workers  # brings multiprocessing along

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
    client: Any = Client.__new__(Client)  # known before it connects: one half made is closed, too
    try:
        try:
            client.__init__(address, timeout=_SECONDS, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            expected = "expected the address of a Dask scheduler, as in tcp://HOST:8786"
            raise InputError("--scheduler", f"{expected}: {one_line(str(error))}") from None
        yield client.get_executor(pure=False)
    finally:
        client.close()
