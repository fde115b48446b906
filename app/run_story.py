"""What the window says of a run from its start to its end: page, message bar and state line."""

from contextlib import suppress
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from app.message_bar import MessageBar
from app.plots.plot_area import PlotArea
from app.run_view import RunView
from app.runner import Runner
from app.setup.setup_panel import SetupPanel
from app.stop_question import StopQuestion
from app.timeline.timeline import Timeline
from app.waiting_page import WaitingPage
from app.what_to_know import amount_in_words, what_to_know
from app.window_body import WindowBody
from engine.errors import InputError
from engine.runs.events import (
    Event,
    MetaIterationDone,
    NotRecorded,
    Preparing,
    RunFinished,
    RunStarted,
)
from engine.runs.records import RunRecord

_WHEN: Final = "stopping.when"


class RunStory(QObject):
    """Shows a page for each state of the run, and says what is to be known.

    Args:
        runner: whose run it is.
        setup: what would be run next.
        view: keeps the record.
        body: whose pages they are.
        waiting: the page before the first plot.
        plots: those of the run.
        timeline: whose status says where the run is.
        message_bar: says what has failed, and what is to be known of the plots.

    Signals:
        turned: other things can be done now than before.
    """

    turned = Signal()

    def __init__(
        self,
        runner: Runner,
        setup: SetupPanel,
        view: RunView,
        body: WindowBody,
        waiting: WaitingPage,
        plots: PlotArea,
        timeline: Timeline,
        message_bar: MessageBar,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._runner, self._setup, self._view = runner, setup, view
        self._body, self._waiting, self._plots = body, waiting, plots
        self._progress, self._message_bar = timeline.status, message_bar
        self._question = StopQuestion(runner, message_bar, self)
        self._question.said.connect(self._progress.say)
        self._question.stops_without_asking.connect(self._stop_without_asking)
        runner.happened.connect(self._take)
        runner.state_changed.connect(self._follow_state)
        runner.failed.connect(self._show_failure)
        view.began.connect(self._follow_beginning)

    @Slot()
    def show_run(self) -> None:
        """Show the run's plots, or what it waits for, or what would be run."""
        if self._record is not None:
            self._body.show_page("run")
        else:
            self._body.show_page("ready" if self._runner.state == "idle" else "waiting")

    @Slot(str)
    def follow_start(self, title: str) -> None:
        """A run of an experiment of this title was started."""
        self._message_bar.clear()
        self._progress.reset()
        self._waiting.start(title)
        self._body.show_page("waiting")
        self._plots.prepare()

    @Slot()
    def follow_clearing(self) -> None:
        """There is no run any more."""
        self._message_bar.clear()
        self._waiting.stop()
        self._progress.reset()
        if self._body.page != "gallery":
            self.show_run()
        self.turned.emit()

    @Slot()
    def follow_opening(self) -> None:
        """A recorded run is shown."""
        record = self._view.record
        if record is None:
            return
        self._message_bar.clear()
        self._waiting.stop()
        self._progress.reset()
        self._progress.say(_how_it_ended(record))
        if record.finished and record.finished.divergence:
            self._message_bar.show_divergence(record.finished.divergence, record)
        self._body.show_page("run")
        self.turned.emit()

    @Slot()
    def say_what_is_shown(self) -> None:
        """Whose the plots are, if in doubt, and what cannot be seen in them."""
        is_over = self._runner.state == "idle"
        opened_as = self._view.opened_as
        note = what_to_know(self._view.record, self._setup, is_over=is_over, opened_as=opened_as)
        self._message_bar.set_note(note)
        if self._setup.is_ready:
            self._message_bar.follow_setup(self._setup.experiment())

    @Slot()
    def _stop_without_asking(self) -> None:
        """For the rest of the run, and for the next one."""
        with suppress(InputError):  # the last of it is under way already
            self._runner.change({_WHEN: "automatic"})
        self._setup.change(_WHEN, "automatic", reveals=False)

    @Slot(object)
    def _take(self, event: Event) -> None:
        if isinstance(event, Preparing):
            self._waiting.add(event)
        self._view.take(event)
        recording = self._runner.recording
        if isinstance(event, RunStarted) and recording is not None and recording.library:
            self._view.kept = recording.id
        if isinstance(event, NotRecorded):
            self._view.kept = ""
            self._message_bar.show_message(event.sentence)
        self._progress.add(event)
        if isinstance(event, RunStarted | MetaIterationDone | RunFinished):
            self.say_what_is_shown()
        record = self._view.record
        if isinstance(event, RunFinished) and event.divergence and record:
            self._message_bar.show_divergence(event.divergence, record)

    @Slot()
    def _follow_beginning(self) -> None:
        self._waiting.stop()
        if self._body.page == "waiting":
            self.show_run()
        self.turned.emit()

    @Slot(str)
    def _follow_state(self, state: str) -> None:
        was_refused = state == "idle" and self._view.give_up()
        if state in ("running", "stopping"):
            self._view.start_drawing()
        else:
            self._view.stop_drawing(is_over=state == "idle")
        self._progress.set_paused(state == "paused")
        record = self._record
        if was_refused or (state == "idle" and record is None):
            self._give_up_waiting()
        elif state == "idle" and record and not record.finished:
            self._progress.say(f"Stopped after {amount_in_words(record)}.")
            self._view.mark(is_cut_short=True)
        if state == "paused" and record:
            self._progress.say(f"Paused after {amount_in_words(record)}.")
        self.turned.emit()

    @property
    def _record(self) -> RunRecord | None:
        """Of the run; None before it has begun."""
        return None if self._view.is_expecting else self._view.record

    def _give_up_waiting(self) -> None:
        """A run was stopped, or has failed, before it had anything to show."""
        if self._body.page == "waiting":
            self.show_run()
        if self._waiting.is_waiting:
            self._waiting.stop()
            self._progress.reset()
            self._progress.say("Stopped before training began.")

    def _in_words(self, refusal: InputError) -> str:
        """What the engine refused, by the title of its field if the set-up has it."""
        field = self._setup.fields.get(refusal.field)
        if field is None or refusal.file:
            return str(refusal)
        return f"{field.title}: {refusal.sentence}"

    @Slot(str, str, object)
    def _show_failure(self, sentence: str, report: str, cause: object) -> None:
        self._waiting.stop()
        failed = self._setup.experiment() if self._setup.is_ready else None
        if isinstance(cause, InputError):
            sentence = self._in_words(cause)
            if self._setup.show_problem(cause):  # once is enough
                self._message_bar.clear()
                self._progress.say("Not run: fix the marked field.")
                return
        self._message_bar.show_message(sentence, report, failed)
        self._progress.say("The run failed.")


def _how_it_ended(record: RunRecord) -> str:
    """Where a run is that goes on no more, as a sentence."""
    end = record.finished
    if end is None:
        return f"Ended after {amount_in_words(record)}."
    return end.message if end.outcome == "completed" else "Training diverged."
