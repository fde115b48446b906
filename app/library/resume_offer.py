"""The offer, at the start of the window, to go on with a run that was interrupted."""

from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from app.library.shelf import Shelf
from app.message_bar import Answer, MessageBar
from app.run_control import RunControl
from app.runner import Runner

if TYPE_CHECKING:
    from engine.library.library import Library
    from engine.library.stored_run import StoredRun
    from engine.runs.records import RunRecord

_RESUME = Answer(
    "resume", "Resume", "Show the run with all that it has done, and let it go on from there"
)
_LEAVE = Answer("leave", "Leave it", "Keep it as far as it came, and do not ask again")


class ResumeOffer(QObject):
    """Puts the question into the message bar, and has the run go on if that is the answer.

    Nothing waits for an answer; it is withdrawn when another run is started.

    Args:
        library: where runs are recorded.
        bar: where the question stands.
        control: starts runs.
        runner: of them.

    Signals:
        said: what became of it, in one sentence.
    """

    said = Signal(str)

    def __init__(
        self,
        library: Shelf,
        bar: MessageBar,
        control: RunControl,
        runner: Runner,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._library, self._bar, self._control = library, bar, control
        self._runner = runner
        self._others: deque[tuple[StoredRun, str]] = deque()
        self._about: StoredRun | None = None
        bar.answered.connect(self._take_answer)
        runner.state_changed.connect(self._follow_state)

    def look(self) -> None:
        """See whether a run was interrupted; that is asked about soon."""
        if self._library.path is not None and self._library.path.exists():
            self._library.read(_interrupted, self._take, self._bar.show_message)

    def resume(self, run: "StoredRun") -> None:
        """Show a run with all that it has done, and let it go on, in place of what runs."""
        self.said.emit(f"Reading {run.name} …")

        def go_on(record: "RunRecord") -> None:
            self._control.resume_recorded(run, record)

        self._library.read(lambda library: library.read(run.id), go_on, self._bar.show_message)

    def _take(self, found: "list[tuple[StoredRun, str]]") -> None:
        if self._runner.state == "idle":
            self._others = deque(found)
            self._ask_next()

    def _ask_next(self) -> None:
        if not self._others:
            return
        self._about, differs = self._others.popleft()
        run = self._about
        question = f"{run.name} was interrupted at {run.done:,} of {run.planned:,}."
        self._bar.ask(f"{question} {differs}".strip(), (_RESUME, _LEAVE))

    @Slot(str)
    def _follow_state(self, state: str) -> None:
        if state == "running":
            self._others.clear()
            if self._about is not None:
                self._about = None
                self._bar.withdraw()

    @Slot(str)
    def _take_answer(self, key: str) -> None:
        if self._about is None or key not in (_RESUME.key, _LEAVE.key):
            return
        run, self._about = self._about, None
        if key == _RESUME.key:
            self._others.clear()
            self.resume(run)
        else:
            self._library.change(
                lambda library: library.leave(run.id), refuse=self._bar.show_message
            )
            self._ask_next()


def _interrupted(library: "Library") -> "list[tuple[StoredRun, str]]":
    """The runs that were interrupted, and what differs here from where they ran; latest first."""
    from engine.library.machine import what_differs

    runs = [run for run in library if run.state == "interrupted"]
    return [(run, what_differs({**run.versions, **run.machine})) for run in runs]
