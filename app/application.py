"""Starting the application: its name, its theme, its fonts, its window."""

import importlib.util
import signal
import sys
from importlib import resources
from pathlib import Path
from typing import cast, get_args

import pyqtgraph
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtGui import QFont, QFontDatabase, QIcon, QPixmap
from PySide6.QtWidgets import QApplication

from app.main_window import MainWindow
from app.theme import Choice
from engine.experiments import list_experiments, load_experiment


def make_application() -> QApplication:
    """The one QApplication, named and with a font to write in."""
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("Retrograde")
    application.setOrganizationName("Retrograde")
    application.setDesktopFileName("io.github.retrograde.Retrograde")
    if not QFontDatabase.families():
        _bring_a_font(application)
    picture = QPixmap()
    picture.loadFromData((resources.files("resources") / "icons" / "retrograde.svg").read_bytes())
    application.setWindowIcon(QIcon(picture))
    pyqtgraph.setConfigOptions(antialias=True)
    return application


def make_window(experiment: str | None = None, theme: Choice | None = None) -> MainWindow:
    """The window, on the first experiment or a named one, in a theme or the one last chosen.

    Raises:
        InputError: there is no such experiment.
    """
    experiments = list_experiments()
    chosen = load_experiment(experiment) if experiment else None
    remembered = str(QSettings().value("theme", "system", type=str))
    known = remembered if remembered in get_args(Choice) else "system"
    window = MainWindow(experiments, theme or cast(Choice, known))
    if chosen:
        window.setup.set_experiment(chosen)
    return window


def open_window(experiment: str | None = None, *, start: bool = False) -> int:
    """Open the window and stay until it is closed.

    Args:
        experiment: name or TOML file of the experiment to show; the first one if None.
        start: press Run at once.

    Returns:
        The exit status.
    """
    application = make_application()
    window = make_window(experiment)
    signal.signal(signal.SIGINT, lambda *_: window.close())
    listening = QTimer(application, interval=200)  # lets Python see the interrupt
    listening.timeout.connect(lambda: None)
    listening.start()
    window.show()
    if start:
        window.run()
    return int(application.exec())


def _bring_a_font(application: QApplication) -> None:
    """Where the system has no fonts at all, use the one that matplotlib ships."""
    found = importlib.util.find_spec("matplotlib")
    if found is None or found.origin is None:
        return
    fonts = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
    for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"):
        QFontDatabase.addApplicationFont(str(fonts / name))
    application.setFont(QFont("DejaVu Sans", 9))
