"""What a developer needs to know about a failure: versions, the machine, the experiment."""

import platform
import sys
from collections.abc import Callable
from importlib import metadata

_PACKAGES = ("retrograde", "PySide6-Essentials", "pyqtgraph", "numpy", "numba", "autograd", "scipy")


def versions() -> str:
    """Retrograde, Python, the packages and the system, one per line."""
    lines = [f"Python {sys.version.split()[0]}", platform.platform()]
    for name in _PACKAGES:
        try:
            lines.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            lines.append(f"{name} is not installed")
    return "\n".join(lines)


def make_report(what: str, experiment: Callable[[], str] | None) -> str:
    """The whole report.

    Args:
        what: the traceback, or what Qt said.
        experiment: gives the experiment as TOML; an exception that it raises is reported instead.
    """
    parts = [versions(), what.strip()]
    if experiment is not None:
        try:
            parts.append(f"The experiment:\n\n{experiment().strip()}")
        except Exception as error:  # a report with a part missing is better than none
            parts.append(f"The experiment is not available: {type(error).__name__}: {error}")
    return "\n\n".join(parts) + "\n"
