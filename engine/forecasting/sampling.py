"""Draws from the posterior of a model of learning curves, by an affine-invariant ensemble.

All walkers move at once, compiled, without the interpreter lock; between calls of some hundredths
of a second somebody else may be asked whether the draws are still wanted.
"""

from collections.abc import Generator
from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.forecasting.least_squares import start_of
from engine.forecasting.mixtures import mixture_of, observed
from engine.forecasting.models import FLAT, Forecaster
from engine.forecasting.observations import Points
from engine.kernels.curves import Mixture, Observed, judge_places, move_ensemble

DRAWS: Final = 1000
"""How many are kept of a posterior."""

_WORK_AT_ONCE: Final = 1_000_000  # values of families: some hundredths of a second
_PRIOR_DRAWS: Final = 4096
_MOST_ROUNDS: Final = 20
_BALL: Final = 1e-2  # how far walkers are from a start, relative to it


def posterior(
    model: Forecaster, points: Points, horizon: int, random: np.random.Generator
) -> Generator[None, None, Floats]:
    """Sample the posterior.

    Args:
        model: what curves are like.
        points: what was observed.
        horizon: the epoch to look to, counted like the points.
        random: decides everything that chance does.

    Yields:
        Between calls of compiled code.

    Returns:
        (DRAWS, D) places θ of `engine.kernels.curves`.
    """
    mixture, seen = mixture_of(model), observed(model, points, horizon)
    if model.starts == "prior":
        walkers = _from_the_prior(mixture, seen, model.walkers, random)
    else:
        walkers = _around(start_of(model, points, horizon), mixture, seen, model.walkers, random)
    yield
    densities = _judged(walkers, mixture, seen)
    work = model.walkers * len(mixture.families) * seen.places.shape[1]
    at_once = max(1, _WORK_AT_ONCE // work)
    every = max(1, model.walkers * model.steps // DRAWS)
    drawn = []
    for is_kept, steps in ((False, model.burnt), (True, model.steps)):
        for begun in range(0, steps, at_once):
            now = min(at_once, steps - begun)
            chances = random.random((now, model.walkers, 3))
            kept = np.empty((now if is_kept else 0, *walkers.shape))
            move_ensemble(walkers, densities, mixture, seen, chances, kept)
            if is_kept:
                drawn.append(kept.reshape(-1, walkers.shape[1]))
            yield
    return np.ascontiguousarray(np.concatenate(drawn)[every - 1 :: every][-DRAWS:])


def _from_the_prior(
    mixture: Mixture, seen: Observed, count: int, random: np.random.Generator
) -> Floats:
    """(count, D) draws from the prior, all different, preferred by a tempered likelihood."""
    found, densities = np.empty((0, mixture.priors.shape[1])), np.empty(0)
    for _ in range(_MOST_ROUNDS):
        drawn = _prior_draws(mixture, random)
        judged = _judged(drawn, mixture, seen)
        possible = np.isfinite(judged)
        found = np.concatenate([found, drawn[possible]])
        densities = np.concatenate([densities, judged[possible]])
        if len(found) >= 4 * count:
            break
    spread = np.std(densities) or 1.0
    best = np.argsort(-(densities / spread * 2 + random.gumbel(size=len(densities))))
    return np.ascontiguousarray(found[best[:count]])


def _prior_draws(mixture: Mixture, random: np.random.Generator) -> Floats:
    low, high, mean, deviation, _ = mixture.priors
    shape = (_PRIOR_DRAWS, len(low))
    is_flat = deviation == FLAT
    uniform = np.where(is_flat, low, 0) + np.where(is_flat, high - low, 0) * random.random(shape)
    normal = mean + np.where(is_flat, 0, deviation) * random.standard_normal(shape)
    return np.where(is_flat, uniform, normal)


def _around(
    start: Floats,
    mixture: Mixture,
    seen: Observed,
    count: int,
    random: np.random.Generator,
) -> Floats:
    """(count, D) places close to a start, all of them possible."""
    found = np.empty((0, len(start)))
    ball = _BALL
    for _ in range(_MOST_ROUNDS):
        drawn = start + ball * np.abs(start) * random.standard_normal((_PRIOR_DRAWS, len(start)))
        possible = np.isfinite(_judged(drawn, mixture, seen))
        found = np.concatenate([found, drawn[possible]])
        if len(found) >= count:
            break
        ball /= 4
    return np.ascontiguousarray(found[:count])


def _judged(thetas: Floats, mixture: Mixture, seen: Observed) -> Floats:
    """(S,) log posteriors."""
    densities = np.empty(len(thetas))
    judge_places(thetas, mixture, seen, densities)
    return densities
