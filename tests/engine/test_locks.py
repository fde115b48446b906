import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import autograd.numpy as anp
import numpy as np
import pytest
from experiments_for_tests import done, tiny

import engine
from engine.locks import Lock

can_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")


def test_a_lock_is_for_one_at_a_time(tmp_path: Path) -> None:
    for path in (tmp_path / "file", tmp_path):
        lock = Lock(path)
        with pytest.raises(BlockingIOError):
            Lock(path)
        lock.let_go()
        Lock(path).let_go()


def in_a_fork(what: Callable[[], bytes]) -> bytes:
    """What a forked process makes; nothing if it fails, or takes too long."""
    reader, writer = os.pipe()
    if not (child := os.fork()):
        os.write(writer, what())
        os._exit(0)
    os.close(writer)
    deadline = time.monotonic() + 60
    while not os.waitpid(child, os.WNOHANG)[0]:
        if time.monotonic() > deadline:
            os.kill(child, 9)
        time.sleep(0.01)
    with os.fdopen(reader, "rb") as made:
        return made.read()


def of_a_run() -> bytes:
    """The hypergradients of an experiment with two seeds, by two threads."""
    events = tuple(engine.optimize(tiny({"meta.seeds": "2", "meta.iterations": "1"}), threads=2))
    return done(events)[0].hypergradient["learning_rates"].tobytes()


def of_a_loss(slow: Callable[[], object] = lambda: None) -> bytes:
    """The hypergradient of a loss of one's own."""

    def training_loss(w, theta, t):  # type: ignore[no-untyped-def]
        slow()
        return anp.sum(w**4)

    result = engine.hypergradient(
        training_loss,
        lambda w, theta: anp.sum(w**2),
        np.ones(3),
        learning_rates=np.full(5, 0.1),
        decays=np.full(5, 0.5),
    )
    assert result.gradient.learning_rates is not None
    return result.gradient.learning_rates.tobytes()


@can_fork
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.parametrize("run", [of_a_run, of_a_loss])
def test_a_forked_process_gives_the_same_bits(run: Callable[[], bytes]) -> None:
    here = run()
    assert in_a_fork(run) == here


@can_fork
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_lock_that_is_let_go_is_free_though_a_forked_process_has_its_file_open(
    tmp_path: Path,
) -> None:
    lock, (reader, writer), (hears, says) = Lock(tmp_path / "file"), os.pipe(), os.pipe()
    if not (child := os.fork()):
        os.close(writer)
        again = os.dup(lock._handle)
        lock.let_go()  # it is not this process's
        os.write(says, b"!")
        os.read(reader, 1)  # until its parent is done
        os.close(again)
        os._exit(0)
    try:
        os.read(hears, 1)
        with pytest.raises(BlockingIOError):
            Lock(tmp_path / "file")
        lock.let_go()
        Lock(tmp_path / "file").let_go()
    finally:
        for end in (reader, writer, hears, says):
            os.close(end)
        os.waitpid(child, 0)


@can_fork
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.parametrize("first", [0, 1])
def test_a_fork_does_not_hang_though_another_thread_takes_one_lock_after_another(
    first: int,
) -> None:
    """Such as a loss that compiles something while it is differentiated."""
    script = f"""
import os, threading, time
from engine.locks import free_after_fork
locks = [threading.RLock(), threading.RLock()]
for lock in locks:
    free_after_fork(lock)
is_in_it = threading.Event()
def nest():
    with locks[{first}]:
        is_in_it.set()
        time.sleep(0.2)
        with locks[1 - {first}]:
            time.sleep(0.2)
threading.Thread(target=nest).start()
is_in_it.wait()
if not (child := os.fork()):
    with locks[0], locks[1]:
        os._exit(7)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.stdout, done.returncode) == ("7\n", 0), done.stderr


@can_fork
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_fork_while_another_thread_differentiates_does_not_hang() -> None:
    here, is_in_it = of_a_loss(), threading.Event()

    def linger() -> None:
        is_in_it.set()
        time.sleep(0.05)

    other = threading.Thread(target=of_a_loss, args=(linger,))
    other.start()
    assert is_in_it.wait(60)
    assert in_a_fork(of_a_loss) == here
    other.join()
