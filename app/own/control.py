"""Problems of one's own: new ones, opened ones, and those that are about to run."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from app.message_bar import MessageBar
from app.own.consent_question import ConsentQuestion
from app.own.consents import may_run, note
from app.own.new_problem import NewProblemDialog
from app.own.reader import ProblemReader
from app.recent_menu import RecentMenu
from app.setup.setup_panel import RUNNING, SetupPanel
from app.window_actions import WindowActions
from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.files import write_whole
from engine.own.contents import Content, content_of, read_content
from engine.sentences import one_line

_FILTER = "Python (*.py)"
_TIME_LIMIT = 10.0


class OwnProblems(QObject):
    """Opens Python files with losses, and lets them run only after somebody has said so.

    Args:
        window: asks.
        setup: takes what files propose.
        state: of the runner.

    Signals:
        said: reports an action in one sentence.
        said_problem: why it failed, and what else there is to read of that.
        opened: a file's proposal is in the set-up.
    """

    said = Signal(str)
    said_problem = Signal(str, str)
    opened = Signal()

    def __init__(self, window: QWidget, setup: SetupPanel, state: Callable[[], str]) -> None:
        super().__init__(window)
        self._window, self._setup, self._state = window, setup, state
        self._reader: ProblemReader | None = None
        self._then: Callable[[Experiment], object] = self._show

    def answer_to(self, actions: WindowActions, recent: RecentMenu, bar: MessageBar) -> None:
        """Do what menus ask for, and say what went wrong."""
        actions.connect(new_problem=self.new_problem, open_problem=self.open_problem)
        recent.chosen.connect(self.open_any)
        self.said_problem.connect(bar.show_message)

    @property
    def is_reading(self) -> bool:
        """Whether a file is looked at."""
        return self._reader is not None

    @Slot()
    def new_problem(self) -> None:
        """Ask what to start from, and where to write it."""
        dialog = NewProblemDialog(self._window)
        dialog.chosen.connect(self._ask_where)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot()
    def open_problem(self) -> None:
        """Ask for a Python file and open it."""
        dialog = QFileDialog(self._window, "Open a problem of your own", self._folder(), _FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.open_path)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def open_any(self, path: str) -> None:
        """Open a Python file, or an experiment."""
        is_python = Path(path).suffix.lower() == ".py"
        (self.open_path if is_python else self._setup.open_experiment)(path)

    @Slot(str)
    def open_path(self, path: str) -> None:
        """Read a Python file; once somebody has said that it may run, fill the set-up from it."""
        if self._state() != "idle":
            self.said_problem.emit(RUNNING, "")
            return
        try:
            content = read_content(Path(path).resolve())
        except InputError as error:
            self.said_problem.emit(str(error), "")
            return
        self._once_allowed(content, partial(self._read, content, _TIME_LIMIT, self._show))

    def ask_first(
        self, experiment: Experiment, then: Callable[[], object], recorded: str = ""
    ) -> None:
        """Do something that runs an experiment, once its file may run as it is now.

        Args:
            experiment: that is to run; without a file, that is all.
            then: runs what is in the set-up by then.
            recorded: the text of its file, if a recorded run is to go on: with that, and no other.
        """
        problem = experiment.problem
        if problem.file is None:
            then()
            return
        if recorded:
            self._once_allowed(content_of(recorded, problem.file), then)
            return
        try:
            content = read_content(problem.file)
        except InputError as error:
            self.said_problem.emit(str(error), "")
            return
        is_same = content.sha256 == problem.sha256
        if is_same and problem.groups:
            self._once_allowed(content, then)
            return
        look = partial(self._read, content, problem.time_limit, partial(self._renew, then))
        self._once_allowed(content, look, has_changed=problem.sha256 is not None and not is_same)

    def shut_down(self) -> None:
        """Leave no thread behind."""
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.finished.disconnect()
            reader.requestInterruption()
            reader.wait()
            reader.deleteLater()

    def _once_allowed(
        self, content: Content, then: Callable[[], object], *, has_changed: bool = False
    ) -> None:
        if may_run(content):
            then()
            return
        question = ConsentQuestion(content, has_changed=has_changed, parent=self._window)

        def answer() -> None:
            if question.clickedButton() is question.run:
                note(content)
                then()
            else:
                self.said.emit(f"Nothing of {one_line(content.name, 60)} was run.")

        question.finished.connect(answer)
        question.finished.connect(question.deleteLater)
        question.open()

    def _read(
        self, content: Content, time_limit: float, then: Callable[[Experiment], object]
    ) -> None:
        self.shut_down()
        self._then = then
        self._reader = ProblemReader(content, time_limit, self)
        self._reader.finished.connect(self._take)
        self.said.emit(f"Looking at {one_line(content.name, 60)} in a process of its own …")
        self._reader.start()

    @Slot()
    def _take(self) -> None:
        reader, self._reader = self._reader, None
        if reader is None:
            return
        if reader.proposed is not None:
            self._then(reader.proposed)
        else:
            self.said_problem.emit(reader.problem, reader.details)
            self.said.emit(f"{one_line(reader.content.name, 60)} cannot be run.")
        reader.deleteLater()

    def _show(self, proposed: Experiment) -> None:
        if proposed.name in self._setup.shipped:
            proposed = proposed.model_copy(update={"name": f"{proposed.name} of my own"})
        self._setup.set_experiment(proposed)
        self._setup.filed.emit(str(proposed.problem.file))
        self.opened.emit()
        self.said.emit(f"Opened {Path(str(proposed.problem.file)).name}. Press Run.")

    def _renew(self, then: Callable[[], object], proposed: Experiment) -> None:
        """Take over what a file that has changed declares now, and go on."""
        from engine.runs.own_runs import with_problem_of

        setup = self._setup
        try:
            shown = with_problem_of(setup.experiment(), proposed)
            own = with_problem_of(setup.origin.own, proposed)
        except InputError as error:
            self.said_problem.emit(str(error), "")
            return
        setup.set_experiment(own, setup.origin.path, shown)
        then()

    @Slot(str, str)
    def _ask_where(self, name: str, text: str) -> None:
        dialog = QFileDialog(self._window, "Write the new problem", self._folder(), _FILTER)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("py")
        dialog.selectFile(name)
        dialog.fileSelected.connect(partial(self.write, text))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def write(self, text: str, path: str) -> None:
        """Write a new problem, open it in the person's editor, and in the set-up."""
        try:
            write_whole(Path(path), text.encode())
        except OSError as error:
            self.said_problem.emit(f"{path}: expected a writable file: {error.strerror}.", "")
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(path))
        self.open_path(path)

    def _folder(self) -> str:
        file = self._setup.origin.own.problem.file
        return str(Path(file).parent) if file else str(Path.home())
