"""Asking, while a run goes on, whether what will hardly win is to be stopped."""

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.message_bar import Answer, MessageBar
from app.runner import Runner
from engine.experiments.experiment import Experiment
from engine.experiments.strategies import STRATEGIES, StrategyKind
from engine.runs.events import (
    Event,
    MetaIterationDone,
    RunFinished,
    RunStarted,
    SettingsChanged,
    StopAdvised,
)

STOP, GO_ON, STOP_ALL, ASK_NO_MORE = "stop", "go on", "stop all", "ask no more"
_MOMENT: Final = 2000  # milliseconds for which it is said that there is nothing to answer any more
_GUARD: Final = 500  # milliseconds in which a question that follows another takes no answer
_EXPECTING: Final = "What will hardly win is asked about here, before it is stopped."
_STOPS_ALL: Final = "What will hardly win is stopped from now on, without a question."
_ASKS_NO_MORE: Final = "Nothing is asked any more in this run: all of it goes to its end."


class StopQuestion(QObject):
    """Puts the question into the message bar, and takes the answer to the run.

    Nothing waits for an answer. A question stands until it is answered, or until there is nothing
    to answer any more, which is said for a moment in which its buttons do nothing; others wait
    until then. Asked once, it asks again only after forecasts have turned back.

    Args:
        runner: whose run it is.
        bar: where the question stands.

    Signals:
        said: what follows from an answer, in one sentence.
        stops_without_asking: a person wants the rest of the run to stop what will hardly win.
    """

    said = Signal(str)
    stops_without_asking = Signal()

    def __init__(self, runner: Runner, bar: MessageBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner, self._bar = runner, bar
        self._about: StopAdvised | None = None  # what the question on the bar is of
        self._waiting: list[StopAdvised] = []
        self._over = ""  # what was asked about last, and has ended, for a moment
        self._missed = 0  # others that have ended since
        self._asks = True
        self._moment = QTimer(self, interval=_MOMENT, singleShot=True)
        self._moment.timeout.connect(self._ask_next)
        self._guard = QTimer(self, interval=_GUARD, singleShot=True)
        self._guard.timeout.connect(self._let_answer)
        runner.happened.connect(self._take)
        runner.state_changed.connect(self._follow_state)
        bar.answered.connect(self._take_answer)

    @property
    def _strategy(self) -> StrategyKind:
        experiment = self._runner.experiment
        assert experiment is not None, "a run goes on"
        return STRATEGIES[experiment.meta.optimizer]

    @Slot(object)
    def _take(self, event: Event) -> None:
        experiment = self._runner.experiment
        if experiment is None or isinstance(event, RunFinished):
            self._forget()
        elif isinstance(event, RunStarted):
            self._forget()
            self._asks = True
            self._reserve(experiment)
        elif isinstance(event, SettingsChanged):
            self._reserve(experiment)
        elif isinstance(event, StopAdvised):
            if not event.stops:
                self._drop(event.meta_iteration, "is likelier to win by now")
            elif self._asks and experiment.stopping.when == "ask":
                self._waiting.append(event)
                if self._about is None and not self._over:
                    self._ask_next()
                else:
                    self._show()
        elif isinstance(event, MetaIterationDone) and self._strategy.tries:
            self._drop(event.index, "has ended by itself")

    @Slot(str)
    def _follow_state(self, state: str) -> None:
        if state == "idle":
            self._forget()

    def _reserve(self, experiment: Experiment) -> None:
        """Keep room on the bar where questions are to be expected, or have been."""
        if self._asks and experiment.stopping.when == "ask":
            self._bar.expect(_EXPECTING)

    def _forget(self) -> None:
        """The run is over, or another one begins."""
        self._withdraw()
        self._bar.expect("")

    def _withdraw(self) -> None:
        self._moment.stop()
        self._guard.stop()
        self._about, self._waiting, self._over, self._missed = None, [], "", 0
        self._bar.withdraw()

    @Slot()
    def _ask_next(self) -> None:
        """Ask what has waited longest, if anything has."""
        follows = self._over != "" or self._about is not None
        self._over, self._missed = "", 0
        self._about = self._waiting.pop(0) if self._waiting else None
        if self._about is None:
            self._bar.withdraw()
            return
        if follows:  # a hand may be on its way to the question before
            self._guard.start()
        self._show()

    @Slot()
    def _let_answer(self) -> None:
        self._show()

    def _drop(self, number: int, why: str) -> None:
        """Nothing is to be asked of a trial any more, or of the run as a whole."""
        strategy = self._strategy
        about = self._about
        before = len(self._waiting)
        self._waiting = [
            one for one in self._waiting if strategy.tries and one.meta_iteration != number
        ]
        self._missed += before - len(self._waiting)
        if about is not None and (about.meta_iteration == number or not strategy.tries):
            name = strategy.name_of(number) if strategy.tries else "the run"
            self._about, self._over, self._missed = None, f"{name} {why}", 0
            self._guard.stop()
            self._moment.start()
        if self._over or self._about is not None:
            self._show()

    def _show(self) -> None:
        """Put on the bar what is asked, or that there is nothing to answer."""
        answers = list(_ANSWERS)
        if not self._strategy.tries:
            answers = [one for one in answers if one.key != STOP_ALL]
        if self._about is None:
            more = f" ({self._missed} more meanwhile)" if self._missed else ""
            sentence, inert = f"{self._over}{more}.", {STOP, GO_ON}
        else:
            more = f" ({len(self._waiting)} more)" if self._waiting else ""
            sentence = f"{self._question(self._about)}{more}."
            inert = {one.key for one in answers} if self._guard.isActive() else set()
        self._bar.ask(f"{sentence[:1].upper()}{sentence[1:]}", answers, inert)

    def _question(self, about: StopAdvised) -> str:
        strategy, found = self._strategy, about.prediction
        if strategy.tries:
            return f"{strategy.name_of(about.meta_iteration)} is {found.chance}"
        return f"{found.chance}, until {strategy.name_of(found.horizon)}"

    @Slot(str)
    def _take_answer(self, answer: str) -> None:
        about = self._about
        if self._runner.experiment is None:
            return
        if answer in (STOP, STOP_ALL) and about is not None:
            self._stop(about)
        if answer == STOP_ALL:
            self._bar.expect(_STOPS_ALL)
            self._asks = False
            self._withdraw()
            self.stops_without_asking.emit()
        elif answer == ASK_NO_MORE:
            self._bar.expect(_ASKS_NO_MORE)
            self._asks = False
            self._withdraw()
        else:
            self._ask_next()

    def _stop(self, about: StopAdvised) -> None:
        strategy = self._strategy
        if strategy.tries:
            self._runner.stop_early(about.meta_iteration)
            self.said.emit(f"Stopping {strategy.name_of(about.meta_iteration)} …")
        else:
            self._runner.stop_early()
            self.said.emit(f"Stopping after this {strategy.unit} …")


_ANSWERS: Final = (
    Answer(STOP, "Stop here", "Stop this one, and keep what is predicted of it"),
    Answer(GO_ON, "Go on", "Ask again only after the forecast has changed its mind twice"),
    Answer(STOP_ALL, "Stop all such", "Stop this trial, and later ones without a question"),
    Answer(ASK_NO_MORE, "Ask no more", "Go on, and ask nothing any more in this run"),
)
