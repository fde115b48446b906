"""What is compiled for forecasts is compiled beforehand, once, and quickly."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import engine
from engine.forecasting import least_squares, mixtures, sampling
from engine.forecasting.forecast import rehearse
from engine.forecasting.models import FORECASTERS

KERNELS = (
    (sampling, "judge_places"),
    (sampling, "move_ensemble"),
    (mixtures, "fill_curves"),
    (least_squares, "fill_curves"),
)


class Asked:
    """Which kernels are asked for what kinds of arrays, and how much they have to do."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.kinds: set[tuple[str, ...]] = set()
        self.work = 0
        for room, name in KERNELS:
            monkeypatch.setattr(room, name, self._watched(name, getattr(room, name)))

    def _watched(self, name: str, kernel: Callable[..., None]) -> Callable[..., None]:
        def call(*given: Any) -> None:
            self.kinds.add((name, *map(kind_of, given)))
            self.work += len(given[0]) * (len(given[-1]) if name == "move_ensemble" else 1)
            kernel(*given)

        return call


def kind_of(given: Any) -> str:
    if isinstance(given, tuple):
        return f"({', '.join(map(kind_of, given))})"
    if isinstance(given, np.ndarray):
        return f"{given.dtype}, {given.ndim}, {given.flags.c_contiguous}"
    return type(given).__name__


def test_a_rehearsal_compiles_what_forecasts_need_and_does_little_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rehearse.cache_clear()
    asked = Asked(monkeypatch)
    rehearse()
    kinds, work = asked.kinds, asked.work
    asked.kinds, asked.work = set(), 0
    for model in FORECASTERS:
        engine.forecast([0.31, 0.45, 0.52, 0.58, 0.6, 0.63], 40, model=model)
    assert asked.kinds == kinds
    assert work < asked.work / 5


def test_once_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    rehearse()
    asked = Asked(monkeypatch)
    rehearse()
    assert not asked.work
