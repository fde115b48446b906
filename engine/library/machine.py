"""What a run ran with, and on: other processors and libraries may round otherwise."""

import importlib.metadata
import os
import platform
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

_PACKAGES: Final = {"Retrograde": "retrograde", "NumPy": "numpy", "Numba": "numba"}
_CPU: Final = Path("/proc/cpuinfo")


@cache
def versions() -> dict[str, str]:
    """Of this program, and of what computes, by name."""
    found = {name: _version(package) for name, package in _PACKAGES.items()}
    return {**found, "Python": platform.python_version()}


@cache
def machine() -> dict[str, str]:
    """Processor, BLAS and threads of this machine."""
    import numpy as np

    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return {
        "processor": _processor(),
        "system": platform.system(),
        "BLAS": f"{blas.get('name', 'unknown')} {blas.get('version', '')}".strip(),
        "threads": str(os.cpu_count() or 1),
    }


def what_differs(then: Mapping[str, str]) -> str:
    """What to say of a run that goes on here, of what it ran on before; "" if that was the same.

    Args:
        then: its versions and its machine together.
    """
    now = {**versions(), **machine()}
    others = [f"{name} {value}" for name, value in then.items() if now.get(name) != value]
    if not others:
        return ""
    return f"This run began with {', '.join(others)}: from here on the last bits may differ."


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed as a package"


def _processor() -> str:
    try:
        lines = _CPU.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # not on Linux
        lines = []
    named = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()
