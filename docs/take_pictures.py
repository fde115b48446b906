"""Take the pictures of the window that the documentation shows.

Runs an experiment in the real window, offscreen, and grabs it in both themes at 1280 × 800 and
1920 × 1080; then the window at rest, a wrong entry, a diverged run and the export dialog.

    python -m docs.take_pictures [--only NAME]
"""

import argparse
import os
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QSize, QStandardPaths, QTimer
from PySide6.QtWidgets import QWidget

from app.application import make_application, make_window
from app.exporting.export_dialog import ExportDialog
from app.main_window import MainWindow
from app.setup.fields import TextField
from app.theme import Choice

FOLDER = Path(__file__).parent / "pictures"
SIZES = (QSize(1280, 800), QSize(1920, 1080))
THEMES: tuple[Choice, ...] = ("light", "dark")


def wait_until(condition: Callable[[], object]) -> None:
    """Let the window live until something holds."""
    waiting = QEventLoop()
    watch = QTimer(interval=30)
    watch.timeout.connect(lambda: condition() and waiting.quit())
    watch.start()
    waiting.exec()
    watch.stop()


def settle() -> None:
    """Let layouts and repaints finish."""
    waiting = QEventLoop()
    QTimer.singleShot(250, waiting.quit)
    waiting.exec()


def take(widget: QWidget, name: str) -> None:
    """Grab a widget into a file."""
    settle()
    FOLDER.mkdir(exist_ok=True)
    widget.grab().save(str(FOLDER / f"{name}.png"))
    print(FOLDER / f"{name}.png")


def in_every_dress(window: MainWindow, name: str) -> None:
    """Grab the window in both themes and sizes."""
    for size in SIZES:
        window.resize(size)
        for theme in THEMES:
            window.set_theme(theme)
            take(window, f"{name}-{theme}-{size.width()}x{size.height()}")


def run(window: MainWindow, meta_iterations: int) -> None:
    """Run until some meta-iterations are done and another is half-way back, then pause."""
    window.run()
    wait_until(
        lambda: window.record is not None and len(window.record.meta_iterations) >= meta_iterations
    )
    wait_until(lambda: window.progress.reversing.value() > window.progress.reversing.maximum() // 2)
    window.pause_or_resume()
    wait_until(lambda: window.runner.state == "paused")


def at_rest(window: MainWindow) -> None:
    """The window as it opens."""
    in_every_dress(window, "start")


def running(window: MainWindow) -> None:
    """In the middle of the first experiment."""
    run(window, 25)
    in_every_dress(window, "window")
    window.reset()


def momentum(window: MainWindow) -> None:
    """Another experiment, with two kinds of hyperparameters free."""
    window.setup.set_experiment(window.setup.shipped["spirals"])
    run(window, 20)
    in_every_dress(window, "spirals")
    window.reset()


def wrong_entry(window: MainWindow) -> None:
    """A field that is marked, and Run that is disabled."""
    field = window.setup.field("training.iterations")
    assert isinstance(field, TextField)
    field.line.setText("a hundred")
    field.line.textEdited.emit(field.line.text())
    in_every_dress(window, "wrong-entry")


def diverged(window: MainWindow) -> None:
    """A run whose training diverged."""
    window.setup.set_experiment(window.setup.shipped["regression"])
    for key, value in (("meta.optimizer", "adam"), ("meta.step", 5.0)):
        window.setup.field(key).set_value(value)
    window.run()
    wait_until(lambda: window.runner.state == "idle")
    in_every_dress(window, "diverged")


def export(window: MainWindow) -> None:
    """The export dialog."""
    window.setup.set_experiment(window.setup.shipped["regression"])
    window.run()
    wait_until(lambda: window.runner.state == "idle")
    for theme in THEMES:
        window.set_theme(theme)
        window.export_all()
        dialog = window.findChild(ExportDialog)
        dialog.folder.setText("figures")
        take(dialog, f"export-{theme}")
        dialog.reject()
        dialog.deleteLater()
        settle()


SCENES = {
    scene.__name__: scene for scene in (at_rest, running, momentum, wrong_entry, diverged, export)
}


def main() -> None:
    """Take all pictures, or those of one scene."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=SCENES)
    only = parser.parse_args().only
    QStandardPaths.setTestModeEnabled(True)
    make_application()
    for name, scene in SCENES.items():
        if only in (None, name):
            window = make_window(theme="light")
            window.show()
            scene(window)
            window.close()
            window.deleteLater()
            settle()


if __name__ == "__main__":
    main()
