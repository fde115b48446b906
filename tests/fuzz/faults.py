"""Kinds of input whose readers do what none may do: what a campaign has to find."""

import os
import time
from pathlib import Path
from random import Random

from engine.errors import InputError
from fuzz.cases import Case, Kind


def _input(random: Random) -> Case:
    return {"input": bytes([random.randrange(256)])}


def _raise(path: Path) -> None:
    raise KeyError(path.read_bytes())


def _hang(path: Path) -> None:
    time.sleep(3600)


def _swallow(path: Path) -> int:
    return len(b"x" * 700_000_000)


def _write_elsewhere(path: Path) -> None:
    (path.parents[2] / "fuzz-wrote-this").write_bytes(b"")
    (path.parents[2] / "fuzz-wrote-this").unlink()


def _start_a_program(path: Path) -> None:
    os.system("true")


def _write_two_lines(path: Path) -> None:
    error = InputError("field", "expected one line.")
    error.args = ("two\nlines",)
    raise error


def _refuse(path: Path) -> None:
    raise InputError(path.name, "expected something else.")


KINDS = {
    "other exceptions": Kind(_input, _raise),
    "no end": Kind(_input, _hang),
    "memory": Kind(_input, _swallow),
    "files": Kind(_input, _write_elsewhere),
    "programs": Kind(_input, _start_a_program),
    "lines": Kind(_input, _write_two_lines),
    "refused": Kind(_input, _refuse),
}
