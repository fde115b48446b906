"""How long the window takes to present, and to come back: until all of it is painted.

The real window, as large as its screen, with the plots of 800 learning rates; offscreen, on a
screen of each size.

    python -m bench.presenting
"""

import statistics
import time

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from app.application import make_window
from app.preferences import Preferences
from bench.event_loop import lateness
from bench.frame_rate import wait_for
from bench.screens import application_on

SIZES = (QSize(1024, 700), QSize(1280, 800), QSize(1920, 1080))
TIMES = 9
MOST = 100.0


def main() -> None:
    """Measure and print."""
    application = application_on(SIZES)
    Preferences().asks_before_losing = False
    window = make_window(theme="light")
    window.show()
    lateness(1.2)  # it may fit itself to the screen
    window.control.run_experiment("schedules")
    wait_for(lambda: window.record and len(window.record.meta_iterations) > 3)
    window.control.stop()
    wait_for(lambda: window.runner.state == "idle")
    print("Milliseconds until the window is painted: median and worst\n")
    print("| size | presenting | back |")
    print("| --- | --- | --- |")
    for screen in application.screens():
        window.setGeometry(screen.geometry())
        lateness(0.5)
        took: dict[bool, list[float]] = {True: [], False: []}
        for _ in range(TIMES):
            for on in (True, False):
                began = time.perf_counter()
                window.set_presentation(on)
                QApplication.processEvents()
                took[on].append(1000 * (time.perf_counter() - began))
                lateness(0.3)
        row = (f"{statistics.median(times):.0f}, {max(times):.0f}" for times in took.values())
        print(f"| {screen.name()} | {' | '.join(row)} |", flush=True)
    print(f"\nAimed at: {MOST:g}.")
    window.close()


if __name__ == "__main__":
    main()
