"""The meta-optimization in a background thread, and the switches that hold it or let it go."""

import gc
import sys
import threading
import traceback
from collections.abc import Callable, Generator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeAlias

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from app.places import Place
from app.preferences import Preferences
from app.recording import Recording
from engine.errors import InputError
from engine.experiments.contenders import Contender
from engine.experiments.experiment import Experiment
from engine.experiments.rivals import Rival
from engine.runs.changes import Changes
from engine.runs.comparison import ComparisonEvent, ComparisonStarted, Study
from engine.runs.decisions import DecisionsEvent, DecisionsStarted, Replayed
from engine.runs.events import Event, MetaIterationDone, Preparing, RunStarted
from engine.runs.strategies_compared import StrategiesEvent, StrategiesStarted

State = Literal["idle", "running", "paused", "stopping"]
Events: TypeAlias = Generator[
    Event | ComparisonEvent | StrategiesEvent | DecisionsEvent, None, None
]
Limits: TypeAlias = tuple[int, float | None, float | None]
"""Seeds, and the training runs and seconds that a search may take."""
_SWITCH_INTERVAL = 1e-4
_STARTED = RunStarted, ComparisonStarted, StrategiesStarted, DecisionsStarted


class _Thread(QThread):
    """Iterates the generator of events; asking for none is a pause, closing it a stop.

    After each event it waits until the window has taken it in and painted: the two would otherwise
    fight for the interpreter lock, and the window would lose.
    """

    happened = Signal(object)
    paused = Signal()
    failed = Signal(str, str, object)

    def __init__(
        self, events: Callable[[], Events], changes: Changes | None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.changes = changes
        self._events = events
        self._gate = threading.Condition()
        self._held = False
        self._holds = self._told = 0  # how many times; of how many that was said
        self._hold_after_next = False
        self._unseen = False

    def saw_event(self) -> None:
        with self._gate:
            self._unseen = False
            self._gate.notify_all()

    def hold(self) -> None:
        with self._gate:
            self._hold()

    def go_on(self, *, one_step: bool) -> None:
        with self._gate:
            self._held = False
            self._hold_after_next = one_step
            self._gate.notify_all()

    def stop(self) -> None:
        with self._gate:
            self.requestInterruption()
            self._gate.notify_all()

    def run(self) -> None:
        events = self._events()
        try:
            for event in events:
                if isinstance(event, _STARTED):
                    gc.freeze()  # all that is loaded: a full collection would hold the window up
                self._unseen = True
                self.happened.emit(event)
                if not self._may_go_on(after_step=isinstance(event, MetaIterationDone)):
                    break
        except InputError as error:
            self.failed.emit(str(error), getattr(error, "details", ""), error)
        except Exception as error:  # shown in the window, which stays usable
            self.failed.emit(f"{type(error).__name__}: {error}", traceback.format_exc(), None)
        finally:
            events.close()

    def _may_go_on(self, *, after_step: bool) -> bool:
        with self._gate:
            if after_step and self._hold_after_next:
                self._hold()
            while self._unseen and not self.isInterruptionRequested():
                self._gate.wait()
            while self._held and not self.isInterruptionRequested():
                if self._told != self._holds:  # it may be held again before it has gone on
                    self._told = self._holds
                    self.paused.emit()
                self._gate.wait()
            return not self.isInterruptionRequested()

    def _hold(self) -> None:
        if not self._held:
            self._held = True
            self._holds += 1


def _of_a_run(
    experiment: Experiment, changes: Changes, place: Place, recording: Recording
) -> Events:
    """The run's events, after the first one that says what takes long before it."""
    yield Preparing("Loading the engine")
    with place.executor(experiment.problem.file) as executor:
        yield from recording.events(experiment, place.cores, executor, changes)


def _of_a_comparison(
    experiment: Experiment, contenders: Sequence[Contender], studies: Sequence[Study], place: Place
) -> Events:
    yield Preparing("Loading the engine")
    from engine.runs.own_runs import generate_safely

    compare, asked = "engine.runs.compare:compare", (contenders, studies, place.cores)
    with place.executor(experiment.problem.file) as executor:
        yield from generate_safely(compare, experiment, *asked, executor=executor)


def _of_strategies(
    experiment: Experiment, rivals: Sequence[Rival], limits: Limits, place: Place
) -> Events:
    yield Preparing("Loading the engine")
    from engine.runs.own_runs import generate_safely

    compare, asked = "engine.runs.compare_strategies:compare_strategies", (rivals, *limits)
    with place.executor(experiment.problem.file) as executor:
        yield from generate_safely(compare, experiment, *asked, place.cores, executor=executor)


def _of_decisions(asked: Replayed, place: Place) -> Events:
    yield Preparing("Loading the engine")
    from engine.runs.replay_decisions import replay_decisions

    with place.executor() as executor:
        yield from replay_decisions(asked, executor)


class Runner(QObject):
    """Runs one experiment at a time, or compares methods on one, off the window's thread.

    Signals:
        happened: an event of the run, in the window's thread.
        state_changed: the new `State`.
        failed: one sentence, the traceback to report, and the `InputError` if that was the cause.
        ended: a run is over, by itself or because it was stopped; not if it was shut down.

    Attributes:
        library: the file that runs are recorded in; None: they are not.
        recording: of the last run that was started; None before.
    """

    happened = Signal(object)
    state_changed = Signal(str)
    failed = Signal(str, str, object)
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: _Thread | None = None
        self.library: Path | None = None
        self.recording: Recording | None = None
        self._state: State = "idle"
        self._usual_interval = sys.getswitchinterval()

    @property
    def state(self) -> State:
        """What the runner is doing."""
        return self._state

    @property
    def experiment(self) -> Experiment | None:
        """What the run is set to, with what it has been asked to change; None without a run."""
        changes = self._thread.changes if self._thread else None
        return changes.experiment if changes else None

    def start(
        self,
        experiment: Experiment,
        *,
        one_step: bool = False,
        recording: Recording | None = None,
    ) -> None:
        """Start a run.

        Args:
            experiment: as it starts.
            one_step: pause after its first meta-iteration.
            recording: of the run that it goes on with; a new one by default.
        """
        self.recording = recording or Recording(self.library)
        changes = self.recording.changes(experiment)
        place = Preferences().place
        events = partial(_of_a_run, experiment, changes, place, self.recording)
        self._start(events, changes, one_step=one_step)

    def compare(
        self, experiment: Experiment, contenders: Sequence[Contender], studies: Sequence[Study]
    ) -> None:
        """Start a comparison of methods; see `engine.runs.compare.compare`."""
        events = partial(_of_a_comparison, experiment, contenders, studies, Preferences().place)
        self._start(events, Changes(experiment))

    def compare_strategies(
        self, experiment: Experiment, rivals: Sequence[Rival], limits: Limits
    ) -> None:
        """Start one; see `engine.runs.compare_strategies.compare_strategies`."""
        events = partial(_of_strategies, experiment, rivals, limits, Preferences().place)
        self._start(events, Changes(experiment))

    def replay_decisions(self, asked: Replayed) -> None:
        """Start to forecast finished curves; see `engine.runs.replay_decisions`."""
        self._start(partial(_of_decisions, asked, Preferences().place), None)

    def _start(
        self, events: Callable[[], Events], changes: Changes | None, *, one_step: bool = False
    ) -> None:
        self.shut_down()
        thread = _Thread(events, changes, self)
        thread.happened.connect(self._pass_on)
        thread.paused.connect(self._note_pause)
        thread.failed.connect(self._note_failure)
        thread.finished.connect(self._note_end)
        self._thread = thread
        self._usual_interval = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH_INTERVAL)  # Python code beside us must not hold the window up
        thread.go_on(one_step=one_step)
        self._become("running")
        thread.start()

    def pause(self) -> None:
        """Hold the run at its next event."""
        if self._thread and self._state == "running":
            self._thread.hold()

    def resume(self, *, one_step: bool = False) -> None:
        """Continue a paused run; with ``one_step``, only to the end of a meta-iteration."""
        if self._thread and self._state == "paused":
            self._become("running")
            self._thread.go_on(one_step=one_step)

    def change(self, settings: Mapping[str, Any]) -> int | None:
        """Change settings of the run, from its next meta-iteration on.

        Args:
            settings: by the dotted names of their fields.

        Returns:
            The first meta-iteration that they count for; None if there is no run to change.

        Raises:
            InputError: a setting may not change, or cannot be so; or it is too late.
        """
        if self._thread is None or self._thread.changes is None or self._state == "stopping":
            return None
        return self._thread.changes.ask(settings)

    def stop_early(self, trial: int | None = None) -> None:
        """End a trial, or the run after its meta-iteration; see `engine.runs.changes.Changes`."""
        if self._thread is not None and self._thread.changes is not None:
            self._thread.changes.stop(trial)

    def stop(self) -> None:
        """End the run at its next event; its results so far are kept."""
        if self._thread:
            self._become("stopping")
            self._thread.stop()

    def shut_down(self) -> None:
        """End the run and wait until its thread is gone."""
        thread = self._thread
        if thread is None:
            return
        for signal in (thread.happened, thread.paused, thread.failed, thread.finished):
            signal.disconnect()
        thread.stop()
        thread.wait()
        self._forget()

    @Slot(object)
    def _pass_on(self, event: object) -> None:
        if self._thread is None or self.sender() is not self._thread:
            return  # it was on its way while its run was shut down
        self.happened.emit(event)
        QTimer.singleShot(0, self._acknowledge)  # comes after what has to be painted

    @Slot()
    def _acknowledge(self) -> None:
        if self._thread:
            self._thread.saw_event()

    @Slot()
    def _note_pause(self) -> None:
        if self._state == "running" and self.sender() is self._thread:
            self._become("paused")

    @Slot(str, str, object)
    def _note_failure(self, sentence: str, report: str, cause: object) -> None:
        if self.sender() is self._thread:
            self.failed.emit(sentence, report, cause)

    @Slot()
    def _note_end(self) -> None:
        if self._thread is not None and self.sender() is self._thread:
            self._forget()
            self.ended.emit()

    def _forget(self) -> None:
        if self._thread is not None:
            self._thread.wait()
            self._thread.deleteLater()
            self._thread = None
        sys.setswitchinterval(self._usual_interval)
        gc.unfreeze()
        self._become("idle")

    def _become(self, state: State) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)
