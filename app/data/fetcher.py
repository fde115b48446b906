"""Fetching a data set off the window's thread."""

from PySide6.QtCore import QCoreApplication, QObject, QThread, Signal, Slot

from engine.data.published import is_at_hand
from engine.errors import InputError


class Fetcher(QThread):
    """Fetches one set; `requestInterruption` cancels it and keeps the part received.

    Args:
        name: of the set.

    Attributes:
        problem: one sentence, if it failed.

    Signals:
        moved: how many bytes of the set have been received.
    """

    moved = Signal(int)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.problem = ""
        application = QCoreApplication.instance()
        if application:
            application.aboutToQuit.connect(self.end)

    def run(self) -> None:
        """Fetch, and keep what went wrong as a sentence."""
        from engine.data.fetching import fetch

        steps = fetch(self.name)
        try:
            for step in steps:
                self.moved.emit(step.received)
                if self.isInterruptionRequested():
                    break
        except InputError as error:
            self.problem = str(error)
        except Exception as error:  # shown in the dialog, which stays usable
            self.problem = f"{type(error).__name__}: {error}"
        finally:
            steps.close()
        is_at_hand(self.name)  # its hash is worked out here, and not in the window's thread

    @Slot()
    def end(self) -> None:
        """Cancel, and wait for that."""
        self.requestInterruption()
        self.wait()
