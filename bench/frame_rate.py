"""How often the plots are painted while a meta-optimization goes on, and how late the window is.

The real window, offscreen, on `schedules` or a named experiment. A frame of the window is a turn in
which at least one plot was painted. A single plot is painted only when it has something new: the
losses once a meta-iteration, the learning curve during training, the memory all the time. Lateness
is as in `bench.event_loop`, of which this is the other half.

    python -m bench.frame_rate [EXPERIMENT] [--seconds 20]
"""

import argparse
import os
import sys
import time
from collections.abc import Callable

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pyqtgraph
from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer

from app.application import make_application, make_window
from bench.event_loop import lateness, row
from engine.experiments.files import list_experiments

FEWEST = 30.0
_SAME_FRAME = 0.004


class PaintCounter(QObject):
    """Notes when a plot's view is painted."""

    def __init__(self, view: pyqtgraph.GraphicsView) -> None:
        super().__init__()
        self.times: list[float] = []
        self._viewport = view.viewport()
        self._viewport.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Count, and let the event through."""
        if event.type() == QEvent.Type.Paint:
            self.times.append(time.perf_counter())
        return False

    def stop(self) -> None:
        """Count no more."""
        self._viewport.removeEventFilter(self)


def wait_for(condition: Callable[[], object]) -> None:
    """Let the event loop turn until something is so."""
    waiting = QEventLoop()
    watch = QTimer(interval=50)
    watch.timeout.connect(lambda: condition() and waiting.quit())
    watch.start()
    waiting.exec()
    watch.stop()


def main() -> int:
    """Measure and print; the status tells whether the window met the fewest frames."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("experiment", nargs="?", default="schedules")
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    if options.experiment not in list_experiments():
        parser.error(f"expected one of {', '.join(list_experiments())}")

    make_application()
    window = make_window(options.experiment, theme="light")
    window.show()
    lateness(1)
    window.run()
    wait_for(lambda: window.record and window.record.meta_iterations)
    views = [view for view in window.findChildren(pyqtgraph.GraphicsView) if view.isVisible()]
    counters = [PaintCounter(view) for view in views]
    late = lateness(options.seconds)
    went_on = window.runner.state == "running"
    for counter in counters:
        counter.stop()
    window.close()

    rates = [len(counter.times) / options.seconds for counter in counters]
    frames = np.sort(np.concatenate([counter.times for counter in counters]))
    gaps = np.diff(frames)
    frame_rate = np.count_nonzero(gaps > _SAME_FRAME) / options.seconds
    print(f"The window while `{options.experiment}` is optimized, for {options.seconds:g} s\n")
    print("| plots in sight | frames a second | of each plot | longest gap (ms) |")
    print("| --- | --- | --- | --- |")
    each = ", ".join(f"{rate:.1f}" for rate in rates)
    print(f"| {len(rates)} | {frame_rate:.1f} | {each} | {1000 * gaps.max():.0f} |")
    print("\n| turns of the event loop late by (ms) | median | 95 % | 99 % | worst | under 33 ms |")
    print("| --- | --- | --- | --- | --- | --- |")
    print(row("during the run", late))
    if not went_on:
        print("\nThe run ended before the measurement did.")
    return 0 if frame_rate >= FEWEST else 1


if __name__ == "__main__":
    sys.exit(main())
