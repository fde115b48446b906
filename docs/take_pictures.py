"""Take the pictures of the window that the documentation shows.

Runs experiments in the real window, offscreen, and grabs it in both themes at 1280 × 800 and
1920 × 1080; then the dialogs. With the environment variable QT_SCALE_FACTOR=2, as on a screen that
is twice as dense, it takes those of 1280 × 800 and marks their names with @2x.

    python -m docs.take_pictures [--only NAME]
"""

import argparse
import os
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QSize, QStandardPaths, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget

from app.application import make_application, make_window
from app.exporting.writing_dialog import WritingDialog
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
    path = FOLDER / f"{name}{'@2x' if widget.devicePixelRatio() == 2 else ''}.png"
    widget.grab().save(str(path))
    print(path)


def in_every_dress(window: MainWindow, name: str) -> None:
    """Grab the window in both themes and sizes."""
    for size in SIZES[: 1 if window.devicePixelRatio() == 2 else 2]:
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


def go_to(window: MainWindow, meta_iteration: int, step: int) -> None:
    """Move the timeline to a moment of the run."""
    for slider, place in (
        (window.timeline.meta_iteration.slider, meta_iteration),
        (window.timeline.step.slider, step),
    ):
        QTest.keyClick(slider, Qt.Key.Key_Home)
        for _ in range(place):
            QTest.keyClick(slider, Qt.Key.Key_Right)
    settle()


def at_rest(window: MainWindow) -> None:
    """The gallery, as the window opens."""
    in_every_dress(window, "start")


def running(window: MainWindow) -> None:
    """In the middle of 800 learning rates."""
    window.setup.set_experiment(window.setup.shipped["schedules"])
    run(window, 25)
    in_every_dress(window, "window")
    window.reset()


def momentum(window: MainWindow) -> None:
    """Decision regions, and a moment in the past."""
    window.setup.set_experiment(window.setup.shipped["spirals"])
    run(window, 20)
    go_to(window, 10, 200)
    in_every_dress(window, "spirals")
    window.reset()


def surface(window: MainWindow) -> None:
    """Two weights on their way back, for an audience."""
    window.setup.set_experiment(window.setup.shipped["curved-surface"])
    run(window, 8)
    go_to(window, 7, 70)
    wait_until(lambda: "loss_surface" in {plot.key for plot in window.plot_area.shown})
    in_every_dress(window, "surface")
    window.set_presentation(True)
    in_every_dress(window, "presentation")
    window.set_presentation(False)
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
        window.setup.change(key, value)
    window.run()
    wait_until(lambda: window.runner.state == "idle")
    in_every_dress(window, "diverged")


def dialogs(window: MainWindow) -> None:
    """What opens on top of the window."""
    window.setup.set_experiment(window.setup.shipped["one-number"])
    window.run()
    wait_until(lambda: window.runner.state == "idle")
    for name, does in (
        ("export", window.dialogs.export_all),
        ("animation", window.dialogs.animate),
        ("about", window.dialogs.open_about),
    ):
        for theme in THEMES:
            window.set_theme(theme)
            does()
            (dialog,) = (d for d in window.findChildren(QDialog) if d.isVisible())
            if isinstance(dialog, WritingDialog):
                dialog.folder.setText("figures")
            take(dialog, f"{name}-{theme}")
            dialog.reject()
            settle()


def editor(window: MainWindow) -> None:
    """A schedule edited by hand."""
    window.setup.set_experiment(window.setup.shipped["spirals"])
    for theme in THEMES:
        window.set_theme(theme)
        window.dialogs.edit_learning_rates()
        editing = window.dialogs.editing
        assert editing is not None
        assert editing.editor is not None
        settle()
        take(editing.editor, f"editor-{theme}")
        editing.close()


SCENES = {
    scene.__name__: scene
    for scene in (
        at_rest,
        running,
        momentum,
        surface,
        wrong_entry,
        diverged,
        dialogs,
        editor,
    )
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
