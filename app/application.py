"""Starting the application: its name, its theme, its fonts, its window."""

import gc
import importlib.util
import os
import sys
from pathlib import Path

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics
from PySide6.QtWidgets import QApplication

from app import icons
from app import theme as themes
from app.crash_guard import CrashGuard
from app.interrupt import Interrupt
from app.main_window import MainWindow
from app.numbers import use_one_locale
from app.places import default_library
from app.preferences import Preferences
from app.preparation import Preparation
from app.setup.remembered import bring_back
from app.stopping import WORDS
from app.terminal import complain
from app.theme import Choice
from engine.experiments.files import list_experiments, load_experiment, to_toml


def make_application() -> QApplication:
    """The one QApplication, named, with one way to write numbers and a font to write in."""
    use_one_locale()
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("Retrograde")
    application.setOrganizationName("Retrograde")
    application.setDesktopFileName("io.github.retrograde.Retrograde")
    if not QFontMetrics(application.font()).inFont("A"):  # names of families say nothing
        _bring_a_font(application)
    application.setWindowIcon(icons.icon("retrograde", themes.LIGHT))
    return application


def make_window(
    experiment: str | None = None, theme: Choice | None = None, library: Path | None = None
) -> MainWindow:
    """The window, on the set-up last left or a named experiment, in a theme or the one last chosen.

    Args:
        experiment: a name, or a TOML file.
        theme: "system", "light" or "dark".
        library: the file that runs are recorded in; None: they are not.

    Raises:
        InputError: there is no such experiment.
    """
    experiments = list_experiments()
    chosen = load_experiment(experiment) if experiment else None
    window = MainWindow(experiments, theme or Preferences().theme, library)
    if experiment and chosen:
        path = Path(experiment).resolve() if experiment.lower().endswith(".toml") else None
        window.setup.set_experiment(chosen, path)
        window.setup.history.clear()
    else:
        bring_back(window.setup, Preferences().setup)
    return window


def open_window(experiment: str | None = None, *, start: bool = False) -> int:
    """Open the window and stay until it is closed.

    Args:
        experiment: name or TOML file of the experiment to show; the first one if None.
        start: press Run at once.

    Returns:
        The exit status: 0, or 128 and the number of the signal that closed it.
    """
    application = make_application()
    preparation = Preparation([experiment] if experiment else [], application)
    preparation.start()
    window = make_window(experiment, library=default_library())
    gc.freeze()  # none of it is garbage: nobody need look at it before the window is seen
    guard = CrashGuard(application, lambda: _experiment_of(window))
    interrupt = Interrupt(application)
    interrupt.requested.connect(application.closeAllWindows)  # and what dialogs are open
    guard.install()
    interrupt.start()
    try:
        window.show()
        preparation.load_once_painted(window)
        if start:
            window.run()
        else:
            QTimer.singleShot(0, window.offer.look)  # once it has been seen
        status = int(application.exec())
        if interrupt.number:
            complain(f"{WORDS[interrupt.number]}.")
            status = 128 + interrupt.number
    finally:
        preparation.stop()
        interrupt.stop()
        guard.uninstall()
        gc.unfreeze()
        window.deleteLater()  # whoever still knows it
    return status


def leave_what_cannot_be_interrupted(status: int) -> int:
    """End the process if something is being compiled, which nobody waits for any more.

    Args:
        status: to end with; given back if nothing is.
    """
    from engine.runs.warm_up import is_compiling  # a window opens without what a run needs

    if is_compiling():
        QSettings().sync()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    return status


def _experiment_of(window: MainWindow) -> str:
    """The experiment that is or was run, or else the one that is set up, as TOML."""
    return to_toml(window.record.experiment if window.record else window.setup.experiment())


def _bring_a_font(application: QApplication) -> None:
    """Where the system has no fonts at all, use the one that matplotlib ships."""
    found = importlib.util.find_spec("matplotlib")
    if found is None or found.origin is None:
        return
    fonts = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
    for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"):
        QFontDatabase.addApplicationFont(str(fonts / name))
    application.setFont(QFont("DejaVu Sans", 9))
