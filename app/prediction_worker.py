"""Predictions of curves, made off the window's thread; of several requests, the latest counts."""

import time
from typing import NamedTuple

from PySide6.QtCore import QObject, QThread, Signal, Slot

from app.mailbox import Mailbox
from engine.plots import Curve, CurvePrediction


class PredictionRequest(NamedTuple):
    """Which curves are to be predicted.

    Attributes:
        curves: by the keys of their plots, as far as they are.
        model: the name of the forecaster.
    """

    curves: dict[str, Curve]
    model: str


class PredictionAnswer(NamedTuple):
    """What became of a request.

    Attributes:
        request: it.
        predictions: by the keys of the plots; None where nothing can be said.
        seconds: how long each took.
    """

    request: PredictionRequest
    predictions: dict[str, CurvePrediction | None]
    seconds: float


class _Thread(QThread):
    ready = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.mailbox = Mailbox[PredictionRequest]()

    def run(self) -> None:
        from engine.plots.predicted import predict

        while (request := self.mailbox.take()) is not None:
            made: dict[str, CurvePrediction | None] = {}
            began = time.perf_counter()
            for key, curve in request.curves.items():
                made[key] = predict(curve, request.model, is_wanted=self._is_wanted)
            seconds = (time.perf_counter() - began) / max(len(made), 1)
            self.ready.emit(PredictionAnswer(request, made, seconds))

    def _is_wanted(self) -> bool:
        return not self.mailbox.has_news


class PredictionWorker(QObject):
    """Makes predictions while the window stays responsive.

    Signals:
        ready: a `PredictionAnswer`.
    """

    ready = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: _Thread | None = None

    def ask(self, request: PredictionRequest) -> None:
        """Ask for predictions; what was asked before and not begun is dropped."""
        if self._thread is None:
            self._thread = _Thread(self)
            self._thread.ready.connect(self._pass_on)
            self._thread.start()
        self._thread.mailbox.put(request)

    def shut_down(self) -> None:
        """Leave no thread behind."""
        thread, self._thread = self._thread, None
        if thread:
            thread.ready.disconnect()
            thread.mailbox.close()
            thread.wait()
            thread.deleteLater()

    @Slot(object)
    def _pass_on(self, answer: PredictionAnswer) -> None:
        if self._thread is not None and self.sender() is self._thread:
            self.ready.emit(answer)
