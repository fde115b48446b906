"""Runs `retrograde` where not all is as usual, and prints a line about what came of each.

    python -m tests.environments

Each either works, and gives the same numbers, or says in one line why not. Folders that cannot be
written to are files here, since the permissions of folders do not hold for root.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

ROOT: Final = Path(__file__).parents[1]
_RUN: Final = ("run", "moons", "--meta-iterations", "2", "--set", "training.iterations=10")
_WORKS, _REFUSES = "works", "refuses"


@dataclass(frozen=True)
class Environment:
    """Where the command is run.

    Attributes:
        name: for people.
        outcome: "works" or "refuses"; empty if either will do.
        variables: of the environment, None for those that are not there.
        folder: to run in.
        out: folder for the files, as the command is told.
        words: the command.
        before: what its process does before it begins.
        package: where Retrograde is.
    """

    name: str
    outcome: str = _WORKS
    variables: Mapping[str, str | None] = field(default_factory=dict)
    folder: Path | None = None
    out: str = "out"
    words: tuple[str, ...] = _RUN
    before: Callable[[], object] | None = None
    package: Path = ROOT


def main() -> int:
    """Run everywhere; returns 1 if anything was not as it should be."""
    faults = 0
    with tempfile.TemporaryDirectory() as room:
        usual = np.zeros(0)
        for environment in environments(Path(room)):
            fault, said, numbers = try_in(environment, Path(room))
            if not usual.size:
                usual = numbers
            if not fault and numbers.size and not np.array_equal(numbers, usual):
                fault = "other numbers"
            faults += bool(fault)
            print(
                f"{environment.name:<44} {f'WRONG: {fault}; ' if fault else ''}{said}", flush=True
            )
    return 1 if faults else 0


def environments(room: Path) -> Iterator[Environment]:
    """All of them, made in a folder; the usual one first."""
    a_file, odd = room / "a file", room / "Größe, mit Leerzeichen"
    a_file.touch()
    odd.mkdir()
    no_home = {"HOME": None, "XDG_CACHE_HOME": None, "XDG_CONFIG_HOME": None}
    yield Environment("the usual one")
    yield Environment("no HOME", variables=no_home)
    yield Environment("a home that cannot be written to", variables={"HOME": str(a_file)})
    yield Environment("no user cache", variables={"XDG_CACHE_HOME": str(a_file)})
    yield Environment("NUMBA_CACHE_DIR is a file", variables={"NUMBA_CACHE_DIR": str(a_file)})
    yield Environment("TMPDIR is not there", variables={"TMPDIR": "/nowhere"})
    yield Environment("umlauts and spaces", folder=odd, out="Übung 1")
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    yield Environment("an ASCII locale", variables=ascii_only, out="Übung")
    yield Environment("an ASCII terminal", variables={"PYTHONIOENCODING": "ascii"}, out="Übung")
    yield from _linked(room)
    yield from _other_packages(room)
    removed = room / "removed"
    removed.mkdir()
    yield Environment("a removed working folder", _REFUSES, folder=removed, before=removed.rmdir)
    yield Environment("--out is a file", _REFUSES, out=str(a_file))
    yield Environment("--out is in a file", _REFUSES, out=str(a_file / "out"))
    yield from _limited()
    yield from _streams()
    yield from _variables()


def _linked(room: Path) -> Iterator[Environment]:
    real, link = room / "real", room / "link"
    real.mkdir()
    link.symlink_to(real)
    yield Environment("a linked working folder", folder=link)
    yield Environment("a linked folder for the files", out=str(link / "out"))
    dangling = room / "dangling"
    dangling.symlink_to(room / "nowhere")
    yield Environment("--out is a link to nowhere", _REFUSES, out=str(dangling))


def _other_packages(room: Path) -> Iterator[Environment]:
    """The package itself somewhere else, linked, or where nothing can be written."""
    package = room / "package"
    for name in ("app", "engine", "resources"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, package / name, ignore=ignored)
    shutil.copy(ROOT / "retrograde.py", package)
    link = room / "linked package"
    link.symlink_to(package)
    yield Environment("a linked package", package=link)
    for path in [*package.rglob("*"), package]:
        path.chmod(path.stat().st_mode & ~0o222)
    files = {path for path in package.rglob("*") if "__pycache__" not in path.parts}
    no_cache = {"XDG_CACHE_HOME": str(room / "a file"), "PYTHONDONTWRITEBYTECODE": "1"}
    yield Environment("a read-only package, no user cache", variables=no_cache, package=package)
    new = {path for path in package.rglob("*") if "__pycache__" not in path.parts} - files
    assert not new, f"written into the package: {new}"
    for path in [package, *package.rglob("*")]:
        path.chmod(path.stat().st_mode | 0o200)


def _limited() -> Iterator[Environment]:
    def limit(what: int, value: int) -> Callable[[], None]:
        return lambda: resource.setrlimit(what, (value, value))

    yield Environment("files of at most 2 kB", _REFUSES, before=limit(resource.RLIMIT_FSIZE, 2000))
    yield Environment("no files at all", _REFUSES, before=limit(resource.RLIMIT_FSIZE, 0))
    with _small_disk() as disk:
        if disk:
            yield Environment("a full disk", _REFUSES, out=str(disk / "out"))
        else:
            print(f"{'a full disk':<44} not tried: it takes root and a mount")
    for count in (24, 64):
        files = limit(resource.RLIMIT_NOFILE, count)
        yield Environment(f"at most {count} open files", "", before=files)
    for gigabytes in (1, 4):
        memory = limit(resource.RLIMIT_AS, gigabytes << 30)
        yield Environment(f"{gigabytes} GB of addresses", "", before=memory)
    yield Environment("a stack of 256 kB", "", before=limit(resource.RLIMIT_STACK, 256 << 10))
    yield Environment("no core files", before=limit(resource.RLIMIT_CORE, 0))
    if hasattr(os, "sched_setaffinity"):
        yield Environment("one processor", before=lambda: os.sched_setaffinity(0, {0}))


@contextmanager
def _small_disk() -> Iterator[Path | None]:
    """A disk with room for 64 kB; None where one cannot be mounted."""
    with tempfile.TemporaryDirectory() as place:
        command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place]
        try:
            done = subprocess.run(command, capture_output=True, check=False)
        except FileNotFoundError:
            yield None
            return
        if done.returncode:
            yield None
            return
        try:
            yield Path(place)
        finally:
            subprocess.run(["umount", place], check=True)


def _streams() -> Iterator[Environment]:
    def onto(path: str, stream: int) -> Callable[[], None]:
        return lambda: os.dup2(os.open(path, os.O_RDWR), stream) and None

    yield Environment("standard output is full", before=onto("/dev/full", 1))
    yield Environment(
        "a full standard output for a list", _REFUSES, words=("list",), before=onto("/dev/full", 1)
    )
    yield Environment("no standard input", before=lambda: os.close(0))
    yield Environment("no standard output", before=lambda: os.close(1))
    yield Environment("no standard error", before=lambda: os.close(2))


def _variables() -> Iterator[Environment]:
    for name, value, outcome in (
        ("NUMBA_NUM_THREADS", "0", _REFUSES),
        ("NUMBA_NUM_THREADS", "abc", _REFUSES),
        ("NUMBA_THREADING_LAYER", "nonsense", _WORKS),
        ("NUMBA_DISABLE_JIT", "1", _WORKS),
        ("MPLBACKEND", "nonsense", _WORKS),
        ("MPLCONFIGDIR", "/dev/null", _WORKS),
        ("OMP_NUM_THREADS", "abc", _WORKS),
        ("OPENBLAS_NUM_THREADS", "0", _WORKS),
        ("COLUMNS", "abc", _WORKS),
        ("TERM", "nonsense", _WORKS),
        ("TZ", "nonsense", _WORKS),
        ("LC_ALL", "de_DE.UTF-8", _WORKS),
        ("LANG", "nonsense", _WORKS),
        ("PYTHONWARNINGS", "error", _WORKS),
        ("RETROGRADE_DATA", "/nowhere", _WORKS),
    ):
        yield Environment(f"{name}={value}", outcome, variables={name: value})
    window = {"QT_QPA_PLATFORM": "nonsense"}
    yield Environment("a window with QT_QPA_PLATFORM=nonsense", _REFUSES, window, words=())
    no_display = {"QT_QPA_PLATFORM": None, "DISPLAY": None, "WAYLAND_DISPLAY": None}
    yield Environment("a window without a display", _REFUSES, no_display, words=())
    no_server = {"QT_QPA_PLATFORM": None, "DISPLAY": ":4711", "WAYLAND_DISPLAY": None}
    yield Environment("a window on a display that is not there", _REFUSES, no_server, words=())


def try_in(environment: Environment, room: Path) -> tuple[str, str, np.ndarray]:
    """Run the command there.

    Returns:
        What is wrong, if anything; what came of it, in words; and all hyperparameters, if any.
    """
    with tempfile.TemporaryDirectory(dir=room) as home:
        folder = environment.folder or Path(home)
        given = {**os.environ, "PYTHONPATH": str(environment.package), **environment.variables}
        given["RETROGRADE_LIBRARY"] = str(Path(home) / "runs.retrograde")
        out = ("--out", environment.out) if environment.words[:1] == ("run",) else ()
        done = subprocess.run(
            [sys.executable, "-m", "retrograde", *environment.words, *out],
            cwd=folder,
            env={name: value for name, value in given.items() if value is not None},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            preexec_fn=environment.before,
            check=False,
            timeout=300,
        )
        said = done.stderr.decode(errors="replace").splitlines()
        lines = [line for line in said if "2/2 meta-iterations" not in line]
        file = folder / environment.out / "hyperparameters.npz"
        numbers = np.zeros(0)
        if done.returncode == 0 and environment.words == _RUN:
            with np.load(file) as arrays:
                numbers = np.concatenate([arrays[name].ravel() for name in sorted(arrays.files)])
    fault = _fault(environment.outcome, done.returncode, lines)
    if done.returncode == 0:
        return fault, "works, same numbers" if numbers.size else "works", numbers
    return fault, f"exit {done.returncode}: {' / '.join(lines)[:300]}", numbers


def _fault(outcome: str, status: int, lines: list[str]) -> str:
    if status not in (0, 1, 2):
        return "its exit status"
    if len(lines) > 1 or (status and not lines):
        return f"{len(lines)} lines"
    if any("Internal error" in line or "Traceback" in line for line in lines):
        return "an error nobody foresaw"
    if outcome and (status == 0) != (outcome == _WORKS):
        return f"expected that it {outcome}"
    return ""


if __name__ == "__main__":
    sys.exit(main())
