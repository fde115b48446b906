"""Bars, one for each input of the examples: real ones and those of noise told apart."""

from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.plots.base import Dash, Line, Mark
from engine.plots.columns import counted
from engine.plots.hyperparameters import setting_of
from engine.plots.strategies import moves
from engine.runs.records import RunRecord

REAL: Final = "real inputs"
INPUTS: Final = "inputs"
"""What real ones are called where there are no others."""
NOISE: Final = "noise"
LATER: Final = "later layers"
"""Not an input: what the penalty of all later weights is called."""
STROKES: Final[tuple[Dash, ...]] = ("solid", "dashed", "dotted")
"""Of the parts."""
VANISHED: Final = 0.01
"""A weight that is smaller counts as none."""
_WIDTH: Final = 0.7  # of the room for a bar


def are_by_input(record: RunRecord) -> bool:
    """Whether a run learns a penalty for each input."""
    by_input = setting_of(record, "l2_penalties").granularity == "input"
    return moves(record) and by_input and "l2_penalties" in record.free


def parts_of(record: RunRecord) -> dict[str, slice]:
    """Which of the own penalties of a run are whose; real inputs come first."""
    inputs = record.data.features
    real = inputs - record.data.noise_inputs
    parts = {REAL if real < inputs else INPUTS: slice(0, real), NOISE: slice(real, inputs)}
    parts[LATER] = slice(inputs, None)
    count = len(record.current["l2_penalties"])
    return {name: part for name, part in parts.items() if range(count)[part]}


def bars(values: Floats, base: Floats, parts: dict[str, slice]) -> tuple[Line, ...]:
    """A line for each part, with a bar from the base to each of its values."""
    places = counted(len(values))
    return tuple(
        Line(
            name,
            places[part],
            values[part],
            colour,
            STROKES[colour],
            low=np.minimum(values, base)[part],
            high=np.maximum(values, base)[part],
            width=_WIDTH,
        )
        for colour, (name, part) in enumerate(parts.items())
    )


def marks_of(parts: dict[str, slice]) -> tuple[Mark, ...]:
    """Where each part but the first begins: it is told from the others without colours, too."""
    return tuple(
        Mark(part.start - 0.5, name, is_part=True) for name, part in parts.items() if part.start
    )


def names_of(record: RunRecord, parts: dict[str, slice]) -> tuple[str, ...]:
    """What stands below each bar."""
    return (*record.data.feature_names, *((LATER,) if LATER in parts else ()))


def weights_of_inputs(record: RunRecord, w: Floats) -> Floats:
    """(D,) the weight that leaves each input; the length of the vector where there are several."""
    matrix = w[record.groups[0].span].reshape(record.data.features, -1)
    return matrix[:, 0].copy() if matrix.shape[1] == 1 else np.linalg.norm(matrix, axis=1)
