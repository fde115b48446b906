"""Where a run stands: training and reversing, the meta-iteration, and the time that is left."""

import time

from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget

from engine.experiments.experiment import Experiment
from engine.experiments.strategies import STRATEGIES
from engine.runs.events import (
    Event,
    JudgingProgress,
    MetaIterationDone,
    MetaIterationStarted,
    Preparing,
    ReversalProgress,
    RunFinished,
    RunStarted,
    SeedsProgress,
    TrainingProgress,
)


class ProgressStrip(QWidget):
    """Two bars, one for each phase of a meta-iteration, and what is said beside them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.status = QLabel()
        self.status.setMinimumWidth(200)
        self.training = self._bar("training")
        self.reversing = self._bar("reversing")
        self.time_left = QLabel()
        self.time_left.setMinimumWidth(110)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 8)
        row.setSpacing(10)
        row.addWidget(self.status)
        row.addWidget(self.training, 1)
        row.addWidget(self.reversing, 1)
        row.addWidget(self.time_left)
        self._experiment: Experiment | None = None
        self._durations: list[float] = []
        self._began = 0.0
        self._paused: float | None = None
        self.reset()

    def reset(self) -> None:
        """Nothing is running."""
        self._experiment = None
        self._durations = []
        self._paused = None
        self.status.setText("Ready. Press Run.")
        self.time_left.clear()
        for bar in (self.training, self.reversing):
            bar.setRange(0, 1)
            bar.setValue(0)
            bar.setFormat(bar.accessibleName())

    def say(self, text: str) -> None:
        """Change what is said, without touching the bars."""
        self.status.setText(text)
        self.time_left.clear()

    def set_paused(self, on: bool) -> None:
        """The run is held, or goes on; what it is held for counts nowhere."""
        if on:
            self._paused = time.monotonic()
        elif self._paused is not None:
            self._began += time.monotonic() - self._paused
            self._paused = None

    def add(self, event: Event) -> None:
        """Follow a run."""
        match event:
            case Preparing():
                self.status.setText(f"{event.what} …")
                if event.total:
                    self.training.setRange(0, event.total)
                    self.training.setValue(event.done)
                    self.training.setFormat(f"compiling {event.done} of {event.total}")
            case RunStarted():
                self._experiment = event.experiment
                total = event.experiment.training.iterations
                for bar in (self.training, self.reversing):
                    bar.setRange(0, total)
            case MetaIterationStarted():
                self._began = time.monotonic()
                self._show(self.training, 0)
                self._show(self.reversing, 0)
                self._tell(event.meta_iteration)
            case TrainingProgress():
                self._show(self.training, event.iteration)
                if event.replicate and event.iteration == len(event.losses):
                    self._show(self.reversing, 0)
            case ReversalProgress():
                self._show(self.reversing, self.reversing.maximum() - event.iteration)
            case SeedsProgress():
                self.status.setText(f"{event.done:,} of {event.total:,} training runs done")
            case MetaIterationDone():
                self._durations.append(time.monotonic() - self._began)
                self._tell(event.index + 1)
            case JudgingProgress():
                self.status.setText("Training once more with the final hyperparameters …")
            case RunFinished():
                self.say(event.message if event.outcome == "completed" else "Training diverged.")

    def _bar(self, name: str) -> QProgressBar:
        bar = QProgressBar()
        bar.setAccessibleName(name)
        bar.setMinimumWidth(60)
        bar.setToolTip(f"Iterations in this meta-iteration: {name}")
        return bar

    def _show(self, bar: QProgressBar, value: int) -> None:
        bar.setValue(value)
        bar.setFormat(f"{bar.accessibleName()} {value:,} of {bar.maximum():,}")

    def _tell(self, done: int) -> None:
        if self._experiment is None:
            return
        meta = self._experiment.meta
        place, total = STRATEGIES[meta.optimizer].place(done, meta.iterations), meta.iterations
        self.status.setText(place[:1].upper() + place[1:])
        if self._durations:
            recent = self._durations[-10:]
            left = (total - done) * sum(recent) / len(recent)
            self.time_left.setText(f"about {_duration(left)} left" if done < total else "")


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes / 60:.1f} h"
