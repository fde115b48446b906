"""A learning curve as it grows, and whether it is still worth going on."""

from math import ceil
from typing import Final, Literal, NamedTuple

import numpy as np

from engine.arrays import Floats
from engine.errors import InputError
from engine.experiments.stopping import Stopping
from engine.forecasting.forecast import Forecast, forecast
from engine.forecasting.stopping import Rule, Verdict

_LEFT_OUT: Final = 3
"""One in so many values is left out, at the beginning, where recent ones are to be forecast."""
_LEVEL: Final = 0.9
_LATER: Final = 1.5
"""Times as many points before a curve that may win is forecast again: forecasts take time."""


class CurveWatch:
    """Collects a curve, and forecasts it now and then.

    A curve that may win is forecast again when it has half as many points more; one that hardly
    can, at its next point, so that patience does not take long. Nothing depends on the clock.

    Args:
        stopping: the rule and the model.
        horizon: the point, from 1, that is looked to.
        seed: of the forecasts.
        recent: whether the last two thirds of the curve alone are forecast, from their worst value
            on. A meta-learning curve falls fast and then hardly at all; with its beginning in
            sight, what it still gains is lost in the scale.

    Attributes:
        verdict: of the last forecast; None before the first.
        ends: between which the next measurement is at the horizon, by it, with a chance of 90 %.
    """

    def __init__(
        self, stopping: Stopping, horizon: int, seed: int, *, recent: bool = False
    ) -> None:
        self._stopping, self._horizon, self._seed = stopping, horizon, seed
        self._recent = recent
        self._values: list[float] = []
        self._forecasts: list[Forecast] = []
        self._next = stopping.least
        self.verdict: Verdict | None = None
        self.ends = (float("nan"), float("nan"))

    @property
    def values(self) -> list[float]:
        """The curve so far; NaN: not measured there."""
        return self._values

    @property
    def stops(self) -> bool:
        """Whether the last verdict was to stop."""
        return self.verdict is not None and self.verdict.stop

    def set(self, stopping: Stopping) -> None:
        """Go on with other settings."""
        self._stopping = stopping

    def look_to(self, horizon: int) -> None:
        """Look to another point; forecasts of before say nothing of it."""
        if horizon != self._horizon:
            self._horizon, self.verdict = horizon, None
            self._forecasts, self._next = [], max(self._stopping.least, len(self._values))

    def add(self, value: float, best: float | None) -> None:
        """Take note of the next point, and judge the curve if that is due.

        Args:
            value: there; NaN: not measured.
            best: what it has to beat at the horizon; None: nothing.
        """
        self._values.append(float(value) if np.isfinite(value) else np.nan)
        count = len(self._values)
        if best is None or count >= self._horizon or self._has_beaten(best):
            self.verdict = None
            return
        if count >= self._next:
            self.judge(best)

    def judge(self, best: float) -> None:
        """Forecast the curve, and judge it; of one that says nothing there is no verdict."""
        count, stopping = len(self._values), self._stopping
        framed = self._framed()
        try:
            made = forecast(
                framed.curve,
                max(self._horizon, count) - framed.left_out,
                seed=self._seed,
                model=stopping.model,
                quantity=framed.quantity,
            )
        except InputError:
            self.verdict, self._next = None, ceil(_LATER * count)
            return
        rule = Rule(stopping.threshold, stopping.patience, stopping.least)
        self._forecasts = [*self._forecasts, made][-stopping.patience :]
        chances = rule.verdict(self._forecasts, framed.sign * (best - framed.origin))
        self.verdict = chances._replace(predicted=framed.origin + framed.sign * chances.predicted)
        ends = (framed.origin + framed.sign * float(end[-1]) for end in made.band(_LEVEL))
        low, high = sorted(ends)
        self.ends = low, high
        is_hopeless = chances.probability < stopping.threshold
        self._next = count + 1 if is_hopeless else max(count + 1, ceil(_LATER * count))

    def _framed(self) -> "_Framed":
        """The curve as it is forecast."""
        values, by = np.array(self._values), self._stopping.judged_by
        if not self._recent:
            return _Framed(values, by)
        left_out, sign = len(values) // _LEFT_OUT, 1 if by == "loss" else -1
        tail = values[left_out:]
        known = sign * tail[np.isfinite(tail)]
        origin = sign * float(known.max()) if known.size else 0.0
        return _Framed(sign * (tail - origin), "loss", sign, origin, left_out)

    def _has_beaten(self, best: float) -> bool:
        known = [value for value in self._values if not np.isnan(value)]
        if not known:
            return False
        return min(known) < best if self._stopping.judged_by == "loss" else max(known) > best


class _Framed(NamedTuple):
    """A curve as it is forecast: sign · (value − origin), without some of its beginning."""

    curve: Floats
    quantity: Literal["loss", "accuracy"]
    sign: int = 1
    origin: float = 0.0
    left_out: int = 0
