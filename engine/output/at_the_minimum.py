"""What a run found whose hypergradients are taken at the minimum of the training loss."""

from typing import Any, Final

import numpy as np

from engine.plots.at_the_minimum import distance, spent
from engine.runs.records import RunRecord

_CLOSE: Final = {"1 %": 1e-2, "0.01 %": 1e-4}


def at_the_minimum(record: RunRecord) -> dict[str, Any]:
    """What each of its hypergradients took, and how soon it was near where it came out.

    Args:
        record: of a run of which a meta-iteration is done, and whose strategy sees objectives.
    """
    every, (seconds, iterations) = record.meta_iterations, spent(record)
    solutions = [one.solution for one in every if one.solution is not None]
    found: dict[str, Any] = {
        "seconds of the method": float(seconds[-1]),
        "iterations of L-BFGS": sum(one.iterations for one in solutions),
        "rounds of the linear solver": sum(one.rounds for one in solutions),
        "gradients and products": sum(
            one.cost.gradients + one.cost.products for one in every if one.cost is not None
        ),
    }
    tolerances = [one.tolerance for one in every if one.tolerance is not None]
    if tolerances:
        found |= {"first tolerance": tolerances[0], "last tolerance": tolerances[-1]}
    if record.finished is not None and record.finished.measures is not None:
        above, best = distance(record)
        for words, close in _CLOSE.items():
            near = np.flatnonzero(np.abs(above) <= close * abs(best))
            if near.size:
                found[f"to {words} after"] = {
                    "meta-iterations": int(near[0]),
                    "seconds": float(seconds[near[0]]),
                    "inner iterations": int(iterations[near[0]]),
                }
    penalties, train = record.current.get("l2_penalties"), record.experiment.data.train
    if "l2_penalties" in record.free and penalties is not None and penalties.size == 1:
        found["penalty"] = float(penalties[0])
        if isinstance(train, int):  # as where losses are sums, with half the squared length
            found["log 2Nλ"] = float(np.log(2 * train * penalties[0]))
    return found
