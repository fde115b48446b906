"""The plots of a run at a moment, with those that need the parameters of then."""

from engine.kernels.blas import one_blas_thread
from engine.plots.assembly import in_order, plots
from engine.plots.base import AnyPlot
from engine.plots.catalogue import PLOTS
from engine.plots.horizontal import each_over_its_axes
from engine.plots.stage import Scene, Stage
from engine.plots.strategies import standing_of
from engine.runs.moments import Moment
from engine.runs.own_runs import is_apart
from engine.runs.records import RunRecord


def scenes(
    stage: Stage,
    record: RunRecord,
    moment: Moment,
    standing: str | None = None,
    *,
    is_latest: bool = False,
) -> list[AnyPlot]:
    """Only the plots of a moment in one of the run's finished meta-iterations, in order.

    Args:
        stage: of the run.
        record: of the run.
        moment: of it.
        standing: what they say of the moment's meta-iteration; None: what there is to say now.
        is_latest: whether it is shown for being the last one, and not because it was chosen.

    Raises:
        DivergedError: the training run cannot be replayed.
    """
    if standing is None:
        standing = standing_of(record, moment.meta_iteration, is_latest=is_latest)
    scene = Scene(stage, record, moment, standing, is_latest)
    with one_blas_thread():
        made = [kind.plot(scene) for kind in PLOTS.values() if kind.changes == "moment"]
    return [plot for plot in made if plot is not None]


def every_plot(record: RunRecord) -> list[AnyPlot]:
    """All plots of a run as it stands, those of moments at the end of its last training, in order.

    Those of moments are left out where the losses are of one's own, and run in a process of theirs.
    Behind each come those over others of its axes that the catalogue names.

    Raises:
        InputError: the run's data cannot be used any more.
        DivergedError: the training run cannot be replayed.
    """
    made = plots(record)
    if record.meta_iterations and not is_apart(record.started_from):
        last = record.last_moment(len(record.meta_iterations) - 1)
        made += scenes(Stage(record.started_from), record, last, is_latest=True)
    wanted = {key for kind in PLOTS.values() for key in kind.axes}
    return each_over_its_axes(in_order(made), wanted)
