"""The main workflow, unattended: open the window on `schedules`, press Run, export.

With a display the window stays open. Without one the same window runs offscreen, and saves all
figures and a screenshot in a folder. Where not even that can be, the run goes on without a window.
"""

import argparse
import os
import sys
from pathlib import Path

from app.display import why_no_window
from app.stopping import STOPPING
from app.system_libraries import FOR_QT, missing_packages


def main() -> int:
    """Run the demonstration; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m app.demo", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out/demo"), help="folder for figures")
    folder: Path = parser.parse_args().out
    reason = why_no_window()
    if not reason:
        from app.application import leave_what_cannot_be_interrupted, open_window

        return leave_what_cannot_be_interrupted(open_window("schedules", start=True))
    if missing_packages(FOR_QT):
        print(f"{reason}. The run goes on without a window.")
        return _run_without_a_window(folder)
    print(f"{reason}, so the window runs offscreen.")
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return _run_offscreen(folder)


def _run_without_a_window(folder: Path) -> int:
    from app.unattended import run_unattended
    from engine.experiments.files import load_experiment

    written = run_unattended(load_experiment("schedules"), folder)
    print(f"Wrote {written} files to {folder}.")
    return 0


def _run_offscreen(folder: Path) -> int:
    from PySide6.QtCore import QEventLoop, QTimer

    from app.application import make_application, make_window
    from engine.output.files import write_run

    application = make_application()
    window = make_window("schedules", theme="light")
    window.show()
    window.run()
    waiting = QEventLoop()
    watch = QTimer(application, interval=100)

    def leave_when_idle() -> None:
        if window.runner.state == "idle":
            waiting.quit()

    watch.timeout.connect(leave_when_idle)
    watch.start()
    waiting.exec()
    watch.stop()
    record = window.record
    if record is None or record.finished is None:
        print("The demonstration did not finish.", file=sys.stderr)
        return 1
    written = write_run(record, folder)
    window.grab().save(str(folder / "window.png"))
    print(f"{record.finished.message} Wrote {len(written)} files and window.png to {folder}.")
    window.close()
    return 0


if __name__ == "__main__":
    STOPPING.listen()
    sys.exit(main())
