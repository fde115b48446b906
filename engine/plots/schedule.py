"""A schedule over training iterations."""

from engine.hyperparameters.kinds import KINDS
from engine.plots.base import Line, Plot
from engine.plots.columns import counted
from engine.plots.hyperparameters import has_plot, setting_of, strands_of
from engine.plots.kind import PlotKind
from engine.plots.real_time import strands_meanwhile
from engine.plots.strategies import name_of
from engine.plots.values import values
from engine.runs.records import RunRecord


def schedule(what: PlotKind, record: RunRecord, kind: str) -> Plot | None:
    """A line a group, as it was at first and as it is; arrows show the last or next meta-step.

    Free values that are the same in all iterations are drawn over meta-iterations instead.
    """
    if not has_plot(record, kind):
        return None
    if record.is_one_run:
        return strands_meanwhile(what, record, kind) if kind in record.free else None
    setting = setting_of(record, kind)
    if kind in record.free and "iteration" not in setting.granularity:
        return values(what, record, kind)
    iterations = counted(record.iterations)
    strands = strands_of(record, kind)
    first, current = record.initial[kind], record.current[kind]
    following = record.following[kind] if record.following else None
    previous = record.previous[kind] if record.previous else None
    before = [
        Line(
            f"{name}, first",
            iterations,
            first[:, index],
            colour,
            dash,
            faint=True,
            before=name,
        )
        for index, (name, colour, dash, _) in enumerate(strands)
    ]
    now = [
        Line(
            name,
            iterations,
            current[:, index],
            colour,
            dash,
            towards=None if following is None else following[:, index],
            came_from=None if previous is None else previous[:, index],
            factors=factors,
        )
        for index, (name, colour, dash, factors) in enumerate(strands)
    ]
    arrows = "; arrows: the next meta-step" if record.following else ""
    arrows = "; arrows: the last meta-step" if record.previous else arrows
    return Plot(
        what.key,
        what.title,
        "training iteration",
        f"{KINDS[kind].singular} {KINDS[kind].symbol}",
        (*before, *now),
        (0, max(record.iterations - 1, 1)),
        caption=f"pale: initial; strong: {_strong(record)}{arrows}",
        along="iterations",
    )


def _strong(record: RunRecord) -> str:
    """What is drawn strongly."""
    if not record.tries:
        return "current"
    done = record.meta_iterations
    if done and record.current is done[-1].hyperparameters:
        return name_of(record, done[-1].index)
    return "best so far" if record.under_way is None else name_of(record, record.under_way)
