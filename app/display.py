"""Whether a window can be opened, and if not, why."""

import ctypes
import os
import sys

_NEEDED_ON_X11 = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


def why_no_window() -> str:
    """Why no window can be opened, as the beginning of a sentence; empty if one can."""
    if os.environ.get("QT_QPA_PLATFORM") or sys.platform in ("win32", "darwin"):
        return ""
    if os.environ.get("WAYLAND_DISPLAY"):
        return ""
    if not os.environ.get("DISPLAY"):
        return "No display is available to open a window"
    missing = [package for library, package in _NEEDED_ON_X11.items() if not _loads(library)]
    if missing:
        return f"System libraries needed for a window are missing (on Debian: {', '.join(missing)})"
    return ""


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
