"""Mixtures of families of learning curves: their posterior, and an ensemble that samples it.

y(x) = Σ w_k f_k(x) / Σ w_k + N(0, σ²) (Domhan et al. 2015, section 3). A *place* in the space of
parameters, θ, holds those of all families one after the other, the families' weights, and σ; some
of them as logarithms. The ensemble is the affine-invariant one of Goodman and Weare 2010.
"""

from typing import NamedTuple

import numpy as np

from engine.kernels.compiling import helper, kernel
from engine.kernels.families import add_family

LOW, HIGH, MEAN, DEVIATION, IS_LOG = range(5)  # rows of a prior
_LOG_2PI = 1.8378770664093453
_STRETCH = 2.0  # a of Goodman and Weare
_LEAP = 2.38  # of ter Braak, over the root of twice the dimension
_FULL_LEAPS = 0.1  # of leaps, that lead from one mode to another


class Mixture(NamedTuple):
    """K families, mixed.

    Attributes:
        families: (K,) numbers of `engine.kernels.families`.
        starts: (K + 1,) where the parameters of each begin among all; the last: where weights do.
        sources: (P,) which entry of θ each parameter, weight and σ is, or begins with.
        minus: (P,) which entry is taken from that; −1: none.
        scales: (P,) what it is multiplied by.
        priors: (5, D) between which bounds each entry of θ lies; the mean and deviation of its
            normal prior, which is flat where the deviation is infinite; whether it is a logarithm.
        limits: (3,) the least value of a curve where it begins, and the least and the largest
            where it ends; it ends no lower than it begins.
        apart: whether that is so of each family by itself; else of the mixture alone.
    """

    families: np.ndarray
    starts: np.ndarray
    sources: np.ndarray
    minus: np.ndarray
    scales: np.ndarray
    priors: np.ndarray
    limits: np.ndarray
    apart: bool = False


class Observed(NamedTuple):
    """What was observed of a curve.

    Attributes:
        places: (3, n + 2) x, ln x and ln (1 + x) of n points; then where curves begin and end.
        edges: (3, 2) the last two again.
        values: (n,) each the mean of some observations.
        counts: (n,) of how many: what the squared residual is multiplied by.
        scatters: (n,) the sum of their squares around it.
    """

    places: np.ndarray
    edges: np.ndarray
    values: np.ndarray
    counts: np.ndarray
    scatters: np.ndarray


@helper()
def fill_natural(theta, mixture, natural):  # type: ignore[no-untyped-def]
    """Fill (P,) parameters, weights and σ themselves, of θ."""
    for i in range(natural.size):
        d, other = mixture.sources[i], mixture.minus[i]
        value = np.exp(theta[d]) if mixture.priors[IS_LOG, d] else theta[d]
        if other >= 0:
            value -= theta[other]
        natural[i] = mixture.scales[i] * value


@helper()
def fill_curve(mixture, natural, places, curve):  # type: ignore[no-untyped-def]
    """Fill (m,) the curve of parameters, at (3, m) places."""
    count = mixture.families.size
    weights = natural[mixture.starts[count] : mixture.starts[count] + count]
    total = weights.sum()
    curve[:] = 0
    for k in range(count):
        p = natural[mixture.starts[k] : mixture.starts[k + 1]]
        add_family(mixture.families[k], p, weights[k] / total, places, curve)


@helper()
def log_prior(theta, priors):  # type: ignore[no-untyped-def]
    """Of θ, up to the constants of its flat parts."""
    density = 0.0
    for d in range(theta.size):
        if not (priors[LOW, d] <= theta[d] <= priors[HIGH, d]):
            return -np.inf
        if priors[DEVIATION, d] < np.inf:
            away = (theta[d] - priors[MEAN, d]) / priors[DEVIATION, d]
            density -= 0.5 * (away * away + _LOG_2PI) + np.log(priors[DEVIATION, d])
    return density


@helper()
def is_possible(begins, ends, limits):  # type: ignore[no-untyped-def]
    """Whether a curve may begin and end so; NaN: no."""
    return begins >= limits[0] and ends >= limits[1] and ends <= limits[2] and begins <= ends


@helper()
def all_possible(mixture, natural, edges, curve):  # type: ignore[no-untyped-def]
    """Whether every family by itself may begin and end as it does; ``curve`` is (2,) to work in."""
    for k in range(mixture.families.size):
        p = natural[mixture.starts[k] : mixture.starts[k + 1]]
        curve[:] = 0
        add_family(mixture.families[k], p, 1.0, edges, curve)
        if not is_possible(curve[0], curve[1], mixture.limits):
            return False
    return True


@helper()
def log_posterior(theta, mixture, observed, natural, curve, ends):  # type: ignore[no-untyped-def]
    """Of θ, unnormalised; −∞ where the curve is not possible."""
    density = log_prior(theta, mixture.priors)
    if density == -np.inf:
        return density
    fill_natural(theta, mixture, natural)
    if mixture.apart and not all_possible(mixture, natural, observed.edges, ends):
        return -np.inf
    fill_curve(mixture, natural, observed.places, curve)
    n = observed.values.size
    if not is_possible(curve[n], curve[n + 1], mixture.limits):
        return -np.inf
    sigma = natural[natural.size - 1]
    squares, count = 0.0, 0.0
    for i in range(n):
        away = observed.values[i] - curve[i]
        squares += observed.counts[i] * away * away + observed.scatters[i]
        count += observed.counts[i]
    density -= 0.5 * squares / (sigma * sigma) + count * (np.log(sigma) + 0.5 * _LOG_2PI)
    return density if density == density else -np.inf


@kernel()
def judge_places(thetas, mixture, observed, densities):  # type: ignore[no-untyped-def]
    """Fill (S,) log posteriors of (S, D) places."""
    natural, curve = np.empty(mixture.sources.size), np.empty(observed.places.shape[1])
    ends = np.empty(2)
    for s in range(thetas.shape[0]):
        densities[s] = log_posterior(thetas[s], mixture, observed, natural, curve, ends)


@kernel()
def fill_curves(thetas, mixture, places, curves):  # type: ignore[no-untyped-def]
    """Fill (S, m) curves of (S, D) places θ, at (3, m) places of the x axis."""
    natural = np.empty(mixture.sources.size)
    for s in range(thetas.shape[0]):
        fill_natural(thetas[s], mixture, natural)
        fill_curve(mixture, natural, places, curves[s])


@kernel()
def move_ensemble(walkers, densities, mixture, observed, leaps, chances):  # type: ignore[no-untyped-def]
    """Move all walkers some steps, one half of the ensemble after the other.

    A move is a stretch (Goodman and Weare), or a leap along the difference of two walkers of the
    other half (ter Braak 2006), which mixes better among many parameters.

    Args:
        walkers: (W, D) places, W even; moved.
        densities: (W,) their log posteriors; kept true.
        mixture: `Mixture`.
        observed: `Observed`.
        leaps: the share of moves that are leaps.
        chances: (steps, W, 5) uniform in [0, 1): the stretch or the leap's length, two partners,
            the acceptance, and the kind of move.

    Returns:
        How many moves were accepted.
    """
    count, size = walkers.shape
    half = count // 2
    natural, curve = np.empty(mixture.sources.size), np.empty(observed.places.shape[1])
    ends = np.empty(2)
    proposed = np.empty(size)
    usual = _LEAP / np.sqrt(2.0 * size)
    accepted = 0
    for step in range(chances.shape[0]):
        for w in range(count):
            chance = chances[step, w]
            others = half if w < half else 0
            partner = int(chance[1] * half)
            gain = 0.0
            if chance[4] < leaps:
                second = int(chance[2] * (half - 1))
                second += second >= partner
                partner, second = partner + others, second + others
                is_full = chance[4] < _FULL_LEAPS * leaps
                length = 1.0 if is_full else usual * (0.5 + chance[0])
                for d in range(size):
                    leap = length * (walkers[partner, d] - walkers[second, d])
                    proposed[d] = walkers[w, d] + leap
            else:
                partner += others
                root = 1 + (_STRETCH - 1) * chance[0]
                z = root * root / _STRETCH
                gain = (size - 1) * np.log(z)
                for d in range(size):
                    away = walkers[w, d] - walkers[partner, d]
                    proposed[d] = walkers[partner, d] + z * away
            density = log_posterior(proposed, mixture, observed, natural, curve, ends)
            if np.log(chance[3]) < gain + density - densities[w]:
                walkers[w] = proposed
                densities[w] = density
                accepted += 1
    return accepted
