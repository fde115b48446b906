"""Plots for print, and over time."""

import logging
import os
from contextlib import suppress
from importlib import import_module

from engine.errors import InputError


def _import_matplotlib() -> None:
    """Import it, whatever ``MPLBACKEND`` says: figures are drawn without a backend of windows.

    That it keeps its list of fonts in a temporary folder, where it has no other, is not said.

    Raises:
        InputError: it has no folder at all.
    """
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    chosen = os.environ.pop("MPLBACKEND", None)
    try:
        matplotlib = import_module("matplotlib")
    except OSError as error:  # neither the user's folder nor a temporary one is there
        raise InputError(
            "MPLCONFIGDIR", "expected a folder that matplotlib can write to, found none."
        ) from error
    finally:
        if chosen is not None:
            os.environ["MPLBACKEND"] = chosen
    if chosen:
        with suppress(ValueError):  # it is for others, if there is such a backend
            matplotlib.rcParams["backend"] = chosen


_import_matplotlib()
