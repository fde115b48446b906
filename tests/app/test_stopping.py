"""Each test has a process of its own, which it stops."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.stopping import WORDS

ROOT = Path(__file__).parents[2]
BEFORE = """
import os, signal, sys, time
from app.stopping import STOPPING, WORDS
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a shell's background
def stop(name):
    os.kill(os.getpid(), signal.Signals[name])
    for _ in range(1000):
        time.sleep(0.01)
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


def run(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", BEFORE + script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("number", WORDS)
def test_a_signal_is_one_line_and_its_own_status(number: signal.Signals) -> None:
    done = run(f"STOPPING.listen(); print('said before', end=''); stop('{number.name}')")
    assert done.returncode == 128 + number
    assert done.stderr == f"retrograde: {WORDS[number]}.\n"
    assert done.stdout == "said before"


def test_whoever_has_something_to_keep_ends_the_sentence() -> None:
    done = run("""
STOPPING.listen()
with STOPPING.keeping(lambda: "; not this"), STOPPING.keeping(lambda: " after 3 steps"):
    stop("SIGINT")
""")
    assert done.stderr == "retrograde: Interrupted after 3 steps.\n"


def test_what_was_kept_for_is_over_afterwards() -> None:
    done = run("""
STOPPING.listen()
with STOPPING.keeping(lambda: "; not this"):
    pass
stop("SIGTERM")
""")
    assert done.stderr == "retrograde: Terminated.\n"


def test_a_signal_waits_for_the_end_of_what_must_not_be_left_half_done() -> None:
    done = run("""
STOPPING.listen()
with STOPPING.delayed():
    with STOPPING.delayed():
        os.kill(os.getpid(), signal.SIGINT)
    print("whole", flush=True)
print("too late")
""")
    assert (done.returncode, done.stdout) == (130, "whole\n")


@pytest.mark.parametrize("second", ["SIGINT", "SIGTERM"])
def test_a_second_signal_ends_at_once(second: str) -> None:
    done = run(f"""
STOPPING.listen()
with STOPPING.delayed():
    os.kill(os.getpid(), signal.SIGINT)
    stop("{second}")
print("too late")
""")
    assert done.returncode == 128 + signal.Signals[second]
    assert done.stdout == done.stderr == ""


def test_a_second_signal_ends_what_keeps_for_too_long() -> None:
    done = run("""
STOPPING.listen()
with STOPPING.keeping(lambda: stop("SIGINT")):
    stop("SIGTERM")
""")
    assert (done.returncode, done.stderr) == (130, "")


@pytest.mark.parametrize("error", ["OSError(28, 'no room')", "InputError('out', 'no room.')"])
def test_what_cannot_be_kept_is_said(error: str) -> None:
    done = run(f"""
from engine.errors import InputError
STOPPING.listen()
def keep():
    raise {error}
with STOPPING.keeping(keep):
    stop("SIGHUP")
""")
    assert done.returncode == 128 + signal.SIGHUP
    assert done.stderr.startswith("retrograde: Hung up; what was done could not be kept: ")
    assert done.stderr.endswith("no room.\n")


def test_a_signal_that_is_ignored_stays_so() -> None:
    done = run("""
signal.signal(signal.SIGHUP, signal.SIG_IGN)
STOPPING.listen()
os.kill(os.getpid(), signal.SIGHUP)
print("still here")
""")
    assert (done.returncode, done.stdout) == (0, "still here\n")


def test_a_signal_while_the_interpreter_clears_up_changes_nothing() -> None:
    done = run("""
class Last:
    def __del__(self, kill=os.kill, process=os.getpid(), number=signal.SIGINT):
        kill(process, number)
sys.modules["last"] = Last()
STOPPING.listen()
STOPPING.finish()
print("all done")
""")
    assert (done.returncode, done.stdout, done.stderr) == (0, "all done\n", "")


def test_no_exception_comes_up_in_a_destructor() -> None:
    """An exception raised there would be printed, and lost."""
    done = run("""
STOPPING.listen()
class Slow:
    def __del__(self):
        stop("SIGINT")
Slow()
""")
    assert (done.returncode, done.stderr) == (130, "retrograde: Interrupted.\n")


def test_what_was_being_written_is_removed(tmp_path: Path) -> None:
    done = run(f"""
from pathlib import Path
from engine.files import write_whole
STOPPING.listen()
Path.chmod = lambda *_: stop("SIGTERM")
write_whole(Path({str(tmp_path)!r}) / "out" / "numbers", b"1")
""")
    assert done.returncode == 143
    assert list((tmp_path / "out").iterdir()) == []


def test_the_processes_it_started_end_with_it() -> None:
    done = run("""
import multiprocessing
STOPPING.listen()
child = multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,))
child.start()
print(child.pid, flush=True)
stop("SIGTERM")
""")
    assert done.returncode == 143
    deadline = time.monotonic() + 30
    while _is_running(int(done.stdout)):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_without_standard_streams_the_status_is_still_right() -> None:
    done = run("sys.stdout = sys.stderr = None; STOPPING.listen(); stop('SIGTERM')")
    assert done.returncode == 143


def _is_running(process: int) -> bool:
    status = Path(f"/proc/{process}/status")
    return status.exists() and "zombie" not in status.read_text()
