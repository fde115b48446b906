"""Scenes of the run, replayed off the window's thread; of several asked for, the latest."""

from typing import NamedTuple

from PySide6.QtCore import QObject, QThread, Signal, Slot

from app.mailbox import Mailbox
from engine.errors import DivergedError, InputError
from engine.experiments.experiment import Experiment
from engine.plots import AnyPlot
from engine.runs.moments import Moment
from engine.runs.records import RunRecord


class SceneRequest(NamedTuple):
    """Which scenes are asked for.

    Attributes:
        record: of the run.
        moment: of it.
        standing: what the scenes say of the moment's meta-iteration. The run may go on before they
            are made, and what they say must not depend on how far.
        is_latest: whether it is shown for being the last one, and not because it was chosen.
    """

    record: RunRecord
    moment: Moment
    standing: str
    is_latest: bool


class _Thread(QThread):
    ready = Signal(object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.mailbox = Mailbox[SceneRequest]()

    def run(self) -> None:
        # with all that training needs: not before a run
        from engine.plots.scenes import scenes
        from engine.plots.stage import Stage

        stage: Stage | None = None
        staged: Experiment | None = None
        while (request := self.mailbox.take()) is not None:
            record, moment, standing, is_latest = request
            try:
                if stage is None or record.started_from is not staged:
                    stage, staged = Stage(record.started_from), record.started_from
                made = scenes(stage, record, moment, standing, is_latest=is_latest)
            except (DivergedError, InputError):  # the run itself reports it
                stage, made = None, []
            self.ready.emit(request, made)


class SceneWorker(QObject):
    """Makes scenes while the window stays responsive.

    Signals:
        ready: the `SceneRequest`, and the plots.
    """

    ready = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: _Thread | None = None

    def ask(self, request: SceneRequest) -> None:
        """Ask for scenes; what was asked before and not begun is dropped."""
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

    @Slot(object, object)
    def _pass_on(self, request: SceneRequest, scenes: list[AnyPlot]) -> None:
        if self._thread is not None and self.sender() is self._thread:
            self.ready.emit(request, scenes)
