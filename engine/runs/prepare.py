"""Compiling beforehand what experiments need: ``python -m engine.runs.prepare [EXPERIMENT …]``.

A run that needs a kernel which is being compiled elsewhere waits for it, so this can go on beside
a window; two of these, one with ``--derivatives-first``, share the work.
"""

import hashlib
import os
import platform
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Final

import engine.kernels
import resources
from engine.errors import InputError
from engine.kernels.places import places

DERIVATIVES_FIRST: Final = "--derivatives-first"
_NICENESS: Final = 5
_STAMP: Final = "retrograde-prepared"


def is_prepared() -> bool:
    """Whether all that ships has been compiled by this version on this machine.

    It takes some milliseconds. What somebody has deleted since will be compiled in a run.
    """
    digest = _digest()
    for place in places(os.environ.get("NUMBA_CACHE_DIR", "")):
        with suppress(OSError):
            if (place / _STAMP).read_text() == digest:
                return True
    return False


def prepare(first: Sequence[str] = (), *, derivatives_first: bool = False) -> None:
    """Compile what the experiments that ship need, and forecasts of their learning curves.

    Args:
        first: names, or TOML files, of experiments whose needs come before all others'.
        derivatives_first: do the steps of training after them.
    """
    from engine.dynamics.catalogue import DYNAMICS  # with numba, which takes a while
    from engine.experiments.files import list_experiments, load_experiment
    from engine.forecasting.forecast import rehearse
    from engine.kernels.keeping import FOLDER
    from engine.runs.warm_up import steps_of
    from engine.tasks.catalogue import make_task

    if FOLDER is None:
        return
    for place, name in enumerate([*first, *list_experiments()]):
        if place == len(first):
            rehearse()
        with suppress(InputError):  # whoever runs it will be told
            experiment = load_experiment(name, stand_in=True)
            steps = steps_of(DYNAMICS[experiment.training.dynamics])
            derivatives = make_task(experiment).pieces()
            for _, run in derivatives + steps if derivatives_first else steps + derivatives:
                run()
    (FOLDER.parent / _STAMP).write_text(_digest())


def _digest() -> str:
    """Of what decides whether compiled code is as good as new, as far as a glance tells."""
    parts = [sys.version, version("numba"), version("llvmlite"), platform.node()]
    for package in (engine.kernels, resources):
        for folder in map(Path, package.__path__):
            for file in sorted([*folder.glob("*.py"), *folder.glob("experiments/*.toml")]):
                found = file.stat()
                parts.append(f"{file} {found.st_size} {found.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode(errors="surrogateescape")).hexdigest()


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(_NICENESS)  # a window is more urgent
    given = [word for word in sys.argv[1:] if word != DERIVATIVES_FIRST]
    prepare(given, derivatives_first=DERIVATIVES_FIRST in sys.argv)
