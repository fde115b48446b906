"""A Dask cluster of this machine, for as long as a test lasts."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from distributed import LocalCluster


@contextmanager
def local_cluster() -> Iterator["LocalCluster"]:
    """Two processes of one thread each; skips where Dask is not installed.

    Its pages are served on a port that is free: without an address they would all ask for
    8787, even with the dashboard switched off, and the second cluster would warn.
    """
    distributed = pytest.importorskip(
        "distributed", reason='needs the extra "cluster": pip install -e ".[cluster]"'
    )
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0"
    ) as cluster:
        yield cluster
