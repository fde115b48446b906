import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from numba import float64, int64, types

from engine.kernels.compiled_code import CompiledCode

KERNEL = """
from engine.kernels.compiling import kernel

@kernel()
def twice(value):
    return value + value
"""
# Before it starts, and before it puts a file in its place, it waits to be told to go on.
PROCESS = """
import os, sys
import numpy
from made_for_test import twice

def meet():
    print("here", flush=True)
    sys.stdin.readline()

def together(*paths, replace=os.replace):
    meet()
    replace(*paths)

os.replace = together
meet()
for chosen in sys.argv[1:]:
    print(twice(getattr(numpy, chosen)(1.5)))
print(sum(twice.stats.cache_misses.values()))
"""
ONCE = """
from made_for_test import twice
twice(1.5)
print(sum(twice.stats.cache_misses.values()))
"""
TYPES = ("float64", "int64", "complex128")
TWICE = ["3.0", "2", "(3+0j)"]


def run(folder: Path, *asked: list[str]) -> list[list[str]]:
    """What processes print that run side by side: each what is twice 1.5, and how many misses.

    They meet wherever they wait, and go on together.
    """
    (folder / "made_for_test.py").write_text(KERNEL)
    (folder / "process.py").write_text(PROCESS)
    told: list[list[str]] = [[] for _ in asked]
    with ExitStack() as stack:
        running = [stack.enter_context(start(folder, chosen)) for chosen in asked]
        both = list(zip(running, told, strict=True))
        while waiting := [process for process, lines in both if listen(process, lines)]:
            for process in waiting:
                print(file=process.stdin, flush=True)
        assert [process.wait(timeout=120) for process in running] == [0] * len(running)
    return told


def start(folder: Path, chosen: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, folder / "process.py", *chosen],
        env={"NUMBA_CACHE_DIR": str(folder / "cache"), "PYTHONPATH": str(Path.cwd())},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def listen(process: subprocess.Popen[str], lines: list[str]) -> bool:
    """Take down what a process prints until it waits; False if it is over."""
    for line in process.stdout:
        if line == "here\n":
            return True
        lines.append(line.strip())
    return False


def test_processes_that_compile_at_once_each_keep_their_own_code(tmp_path):
    first = run(tmp_path, *([chosen] for chosen in TYPES))
    assert first == [[twice, "1"] for twice in TWICE]
    assert run(tmp_path, list(TYPES)) == [[*TWICE, "0"]], "all was kept, each under its types"


def test_processes_that_start_together_share_the_compiling(tmp_path):
    (tmp_path / "made_for_test.py").write_text(KERNEL)
    (tmp_path / "process.py").write_text(ONCE)
    with ExitStack() as stack:
        running = [stack.enter_context(start(tmp_path, [])) for _ in range(4)]
        compiled = [int(process.communicate(timeout=120)[0]) for process in running]
    assert sorted(compiled) == [0, 0, 0, 1]


class Key:
    """Told apart by its value, which its text hides."""

    def __init__(self, value: int) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "key"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and other.value == self.value

    def __hash__(self) -> int:
        return hash(self.value)


@pytest.fixture
def code(tmp_path: Path) -> CompiledCode:
    return CompiledCode(tmp_path, "kernel")


def test_code_is_found_under_its_key_only(code: CompiledCode, tmp_path: Path) -> None:
    code.save((float64,), "for floats")
    code.save((int64,), "for integers")
    assert code.load((float64,)) == "for floats"
    assert CompiledCode(tmp_path, "kernel").load((int64,)) == "for integers"
    assert code.load((types.float32,)) is None
    assert CompiledCode(tmp_path, "other").load((float64,)) is None


def test_what_comes_later_replaces_what_was_there(code: CompiledCode, tmp_path: Path) -> None:
    code.save((float64,), "old")
    code.save((float64,), "new")
    assert code.load((float64,)) == "new"
    assert len(list(tmp_path.glob("*.code"))) == 1


def test_types_that_share_a_name_do_not_share_code(code: CompiledCode) -> None:
    code.save(Key(1), "for one")
    assert code.load(Key(1)) == "for one"
    assert code.load(Key(2)) is None


def test_what_another_is_compiling_is_waited_for(code: CompiledCode, tmp_path: Path) -> None:
    assert code.load((float64,)) is None, "so this one is to compile it"
    other = CompiledCode(tmp_path, "kernel")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(other.load, (float64,))
        assert other.load((int64,)) is None, "others do not have to wait"
        with pytest.raises(TimeoutError):
            waiting.result(0.1)
        code.save((float64,), "for floats")
        assert waiting.result(60) == "for floats"


def test_who_takes_too_long_is_not_waited_for(
    code: CompiledCode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.kernels.compiled_code._MOST_SECONDS", 0.05)
    assert code.load((float64,)) is None
    other = CompiledCode(tmp_path, "kernel")
    assert other.load((float64,)) is None
    other.save((float64,), "for floats")
    assert code.load((float64,)) == "for floats"


def test_where_no_lock_can_be_had_each_compiles_for_itself(
    code: CompiledCode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError("no")

    monkeypatch.setattr("engine.kernels.compiled_code.Lock", refuse)
    assert code.load((float64,)) is None
    assert CompiledCode(tmp_path, "kernel").load((float64,)) is None


@pytest.mark.parametrize("damage", [lambda whole: b"", lambda whole: whole[:-1] + b"\0"])
def test_damaged_files_are_as_good_as_none(code: CompiledCode, tmp_path: Path, damage) -> None:
    code.save((float64,), "for floats")
    (file,) = tmp_path.glob("*.code")
    file.write_bytes(damage(file.read_bytes()))
    assert code.load((float64,)) is None


def test_a_file_that_cannot_be_put_in_place_leaves_nothing_behind(
    code: CompiledCode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*paths: object) -> None:
        raise PermissionError("somebody reads it")

    monkeypatch.setattr("os.replace", refuse)
    code.save((float64,), "for floats")
    assert not list(tmp_path.iterdir())
    assert code.load((float64,)) is None


def test_all_of_a_kernel_can_be_forgotten(code: CompiledCode, tmp_path: Path) -> None:
    other = CompiledCode(tmp_path, "other")
    for each in (code, other):
        each.save((float64,), "for floats")
    code.flush()
    assert code.load((float64,)) is None
    assert other.load((float64,)) == "for floats"
