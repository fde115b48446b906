"""Plots of a comparison of strategies: the best found so far over what that took."""

from dataclasses import replace
from typing import Final

import numpy as np

from engine.experiments.rival import Rival
from engine.experiments.tasks import task_of
from engine.plots.base import PALETTE, Dash, Line, Plot
from engine.plots.stopped_curves import stopped_curves
from engine.plots.time_axis import SECONDS
from engine.runs.strategies_compared import Band, StrategiesRecord, band

_DASHES: Final[tuple[Dash, ...]] = ("solid", "dashed", "dotted")
_ALONG: Final = {
    "runs": ("training runs", "gradient evaluations"),
    "seconds": ("time", "seconds"),
}
"""What the axis is called, and its unit."""
_ACCURACIES: Final = ("accuracy", "validation")
_WAITING: Final = "known once the first strategy has tried something"


def strategy_plots(record: StrategiesRecord) -> list[Plot]:
    """All plots of a comparison as far as it is: what it goes by, and on the test part beside."""
    over = [
        plot
        for of in ("objective", "test", "accuracy", "validation")
        if (plot := _plot(record, of)) is not None
    ]
    curves = stopped_curves(record)
    return over if curves is None else [*over, curves]


def _plot(record: StrategiesRecord, of: str) -> Plot | None:
    """One quantity, over training runs or over time."""
    usual, *others = (_over(record, of, along) for along in _ALONG)
    if usual is None:
        return None
    return replace(usual, others=tuple(other for other in others if other is not None))


def stroke_of(record: StrategiesRecord, rival: Rival) -> tuple[int, Dash]:
    """The colour and the dash that stand for a strategy in every plot of a comparison.

    The first has the first colour, and so on; dashes tell them apart in grey print, too.
    """
    place = record.rivals.index(rival)
    return place % len(PALETTE), _DASHES[(place + place // len(PALETTE)) % len(_DASHES)]


def _over(record: StrategiesRecord, of: str, along: str) -> Plot | None:
    label, unit = _ALONG[along]
    lines, ends = [], [0.0]
    for rival in record.rivals:
        found = record.of(rival)
        if not found:
            continue
        together = _staircase(band(found, along, of))
        if not together.x.size:
            continue
        colour, dash = stroke_of(record, rival)
        several = len(found) > 1
        lines.append(
            Line(
                rival.name,
                together.x,
                together.median,
                colour,
                dash,
                low=together.low if several else None,
                high=together.high if several else None,
            )
        )
        ends.append(float(together.x[-1]))
    if of in _ACCURACIES and not lines:
        return None
    if of == "test" and not lines and record.is_over:
        return None
    what = _names(record)[of]
    limit = record.budget if along == "runs" else record.seconds
    return Plot(
        f"{of}_by_{along}",
        f"{what[:1].upper()}{what[1:]}",
        label,
        what,
        tuple(lines),
        (0.0, max([*ends, limit or 0.0, 1e-3])),
        log_y=of not in _ACCURACIES and all(np.all(line.y > 0) for line in lines),
        caption=_caption(record, of) if lines else _WAITING,
        counts_x=False,
        x_unit=unit,
        y_unit=_unit(record) if of not in _ACCURACIES else "",
        across="training runs" if along == "runs" else SECONDS,
    )


def _staircase(one: Band) -> Band:
    """The same with a corner wherever something better is found."""
    if one.x.size < 2:
        return one
    x = np.repeat(one.x, 2)[1:]
    median, low, high = (np.repeat(y, 2)[:-1] for y in (one.median, one.low, one.high))
    return Band(x, median, low, high)


def _caption(record: StrategiesRecord, of: str) -> str:
    seeds = len({one.seed for one in record.searches})
    by_itself = of in ("objective", "validation")
    so_far = "best so far" if by_itself else "of the best so far"
    return f"{so_far}; median and range of {seeds} seeds" if seeds > 1 else so_far


def _names(record: StrategiesRecord) -> dict[str, str]:
    return {
        "objective": f"{record.experiment.meta.objective} loss",
        "test": "test loss",
        "accuracy": "test accuracy",
        "validation": "validation accuracy",
    }


def _unit(record: StrategiesRecord) -> str:
    measures = task_of(record.experiment).measures(record.experiment)
    return next((one.unit for one in measures if one.quantity == "loss"), "")
