"""What classifiers of episodes make of other representations than the one that was learned."""

from typing import Final

import numpy as np

from engine.experiments.measures import LEARNED
from engine.plots.base import Line, Plot
from engine.plots.columns import finite
from engine.plots.episode_accuracy import ERROR
from engine.plots.kind import PlotKind
from engine.plots.strategies import at_the_end, is_a_sweep
from engine.runs.records import RunRecord

_HALF: Final = 0.32  # of a row's width
_LONG: Final = 12  # letters of a name, of which the first word is enough then


def representations(what: PlotKind, record: RunRecord) -> Plot | None:
    """A bar for each, within its standard error, once the run is over."""
    finished = record.end
    if is_a_sweep(record) or finished is None or "representation" not in record.initial:
        return None
    if finished.measures is None or not finished.baselines:
        return None
    rows = {**finished.baselines, LEARNED: finished.measures}
    accuracy = finite(measures["test_accuracy"] for measures in rows.values())
    error = finite(measures[ERROR] for measures in rows.values())
    half, both = np.array([-_HALF, _HALF]), np.ones(2)
    lines = [
        Line(
            name,
            place + half,
            accuracy[place] * both,
            0 if name == LEARNED else place + 1,
            low=(accuracy[place] - error[place]) * both,
            high=(accuracy[place] + error[place]) * both,
        )
        for place, name in enumerate(rows)
    ]
    told = [
        f"{name.split()[0]} {mean:.1%} ± {off:.1%}"
        for name, mean, off in zip(rows, accuracy, error, strict=True)
    ]
    number = record.started_from.episodes.test_number
    return Plot(
        what.key,
        what.title,
        "what classifiers see",
        "accuracy",
        tuple(lines),
        (-0.5, len(rows) - 0.5),
        caption=f"{at_the_end(record)}{number:,} held-out episodes: {', '.join(reversed(told))}",
        x_names=tuple(name if len(name) < _LONG else name.split()[0] for name in rows),
    )
