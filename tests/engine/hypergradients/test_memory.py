"""What methods report to hold is what they hold; and they hold nothing once they are done."""

import gc
import json
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest

from engine import hypergradient
from engine.methods import METHODS, ImplicitFixedPoint, ImplicitNeumann, Truncated

TESTS = Path(__file__).parents[2]
CALLS = int(os.environ.get("RETROGRADE_CALLS", "2000"))
"""That a process is to outlive; ten thousand take a minute a method."""
OPTIONS: dict[str, Any] = {
    "truncated": Truncated(1),
    "implicit-neumann": ImplicitNeumann(3, 0.5),
    "implicit-fixed-point": ImplicitFixedPoint(3, 0.5),
}


on_linux = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="Linux tells memory")


def methods(*long: str) -> Any:
    """Every method; some take long."""
    marked = [pytest.param(one, marks=pytest.mark.long) if one in long else one for one in METHODS]
    return pytest.mark.parametrize("name", marked)


@on_linux
@methods(*(METHODS.keys() - {"exact-reversal", "checkpointed"}))
def test_the_memory_of_a_method_is_what_it_reports_within_ten_percent(name: str) -> None:
    """With a million parameters, from the peak of a fresh process that has seen the losses."""
    done = subprocess.run(
        [sys.executable, "-m", "memory_for_tests", name],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS.parent), str(TESTS)])},
        capture_output=True,
        text=True,
        check=True,
    )
    grown, reported = json.loads(done.stdout)
    assert reported == pytest.approx(grown, rel=0.1)


def call(name: str, size: int) -> None:
    hypergradient(
        lambda w, theta, t: anp.sum((theta[0] * w - t) ** 2) / 2,
        lambda w, theta: anp.sum(w**2),
        np.ones(size),
        theta=[0.9],
        learning_rates=np.full(2, 0.1),
        decays=np.full(2, 0.5),
        method=OPTIONS.get(name, name),
    )


def bytes_in_arrays() -> int:
    """Of all that have been made while memory is traced."""
    gc.collect()
    arrays = tracemalloc.DomainFilter(inclusive=True, domain=np.lib.tracemalloc_domain)
    traces = tracemalloc.take_snapshot().filter_traces([arrays]).traces
    return sum(trace.size for trace in traces)


@methods()
def test_no_array_is_left_of_a_call(name: str) -> None:
    call(name, 3)  # loads what it needs
    tracemalloc.start()
    try:
        call(name, 3)
        before = bytes_in_arrays()
        call(name, 3)
        assert bytes_in_arrays() == before
    finally:
        tracemalloc.stop()


def resident() -> int:
    """Bytes of memory that this process has."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@on_linux
@pytest.mark.long
@methods()
def test_thousands_of_calls_do_not_make_a_process_larger(name: str) -> None:
    for _ in range(CALLS // 5):
        call(name, 1)
    before = resident()
    for _ in range(4 * CALLS // 5):
        call(name, 1)
    assert resident() - before < max(100 * CALLS, 500_000), "bytes; a vector a call would be more"
