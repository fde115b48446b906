"""The hypergradient of the training run so far, as forward mode has it after every iteration."""

from typing import Final

from engine.hyperparameters.kinds import KINDS
from engine.plots.base import Dash, Line, Plot
from engine.plots.columns import counted, positive
from engine.plots.kind import PlotKind
from engine.runs.records import RunRecord

_DASHES: Final[tuple[Dash, ...]] = ("solid", "dashed", "dotted")


def growing(what: PlotKind, record: RunRecord) -> Plot | None:
    """Its length by each kind that is free, over the iterations of training; None of other methods.

    The objective is differentiated as if training ended there (Franceschi et al. 2017, Forward-HG).
    """
    if record.experiment.method != "forward" or record.is_one_run or record.tries:
        return None
    curves = record.growing
    lines = [
        Line(_in_words(kind), counted(len(curve)) + 1, positive(curve), place, _DASHES[place % 3])
        for place, (kind, curve) in enumerate(curves.items())
    ]
    caption = (
        "as if training ended at each iteration; by the values themselves, not by the "
        "coordinates of the meta-steps"
    )
    return Plot(
        what.key,
        what.title,
        "training iteration",
        "length of the hypergradient",
        tuple(lines),
        (1, max(record.iterations, 2)),
        log_y=True,
        y_unit="loss per unit of value",
        caption=caption if lines else "known after the first iteration",
        along="iterations",
    )


def _in_words(kind: str) -> str:
    return KINDS[kind].plural if kind in KINDS else "hyperparameters in the losses"
