"""What can be done with recorded runs: opened, set up again, renamed, marked, deleted."""

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.library.runs_panel import RunsPanel
from app.library.shelf import Shelf
from app.message_bar import Answer, MessageBar
from app.run_control import RunControl
from app.runner import Runner
from app.setup.setup_panel import SetupPanel
from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.files import parse_experiment
from engine.runs.records import RunRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.library.library import Library
    from engine.library.stored_run import StoredRun

_HELD: Final = "Not while a run is going on."
_UNDO: Final = Answer("undelete", "Undo", "Bring back what was deleted last (Ctrl+Z, in the list)")
_KEEP: Final = Answer(
    "deleted", "Dismiss", "Ctrl+Z in the list still brings it back, as long as the window is open"
)
_SECONDS: Final = 12
"""That a deletion is told of."""


class RunsControl(QObject):
    """Does it.

    Args:
        panel: lists the runs.
        shelf: the library.
        runner: of the run that goes on.
        control: takes over a run that is opened.
        setup: takes an experiment that is set up again.
        bar: tells of what was deleted.

    Signals:
        said: one sentence for the window to show.
        failed: one sentence, of what could not be done.
        resume_requested: a run that is to go on.
    """

    said = Signal(str)
    failed = Signal(str)
    resume_requested = Signal(object)

    def __init__(
        self,
        panel: RunsPanel,
        shelf: Shelf,
        runner: Runner,
        control: RunControl,
        setup: SetupPanel,
        bar: MessageBar,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._panel, self._shelf, self._runner = panel, shelf, runner
        self._control, self._setup, self._bar = control, setup, bar
        self._deleted: list[tuple[StoredRun, ...]] = []
        self._awaited = ""  # the run that is being read to be shown
        self._told = ""  # of what was deleted, on the bar
        self._telling = QTimer(self, interval=1000 * _SECONDS, singleShot=True)
        self._telling.timeout.connect(self._tell_no_more)
        panel.chosen.connect(self._do)
        panel.renamed.connect(self._rename)
        panel.noted.connect(self._note)
        panel.undo_requested.connect(self.undelete)
        bar.answered.connect(self._take_answer)
        runner.state_changed.connect(self._follow_state)

    @Slot(str)
    def open(self, which: str) -> None:
        """Show a run with its whole timeline, by its id; once it is read.

        A set-up that nobody has changed is the run's then, so that both belong together.
        """
        if which == self._going_on:
            self._setup.opened.emit()
            return
        if self._runner.state != "idle":
            self.said.emit(_HELD)
            return
        self._awaited = which
        run = self._shelf.run(which)
        self.said.emit(f"Opening {run.name} …" if run else "Opening …")

        def show(record: RunRecord) -> None:
            if self._awaited == which and self._runner.state == "idle":
                self._awaited = ""
                if not self._setup.is_modified:
                    self._take_set_up(record.started_from)
                name = run.name if run else record.started_from.name
                self._control.show_recorded(record, which, name)

        self._shelf.read(lambda library: library.read(which), show, self._refuse)

    def set_up_again(self, run: "StoredRun") -> None:
        """Set up the experiment that a run started with, as one that is not run yet."""
        if self._runner.state != "idle":
            self.said.emit(_HELD)
            return
        try:
            experiment = parse_experiment(run.experiment_toml, run.name)
        except InputError as error:
            self.failed.emit(str(error))
            return
        self._take_set_up(experiment)
        self._setup.opened.emit()
        self.said.emit(f"Set up as {run.name} was. Press Run.")

    def _take_set_up(self, experiment: Experiment) -> None:
        """Fill the fields; one that ships can still be gone back to."""
        shipped = self._setup.shipped.get(experiment.name)
        if shipped is not None and shipped.title == experiment.title:
            self._setup.set_experiment(shipped, None, experiment)
        else:
            self._setup.set_experiment(experiment)

    def delete(self, runs: "Sequence[StoredRun]") -> None:
        """Take runs out of the list; they can be brought back as long as the window is open."""
        gone = tuple(runs)

        def done(_: object) -> None:
            self._deleted.append(gone)
            self._panel.tree.can_undo = True
            what = gone[0].name if len(gone) == 1 else f"{len(gone)} runs"
            if not self._bar.question or self._bar.question == self._told:
                self._told = f"Deleted {what}."
                self._bar.ask(self._told, (_UNDO, _KEEP))
                self._telling.start()
            else:  # something else is asked there
                self.said.emit(f"Deleted {what}. Ctrl+Z in the list brings it back.")

        self._shelf.change(partial(_delete, [run.id for run in gone]), done, self._panel.complain)

    @Slot()
    def undelete(self) -> None:
        """Bring back what was deleted last."""
        if not self._deleted:
            return
        back = self._deleted.pop()
        self._panel.tree.can_undo = bool(self._deleted)
        self._tell_no_more()

        def done(_: object) -> None:
            what = back[0].name if len(back) == 1 else f"{len(back)} runs"
            self.said.emit(f"{what} is back." if len(back) == 1 else f"{what} are back.")
            self._panel.tree.take_in_hand(back[0].id)

        self._shelf.change(partial(_undelete, [run.id for run in back]), done, self._panel.complain)

    @Slot(str)
    def _do(self, what: str) -> None:
        run, selected = self._panel.run, self._panel.selected
        if run is None:
            return
        if what == "open":
            self.open(run.id)
        elif what == "again":
            self.set_up_again(run)
        elif what == "resume":
            self.resume_requested.emit(run)
        elif what == "delete":
            self.delete(selected)
        elif what == "star":
            on = not run.starred
            self._change(partial(_star, [one.id for one in selected], on))

    @Slot(str, str)
    def _rename(self, run: str, name: str) -> None:
        self._change(lambda library: library.change(run, name=name))

    @Slot(str, str)
    def _note(self, run: str, note: str) -> None:
        self._change(lambda library: library.change(run, note=note))

    def _change(self, change: "Callable[[Library], object]") -> None:
        self._shelf.change(change, refuse=self._panel.complain)

    @Slot(str)
    def _take_answer(self, key: str) -> None:
        if key in (_UNDO.key, _KEEP.key):
            self._telling.stop()
        if key == _UNDO.key:
            self.undelete()

    @Slot()
    def _tell_no_more(self) -> None:
        self._telling.stop()
        if self._told and self._bar.question == self._told:
            self._bar.withdraw()
        self._told = ""

    @Slot(str)
    def _follow_state(self, state: str) -> None:
        self._panel.set_hindrance("" if state == "idle" else _HELD, self._going_on)
        if state != "idle":
            self._awaited = ""

    @property
    def _going_on(self) -> str:
        """The id of the run that goes on here; "" of none."""
        recording = self._runner.recording
        return recording.id if recording is not None and self._runner.state != "idle" else ""

    def _refuse(self, sentence: str) -> None:
        self._awaited = ""
        self.failed.emit(sentence)


def _star(runs: "Sequence[str]", on: bool, library: "Library") -> None:
    for run in runs:
        library.change(run, starred=on)


def _delete(runs: "Sequence[str]", library: "Library") -> None:
    """All of them, or none."""
    gone: list[str] = []
    try:
        for run in runs:
            library.delete(run)
            gone.append(run)
    except InputError:
        _undelete(gone, library)
        raise


def _undelete(runs: "Sequence[str]", library: "Library") -> None:
    for run in runs:
        library.undelete(run)
