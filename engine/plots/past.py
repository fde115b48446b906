"""The plots of a run as they stood at each of its meta-iterations, for animations."""

from threading import Lock

from engine.errors import InputError
from engine.kernels.blas import one_blas_thread
from engine.plots.base import AnyPlot
from engine.plots.catalogue import PLOTS
from engine.plots.kind import PlotKind
from engine.plots.stage import Scene, Stage
from engine.plots.strategies import standing_of
from engine.runs.moments import Moment
from engine.runs.records import RunRecord


class Past:
    """Looks back at a run; from any thread.

    Args:
        record: of the run, which may go on.
    """

    def __init__(self, record: RunRecord) -> None:
        self._record = record
        self._stage: Stage | None = None
        self._lock = Lock()

    def is_judged(self, key: str) -> bool:
        """Whether a plot tells of where the last meta-step led, too, be it that it diverged."""
        end = self._record.finished
        is_known = end is not None and (end.measures is not None or end.outcome == "diverged")
        return is_known and PLOTS[key].changes != "moment"

    def plot(self, key: str, index: int) -> AnyPlot:
        """A plot as it stood at the end of training in a meta-iteration, counted from 0.

        After the last there is one more where `is_judged` says so.

        Raises:
            InputError: there was no such plot then, or the run's data cannot be used any more.
            DivergedError: the training run cannot be replayed.
        """
        kind = PLOTS[key]
        if index == len(self._record.meta_iterations) and self.is_judged(key):
            plot = kind.plot(self._record)
        elif kind.changes == "moment":
            plot = self._replayed(kind, self._record.last_moment(index))
        else:
            plot = kind.plot(self._record.at(self._record.last_moment(index)))
        if plot is None:
            raise InputError("plot", f"expected one of meta-iteration {index}.")
        return plot

    def _replayed(self, kind: PlotKind, moment: Moment) -> AnyPlot | None:
        with self._lock, one_blas_thread():  # a stage is for one thread at a time
            if self._stage is None:
                self._stage = Stage(self._record.started_from)
            standing = standing_of(self._record, moment.meta_iteration)
            return kind.plot(Scene(self._stage, self._record, moment, standing))
