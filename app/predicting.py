"""Predictions of the curves of a run that goes on, kept in step with them."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.plots.plot_area import PlotArea
from app.prediction_worker import PredictionAnswer, PredictionRequest, PredictionWorker
from app.preferences import Preferences
from engine.plots import PLOTS, AnyPlot, Curve, Plot, Prediction
from engine.plots.predicted import with_prediction
from engine.runs.records import RunRecord

_USUAL: Final = 0.2  # seconds that a prediction takes, until one was made
_REST: Final = 4.0  # times that: the run has the processor for most of the time
_SOON: Final = 50  # milliseconds
_ALL_BUT: Final = 2.0  # times that: what a curve must go on for, so that it is worth predicting


@dataclass
class _Followed:
    """A curve that goes on, and what is known of it.

    Attributes:
        curve: as far as it is.
        least: places in which it is measured before it is predicted.
        began: how far it was when it was seen first, and when that was.
        asked: as far as it was when it was asked for last.
        prediction: the latest.
        drawn: the plot that it was drawn into last, how far the curve was, and what came of it.
    """

    curve: Curve
    least: int
    began: tuple[int, float]
    asked: Curve | None = None
    prediction: Prediction | None = None
    drawn: tuple[object, ...] = field(default=(None,))

    def seconds_left(self, now: float) -> float:
        """How long the curve will go on, at the pace that it has had."""
        count, then = self.began
        places = self.curve.count - count
        left = self.curve.horizon - self.curve.count
        return left * (now - then) / places if places > 0 else 0.0


class Predicting(QObject):
    """Adds to the plots of a run how their curves are likely to end.

    A curve is predicted once it has as many places as the run's `stopping.least` says, and again as
    it goes on; unless it would be complete before that is done. Between two predictions the worker
    rests several times as long as one takes, so that it takes little from the run.

    Args:
        area: where the plots are; only what is seen there is predicted.

    Attributes:
        is_on: whether anything is predicted.
        model: the name of the forecaster.
        seconds: how long the last prediction took, or is likely to take.

    Signals:
        changed: there are other predictions.
    """

    changed = Signal()

    def __init__(self, area: PlotArea, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preferences = Preferences()
        self.is_on = self._preferences.predicts
        self.model = self._preferences.forecaster
        self._area = area
        self._worker = PredictionWorker(self)
        self._worker.ready.connect(self._take)
        self._followed: dict[str, _Followed] = {}
        self._awaited: PredictionRequest | None = None
        self.seconds = _USUAL
        self._resting = QTimer(self, singleShot=True)
        self._resting.timeout.connect(self._ask)
        for key, kind in PLOTS.items():
            if kind.goes_on is not None:
                area.docks[key].visibilityChanged.connect(self._follow_sight)

    def prediction(self, key: str) -> Prediction | None:
        """How the curve of a plot is likely to end, as far as that is known."""
        found = self._followed.get(key)
        return found.prediction if found else None

    def silence(self, key: str) -> str:
        """Why nothing is predicted of a plot, in a sentence; empty if something is."""
        followed = self._followed.get(key)
        if not self.is_on:
            return "Nothing is predicted: View ▸ Predict live curves is off."
        if followed is None:
            return "No curve goes on here now: one is predicted while it grows."
        if followed.prediction is not None:
            return ""
        count = followed.curve.count
        if count < followed.least:
            return f"The curve is predicted from {followed.least} points on; it has {count} so far."
        if followed.asked is None or followed.asked in self._under_way:
            return "No prediction is made yet: it is under way, or the curve is about to end."
        return "Nothing can be said of this curve."

    @property
    def _under_way(self) -> list[Curve]:
        return [*self._awaited.curves.values()] if self._awaited else []

    def set_on(self, on: bool) -> None:
        """Predict, or not; that is remembered."""
        if on != self.is_on:
            self.is_on = self._preferences.predicts = on
            self._begin_again()

    def set_model(self, model: str) -> None:
        """Predict by another model from now on; that is remembered.

        Args:
            model: a name of `engine.forecasting.models.FORECASTERS`.
        """
        if model != self.model:
            self.model = self._preferences.forecaster = model
            self.seconds = _USUAL
            self._begin_again()

    def forget(self) -> None:
        """Drop all curves and their predictions, also those under way."""
        self._followed.clear()
        self._resting.stop()
        self._awaited = None

    def _begin_again(self) -> None:
        """Drop all predictions, also those under way; how fast curves go on stays known."""
        for followed in self._followed.values():
            followed.asked = followed.prediction = None
        self._resting.stop()
        self._awaited = None
        self.changed.emit()

    def shut_down(self) -> None:
        """Leave neither thread nor timer behind."""
        self.forget()
        self._worker.shut_down()

    def onto(self, record: RunRecord, plots: Sequence[AnyPlot]) -> list[AnyPlot]:
        """The plots of a run as it is now, with how their curves are likely to end.

        A plot stays the same object as long as nothing in it changes.
        """
        self._follow(record)
        self._ask()
        return [self._drawn(plot) for plot in plots]

    def _follow(self, record: RunRecord) -> None:
        """Note how far the curves of a run are."""
        now, least = time.perf_counter(), record.experiment.stopping.least
        for key, kind in PLOTS.items():
            if kind.goes_on is None:
                continue
            curve, known = kind.goes_on(record), self._followed.get(key)
            if curve is None:
                self._followed.pop(key, None)
            elif known is None or not known.curve.is_earlier(curve):
                self._followed[key] = _Followed(curve, least, (curve.count, now))
            else:
                known.curve, known.least = curve, least

    def _drawn(self, plot: AnyPlot) -> AnyPlot:
        followed = self._followed.get(plot.key)
        if followed is None or followed.prediction is None or not isinstance(plot, Plot):
            return plot
        shown = (plot, followed.prediction, followed.curve.reached)
        before = followed.drawn
        if before[0] is not plot or before[1:3] != shown[1:]:
            made = with_prediction(plot, followed.curve, followed.prediction)
            followed.drawn = (*shown, made)
        drawn = followed.drawn[3]
        assert isinstance(drawn, Plot), "it was made from one"
        return drawn

    @Slot()
    def _ask(self) -> None:
        """Ask for what is due, unless the worker has something to do, or rests."""
        if not self.is_on or self._awaited is not None or self._resting.isActive():
            return
        due = {key: each.curve for key, each in self._followed.items() if self._is_due(key, each)}
        if due:
            for key, curve in due.items():
                self._followed[key].asked = curve
            self._awaited = PredictionRequest(due, self.model)
            self._worker.ask(self._awaited)

    @Slot(bool)
    def _follow_sight(self, visible: bool) -> None:
        """A plot came in sight, or is about to: its curve may not have been predicted yet."""
        if visible and self._followed and not self._resting.isActive():
            self._resting.start(_SOON)

    def _is_due(self, key: str, followed: _Followed) -> bool:
        curve, asked = followed.curve, followed.asked
        return (
            curve.count >= followed.least
            and (asked is None or curve.count > asked.count)
            and self._area.is_seen([key])
            and followed.seconds_left(time.perf_counter()) > _ALL_BUT * self.seconds
        )

    @Slot(object)
    def _take(self, answer: PredictionAnswer) -> None:
        if answer.request is not self._awaited:
            return
        self._awaited = None
        self.seconds = answer.seconds
        taken = answer.seconds * len(answer.predictions)
        self._resting.start(round(1000 * _REST * taken))
        for key, prediction in answer.predictions.items():
            followed = self._followed.get(key)
            if followed is not None and answer.request.curves[key].is_earlier(followed.curve):
                followed.prediction = prediction
        self.changed.emit()
