"""How well small example weights find the labels that were corrupted on purpose."""

from engine.experiments.measures import DETECTION
from engine.hyperparameters.example_weights import DISTRUSTED
from engine.plots.base import Dash, Line, Plot
from engine.plots.changes import with_changes
from engine.plots.columns import finite
from engine.plots.hyperparameters import has_plot
from engine.plots.kind import PlotKind
from engine.plots.losses import judgements
from engine.plots.strategies import after_the_first, course
from engine.runs.records import RunRecord

_DASHES: tuple[Dash, ...] = ("dashed", "dotted", "solid")


def detection(what: PlotKind, record: RunRecord) -> Plot | None:
    """Precision, recall and F1, over meta-iterations and at last."""
    if record.data.corrupted is None or not has_plot(record, "example_weights"):
        return None
    judged = judgements(record)
    label, x, ends = course(record, len(judged))
    lines = tuple(
        Line(measure.title, x, finite(each.get(measure.name) for each in judged), colour, dash)
        for colour, (measure, dash) in enumerate(zip(DETECTION, _DASHES, strict=True))
    )
    last = judged[-1].get("f1") if judged else None
    caption = after_the_first(record) if last is None else f"F1 {last:.3f}; "
    if last is not None:
        caption += f"labels whose weight is below {DISTRUSTED:g} count as corrupted"
    return Plot(
        what.key,
        what.title,
        label,
        "share",
        lines,
        ends,
        caption=with_changes(caption, record),
        along="meta-iterations",
        y_covers=(0.0, 1.0),
    )
