"""A hypergradient in words: what a small change of a hyperparameter would do to the objective."""

from typing import NamedTuple

import numpy as np

from engine.hyperparameters.kinds import KINDS
from engine.runs.records import RunRecord


class _Effect(NamedTuple):
    kind: str
    change: float
    what: str


def largest_effect(record: RunRecord, first: str = "") -> str:
    """What a change by 1 % would do, of the value in a schedule where it would do most.

    To first order, as the hypergradient tells: 0.01 value × derivative.

    Args:
        record: the last meta-iteration that is done is told of.
        first: a kind that is told of even if another would do more, if it is free.

    Returns:
        A clause; empty if no schedule is free or nothing is done.
    """
    found: list[_Effect] = []
    for done in record.meta_iterations[-1:]:
        for kind, setting in record.experiment.hyperparameters.root.items():
            if not (setting.free and KINDS[kind].enters == "schedule"):
                continue
            name = KINDS[kind].singular
            changes = 0.01 * done.hyperparameters[kind] * done.hypergradient[kind]
            if "iteration" in setting.granularity:
                place, group = np.unravel_index(np.argmax(np.abs(changes)), changes.shape)
                where = f"the {name} of iteration {place}"
                found.append(_Effect(kind, float(changes[place, group]), where))
            else:
                found.append(_Effect(kind, float(changes.sum()), f"the {name}"))
    if not found:
        return ""
    preferred = [one for one in found if one.kind == first] or found
    _, change, what = max(preferred, key=lambda one: abs(one.change))
    way = "Raising" if change < 0 else "Lowering"
    objective = record.experiment.meta.objective
    return f"{way} {what} by 1 % would lower the {objective} loss by {abs(change):.2g}"
