"""The samplers of Optuna (Akiba et al. 2019): what one would search with otherwise.

They are asked for proposals, a batch at a time, and told of the outcomes in order; so what they
propose depends on the size of the batch, and not on who does the trials.
"""

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, TypeAlias

import numpy as np
import optuna
from optuna.distributions import BaseDistribution, FloatDistribution
from optuna.samplers import BaseSampler, CmaEsSampler, GPSampler, TPESampler
from optuna.trial import Trial, TrialState

from engine.arrays import Floats
from engine.errors import InputError
from engine.experiments.experiment import Meta
from engine.randomness import TRIALS, generator
from engine.search.space import Space
from engine.search.trials import NONE_STOPPED, Stopped

_MANY: Final = 100
"""Sides, beyond which CMA-ES keeps the diagonal of its covariance alone."""
_FIRST: Final = 10
"""Random trials that a model of the objective begins with; Optuna's own number."""
_WORSE: Final = 1.0
"""How much worse than the worst so far a training run counts that diverged, in ranges so far."""

MakeSampler: TypeAlias = Callable[[int], BaseSampler]
"""A seed → the sampler, at its beginning."""


class Sampler:
    """Proposes the start first, then what a sampler of Optuna does; a `Search`.

    Training that diverged counts as worse than the worst so far; before there is any, as nothing.
    What was stopped is told as pruned, with what was measured along its way, to a sampler that uses
    that; to others, which leave pruned trials out, as what it was predicted to come to (as Domhan
    et al. 2015 do), or where nothing is known of that as the worst so far.

    Args:
        make: makes the sampler.
        space: the box.
        meta: whose seed, and how many proposals are made at once.
        uses_pruned: whether it learns from pruned trials.
    """

    most: int | None = None

    def __init__(
        self, make: MakeSampler, space: Space, meta: Meta, *, uses_pruned: bool = False
    ) -> None:
        self._make, self._space, self._uses_pruned = make, space, uses_pruned
        self._seed = int(generator(meta.seed, TRIALS).integers(2**32))
        self._at_once = meta.trials_at_once
        sides = zip(space.low.tolist(), space.high.tolist(), strict=True)
        self._sides: dict[str, BaseDistribution] = {
            f"{number:06d}": FloatDistribution(low, high)
            for number, (low, high) in enumerate(sides)
        }
        self._asked: list[Trial] = []
        self._losses: list[float] = []
        self._batches: list[int] = []
        self._begin()

    @property
    def at_once(self) -> int | None:
        """How many proposals it makes before it is told of the first."""
        return self._at_once

    @property
    def state(self) -> dict[str, Any]:
        """What it was told, and in what batches; see `Search`."""
        found = {"losses": np.array(self._losses), "batches": np.array(self._batches, np.int64)}
        for number, one in self._stopped.items():
            found[f"stopped.{number}"] = np.array([one.predicted, *one.curve])
        return found

    @state.setter
    def state(self, state: dict[str, Any]) -> None:
        """Make all proposals again, which follow from the seed and from what it was told."""
        self._begin()
        told = 0
        for count in state["batches"].tolist():
            self.propose(count)
            stopped = {
                place: Stopped(float(row[0]), row[1:])
                for place in range(count)
                if (row := state.get(f"stopped.{told + place}")) is not None
            }
            self.tell(state["losses"][told : told + count].tolist(), stopped)
            told += count

    def propose(self, count: int) -> Floats:
        """(count, D) the next proposals."""
        with _quiet():
            self._asked = [self._study.ask(self._sides) for _ in range(count)]
        rows = [[trial.params[name] for name in self._sides] for trial in self._asked]
        return np.array(rows, np.float64).reshape(count, len(self._sides))

    def tell(self, losses: Sequence[float], stopped: Mapping[int, Stopped] = NONE_STOPPED) -> None:
        """Take note of what the last proposals led to."""
        with _quiet():
            for place, (trial, loss) in enumerate(zip(self._asked, losses, strict=True)):
                if place in stopped:
                    self._stopped[len(self._losses)] = stopped[place]
                    self._tell_stopped(trial, stopped[place])
                else:
                    value = float(loss) if np.isfinite(loss) else self._of_diverged()
                    state = None if value is not None else TrialState.FAIL
                    self._study.tell(trial, value, state=state)
                self._losses.append(float(loss))
        self._batches.append(len(losses))
        self._asked = []

    def _tell_stopped(self, trial: Trial, stopped: Stopped) -> None:
        if self._uses_pruned:
            for step, value in enumerate(stopped.curve.tolist(), start=1):
                trial.report(value, step)
            self._study.tell(trial, state=TrialState.PRUNED)
            return
        known = [loss for loss in self._losses if np.isfinite(loss)]
        value = stopped.predicted if np.isfinite(stopped.predicted) else max(known)
        self._study.tell(trial, float(value))

    def _of_diverged(self) -> float | None:
        known = [loss for loss in self._losses if np.isfinite(loss)]
        if not known:
            return None
        return max(known) + _WORSE * max(max(known) - min(known), abs(max(known)), 1e-3)

    def _begin(self) -> None:
        with _quiet():
            self._study = optuna.create_study(sampler=self._make(self._seed))
            self._study.enqueue_trial(dict.fromkeys(self._sides, 0.0))
        self._asked = []
        self._losses, self._batches = [], []
        self._stopped: dict[int, Stopped] = {}


def tpe(meta: Meta, space: Space) -> Sampler:
    """Tree-structured Parzen estimators (Bergstra et al. 2011).

    Proposals that are made at once stay away from each other.
    """
    several = meta.trials_at_once > 1
    make = partial(TPESampler, n_startup_trials=_FIRST, constant_liar=several)
    return Sampler(lambda seed: make(seed=seed), space, meta, uses_pruned=True)


def cma_es(meta: Meta, space: Space) -> Sampler:
    """Covariance matrix adaptation (Hansen and Ostermeier 2001) from the start.

    Beyond a hundred sides it keeps the diagonal of its covariance alone (Ros and Hansen 2008).

    Raises:
        InputError: there is one hyperparameter alone.
    """
    if space.size < 2:
        raise InputError(
            "meta.optimizer",
            "expected another strategy, because CMA-ES needs at least two hyperparameters, "
            f"found {space.size}.",
        )
    start = {_name(number): 0.0 for number in range(space.size)}
    make = partial(CmaEsSampler, x0=start, n_startup_trials=1, use_separable_cma=space.size > _MANY)
    return Sampler(lambda seed: make(seed=seed), space, meta)


def gaussian_process(meta: Meta, space: Space) -> Sampler:
    """Bayesian optimization by a Gaussian process, as Optuna does it."""
    make = partial(GPSampler, n_startup_trials=_FIRST, deterministic_objective=not meta.new_seed)
    return Sampler(lambda seed: make(seed=seed), space, meta)


def _name(side: int) -> str:
    """What Optuna, which sorts by names, calls a side."""
    return f"{side:06d}"


@contextmanager
def _quiet() -> Iterator[None]:
    """Have Optuna say nothing: what there is to say of a run, its events tell."""
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        optuna.logging.set_verbosity(before)
