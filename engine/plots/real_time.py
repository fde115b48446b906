"""Hyperparameters that move within one training run, and the losses meanwhile."""

from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.experiments.tasks import task_of
from engine.hyperparameters.kinds import KINDS
from engine.plots.base import Dash, Line, Plot
from engine.plots.columns import counted, finite, positive
from engine.plots.going_on import Curve
from engine.plots.hyperparameters import is_schedule, setting_of, strands_of
from engine.plots.kind import PlotKind
from engine.plots.losses import judgements, lines_of_losses, loss_unit
from engine.plots.strategies import at_the_end
from engine.plots.words import apart
from engine.runs.records import RunRecord

NEVER: Final = "never updated"
"""What training with the hyperparameters of the start is called."""
_DASHES: Final[tuple[Dash, ...]] = ("solid", "dashed", "dotted")


def as_learned(what: PlotKind, record: RunRecord) -> Plot | None:
    """A line for each kind that is free, over training iterations; of several values the range."""
    if not record.is_one_run or not record.free:
        return None
    kinds = [kind for kind in KINDS if kind in record.free and kind in record.current]
    applied = {kind: _positive_if_log(applied_values(record, kind), record) for kind in kinds}
    lines = [_line_of(kind, values, place) for place, (kind, values) in enumerate(applied.items())]
    return Plot(
        what.key,
        what.title,
        "training iteration",
        "value",
        tuple(lines),
        (0, max(record.iterations - 1, 1)),
        log_y=_is_log(record),
        caption=_moves_in_words(applied),
        along="iterations",
    )


def applied_values(record: RunRecord, kind: str) -> Floats:
    """(t, n) the values of a kind as each training iteration so far used them, as they are set."""
    stretch, done = record.stretch, len(record.learning_curve)
    used = [one.hyperparameters[kind] for one in record.meta_iterations]
    if done > stretch * len(used) or not used:
        used.append(record.current[kind])
    if is_schedule(kind):
        columns = [0] if "group" not in setting_of(record, kind).granularity else slice(None)
        rows = [values[:stretch, columns] for values in used]
    else:
        rows = [np.broadcast_to(values.ravel(), (stretch, values.size)) for values in used]
    return np.concatenate(rows)[:done]


def losses_meanwhile(what: PlotKind, record: RunRecord) -> Plot | None:
    """The loss of each minibatch, and those of each part of the data after every update."""
    if not record.is_one_run:
        return None
    name = _objective(record)
    known = [done for done in record.meta_iterations if done.measures.get(name) is not None]
    judged = [done.measures for done in known]
    x = np.array([min(record.stretch * (done.index + 1), record.iterations) for done in known])
    minibatches = np.array(record.learning_curve) / record.data.summed
    lines = [
        Line("minibatch", counted(len(minibatches)), minibatches, "reference", faint=True),
        *lines_of_losses(record, x, judged),
    ]
    return Plot(
        what.key,
        what.title,
        "training iteration",
        "loss",
        tuple(lines),
        (0, max(record.iterations, 1)),
        log_y=all(np.all(line.y[np.isfinite(line.y)] > 0) for line in lines),
        caption=_end_in_words(record),
        y_unit=loss_unit(record),
        along="iterations",
    )


def curve_meanwhile(record: RunRecord) -> Curve | None:
    """The objective's losses after each update while training goes on, to those at its end."""
    if not record.is_one_run or record.end or record.moment:
        return None
    done, planned = len(record.meta_iterations), record.planned
    if not 0 < done < planned:
        return None
    name, stretch = _objective(record), record.stretch
    return Curve(
        of=record.meta_iterations,
        line=record.experiment.meta.objective,
        count=done,
        places=np.minimum(stretch * (counted(planned) + 1), record.iterations),
        reached=stretch * done,
        end=f"iteration {record.iterations:,}",
        quantity="loss",
        measured=lambda: finite(one.measures.get(name) for one in record.meta_iterations[:done]),
    )


def same_budget(what: PlotKind, record: RunRecord) -> Plot | None:
    """The objective over gradient evaluations: real time, random search, and never updated."""
    if not record.is_one_run:
        return None
    name, done = _objective(record), record.meta_iterations
    known = [one for one in done if one.measures.get(name) is not None]
    judged = finite(one.measures[name] for one in known)
    spent = np.array([one.evaluations for one in known])
    share = min(1.0, record.stretch * len(done) / record.iterations)
    whole = done[-1].evaluations / share if done else 1.0
    lines, end = [Line("real time", spent, judged, 0)], 2.5 * whole
    budget = record.end.budget if record.end else None
    if budget and budget.drawn:
        runs = np.arange(1, min(budget.drawn, max(int(end), 2)) + 1)
        best = np.array([budget.best_of(int(count), name) for count in runs])
        several = len(budget.seeds) > 1
        lines.append(
            Line(
                "best of random runs",
                runs.astype(np.float64),
                finite(best.mean(axis=1)),
                1,
                "dashed",
                low=finite(best.min(axis=1)) if several else None,
                high=finite(best.max(axis=1)) if several else None,
            )
        )
        stayed = finite(budget.stayed(name))
        lines.append(Line(NEVER, np.ones(len(stayed)), stayed, 2, "squares"))
        if several:
            others = finite(budget.moved(name)[1:])
            lines.append(
                Line("other seeds", np.full(len(others), budget.evaluations), others, 0, "points")
            )
    return Plot(
        what.key,
        what.title,
        "gradient evaluations",
        _title_of(record, name),
        tuple(lines),
        (0.0, max(end, 2.0)),
        log_y=all(np.all(line.y[np.isfinite(line.y)] > 0) for line in lines),
        caption=_budget_in_words(record, name),
        counts_x=False,
        x_unit="training runs",
        y_unit=loss_unit(record),
    )


def _line_of(kind: str, values: Floats, place: int) -> Line:
    info = KINDS[kind]
    name, x, dash = f"{info.singular} {info.symbol}", counted(len(values)), _DASHES[place % 3]
    if values.shape[1] == 1:
        return Line(name, x, values[:, 0], place, dash)
    low, high = values.min(axis=1), values.max(axis=1)
    return Line(f"{name}, median", x, np.median(values, axis=1), place, dash, low=low, high=high)


def strands_meanwhile(what: PlotKind, record: RunRecord, kind: str) -> Plot | None:
    """A line for each group that a kind of schedule is set for, if there are several."""
    values, strands = applied_values(record, kind), strands_of(record, kind)
    if len(strands) == 1:
        return None
    lines = [
        Line(name, counted(len(values)), values[:, index], colour, dash, factors=factors)
        for index, (name, colour, dash, factors) in enumerate(strands)
    ]
    return Plot(
        what.key,
        what.title,
        "training iteration",
        f"{KINDS[kind].singular} {KINDS[kind].symbol}",
        tuple(lines),
        (0, max(record.iterations - 1, 1)),
        log_y=setting_of(record, kind).domain == "log",
        caption="as each training iteration used it",
        along="iterations",
    )


def _is_log(record: RunRecord) -> bool:
    return any(setting_of(record, kind).domain == "log" for kind in record.free)


def _positive_if_log(values: Floats, record: RunRecord) -> Floats:
    return positive(values) if _is_log(record) else values


def _moves_in_words(applied: dict[str, Floats]) -> str:
    """Where each kind has come from its start."""
    told = []
    for kind, values in applied.items():
        if len(values):
            ends = apart([float(np.median(values[0])), float(np.median(values[-1]))], 2)
            told.append(f"{KINDS[kind].symbol} {' → '.join(ends)}")
    return "; ".join(told) if told else "known after the first iteration"


def _end_in_words(record: RunRecord) -> str:
    name = _objective(record)
    judged = [one for one in judgements(record) if one.get(name) is not None]
    if not judged:
        return "known after the first updates"
    last = judged[-1]
    told = f"{_title_of(record, name)} {last[name]:.3g}"
    if last.test_accuracy is not None:
        told += f"; test accuracy {last.test_accuracy:.1%}"
    return f"{told}; pale: minibatches"


def _budget_in_words(record: RunRecord, name: str) -> str:
    finished = record.end
    if finished is None:
        return "random runs follow at the end"
    budget = finished.budget
    if budget is None or not budget.drawn:
        return "nothing to compare with" if finished.outcome == "completed" else ""
    count = budget.affordable
    values = [
        float(np.mean(each))
        for each in (budget.moved(name), budget.best_of(count, name), budget.stayed(name))
    ]
    real, random, never = apart(values, 3)
    seeds = f"; {len(budget.seeds)} seeds" if len(budget.seeds) > 1 else ""
    best = f"best of {count} random" if count > 1 else "a random run"
    return f"{at_the_end(record)}real time {real}; {best} {random}; {NEVER} {never}{seeds}"


def _objective(record: RunRecord) -> str:
    """The measure that updates go against."""
    return f"{record.experiment.meta.objective}_loss"


def _title_of(record: RunRecord, name: str) -> str:
    measures = task_of(record.experiment).measures(record.experiment)
    return next(measure.title for measure in measures if measure.name == name)
