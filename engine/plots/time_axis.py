"""Plots over meta-iterations or trials that may be drawn over the time that these took as well."""

from dataclasses import replace
from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.plots.base import Line, Plot
from engine.plots.strategies import moves
from engine.runs.records import RunRecord

SECONDS: Final = "seconds"
"""What the axis of time is called where there is a choice."""


def or_over_time(plot: Plot, record: RunRecord) -> Plot:
    """A plot over meta-iterations, or trials, that may be drawn over seconds as well.

    What stands at n meta-iterations, or came out of the nth trial, then stands where as many were
    done. The axis of a run that goes on reaches to where it will end if it goes on as fast.

    There is no choice where meta-iterations do not follow each other, or are parts of one run.

    Args:
        plot: each x is a number of meta-iterations or trials; lines right across have their ends at
            those of the axis.
        record: of the run.
    """
    if record.is_one_run or not moves(record):
        return plot
    taken = np.array([one.seconds for one in record.meta_iterations])
    seconds = np.concatenate([[0.0], np.cumsum(taken)])
    done = len(taken)
    more = max(record.planned, done) / done if done and record.moment is None else 1.0
    end = float(seconds[-1]) * more or 1.0

    def timed(line: Line) -> Line:
        return replace(line, x=_times(line.x, seconds, end))

    by_time = replace(
        plot,
        key=f"{plot.key}_by_seconds",
        x_label="time of the run",
        x_unit="seconds",
        x_range=(0.0, end),
        counts_x=False,
        along=None,
        lines=tuple(map(timed, plot.lines)),
        marks=tuple(
            replace(mark, x=float(_times(np.array([mark.x]), seconds, end)[0]))
            for mark in plot.marks
        ),
        across=SECONDS,
    )
    return replace(plot, across=f"{plot.x_label}s", others=(by_time,))


def _times(numbers: Floats, seconds: Floats, end: float) -> Floats:
    """When so many were done; what lies beyond stands at the end."""
    places = numbers.astype(np.int64)
    known = seconds[np.minimum(places, len(seconds) - 1)]
    return np.where(places < len(seconds), known, end)
