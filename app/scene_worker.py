"""Scenes of the run, replayed off the window's thread; of several asked for, the latest."""

from PySide6.QtCore import QObject, QThread, Signal, Slot

from app.mailbox import Mailbox
from engine.errors import DivergedError, InputError
from engine.experiments.experiment import Experiment
from engine.plots import AnyPlot
from engine.runs.moments import Moment
from engine.runs.records import RunRecord

_Request = tuple[RunRecord, Moment]


class _Thread(QThread):
    ready = Signal(object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.mailbox = Mailbox[_Request]()

    def run(self) -> None:
        # with all that training needs: not before a run
        from engine.plots.scenes import scenes
        from engine.plots.stage import Stage

        stage: Stage | None = None
        staged: Experiment | None = None
        while (request := self.mailbox.take()) is not None:
            record, moment = request
            try:
                if stage is None or record.started_from is not staged:
                    stage, staged = Stage(record.started_from), record.started_from
                made = scenes(stage, record, moment)
            except (DivergedError, InputError):  # the run itself reports it
                stage, made = None, []
            self.ready.emit(moment, made)


class SceneWorker(QObject):
    """Makes scenes while the window stays responsive.

    Signals:
        ready: the `Moment` and its plots.
    """

    ready = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: _Thread | None = None

    def ask(self, record: RunRecord, moment: Moment) -> None:
        """Ask for the scenes of a moment; what was asked before and not begun is dropped."""
        if self._thread is None:
            self._thread = _Thread(self)
            self._thread.ready.connect(self._pass_on)
            self._thread.start()
        self._thread.mailbox.put((record, moment))

    def shut_down(self) -> None:
        """Leave no thread behind."""
        thread, self._thread = self._thread, None
        if thread:
            thread.ready.disconnect()
            thread.mailbox.close()
            thread.wait()
            thread.deleteLater()

    @Slot(object, object)
    def _pass_on(self, moment: Moment, scenes: list[AnyPlot]) -> None:
        if self._thread is not None and self.sender() is self._thread:
            self.ready.emit(moment, scenes)
