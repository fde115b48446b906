"""A person's file, looked at by the engine in a process of its own, off the window's thread."""

from PySide6.QtCore import QObject, QThread

from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.own.contents import Content


class ProblemReader(QThread):
    """Finds out what one file proposes.

    Args:
        content: that somebody trusted.
        time_limit: seconds for its first evaluation.

    Attributes:
        proposed: what it proposes; None if it cannot be run.
        problem: why not, as a sentence.
        details: what else there is to read of that.
    """

    def __init__(self, content: Content, time_limit: float, parent: QObject) -> None:
        super().__init__(parent)
        self.content = content
        self._time_limit = time_limit
        self.proposed: Experiment | None = None
        self.problem = self.details = ""

    def run(self) -> None:
        """In the thread."""
        from engine.runs.own_runs import propose_steps  # with more than a window needs

        steps = propose_steps(self.content, self._time_limit)
        try:
            while not self.isInterruptionRequested():
                next(steps)
        except StopIteration as stop:
            self.proposed = stop.value
        except InputError as error:
            self.problem, self.details = str(error), getattr(error, "details", "")
        finally:
            steps.close()
