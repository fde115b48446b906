"""Where a learning curve ends: a forecast of all its values up to a horizon, with bands."""

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.errors import InputError
from engine.forecasting.foreseen import Foreseen
from engine.forecasting.futures import futures, how_far
from engine.forecasting.mixtures import curves, mixture_of, noise, weights, weights_of
from engine.forecasting.models import FORECASTERS, USUAL, Forecaster
from engine.forecasting.observations import before_the_rise, flat_beginning, observed_points
from engine.forecasting.predictive import Ending
from engine.forecasting.requests import checked, remark_on
from engine.forecasting.sampling import posterior
from engine.forecasting.scales import Quantity, Scale, scale_of
from engine.forecasting.surprises import surprises_of
from engine.kernels.curves import Mixture
from engine.randomness import FORECASTS, generator
from engine.sentences import shown

LEVELS: Final = np.concatenate([[0.0005, 0.001, 0.0025], np.arange(1, 200) / 200])
"""Quantiles that are kept; with those of the other side."""

_MOST_EPOCHS: Final = 200  # that are worked out; those between are on lines
_FEW_WALKERS: Final = 20  # of a rehearsal; an even number


@dataclass(frozen=True)
class Spread:
    """Numbers at some epochs as numbers at all of them, with NaN before."""

    x: Floats
    horizon: int
    cut: int

    def __call__(self, some: Floats) -> Floats:
        """(m,) at some epochs, as (horizon,)."""
        every = np.interp(np.arange(1.0, self.horizon - self.cut + 1), self.x, some)
        return np.concatenate([np.full(self.cut, np.nan), every])


@dataclass(frozen=True, eq=False)
class Forecast:
    """What a curve is forecast to be, in its own units, at epochs 1 to the horizon.

    Attributes:
        curve: (n,) the values that it was made from; NaN: not measured there.
        horizon: the epoch that is looked to.
        quantity: "accuracy" or "loss".
        model: the name of the model.
        mean: (horizon,) of the curve, without noise; NaN where its beginning was left out.
        std: (horizon,) the deviation of the curve.
        total_std: (horizon,) with the noise of one observation.
        families: the posterior weight of each family that takes part, which sum to 1.
        family_curves: (horizon,) the median of each of them by itself.
        cut: how many values were left out at the beginning because the curve was flat.
        remark: one sentence where the curve says little; or empty.
    """

    curve: Floats
    horizon: int
    quantity: Quantity
    model: str
    mean: Floats
    std: Floats
    total_std: Floats
    families: Mapping[str, float]
    family_curves: Mapping[str, Floats]
    cut: int
    remark: str
    _quantiles: Floats = field(repr=False)
    _spread: Spread = field(repr=False)
    _ending: Ending = field(repr=False)
    _scale: Scale = field(repr=False)

    @property
    def points(self) -> int:
        """How many values it was made from, those left out and not measured among them."""
        return len(self.curve)

    def band(self, level: float = 0.9) -> tuple[Floats, Floats]:
        """(horizon,) low and high: between them the next observation lies, as often as not outside.

        Args:
            level: how often it lies between them, in (0, 1); equal tails.

        Raises:
            InputError: the level is none.
        """
        tail = (1 - checked_level(level)) / 2
        low, high = (
            self._spread(_at_level(self._quantiles, chance)) for chance in (tail, 1 - tail)
        )
        return (low, high)

    def probability_above(self, best: float) -> float:
        """That the value at the horizon is above another."""
        above = self._ending.probability_above(float(self._scale.to_scale(np.array(best))))
        return above if self._scale.rises else 1 - above

    def probability_better(self, best: float) -> float:
        """That the value at the horizon is better: above of an accuracy, below of a loss."""
        return self._ending.probability_above(float(self._scale.to_scale(np.array(best))))

    def log_density(self, value: float) -> float:
        """Of the value at the horizon: −∞ where it cannot be."""
        y = float(self._scale.to_scale(np.array(value)))
        return self._ending.log_density(y) - float(np.log(self._scale.size))

    def at_the_horizon(self, levels: Iterable[float] = (0.9,)) -> Foreseen:
        """What is needed to judge the curve, without the rest, so that many can be kept.

        Args:
            levels: of the bands.
        """
        bands = {}
        for level in levels:
            low, high = self.band(level)
            bands[level] = float(low[-1]), float(high[-1])
        mean, std = self.mean[-1:], self.std[-1:]
        return Foreseen(len(self.curve), mean, std, bands, self._ending, self._scale)


def checked_level(level: float) -> float:
    """A level of a band.

    Raises:
        InputError: it is none.
    """
    if not 0 < level < 1:
        raise InputError("level", f"expected a number between 0 and 1, found {shown(level)}.")
    return level


def forecast(
    curve: Floats,
    horizon: int,
    *,
    seed: int = 0,
    model: str = USUAL,
    quantity: Quantity = "accuracy",
) -> Forecast:
    """Forecast a learning curve (Domhan, Springenberg and Hutter 2015).

    Args:
        curve: (n,) values by epoch 1 to n; NaN: not measured there.
        horizon: the epoch to look to, at least n.
        seed: equal seeds give equal forecasts.
        model: a name of `engine.forecasting.models.FORECASTERS`.
        quantity: "accuracy", in [0, 1], more is better; or "loss", less is better.

    Raises:
        InputError: it cannot be forecast; one sentence says why.
    """
    steps = forecasting(curve, horizon, seed=seed, model=model, quantity=quantity)
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            made: Forecast = stop.value
            return made


def forecasting(
    curve: Floats,
    horizon: int,
    *,
    seed: int = 0,
    model: str = USUAL,
    quantity: Quantity = "accuracy",
) -> Generator[None, None, Forecast]:
    """Forecast step by step, each of some hundredths of a second; see `forecast`.

    Yields:
        Between steps; closing the generator gives the forecast up.
    """
    values, horizon, chosen = checked(curve, horizon, model, quantity)
    return (yield from _made(values, horizon, chosen, seed, quantity))


def _made(
    values: Floats, horizon: int, chosen: Forecaster, seed: int, quantity: Quantity
) -> Generator[None, None, Forecast]:
    """The forecast of values that were checked, by a model of the catalogue or a smaller one."""
    scale = scale_of(values[np.isfinite(values)], quantity)
    y = scale.to_scale(values)
    cut = (flat_beginning if chosen.cuts == "before" else before_the_rise)(y)
    points = observed_points(y[cut:])
    random = generator(seed, FORECASTS)
    chosen, thetas = yield from posterior(chosen, points, horizon - cut, random)
    x = _epochs(horizon - cut)
    mixture = mixture_of(chosen, horizon - cut)
    drawn = curves(mixture, thetas, x)
    if chosen.starts != "prior":
        drawn = np.clip(drawn, *scale.bounds)  # what is possible, as flat priors do not know it
    far, sigma = how_far(x, points.x[-1]), noise(mixture, thetas)
    ending = Ending(
        drawn[:, -1],
        sigma,
        scale.bounds,
        drift=chosen.drift * float(far[-1]),
        surprises=surprises_of(chosen, points, sigma, quantity, scale.bounds),
    )
    own, observations = map(scale.back, futures(drawn, far, ending, random))
    told = dict(zip(chosen.families, weights(mixture, thetas).mean(0), strict=True))
    levels = _quantiles(observations, _levels())
    spread = Spread(x, horizon, cut)
    return Forecast(
        curve=values,
        horizon=horizon,
        quantity=quantity,
        model=chosen.name,
        mean=spread(own.mean(0)),
        std=spread(own.std(0)),
        total_std=spread(np.maximum(observations.std(0), own.std(0))),
        families={name: float(weight) for name, weight in told.items()},
        family_curves={
            name: spread(scale.back(alone))
            for name, alone in _alone(chosen, mixture, thetas, x).items()
        },
        cut=cut,
        remark=remark_on(y),
        _quantiles=levels,
        _spread=spread,
        _ending=ending,
        _scale=scale,
    )


@cache
def rehearse() -> None:
    """Forecast something tiny with few walkers, so that what is compiled is there; once is enough.

    What is compiled is the same for any number of walkers and steps.
    """
    for model in FORECASTERS.values():
        small = replace(model, walkers=_FEW_WALKERS, burnt=1, steps=0)
        for _ in _made(np.array([0.2, 0.4, 0.5]), 4, small, 0, "accuracy"):
            pass


def _levels() -> Floats:
    """Of the quantiles that are kept, the same on both sides."""
    return np.unique(np.concatenate([LEVELS, 1 - LEVELS]))


def _quantiles(observations: Floats, levels: Floats) -> Floats:
    """(levels, m) of (draws, m) observations."""
    ordered = np.sort(observations.T, axis=1).T
    place = levels * (len(ordered) - 1)
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, len(ordered) - 1)
    mixed: Floats = ordered[below] + (place - below)[:, None] * (ordered[above] - ordered[below])
    return mixed


def _at_level(quantiles: Floats, chance: float) -> Floats:
    """(m,) between the two quantiles that are kept next to it."""
    levels = _levels()
    above = int(np.clip(np.searchsorted(levels, chance), 1, len(levels) - 1))
    share = np.clip((chance - levels[above - 1]) / (levels[above] - levels[above - 1]), 0, 1)
    mixed: Floats = (1 - share) * quantiles[above - 1] + share * quantiles[above]
    return mixed


def _epochs(horizon: int) -> Floats:
    """From 1 to the horizon: all, or some."""
    if horizon <= _MOST_EPOCHS:
        return np.arange(1.0, horizon + 1)
    half = _MOST_EPOCHS // 2
    some = np.concatenate([np.linspace(1, horizon, half), np.geomspace(1, horizon, half)])
    return np.unique(np.round(some))


def _alone(model: Forecaster, mixture: Mixture, thetas: Floats, x: Floats) -> dict[str, Floats]:
    """(m,) the median curve of each family by itself."""
    place, found = weights_of(mixture), {}
    for number, name in enumerate(model.families):
        only = thetas.copy()
        only[:, place] = 0.0
        only[:, place.start + number] = 1.0
        found[name] = np.median(curves(mixture, only, x), axis=0)
    return found
