"""The libraries of a Linux system that Qt needs, and which of them are missing.

Needs nothing but Python, so that it can be asked before anything else is there. As a program it
prints the options that pytest needs where no window can be made:

    python -m app.system_libraries
"""

import ctypes
import sys
from collections.abc import Iterable
from typing import Final

FOR_QT: Final = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
"""What is needed even where nothing is shown, and the packages of Debian that have it."""

FOR_X11: Final = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""What a window on an X display needs besides."""


def missing_packages(libraries: Iterable[str]) -> list[str]:
    """The Debian packages of those among these libraries that cannot be loaded."""
    if not sys.platform.startswith("linux"):
        return []
    packages = FOR_QT | FOR_X11
    return [packages[library] for library in libraries if not _loads(library)]


def what_to_type(packages: Iterable[str]) -> str:
    """A sentence, without its end, that says how to get what is missing."""
    return (
        "System libraries needed for a window are missing; on Debian or Ubuntu, type "
        f"`apt install {' '.join(packages)}` as root"
    )


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


if __name__ == "__main__" and (missing := missing_packages(FOR_QT)):
    print(f"{what_to_type(missing)}. Tests of the window are left out.", file=sys.stderr)
    print("-p no:pytest-qt")
