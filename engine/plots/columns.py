"""Columns of numbers as plots need them: NaN wherever there is nothing to draw."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Floats


def counted(length: int) -> Floats:
    """0, 1, 2 and so on."""
    return np.arange(length, dtype=np.float64)


def positive(values: ArrayLike) -> Floats:
    """What a logarithmic axis has a place for."""
    array = np.asarray(values, np.float64)
    return np.where(array > 0, array, np.nan)


def finite(values: Iterable[float | None]) -> Floats:
    """Numbers of which some are not known, or too large."""
    array = np.array([np.nan if value is None else value for value in values], np.float64)
    return np.where(np.isfinite(array), array, np.nan)
