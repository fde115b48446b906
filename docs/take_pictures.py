"""Take pictures of every screen, to look at, and those that the documentation shows.

Runs experiments in the real window, offscreen, and grabs it in both themes at 1280 × 800 and
1920 × 1080; then what opens on top. With the environment variable QT_SCALE_FACTOR=2, as on a screen
that is twice as dense, it takes those of 1280 × 800 and marks their names with @2x.

They go to ``out/pictures``, and the few that pages link to into ``docs/pictures`` as well, in so
few colours that a clone stays small.

    python -m docs.take_pictures [--only SCENE] [--into FOLDER]
"""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QSettings, QSize, QStandardPaths, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget

from app.application import make_application, make_window
from app.data.import_dialog import ImportDialog
from app.exporting.writing_dialog import WritingDialog
from app.main_window import MainWindow
from app.setup.fields import TextField
from app.theme import Choice
from docs.shrinking import shrink
from engine.files import write_whole

LINKED = (
    "start-light-1280x800",
    "window-light-1280x800",
    "surface-light-1280x800",
    "learned-data-light-1280x800",
    "presentation-dark-1280x800",
    "compared-light-1280x800",
)
"""The pictures that README.md and resources/guide.md show."""

_DOCS = Path(__file__).parent
folder = _DOCS.parent / "out" / "pictures"
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
    """Grab a widget into a file, and into the documentation if a page links to it."""
    settle()
    path = folder / f"{name}{'@2x' if widget.devicePixelRatio() == 2 else ''}.png"
    widget.grab().save(str(path))
    print(path)
    if path.stem in LINKED:
        write_whole(_DOCS / "pictures" / path.name, shrink(path.read_bytes()))


def in_every_dress(window: MainWindow, name: str) -> None:
    """Grab the window in both themes and sizes."""
    for size in SIZES[: 1 if window.devicePixelRatio() == 2 else 2]:
        window.resize(size)
        for theme in THEMES:
            window.set_theme(theme)
            take(window, f"{name}-{theme}-{size.width()}x{size.height()}")


def run(window: MainWindow, name: str, meta_iterations: int) -> None:
    """Run an experiment for some meta-iterations and half of the next reverse pass; pause.

    One that is over by then stays as it is at its end.
    """
    window.setup.set_experiment(window.setup.shipped[name])
    window.run()
    lane = window.timeline.step.slider

    def is_there() -> bool:
        done = len(window.record.meta_iterations) if window.record else 0
        half_way = done >= meta_iterations and lane.progress > 3 * lane.maximum() // 4
        return half_way or window.runner.state == "idle"

    wait_until(is_there)
    if window.runner.state != "idle":
        window.control.pause_or_resume()
    wait_until(lambda: window.runner.state in ("paused", "idle"))


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
    run(window, "schedules", 10)
    in_every_dress(window, "window")
    window.control.clear()


def regions(window: MainWindow) -> None:
    """Decision regions, and a moment in the past."""
    run(window, "spirals", 20)
    go_to(window, 10, 100)
    in_every_dress(window, "spirals")
    window.control.clear()


def surface(window: MainWindow) -> None:
    """Two weights on their way, for an audience; then with the set-up beside them."""
    run(window, "toy", 2)
    go_to(window, 1, 40)
    wait_until(lambda: "loss_surface" in {plot.key for plot in window.plot_area.shown})
    in_every_dress(window, "surface")
    window.set_presentation(True)
    settle()  # the screen is not as large as the pictures
    in_every_dress(window, "presentation")
    window.actions_["setup_panel"].trigger()
    in_every_dress(window, "presentation-set-up")
    window.set_presentation(False)
    window.control.clear()


def paper(window: MainWindow) -> None:
    """What the other experiments of the paper show of themselves."""
    for name, meta_iterations in (
        ("initial-hypergradient", 6),
        ("pixel-penalties", 8),
        ("learned-data", 15),
        ("weight-sharing", 4),
        ("chaos", 40),
    ):
        run(window, name, meta_iterations)
        in_every_dress(window, name)
        window.control.clear()


def wrong_entry(window: MainWindow) -> None:
    """A field that is marked, and Run that is disabled."""
    window.show_run()
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
        ("table", window.plot_area.docks["losses"].card.open_table),
        ("shortcuts", window.actions_["cheat_sheet"].trigger),
        ("about", window.dialogs.open_about),
        ("data-sets", window.actions_["data_sets"].trigger),
    ):
        for theme in THEMES:
            window.set_theme(theme)
            does()
            (dialog,) = (d for d in window.findChildren(QDialog) if d.isVisible())
            if isinstance(dialog, WritingDialog):
                dialog.folder.setText("figures")
                settle()
                wait_until(lambda preview=dialog.preview: not preview.is_drawing)
            take(dialog, f"{name}-{theme}")
            dialog.reject()
            settle()


def importing(window: MainWindow) -> None:
    """A table that is imported: fine as it stands, and with something wrong."""
    rows = (
        f"{i};{i % 7},{i % 5};{('red', 'white')[i % 2]};{i % 28 + 1:02}.05.2024;"
        f"{'' if i % 11 == 0 else i % 4};{('wild', 'garden', 'cut')[i % 3]}"
        for i in range(150)
    )
    with TemporaryDirectory() as place:
        path = Path(place) / "roses.csv"
        path.write_text("\n".join(["no;height in cm;petals;day;leaves;kind", *rows]))
        for theme in THEMES:
            window.set_theme(theme)
            window.setup.open_data(str(path))
            dialog = window.findChild(ImportDialog)
            assert dialog is not None
            wait_until(lambda dialog=dialog: "examples" in dialog.summary.text())
            take(dialog, f"import-{theme}")
            box = dialog.choices.boxes["missing"]
            QTest.keyClick(box, Qt.Key.Key_Home)
            wait_until(dialog.problem.isVisible)
            take(dialog, f"import-refused-{theme}")
            dialog.reject()
            settle()


def comparing(window: MainWindow) -> None:
    """Six ways to the same gradient: half way, at the end, and presented."""
    window.setup.set_experiment(window.setup.shipped["six-ways"])
    window.show_comparison()
    control = window.comparing
    control.start()
    wait_until(lambda: control.record and len(control.record.measured) > 9)
    control.pause_or_resume()
    wait_until(lambda: control.runner.state == "paused")
    in_every_dress(window, "comparing")
    control.pause_or_resume()
    wait_until(lambda: control.runner.state == "idle")
    in_every_dress(window, "compared")
    window.set_presentation(True)
    for theme in THEMES:
        window.set_theme(theme)
        take(window, f"compared-presented-{theme}")
    window.set_presentation(False)


def help_where_one_looks(window: MainWindow) -> None:
    """A plot explained beside it, and the tour."""
    run(window, "one-number", 10)
    for theme in THEMES:
        window.set_theme(theme)
        window.dialogs.explain_plot("losses")
        settle()
        take(window.dialogs.help, f"help-{theme}")
        window.dialogs.help.hide()
        window.dialogs.start_tour()
        take(window, f"tour-{theme}")
        assert window.dialogs.tour is not None
        window.dialogs.tour.end()
    window.control.clear()


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
        regions,
        surface,
        paper,
        wrong_entry,
        diverged,
        dialogs,
        importing,
        comparing,
        help_where_one_looks,
        editor,
    )
}


def main() -> None:
    """Take all pictures, or those of one scene."""
    global folder
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=SCENES, help="one scene")
    parser.add_argument("--into", type=Path, default=folder, help="where pictures go")
    wanted = parser.parse_args()
    folder = wanted.into
    folder.mkdir(parents=True, exist_ok=True)
    QStandardPaths.setTestModeEnabled(True)
    make_application()
    for name, scene in SCENES.items():
        if wanted.only in (None, name):
            QSettings().clear()  # of the test mode: how the scene before left the window
            window = make_window(theme="light")
            window.show()
            scene(window)
            window.close()
            window.deleteLater()
            settle()


if __name__ == "__main__":
    main()
