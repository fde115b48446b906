"""Plots for print, and over time."""

import logging
import os
from contextlib import suppress
from importlib import import_module


def _import_matplotlib() -> None:
    """Import it, whatever ``MPLBACKEND`` says: figures are drawn without a backend of windows.

    That it keeps its list of fonts in a temporary folder, where it has no other, is not said.
    """
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    chosen = os.environ.pop("MPLBACKEND", None)
    try:
        matplotlib = import_module("matplotlib")
    finally:
        if chosen is not None:
            os.environ["MPLBACKEND"] = chosen
    if chosen:
        with suppress(ValueError):  # it is for others, if there is such a backend
            matplotlib.rcParams["backend"] = chosen


_import_matplotlib()
