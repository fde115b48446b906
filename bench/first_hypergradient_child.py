"""What `bench.first_hypergradient` measures: the command `retrograde`, and one click."""

import json
import os
import sys
import time

FOLDER, STARTED = os.environ["RETROGRADE_BENCH_FOLDER"], os.environ["RETROGRADE_BENCH_STARTED"]


def main() -> None:
    """Open the window, run the experiment that is named, and close the window again.

    Prints one JSON table: seconds after the start at which each stage was over, and clicks.
    """
    name = sys.argv[1]
    stages: dict[str, float] = {}

    from PySide6.QtCore import QEvent, QObject, QSettings, Qt, QTimer
    from PySide6.QtTest import QTest

    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, FOLDER)

    from app import application, command_line
    from app.guide.gallery_card import ExperimentCard
    from app.main_window import MainWindow
    from app.preferences import Preferences
    from engine.runs.events import MetaIterationDone

    class Newcomer(QObject):
        """Clicks as soon as there is something to click on, and leaves when there is a result."""

        def __init__(self, window: MainWindow) -> None:
            super().__init__(window)
            self._window, self._clicks = window, 0
            window.installEventFilter(self)
            window.runner.happened.connect(self._take)

        def eventFilter(self, window: QObject, event: QEvent) -> bool:  # noqa: N802
            if event.type() == QEvent.Type.Paint:
                window.removeEventFilter(self)
                QTimer.singleShot(0, self._click)  # once everything in the window has painted
            return False

        def _click(self) -> None:
            stages["window"] = _since_start()
            [card] = [
                one
                for one in self._window.gallery.findChildren(ExperimentCard)
                if one.experiment.name == name
            ]
            QTest.mouseClick(card.run_button, Qt.MouseButton.LeftButton)
            self._clicks += 1
            stages["run"] = _since_start()

        def _take(self, event: object) -> None:
            if isinstance(event, MetaIterationDone) and "first hypergradient" not in stages:
                self._window.view.redraw()
                QTimer.singleShot(0, self._look)

        def _look(self) -> None:
            if self._window.plot_area.is_drawing:
                QTimer.singleShot(10, self._look)
                return
            stages["first hypergradient"] = _since_start()
            stages["clicks"] = self._clicks
            Preferences().asks_before_losing = False
            application.QApplication.closeAllWindows()

    make_window = application.make_window
    newcomers = []

    def make_watched_window(experiment: str | None, **how: object) -> MainWindow:
        window = make_window(experiment, **how)
        newcomers.append(Newcomer(window))
        return window

    application.make_window = make_watched_window
    leave = application.leave_what_cannot_be_interrupted

    def say_and_leave(status: int) -> int:
        print(json.dumps(stages))
        return leave(status)

    application.leave_what_cannot_be_interrupted = say_and_leave
    sys.exit(command_line.main([]))


def _since_start() -> float:
    return time.monotonic() - float(STARTED)
