"""Whether a window can be opened, and if not, why."""

import ctypes
import os
import re
import sys
from importlib.util import find_spec
from pathlib import Path

from app.system_libraries import FOR_QT, FOR_X11, missing_packages, what_to_type


def why_no_window() -> str:
    """Why no window can be opened, as the beginning of a sentence; empty if one can."""
    if missing := missing_packages(FOR_QT):
        return what_to_type(missing)
    chosen = os.environ.get("QT_QPA_PLATFORM", "")
    names = [re.split("[:-]", name)[0] for name in chosen.split(";")] if chosen else []
    if names and (known := _platforms()) and not known.intersection(names):
        return f"QT_QPA_PLATFORM: expected one of {', '.join(sorted(known))}, found {chosen!r}"
    if sys.platform in ("win32", "darwin") or (names and "xcb" not in names):
        return ""
    if not names and os.environ.get("WAYLAND_DISPLAY"):
        return ""
    if not os.environ.get("DISPLAY"):
        return "No display is available to open a window"
    if missing := missing_packages(FOR_X11):
        return what_to_type(missing)
    if not _answers():
        return f"The display {os.environ['DISPLAY']} does not answer"
    return ""


def _platforms() -> set[str]:
    """What Qt can open windows on; empty if that is not known here."""
    if {"QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH"} & os.environ.keys():
        return set()
    package = find_spec("PySide6")
    places = package.submodule_search_locations if package else None
    return {
        path.stem.removeprefix("lib").removeprefix("q")
        for place in places or ()
        for folder in ("Qt/plugins/platforms", "plugins/platforms")
        for path in Path(place, folder).glob("*q*.*")
        if path.suffix in (".so", ".dylib", ".dll")
    }


def _answers() -> bool:
    """Whether somebody answers on the display that the environment names."""
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    failed = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return not failed
