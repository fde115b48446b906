"""How late the window's event loop runs while a meta-optimization goes on.

A timer that should fire every 5 ms runs in the window's thread, in the real window, while the
first experiment (or a named one) is optimized in the background and drawn live. A turn of the
event loop is late by as much as the timer is. The same is measured at rest, and the speed of the
run is compared with the engine's own, without a window.

    python -m bench.event_loop [EXPERIMENT] [--seconds 20] [--without-predictions]
                               [--iterations T]
"""

import argparse
import os
import sys
import time

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, Qt, QTimer

from app.application import make_application, make_window
from engine.experiments.experiment import Experiment
from engine.experiments.files import list_experiments, override
from engine.runs.events import MetaIterationDone
from engine.runs.run import optimize

PERIOD = 0.005
LIMIT = 0.033


def lateness(seconds: float) -> np.ndarray:
    """Seconds by which each turn was late, over a stretch of time."""
    turns: list[float] = []
    waiting = QEventLoop()
    timer = QTimer(interval=round(1000 * PERIOD), timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: turns.append(time.perf_counter()))
    timer.start()
    QTimer.singleShot(round(1000 * seconds), waiting.quit)
    waiting.exec()
    timer.stop()
    return np.maximum(np.diff(turns) - PERIOD, 0)


def row(name: str, late: np.ndarray) -> str:
    """One line of the table."""
    median, p95, p99, worst = 1000 * np.percentile(late, [50, 95, 99, 100])
    share = np.mean(late < LIMIT)
    return f"| {name} | {median:.1f} | {p95:.1f} | {p99:.1f} | {worst:.1f} | {share:.1%} |"


def meta_iteration_seconds_alone(experiment: Experiment, seconds: float) -> float:
    """Median seconds a meta-iteration takes without a window."""
    durations = []
    end = time.monotonic() + seconds
    for event in optimize(experiment):
        if isinstance(event, MetaIterationDone):
            durations.append(event.seconds)
        if time.monotonic() > end and len(durations) >= 2:
            break
    return float(np.median(durations))


def main() -> int:
    """Measure and print a table; the status tells whether 95 % of turns met the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("experiment", nargs="?", default="schedules")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--iterations", type=int, help="training iterations, if others than usual")
    parser.add_argument("--without-predictions", action="store_true")
    options = parser.parse_args()
    experiment = list_experiments()[options.experiment]
    if options.iterations:
        experiment = override(experiment, {"training.iterations": str(options.iterations)})

    make_application()
    window = make_window(options.experiment, theme="light")
    window.setup.set_experiment(experiment)
    predictions: list[float] = []
    predicting = window.view.predicting
    predicting.is_on = not options.without_predictions
    predicting.changed.connect(lambda: predictions.append(predicting.seconds))
    window.show()
    lateness(1)
    rest = lateness(3)
    window.run()
    waiting = QEventLoop()
    started = QTimer(interval=50)
    started.timeout.connect(
        lambda: window.record and window.record.learning_curve and waiting.quit()
    )
    started.start()
    waiting.exec()
    started.stop()
    busy = lateness(options.seconds)
    done = [event.seconds for event in window.record.meta_iterations[1:]]
    window.close()
    alone = meta_iteration_seconds_alone(experiment, options.seconds) if done else np.nan

    print(f"Event loop while `{options.experiment}` is optimized: turns late by (ms)\n")
    print("| | median | 95 % | 99 % | worst | under 33 ms |")
    print("| --- | --- | --- | --- | --- | --- |")
    print(row("at rest", rest))
    print(row("during a run", busy))
    if predictions:
        print(f"\n{len(predictions)} times curves were predicted, {np.median(predictions):.2f} s.")
    if done:
        beside = float(np.median(done))
        print(
            f"\nA meta-iteration takes {beside:.2f} s beside the window and {alone:.2f} s without "
            f"one: {beside / alone:.2f} ×."
        )
    return 0 if np.mean(busy < LIMIT) >= 0.95 else 1


if __name__ == "__main__":
    sys.exit(main())
