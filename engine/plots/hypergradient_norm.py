"""How large the hypergradient is, over meta-iterations."""

from engine.plots.base import Line, Plot
from engine.plots.columns import counted, positive
from engine.plots.kind import PlotKind
from engine.plots.strategies import is_a_sweep
from engine.runs.records import RunRecord


def hypergradient_norm(what: PlotKind, record: RunRecord) -> Plot | None:
    """Its norm over all free coordinates."""
    if is_a_sweep(record):
        return None
    norms = positive([done.hypergradient_norm for done in record.meta_iterations])
    return Plot(
        what.key,
        what.title,
        "meta-iteration",
        "norm",
        (Line("hypergradient", counted(len(norms)), norms, 3),),
        (0, record.experiment.meta.iterations),
        log_y=True,
        y_unit="loss per unit of coordinate",
    )
