"""Garbage collected in the window's thread, and in no other.

Python collects garbage in whichever thread happens to need memory. If that is a run's thread and
the garbage holds what is left of a closed dialog, PySide has its widgets deleted in the window's
thread a little later; those that went with their parents meanwhile are deleted twice, and the
process dies.
"""

import gc
import sys
import threading

from PySide6.QtCore import QObject, QTimer, Slot

_MILLISECONDS = 500
_KERNELS_OWN = "retrograde-helper"  # they stay, and run no Python code


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
        """Leave it to Python again, if no other thread is left that could be the one to do it."""
        self._timer.stop()
        if not _others_run_python():
            gc.enable()

    @Slot()
    def look(self) -> None:
        """See whether something is due."""
        collect_what_is_due()


def collect_what_is_due() -> None:
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


def _others_run_python() -> bool:
    """Whether another thread is in Python code: loading, compiling, or a library's own."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    others = sys._current_frames().keys() - {threading.get_ident()}
    return any(not names.get(one, "").startswith(_KERNELS_OWN) for one in others)
