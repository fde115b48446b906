"""Asking, while a run goes on, whether what will hardly win is to be stopped."""

from PySide6.QtCore import QObject, Signal, Slot

from app.message_bar import MessageBar
from app.runner import Runner
from engine.experiments.experiment import Experiment
from engine.experiments.strategies import STRATEGIES
from engine.runs.events import Event, MetaIterationDone, RunFinished, StopAdvised

_STOP = "Stop here"
_GO_ON = "Go on", "Go on, and ask again only after the forecast has changed its mind twice"


class StopQuestion(QObject):
    """Puts the question into the message bar, and takes the answer to the run.

    Nothing waits for an answer. Asked once, it asks again only after forecasts have turned back.

    Args:
        runner: whose run it is.
        bar: where the question stands.

    Signals:
        said: what follows from an answer, in one sentence.
    """

    said = Signal(str)

    def __init__(self, runner: Runner, bar: MessageBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner, self._bar = runner, bar
        self._about: StopAdvised | None = None
        runner.happened.connect(self._take)
        runner.state_changed.connect(self._follow_state)
        bar.answered.connect(self._take_answer)

    @property
    def _is_of_a_trial(self) -> bool:
        experiment = self._runner.experiment
        return experiment is not None and STRATEGIES[experiment.meta.optimizer].tries

    @Slot(object)
    def _take(self, event: Event) -> None:
        experiment = self._runner.experiment
        if isinstance(event, StopAdvised) and experiment is not None:
            if event.stops and experiment.stopping.when == "ask":
                self._ask(event, experiment)
            else:
                self._withdraw()
        is_over = isinstance(event, MetaIterationDone) and self._is_of_a_trial
        if is_over or isinstance(event, RunFinished):
            self._withdraw()

    @Slot(str)
    def _follow_state(self, state: str) -> None:
        if state == "idle":
            self._withdraw()

    def _ask(self, event: StopAdvised, experiment: Experiment) -> None:
        self._about = event
        strategy, found = STRATEGIES[experiment.meta.optimizer], event.prediction
        if strategy.tries:
            name = strategy.name_of(event.meta_iteration)
            question = f"{name[:1].upper()}{name[1:]} is {found.chance}."
            tip = "Stop this trial; the search goes on with the next one"
        else:
            question = f"{found.chance}, until {strategy.name_of(found.horizon)}."
            tip = "End the run after this meta-iteration, and judge where it is"
        self._bar.ask(f"{question[:1].upper()}{question[1:]}", (_STOP, tip), _GO_ON)

    def _withdraw(self) -> None:
        self._about = None
        self._bar.withdraw()

    @Slot(bool)
    def _take_answer(self, stops: bool) -> None:
        about, self._about = self._about, None
        experiment = self._runner.experiment
        if about is None or experiment is None or not stops:
            return
        strategy = STRATEGIES[experiment.meta.optimizer]
        if strategy.tries:
            self._runner.stop_early(about.meta_iteration)
            self.said.emit(f"Stopping {strategy.name_of(about.meta_iteration)} …")
        else:
            self._runner.stop_early()
            self.said.emit(f"Stopping after this {strategy.unit} …")
