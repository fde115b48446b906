"""Hyperparameters moved in real time, beside what the same gradient evaluations could have bought.

Three ways to spend them, for each seed: one run whose hyperparameters move, one whose stay where
they started, and random search, which trains with hyperparameters drawn around the start and keeps
the best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import numpy as np

from engine.arrays import Floats
from engine.experiments.experiment import Experiment
from engine.experiments.measures import Measures
from engine.hyperparameters.layout import Layout
from engine.randomness import STARTS, generator


@dataclass(frozen=True)
class SeedOutcome:
    """What each way led to with one seed; None where training diverged.

    Attributes:
        moved: with hyperparameters that moved in real time.
        stayed: with those of the start.
        drawn: with random ones, a measure of each training run.
    """

    moved: Measures | None
    stayed: Measures | None
    drawn: tuple[Measures | None, ...]


@dataclass(frozen=True)
class Budget:
    """What each way led to, and what it took.

    Attributes:
        evaluations: gradients of a minibatch that real time took, in units of a training run: one
            for training, one for each free hyperparameter (a product with second derivatives
            counts as a gradient), and those of the objective by its examples.
        seeds: the outcomes, seed by seed.
    """

    evaluations: float
    seeds: tuple[SeedOutcome, ...]

    @property
    def affordable(self) -> int:
        """How many random runs take no more evaluations than real time, of those that there are."""
        return max(1, min(int(self.evaluations), self.drawn))

    @property
    def drawn(self) -> int:
        """Random runs of each seed."""
        return min((len(one.drawn) for one in self.seeds), default=0)

    def moved(self, name: str) -> Floats:
        """(S,) a measure of real time, by its name; infinite where training diverged."""
        return np.array([_value(one.moved, name) for one in self.seeds])

    def stayed(self, name: str) -> Floats:
        """(S,) a measure of training with the hyperparameters of the start."""
        return np.array([_value(one.stayed, name) for one in self.seeds])

    def best_of(self, runs: int, name: str) -> Floats:
        """(S,) what the best of so many random runs is expected to measure; see `expected_least`.

        The measure is what runs are chosen by.
        """
        drawn = [[_value(each, name) for each in one.drawn] for one in self.seeds]
        return np.array([expected_least(values, runs) for values in drawn])


def expected_least(values: Sequence[float], count: int) -> float:
    """The mean, over all ways to choose so many of the values, of the least one chosen.

    Args:
        values: n of them; infinite ones stand for runs that diverged.
        count: from 1 to n.
    """
    ordered, size = np.sort(np.asarray(values, np.float64)), len(values)
    ways = [comb(size - 1 - place, count - 1) for place in range(size)]
    total = comb(size, count)
    return float(sum(way / total * value for way, value in zip(ways, ordered, strict=True) if way))


def evaluations_of(experiment: Experiment, free: int, examples: int, judged: int) -> float:
    """What real time takes, in units of a training run; see `Budget`.

    Args:
        experiment: whose strategy it is.
        free: hyperparameters that move.
        examples: of a minibatch; 0 if there are none.
        judged: examples that an update is judged on; 0 if there are none.
    """
    carried = 1.0
    if experiment.meta.tangents == "last step":
        carried = experiment.units / experiment.training.iterations
    by_update = judged / examples if examples else 1.0
    return 1 + free * carried + by_update * experiment.units / experiment.training.iterations


def random_vector(layout: Layout, experiment: Experiment, key: tuple[int, ...]) -> Floats:
    """(N,) coordinates drawn evenly from around those of the start.

    Args:
        layout: of the hyperparameters.
        experiment: says how far from the start they may be.
        key: (seed, replicate, run): what they depend on.
    """
    spread = experiment.meta.random_spread
    moved = generator(*key, STARTS).uniform(-spread, spread, layout.size)
    return layout.project(layout.initial_vector() + moved)


def _value(measures: Measures | None, name: str) -> float:
    value = None if measures is None else measures.get(name)
    return float("inf") if value is None else value
