"""What a run in real time found, and what the same gradient evaluations could have bought."""

from typing import Any

from engine.hyperparameters.kinds import KINDS
from engine.plots.real_time import applied_values
from engine.runs.budget import Budget
from engine.runs.records import RunRecord


def of_real_time(record: RunRecord) -> dict[str, Any]:
    """Where each free kind went, and what each way led to, seed by seed.

    Args:
        record: of a run in real time, of which an update is done.
    """
    name = f"{record.experiment.meta.objective}_loss"
    last = record.meta_iterations[-1]
    judged = [done.measures.get(name) for done in record.meta_iterations]
    known = [loss for loss in judged if loss is not None]
    found: dict[str, Any] = {
        "updates": len(record.meta_iterations),
        "loss": name.removesuffix("_loss"),
        "first": next(iter(known), None),
        "last": next(reversed(known), None),
        "gradient evaluations, in training runs": last.evaluations,
    }
    for kind in sorted(record.free, key=[*KINDS].index):
        values = applied_values(record, kind)
        if values.shape[1] == 1:
            found[f"{KINDS[kind].singular}, first"] = float(values[0, 0])
            found[f"{KINDS[kind].singular}, last"] = float(values[-1, 0])
    budget = record.finished.budget if record.finished else None
    if budget is not None and budget.drawn:
        found["on the same budget"] = _of_budget(budget, name)
    return found


def _of_budget(budget: Budget, name: str) -> dict[str, Any]:
    moved, stayed = budget.moved(name), budget.stayed(name)
    counts = sorted({1, 2, 3, budget.affordable, budget.drawn})
    best = {count: budget.best_of(count, name) for count in counts if 1 <= count <= budget.drawn}
    affordable = best[budget.affordable]
    return {
        "real time": moved.tolist(),
        "never updated": stayed.tolist(),
        **{f"random, expected best of {count}": each.tolist() for count, each in best.items()},
        "random runs": budget.drawn,
        "random runs for the same evaluations": budget.affordable,
        "mean of real time": float(moved.mean()),
        "mean of never updated": float(stayed.mean()),
        "mean of random on the same budget": float(affordable.mean()),
        "no worse than random on": f"{int((moved <= affordable).sum())} of {len(moved)} seeds",
    }
