"""What people should know of a run and cannot see at once, a sentence each."""

import math
import re
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from engine.experiments.strategies import STRATEGIES
from engine.hyperparameters.extents import Sizes
from engine.hyperparameters.kinds import KINDS
from engine.runs.best import best_of
from engine.runs.overfitting import overfitting
from engine.runs.records import RunRecord

_MOVE: Final = ("descent", "updates")
"""What meta-iterations are of strategies that learn what is free."""

_QUICK: Final = 800
"""Values that Optuna's samplers propose within a second, on a core of 2026."""
_NUMBER: Final = re.compile(r"[\d,]*\.?\d+(e[+-]?\d+)?")
_FAR: Final = 0.05
"""How far above its best a loss stands that has gone astray, as a part of what it was at first."""


def remarks(record: RunRecord) -> Iterator[str]:
    """Sentences about a run as it stands."""
    for done in record.meta_iterations[-1:]:
        yield from _once(done.remarks)
    if STRATEGIES[record.experiment.meta.optimizer].shows in _MOVE:
        if not record.free:
            yield (
                "Nothing is free, so that nothing is learned: tick a hyperparameter in the set-up."
            )
        elif record.is_one_run and record.planned == 1:
            yield (
                "The only update comes when training is over, too late to change it: update every "
                f"{max(1, record.iterations // 10):,} iterations, say."
            )
    yield from _slow_proposals(record)
    if (found := overfitting(record)) is not None:
        yield found.sentence
    if (since := _zero_since(record)) is not None and not record.diverged:
        objective = record.experiment.meta.objective
        yield (
            f"The hypergradient has been zero since meta-iteration {since}: a change of what is "
            f"free no longer changes the {objective} loss, {_what_is_left(record)}."
        )

    yield from _beaten(record)


def _slow_proposals(record: RunRecord) -> Iterator[str]:
    """That a sampler of Optuna takes long, which handles one value after the other."""
    strategy, by = STRATEGIES[record.experiment.meta.optimizer], record.experiment.meta.trials_by
    if "optuna" not in strategy.packages or by != "value":
        return
    count = sum(_own_values(record, kind) for kind in record.free)
    if count > _QUICK:
        yield (
            f"{strategy.title} takes more than a second for each proposal of {count:,} values: "
            "random search, or values that move together by parameter group or kind, take none."
        )


def _own_values(record: RunRecord, kind: str) -> int:
    """How many values of a kind are set by themselves."""
    if KINDS[kind].enters != "schedule":
        return record.initial[kind].size
    granularity = record.experiment.hyperparameters[kind].granularity
    sizes = Sizes(record.iterations, tuple(record.groups))
    return int(np.prod(KINDS[kind].extent.shape(granularity, sizes)))


def _beaten(record: RunRecord) -> Iterator[str]:
    """That random search does better on the same budget than a run in real time, where it does."""
    budget = record.finished.budget if record.finished else None
    if budget is None or not budget.drawn:
        return
    objective, runs = record.experiment.meta.objective, budget.affordable
    name = f"{objective}_loss"
    moved, best = budget.moved(name), budget.best_of(runs, name)
    if not best.mean() < moved.mean():
        return
    drawn = f"the best of {runs:,} random runs is" if runs > 1 else "a random run is"
    seeds = f" (seed by seed, in {np.sum(best < moved)} of {len(moved)})" if len(moved) > 1 else ""
    yield (
        f"Random search does better on the same gradient evaluations{seeds}: {drawn} expected at a "
        f"{objective} loss of {best.mean():.3g}, real time ends at {moved.mean():.3g}."
    )


def _once(told: Sequence[str]) -> Iterator[str]:
    """Of sentences that differ in their numbers only, as those of several seeds do, the first."""
    seen = set[str]()
    for sentence in told:
        shape = _NUMBER.sub("", sentence)
        if shape not in seen:
            yield sentence
        seen.add(shape)


def _what_is_left(record: RunRecord) -> str:
    """To learn, where nothing that is free has an effect: nothing, unless it was better before."""
    name, best = f"{record.experiment.meta.objective}_loss", best_of(record)
    if best is None or best >= len(record.meta_iterations):
        return "and nothing is left to learn"
    first, lowest, last = (record.meta_iterations[i].measures[name] for i in (0, best, -1))
    if last is None or lowest is None or first is None:
        return "and nothing is left to learn"
    if math.isfinite(last) and last - lowest <= _FAR * max(abs(first), abs(lowest)):
        return "and nothing is left to learn"
    before = f"it was {lowest:.3g} in meta-iteration {best}"
    return f"which is {last:.3g}, although {before}: try a smaller step"


def _zero_since(record: RunRecord) -> int | None:
    """The first of the last meta-iterations, two or more, whose hypergradients are exactly zero."""
    if STRATEGIES[record.experiment.meta.optimizer].shows != "descent" or not record.free:
        return None
    count = 0
    for done in reversed(record.meta_iterations):
        if done.hypergradient_norm != 0:
            break
        count += 1
    return record.meta_iterations[-count].index if count > 1 else None
