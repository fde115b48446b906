"""Draws from the posterior of a model of learning curves, by an affine-invariant ensemble.

All walkers move at once, compiled, without the interpreter lock; between calls of some hundredths
of a second somebody else may be asked whether the draws are still wanted.
"""

from collections.abc import Generator
from itertools import pairwise
from typing import Final, NamedTuple

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
_POOL: Final = 20  # draws from the prior for each walker
_MOVES: Final = 30  # at each power of the likelihood
_LEAPS: Final = 0.8
_LEAST_STEP: Final = 1e-6
_HALVINGS: Final = 20
_MOST_ROUNDS: Final = 20
_PLACES: Final = 400  # that are tried around a start for each family
_BALL: Final = 1e-6  # how far walkers are from a start, as in the published program


class Drawn(NamedTuple):
    """Draws from a posterior.

    Attributes:
        model: with the families that take part.
        thetas: (S, D) places θ, about DRAWS, of `engine.kernels.curves`.
    """

    model: Forecaster
    thetas: Floats


def posterior(
    model: Forecaster, points: Points, horizon: int, random: np.random.Generator
) -> Generator[None, None, Drawn]:
    """Sample the posterior.

    Args:
        model: what curves are like.
        points: what was observed.
        horizon: the epoch to look to, counted like the points.
        random: decides everything that chance does.

    Yields:
        Between calls of compiled code.
    """
    start = None
    if model.starts == "least squares":
        model, start = start_of(model, points, horizon)
        yield
    mixture, seen = mixture_of(model, horizon), observed(model, points, horizon)
    work = model.walkers * len(mixture.families) * seen.places.shape[1]
    at_once = max(1, _WORK_AT_ONCE // work)
    if start is None:
        walkers = yield from _annealed(mixture, seen, model.walkers, random)
    else:
        walkers = _around(start, mixture, seen, model.walkers, random)
        yield
    densities = _judged(walkers, mixture, seen)
    taken = max(1, DRAWS // model.walkers)
    drawn = []
    for number in range(taken + 1):  # what is burnt, and then each until the next is taken
        steps = model.steps // taken if number else model.burnt
        for begun in range(0, steps, at_once):
            chances = random.random((min(at_once, steps - begun), model.walkers, 5))
            move_ensemble(walkers, densities, mixture, seen, model.leaps, chances)
            yield
        if number:
            drawn.append(walkers.copy())
    return Drawn(model, np.concatenate(drawn))


def _annealed(
    mixture: Mixture, seen: Observed, count: int, random: np.random.Generator
) -> Generator[None, None, Floats]:
    """(count, D) walkers brought from the prior to the posterior by powers of the likelihood.

    Each power is the one at which half of the walkers would still count; they are drawn again by
    what the step makes of them, and move (a sequential Monte Carlo of Del Moral et al. 2006). Left
    to themselves, ensembles leave some walkers behind wherever the prior put them.
    """
    walkers = _from_the_prior(mixture, seen, _POOL * count, random)
    likelihoods = _likelihoods(walkers, mixture, seen)
    power = 0.0
    while power < 1:
        further = _next_power(likelihoods, power, count)
        chances = _shares((further - power) * likelihoods)
        places = (np.arange(count) + random.random()) / count
        chosen = np.searchsorted(np.cumsum(chances), places).clip(max=len(chances) - 1)
        walkers, power = np.ascontiguousarray(walkers[random.permutation(chosen)]), further
        tempered = seen._replace(counts=power * seen.counts, scatters=power * seen.scatters)
        densities = _judged(walkers, mixture, tempered)
        moves = random.random((_MOVES, count, 5))
        move_ensemble(walkers, densities, mixture, tempered, _LEAPS, moves)
        likelihoods = _likelihoods(walkers, mixture, seen)
        yield
    return walkers


def _next_power(likelihoods: Floats, power: float, count: int) -> float:
    """The one at which the effective number of walkers is half of those wanted; at most 1."""
    if _effective((1 - power) * likelihoods) >= count / 2:
        return 1.0
    low, high = _LEAST_STEP, 1 - power
    for _ in range(_HALVINGS):
        step = np.sqrt(low * high)
        if _effective(step * likelihoods) >= count / 2:
            low = step
        else:
            high = step
    return float(min(power + low, 1.0))


def _effective(logs: Floats) -> float:
    """How many of equal weight would say as much."""
    return float(1 / np.sum(_shares(logs) ** 2))


def _shares(logs: Floats) -> Floats:
    """Weights, which sum to 1, by their logarithms."""
    weights = np.exp(logs - logs.max())
    shares: Floats = weights / weights.sum()
    return shares


def _likelihoods(thetas: Floats, mixture: Mixture, seen: Observed) -> Floats:
    """(S,) log likelihoods: what is left of a posterior without its prior."""
    unseen = seen._replace(counts=0 * seen.counts, scatters=0 * seen.scatters)
    return _judged(thetas, mixture, seen) - _judged(thetas, mixture, unseen)


def _from_the_prior(
    mixture: Mixture, seen: Observed, count: int, random: np.random.Generator
) -> Floats:
    """(count, D) possible draws from the prior, or fewer where hardly any is possible."""
    found = np.empty((0, mixture.priors.shape[1]))
    for _ in range(_MOST_ROUNDS):
        drawn = _prior_draws(mixture, random)
        found = np.concatenate([found, drawn[np.isfinite(_judged(drawn, mixture, seen))]])
        if len(found) >= count:
            break
    return np.ascontiguousarray(found[:count])


def _prior_draws(mixture: Mixture, random: np.random.Generator) -> Floats:
    low, high, mean, deviation, _ = mixture.priors
    shape = (_PRIOR_DRAWS, len(low))
    is_flat = deviation == FLAT
    uniform = np.where(is_flat, low, 0) + np.where(is_flat, high - low, 0) * random.random(shape)
    normal = mean + np.where(is_flat, 0, deviation) * random.standard_normal(shape)
    return np.where(is_flat, uniform, normal)


def _around(
    start: Floats, mixture: Mixture, seen: Observed, count: int, random: np.random.Generator
) -> Floats:
    """(count, D) possible places very close to a start, which is possible.

    They are drawn family by family, as each has limits of its own: where all fits are flat, hardly
    any draw of all parameters together would keep all of them.
    """
    walkers = np.tile(start, (count, 1))
    for begin, end in [*pairwise(mixture.starts), (mixture.starts[-1], len(start))]:
        places = np.tile(start, (_PLACES, 1))
        places[:, begin:end] += _BALL * random.standard_normal((_PLACES, end - begin))
        found = places[np.isfinite(_judged(places, mixture, seen))]
        if len(found):
            walkers[:, begin:end] = found[np.arange(count) % len(found), begin:end]
    return walkers


def _judged(thetas: Floats, mixture: Mixture, seen: Observed) -> Floats:
    """(S,) log posteriors."""
    densities = np.empty(len(thetas))
    judge_places(thetas, mixture, seen, densities)
    return densities
