"""The plots of a run as they stood at each of its meta-iterations, for animations."""

from threading import Lock

from engine.errors import InputError
from engine.plots.base import AnyPlot
from engine.plots.scenes import plot_at
from engine.plots.stage import Stage
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

    def plot(self, key: str, index: int) -> AnyPlot:
        """A plot as it stood at the end of training in a meta-iteration, counted from 0.

        Raises:
            InputError: there was no such plot then.
            DivergedError: the training run cannot be replayed.
        """
        moment = Moment(index, self._record.iterations)
        with self._lock:  # a stage is for one thread at a time
            self._stage = self._stage or Stage(self._record.experiment)
            plot = plot_at(key, self._stage, self._record, moment)
        if plot is None:
            raise InputError("plot", f"expected one of meta-iteration {index + 1}.")
        return plot
