"""How large the hypergradient is, over meta-iterations."""

from engine.plots.base import Line, Plot
from engine.plots.changes import up_to_the_last, with_changes
from engine.plots.columns import positive
from engine.plots.kind import PlotKind
from engine.plots.strategies import after_the_first, course, is_a_sweep, is_averaged
from engine.plots.time_axis import or_over_time
from engine.runs.records import RunRecord


def hypergradient_norm(what: PlotKind, record: RunRecord) -> Plot | None:
    """Its norm over all free coordinates."""
    if is_a_sweep(record) or record.tries:
        return None
    norms = positive([done.hypergradient_norm for done in record.meta_iterations])
    label, x, ends = course(record, len(norms))
    caption = "" if len(norms) else after_the_first(record)
    line = Line("hypergradient", x, norms, 3, "points" if is_averaged(record) else "solid")
    plot = Plot(
        what.key,
        what.title,
        label,
        "norm",
        (line,),
        ends,
        caption=up_to_the_last(with_changes(caption, record), record),
        log_y=True,
        y_unit="loss per unit of coordinate",
        along="meta-iterations",
    )
    return or_over_time(plot, record)
