"""Trying out hyperparameters in a background thread: the latest request wins."""

from collections.abc import Generator
from contextlib import closing
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QObject, QThread, Signal, Slot

from app.mailbox import Mailbox
from engine.errors import DivergedError, InputError
from engine.experiments.experiment import Experiment
from engine.hypergradients.result import Progress
from engine.hyperparameters.values import Hyperparameters
from engine.runs.try_out import TryOut, try_out


class _Question(NamedTuple):
    number: int
    experiment: Experiment
    hyperparameters: Hyperparameters
    meta_iteration: int


class _Thread(QThread):
    """Answers requests in turn, and drops one at its next step when a newer one arrives."""

    answered = Signal(int, object)
    failed = Signal(int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.mailbox = Mailbox[_Question]()

    def run(self) -> None:
        while (question := self.mailbox.take()) is not None:
            try:
                steps = try_out(
                    question.experiment, question.hyperparameters, question.meta_iteration
                )
                outcome = self._go_through(steps)
            except DivergedError as error:
                self.failed.emit(question.number, error.sentence)
            except InputError as error:
                self.failed.emit(question.number, str(error))
            except Exception as error:  # shown in the window, which stays usable
                self.failed.emit(question.number, f"{type(error).__name__}: {error}")
            else:
                if outcome is not None:
                    self.answered.emit(question.number, outcome)

    def _go_through(self, steps: Generator[Progress, None, TryOut]) -> TryOut | None:
        """Train to the end; None if the request was dropped."""
        with closing(steps):
            while not self.mailbox.has_news:
                try:
                    next(steps)
                except StopIteration as stop:
                    outcome: TryOut = stop.value
                    return outcome
        return None


class TryOuts(QObject):
    """Trains forwards with the hyperparameters of a request, off the window's thread.

    The owner calls `shut_down` before deleting it; quitting the application does so too.

    Signals:
        tried: the `TryOut` that answers the latest question.
        failed: one sentence, if that question has no answer.
    """

    tried = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: _Thread | None = None
        self._asked = 0
        application = QCoreApplication.instance()
        assert application is not None, "a thread's signals need an application"
        application.aboutToQuit.connect(self.shut_down)

    def ask(
        self, experiment: Experiment, hyperparameters: Hyperparameters, meta_iteration: int = 0
    ) -> None:
        """Request the results of training; an earlier request without an answer is dropped.

        Args:
            experiment: whose task is trained.
            hyperparameters: what to train with.
            meta_iteration: whose initial parameters and minibatches to use.
        """
        if self._thread is None:
            self._thread = _Thread(self)
            self._thread.answered.connect(self._pass_answer_on)
            self._thread.failed.connect(self._pass_failure_on)
            self._thread.start()
        self._asked += 1
        question = _Question(self._asked, experiment, hyperparameters, meta_iteration)
        self._thread.mailbox.put(question)

    @Slot()
    def shut_down(self) -> None:
        """Drop the request, and wait until the thread has ended."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        thread.answered.disconnect()
        thread.failed.disconnect()
        thread.mailbox.close()
        thread.wait()
        thread.deleteLater()

    @Slot(int, object)
    def _pass_answer_on(self, number: int, outcome: TryOut) -> None:
        if self._thread is not None and number == self._asked:
            self.tried.emit(outcome)

    @Slot(int, str)
    def _pass_failure_on(self, number: int, sentence: str) -> None:
        if self._thread is not None and number == self._asked:
            self.failed.emit(sentence)
