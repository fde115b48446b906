"""Garbage collected in the window's thread, and in no other.

Python collects garbage in whichever thread happens to need memory. If that is a run's thread and
the garbage holds what is left of a closed dialog, PySide has its widgets deleted in the window's
thread a little later; those that went with their parents meanwhile are deleted twice, and the
process dies.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_MILLISECONDS = 500


class GarbageCollector(QObject):
    """Collects from a timer what Python would have collected by itself, as often as it would have.

    Args:
        parent: belongs to the window's thread.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=_MILLISECONDS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Take over from Python."""
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Leave it to Python again, once no other thread is left."""
        self._timer.stop()
        gc.enable()

    @Slot()
    def look(self) -> None:
        """Collect the oldest generation that is due, if one is."""
        due = [
            generation
            for generation, (count, most) in enumerate(
                zip(gc.get_count(), gc.get_threshold(), strict=True)
            )
            if count > most
        ]
        if due:
            gc.collect(due[-1])
