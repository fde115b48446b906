"""What starts, holds and ends a run; it asks before one is lost."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication

from app.recording import Recording
from app.run_view import RunView
from app.runner import Runner
from app.setup.setup_panel import RUNNING, SetupPanel
from app.window_dialogs import WindowDialogs
from engine.experiments.changes import unanswered
from engine.experiments.experiment import Experiment
from engine.output.scripts import to_python
from engine.runs.records import RunRecord

if TYPE_CHECKING:
    from engine.library.stored_run import StoredRun


AskFirst: TypeAlias = Callable[[Experiment, Callable[[], object], str], object]
"""(experiment that is to run, what runs it, text of its file where it was recorded)."""


class RunControl(QObject):
    """Runs the experiment that is set up, or one that ships with the program.

    Args:
        runner: the run's thread.
        setup: what would be run.
        view: what is known of the run.
        dialogs: ask.

    Attributes:
        ask_first: handed an experiment that is to run, and what runs it, does so once it may.

    Signals:
        cleared: there is no run any more.
        starting: a run is about to start: the title of its experiment.
        opened: a recorded run is shown.
        said: one sentence for the window to show.
        left: the window may be closed.
    """

    cleared = Signal()
    starting = Signal(str)
    opened = Signal()
    said = Signal(str)
    left = Signal()

    def __init__(
        self,
        runner: Runner,
        setup: SetupPanel,
        view: RunView,
        dialogs: WindowDialogs,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._runner, self._setup, self._view, self._dialogs = runner, setup, view, dialogs
        self._is_for_show = False  # the run is the program's own, as long as nobody has taken it on
        self._is_to_start = False  # once the run that is stopping has ended
        self.ask_first: AskFirst = _ask_nothing
        runner.ended.connect(self._follow_end)
        view.began.connect(dialogs.close_editor)

    @Slot()
    def run(self) -> None:
        """Start the experiment in the set-up panel."""
        if self._setup.is_ready:
            self._unless_lost("Start the new run", self._start)

    @Slot()
    def step(self) -> None:
        """Run one meta-iteration, starting the run if there is none."""
        self._is_for_show = False
        if self._runner.state == "paused":
            self._runner.resume(one_step=True)
        elif self._runner.state == "idle" and self._setup.is_ready:
            self._unless_lost("Start the new run", partial(self._start, one_step=True))

    @Slot()
    def pause_or_resume(self) -> None:
        """Pause the run, or continue it."""
        self._is_for_show = False
        if self._runner.state == "paused":
            self._runner.resume()
        else:
            self._runner.pause()

    @Slot()
    def go_on(self) -> None:
        """Continue the run if it is paused."""
        if self._runner.state == "paused":
            self._runner.resume()

    @Slot()
    def stop(self) -> None:
        """End the run; what it has shown stands."""
        self._is_to_start = False
        self._runner.stop()

    @Slot()
    def stop_and_run(self) -> None:
        """End the run, and once it has ended start the experiment in the set-up panel."""
        if not self._setup.is_ready:
            self.said.emit("Fix the marked fields, then run.")
            return
        then = partial(self._stop_to_start, self._view.record)
        self._unless_lost("Stop and run with changes", then)

    @Slot()
    def copy_as_python(self) -> None:
        """Put a script on the clipboard: of the set-up, or of a run that was changed to be so."""
        record, setup = self._view.record, self._setup
        own = unanswered(setup.experiment()) if setup.is_ready else None
        if record and record.changed and own == unanswered(record.experiment):
            script = to_python(record.started_from, record.changes)
            QGuiApplication.clipboard().setText(script)
            self.said.emit("Copied the run, with what was changed in it, as a Python script.")
        else:
            setup.copy_as_python()

    @Slot()
    def start_tour(self) -> None:
        """Show the window with a run of its own, if the run may be lost."""
        self._unless_lost("Start the tour", self._dialogs.start_tour)

    @Slot()
    def leave(self) -> None:
        """Close the window, if the run may be lost."""
        self._unless_lost("Quit", self.left.emit)

    @Slot(str)
    def choose_experiment(self, name: str) -> None:
        """Fill the set-up from an experiment that ships with the program, ready to run."""
        if self._runner.state == "idle":
            self._setup.set_experiment(self._setup.shipped[name])
            self.said.emit("Ready. Press Run.")
        else:
            self.said.emit(RUNNING)

    @Slot(str)
    def run_experiment(self, name: str) -> None:
        """Start an experiment that ships with the program, in place of what runs."""
        title = self._setup.shipped[name].title
        self._unless_lost(f"Run “{title}”", partial(self._run_shipped, name))

    def show_recorded(self, record: RunRecord, run: str, name: str) -> None:
        """Show a recorded run with its whole timeline, in place of what is shown.

        Args:
            record: of it.
            run: its id in the library, which has it.
            name: there.
        """
        self._unless_lost("Open the run", partial(self._show_recorded, record, run, name))

    def _show_recorded(self, record: RunRecord, run: str, name: str) -> None:
        self._is_for_show = self._is_to_start = False
        self._runner.shut_down()
        self._dialogs.close_editor()
        self._view.show_recorded(record, run, name)
        self.opened.emit()

    def resume_recorded(self, run: "StoredRun", record: RunRecord) -> None:
        """Let a recorded run go on from where it was, in place of what runs.

        Args:
            run: in the window's library.
            record: of it.
        """
        recording = Recording(self._runner.library, run, record)
        started_from = record.started_from
        start = partial(self._start_run, started_from, recording=recording)

        def resume() -> None:
            self._runner.shut_down()
            self._setup.set_experiment(record.experiment)
            self.ask_first(started_from, start, record.data.problem)

        self._unless_lost(f"Resume {run.name}", resume)

    def show_one_step(self, name: str) -> None:
        """Start an experiment that ships, and pause after a meta-iteration; asks nothing."""
        self.clear()
        self.choose_experiment(name)
        self._start(one_step=True)
        self._is_for_show = True

    def clear(self) -> None:
        """Forget the run, without a question."""
        self._is_for_show = self._is_to_start = False
        self._runner.shut_down()
        self._dialogs.close_editor()
        self._view.clear()
        self.cleared.emit()

    def _unless_lost(self, action: str, then: Callable[[], object]) -> None:
        """Do something that would lose the run, unless somebody would rather keep it."""
        if self._is_for_show:
            then()
            return
        self._dialogs.ask_before_losing(action, lambda: self._runner.state, then)

    def _stop_to_start(self, record: RunRecord | None) -> None:
        """End a run to start the next one, unless another one was started since."""
        if self._view.record is not record:
            return
        if self._runner.state == "idle":
            self._start()
        else:
            self._is_to_start = True
            self._runner.stop()

    @Slot()
    def _follow_end(self) -> None:
        if self._is_to_start:
            self._is_to_start = False
            self._start()

    def _start(self, *, one_step: bool = False) -> None:
        if self._setup.is_ready:
            begin = partial(self._begin, one_step=one_step)
            self.ask_first(self._setup.experiment(), begin, "")

    def _begin(self, *, one_step: bool) -> None:
        self._start_run(self._setup.experiment(), one_step=one_step)

    def _start_run(
        self, experiment: Experiment, *, one_step: bool = False, recording: Recording | None = None
    ) -> None:
        self._is_for_show = self._is_to_start = False
        self._runner.shut_down()
        self._view.expect()  # what there is stays until the run has begun: it may be refused
        self.starting.emit(experiment.title or experiment.name)
        self._runner.start(experiment, one_step=one_step, recording=recording)
        self._setup.data.look_again()  # what the set-up says of the data is what runs

    @property
    def state(self) -> str:
        """Of the run."""
        return self._runner.state

    def _run_shipped(self, name: str) -> None:
        self._runner.shut_down()
        self.choose_experiment(name)
        self._start()


def _ask_nothing(_: Experiment, then: Callable[[], object], __: str) -> None:
    then()
