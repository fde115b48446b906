"""Kernels compiled beside the window, so that a run need not wait for them."""

import os
import sys
import threading
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QObject, QProcess, QProcessEnvironment, QTimer, Slot
from PySide6.QtWidgets import QWidget

import engine
from engine.runs import prepare

_MILLISECONDS_TO_END: Final = 1000
_HEAVY: Final = ("engine.runs.run", "engine.tasks.networks", "engine.kernels.keeping")
_PLOTS: Final = "app.plots.plot_card"
_HOME: Final = Path(str(engine.__file__)).resolve().parent.parent


class Preparation(QObject):
    """Two processes that share the compiling, and end with the window.

    A run that comes before they are done waits for what they are about to compile, and compiles the
    rest itself; so nothing depends on them.

    Args:
        first: experiments whose needs come before those of all others that ship.
    """

    def __init__(self, first: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._first = list(first)
        self._processes: list[QProcess] = []
        self._loading: threading.Thread | None = None

    @property
    def is_going_on(self) -> bool:
        """Whether anything is being compiled."""
        return any(one.state() != QProcess.ProcessState.NotRunning for one in self._processes)

    def start(self) -> None:
        """Begin, unless all has been compiled before."""
        if prepare.is_prepared():
            return
        for options in ([], [prepare.DERIVATIVES_FIRST]):
            process = QProcess(self)
            process.setProcessEnvironment(_environment())
            process.setStandardInputFile(QProcess.nullDevice())
            process.setStandardOutputFile(QProcess.nullDevice())
            process.setStandardErrorFile(QProcess.nullDevice())
            # With -P nothing is imported from the working folder, which may be anybody's.
            process.start(sys.executable, ["-P", "-m", prepare.__name__, *options, *self._first])
            self._processes.append(process)

    def load_once_painted(self, window: QWidget) -> None:
        """Load what any run needs once the window has been seen."""
        window.installEventFilter(self)

    def eventFilter(self, window: QObject, event: QEvent) -> bool:
        """Wait for the window."""
        if event.type() == QEvent.Type.Paint:
            window.removeEventFilter(self)
            QTimer.singleShot(0, self._load)  # once everything in it has painted
        return False

    def stop(self) -> None:
        """End the processes, whatever is half done, and wait for what is being loaded."""
        if self._loading is not None:
            self._loading.join()
        for process in self._processes:
            process.kill()
            process.waitForFinished(_MILLISECONDS_TO_END)
        self._processes.clear()

    @Slot()
    def _load(self) -> None:
        """What draws plots here, as Qt's classes are its thread's; what trains in a thread."""
        import_module(_PLOTS)
        self._loading = threading.Thread(target=_load, name="retrograde-loading")
        self._loading.start()


def _load() -> None:
    """Import what takes long, off the window's thread: it is there when Run is pressed."""
    for name in _HEAVY:
        import_module(name)


def _environment() -> QProcessEnvironment:
    """That of this process, with this program found first."""
    environment = QProcessEnvironment.systemEnvironment()
    path = [str(_HOME), environment.value("PYTHONPATH")]
    environment.insert("PYTHONPATH", os.pathsep.join(filter(None, path)))
    return environment
