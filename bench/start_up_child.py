"""What `bench.start_up` measures: the command `retrograde`, left once its window has painted."""

import gc
import json
import os
import sys
import time

FOLDER, STARTED = os.environ["RETROGRADE_BENCH_FOLDER"], os.environ["RETROGRADE_BENCH_STARTED"]


def main() -> None:
    """Open the window as the command does, and tell how long after the start each stage was over.

    Prints one JSON table of seconds.
    """
    stages = {"Python runs": _since_start()}

    from PySide6.QtCore import QEvent, QObject, QSettings, QTimer

    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, FOLDER)

    from app import command_line

    gc.disable()  # as the command does here
    from app import application
    from app.main_window import MainWindow

    stages["everything is imported"] = _since_start()

    class FirstPaint(QObject):
        """Waits for the window's first paint event, and closes the window after it."""

        def eventFilter(self, window: QObject, event: QEvent) -> bool:  # noqa: N802
            if event.type() == QEvent.Type.Paint:
                window.removeEventFilter(self)
                QTimer.singleShot(0, self.leave)  # once everything in the window has painted
            return False

        def leave(self) -> None:
            stages["the window has painted"] = _since_start()
            application.QApplication.closeAllWindows()

    watcher = FirstPaint()
    make_window = application.make_window

    def make_watched_window(name: str | None, **how: object) -> MainWindow:
        window = make_window(name, **how)
        stages["the window is built"] = _since_start()
        window.installEventFilter(watcher)
        return window

    application.make_window = make_watched_window
    status = command_line.main([])
    print(json.dumps(stages))
    sys.exit(status)


def _since_start() -> float:
    return time.monotonic() - float(STARTED)
