"""What is met on the way of a sweep: the loss, its slope, and where that stops saying anything.

Figure 10 of Maclaurin, Duvenaud and Adams (2015). All panels share the range of the swept
coordinate, which is known beforehand, and fill in.
"""

from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.hyperparameters.kinds import KINDS
from engine.plots.base import Dash, Line, Mark, Plot
from engine.plots.columns import finite
from engine.plots.hyperparameters import setting_of
from engine.plots.kind import PlotKind
from engine.plots.losses import lines_of_losses, loss_unit
from engine.plots.strategies import after_the_first
from engine.plots.sweeps import (
    chaos_onset,
    coordinates,
    neutral_growth,
    range_of_sweep,
    slopes,
    swept,
)
from engine.runs.records import RunRecord

_SIGNS: Final[tuple[tuple[str, int, int, Dash], ...]] = (
    ("loss falls", -1, 0, "points"),
    ("loss rises", 1, 1, "triangles"),
)
"""What each sign of a slope is called, its colour and its marker."""


def sweep_loss(what: PlotKind, record: RunRecord) -> Plot | None:
    """The loss after training at each place; a gap where training diverged."""
    kind = swept(record)
    if kind is None:
        return None
    judged = [done.measures for done in record.meta_iterations]
    lines = lines_of_losses(record, coordinates(record, kind), judged)
    return Plot(
        what.key,
        what.title,
        _coordinate_in_words(record, kind),
        "loss",
        tuple(lines),
        range_of_sweep(record, kind),
        log_y=_spans_decades([line.y for line in lines]),
        caption=_least_in_words(record, kind),
        marks=_marks(record, kind),
        counts_x=False,
        x_unit=KINDS[kind].singular,
        along="meta-iterations",
        y_unit=loss_unit(record),
    )


def sweep_hypergradient(what: PlotKind, record: RunRecord) -> Plot | None:
    """How steep the loss is along the sweep, in a colour for each sign."""
    kind = swept(record)
    if kind is None:
        return None
    x, y = coordinates(record, kind), finite(slopes(record, kind))
    lines = tuple(
        Line(name, x, np.where(sign * y > 0, np.abs(y), np.nan), colour, dash)
        for name, sign, colour, dash in _SIGNS
    )
    return Plot(
        what.key,
        what.title,
        _coordinate_in_words(record, kind),
        f"|∂f / ∂ {_coordinate_in_words(record, kind)}|",
        lines,
        range_of_sweep(record, kind),
        log_y=True,
        caption="magnitude of the slope, by exact reversal; marks show its sign"
        if np.any(np.isfinite(y))
        else after_the_first(record),
        marks=_marks(record, kind),
        counts_x=False,
        x_unit=KINDS[kind].singular,
        along="meta-iterations",
    )


def lyapunov_exponent(what: PlotKind, record: RunRecord) -> Plot | None:
    """How fast derivatives grow in the reverse pass through training."""
    kind = swept(record)
    if kind is None:
        return None
    ends = range_of_sweep(record, kind)
    across, neutral = np.array(ends), neutral_growth(record)
    exponents = finite(done.lyapunov_exponent for done in record.meta_iterations)
    lines = [
        Line("exponent", coordinates(record, kind), exponents, 2),
        Line("neutral growth, ln(T)/T", across, np.full(2, neutral), "reference", "dashed"),
        Line("zero", across, np.zeros(2), "reference", "dotted", faint=True),
    ]
    return Plot(
        what.key,
        what.title,
        _coordinate_in_words(record, kind),
        "growth per iteration",
        tuple(lines if len(exponents) else lines[:1]),
        ends,
        caption=f"growth of derivatives in the reverse pass; here ln(T)/T = {neutral:.3g}"
        if len(exponents)
        else after_the_first(record),
        marks=_marks(record, kind),
        counts_x=False,
        x_unit=KINDS[kind].singular,
        along="meta-iterations",
    )


def _marks(record: RunRecord, kind: str) -> tuple[Mark, ...]:
    onset = chaos_onset(record)
    if onset is None:
        return ()
    return (Mark(onset, f"chaos from {_coordinate_in_words(record, kind)} = {onset:.3g}"),)


def _coordinate_in_words(record: RunRecord, kind: str) -> str:
    domain, symbol = setting_of(record, kind).domain, KINDS[kind].symbol
    return symbol if domain == "identity" else f"{domain} {symbol}"


def _spans_decades(columns: list[Floats]) -> bool:
    values = np.concatenate([np.zeros(0), *columns])
    values = values[np.isfinite(values)]
    return values.size > 0 and bool(values.min() > 0 and values.max() > 100 * values.min())


def _least_in_words(record: RunRecord, kind: str) -> str:
    """Where the objective is least, and at how many places training diverged."""
    if not record.meta_iterations:
        return after_the_first(record)
    objective, told = record.experiment.meta.objective, []
    judged = finite(done.measures[f"{objective}_loss"] for done in record.meta_iterations)
    if np.any(np.isfinite(judged)):
        best = int(np.nanargmin(judged))
        where = f"{_coordinate_in_words(record, kind)} = {coordinates(record, kind)[best]:.3g}"
        told.append(f"lowest {objective} loss {judged[best]:.3g} at {where}")
    losses = [done.measures["training_loss"] for done in record.meta_iterations]
    gaps = sum(loss is not None and not np.isfinite(loss) for loss in losses)
    if gaps:
        told.append(f"training diverged at {gaps} point{'' if gaps == 1 else 's'}")
    return "; ".join(told)
