"""What a run does, and the time that is left; the timeline shows how far it is."""

import time
from statistics import median
from typing import Final

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.one_line import OneLine
from engine.experiments.experiment import Experiment
from engine.hypergradients.catalogue import METHODS
from engine.runs.events import (
    Event,
    JudgingProgress,
    MetaIterationDone,
    MetaIterationStarted,
    MethodProgress,
    Preparing,
    RunFinished,
    RunStarted,
    SeedsProgress,
    SettingsChanged,
    StillWorking,
    TrainingProgress,
)

_LONG: Final = 3.0
"""Seconds after which it is said that a person's file is still evaluating."""

_SECONDS_TO_JUDGE: Final = 2.0
"""What a first meta-iteration takes before it is said how long the run will."""

_LETTERS: Final = 44
_DOING: Final = {
    "recomputing": "Training again",
    "solving": "Solving for the hypergradient",
    "differencing": "Training with each value moved",
}
"""What a method does besides to train and to go back, by its phase."""


class RunStatus(QWidget):
    """What is said of the run; below it which moment is shown, and the time that is left.

    Where nothing stands below, what is too long for one row takes both.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.status, self.time_left = OneLine(), OneLine()
        self.status.setAccessibleName("State of the run")
        self.time_left.setObjectName("muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for label in (self.status, self.time_left):
            column.addWidget(label, 1)
        self._left = self._shown = ""
        self._experiment: Experiment | None = None
        self._started: RunStarted | None = None
        self._durations: list[float] = []
        self._began = 0.0
        self._paused: float | None = None
        self.reset()

    def sizeHint(self) -> QSize:
        """Wide enough for most of what is said."""
        return QSize(_LETTERS * self.fontMetrics().averageCharWidth(), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use another width."""
        super().resizeEvent(event)
        self._share_rows()

    def changeEvent(self, event: QEvent) -> None:
        """Take type of another size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._share_rows()

    def _say(self, text: str) -> None:
        self.status.setText(text)
        self._share_rows()

    def _share_rows(self) -> None:
        takes_both = self.status.is_too_long and not self.time_left.text()
        self.time_left.setHidden(takes_both)
        self.status.set_most(2 if takes_both else 1)

    def reset(self) -> None:
        """Nothing is running."""
        self._experiment = self._started = None
        self._durations = []
        self._paused = None
        self.say("Ready. Press Run.")

    def say(self, text: str) -> None:
        """Change what is said."""
        self.status.setText(text)
        self._tell_left("")

    def set_shown(self, name: str) -> None:
        """Say which moment the plots show, if it is not the last one; "" for that."""
        self._shown = name
        self._tell_left(self._left)

    def _tell_left(self, text: str) -> None:
        self._left = text
        if self._shown:  # both have room if neither says more than it must
            text = " · ".join(filter(None, (f"showing {self._shown}", text.removeprefix("about "))))
        self.time_left.setText(text)
        self._share_rows()

    def set_paused(self, on: bool) -> None:
        """The run is held, or goes on; what it is held for counts nowhere."""
        if on:
            self._paused = time.monotonic()
        elif self._paused is not None:
            self._began += time.monotonic() - self._paused
            self._paused = None
            self._say("Running")

    def add(self, event: Event) -> None:
        """Follow a run."""
        match event:
            case Preparing():
                self._say(f"{event.what} …")
            case StillWorking() if event.seconds >= _LONG:
                told = f"Your file has been evaluating for {event.seconds:.0f} s. Stop ends it."
                self._say(told)
            case RunStarted():
                self._experiment, self._started = event.experiment, event
            case SettingsChanged():
                self._experiment = event.experiment
            case MetaIterationStarted():
                self._began = time.monotonic()
                self._say("Running")
            case TrainingProgress() if not self._durations:
                self._tell_of_the_first(event)
            case MethodProgress() if event.phase == "updating":
                self._say("Running")
            case MethodProgress() if event.phase in _DOING:
                which, of = event.part
                times = f", run {which:,} of {of:,}" if of > 1 else ""
                self._say(f"{_DOING[event.phase]}{times} …")
            case SeedsProgress() if self._is_compared(event):
                told = f"{event.done:,} of {event.total:,}"
                self._say(f"Comparing: {told} training runs done")
            case SeedsProgress():
                self._say(f"{event.done:,} of {event.total:,} training runs done")
            case MetaIterationDone():
                self._durations.append(time.monotonic() - self._began)
                self._tell(event.index + 1)
            case JudgingProgress():
                self._say("Training once more with the final hyperparameters …")
            case RunFinished():
                self.say(event.message if event.outcome == "completed" else "Training diverged.")

    def _is_compared(self, event: SeedsProgress) -> bool:
        """Whether training runs show what else real time could have been spent on."""
        experiment = self._experiment
        return (
            experiment is not None
            and experiment.is_one_run
            and event.meta_iteration == experiment.units
        )

    def _tell_of_the_first(self, event: TrainingProgress) -> None:
        """How long a run takes whose first meta-iteration trains, and does nothing else."""
        experiment, spent = self._experiment, time.monotonic() - self._began
        if experiment is None or experiment.is_one_run or spent < _SECONDS_TO_JUDGE:
            return
        if METHODS[experiment.method].phases != ("training",) or experiment.meta.updates > 1:
            return
        iterations = experiment.training.iterations
        done = event.replicate * iterations + event.iteration
        total = iterations * experiment.meta.seeds * self._planned(experiment)
        if 0 < done < total:
            self._tell_left(f"about {_duration(spent * (total / done - 1))} left")

    def _planned(self, experiment: Experiment) -> int:
        """How many meta-iterations there are to be."""
        return self._started.planned(experiment) if self._started else experiment.units

    def _tell(self, done: int) -> None:
        if self._experiment is None:
            return
        total, recent = self._planned(self._experiment), self._durations[-10:]
        left = (total - done) * median(recent)  # one may have been held up
        self._tell_left(f"about {_duration(left)} left" if done < total else "")


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes / 60:.1f} h"
