"""What people should know of a run and cannot see at once, a sentence each."""

import math
from collections.abc import Iterator
from typing import Final

import numpy as np

from engine.experiments.strategies import STRATEGIES
from engine.runs.best import best_of
from engine.runs.records import RunRecord

_FAR: Final = 0.05
"""How far above its best a loss stands that has gone astray, as a part of what it was at first."""


def remarks(record: RunRecord) -> Iterator[str]:
    """Sentences about a run as it stands."""
    for done in record.meta_iterations[-1:]:
        yield from done.remarks
    if (since := _zero_since(record)) is not None and not record.diverged:
        objective = record.experiment.meta.objective
        yield (
            f"The hypergradient has been zero since meta-iteration {since}: a change of what is "
            f"free no longer changes the {objective} loss, {_what_is_left(record)}."
        )

    yield from _beaten(record)


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
    if STRATEGIES[record.experiment.meta.optimizer].shows != "descent":
        return None
    count = 0
    for done in reversed(record.meta_iterations):
        if done.hypergradient_norm != 0:
            break
        count += 1
    return record.meta_iterations[-count].index if count > 1 else None
