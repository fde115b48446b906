import gc
import os
import signal
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.application import make_application, make_window, open_window
from app.failure_dialog import FailureDialog
from app.main_window import MainWindow
from app.preferences import Preferences
from app.stopping import WORDS
from app.theme import DARK
from engine.errors import InputError

PATIENCE = 200  # looks
HEAVY = ("autograd", "matplotlib", "numba", "pyqtgraph", "scipy", "sklearn")


def test_a_window_is_there_before_what_only_plots_runs_or_exports_need_is_loaded(
    tmp_path: Path,
) -> None:
    """What is heavy to load makes people wait; it is loaded once the window is seen."""
    program = f"""
import sys
from app.application import make_application, make_window
make_application()
make_window(theme="light").show()
print(*[name for name in {HEAVY} if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.strip() == ""


_NO_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><cachedir>{cache}</cachedir></fontconfig>
"""


@pytest.mark.skipif(sys.platform != "linux", reason="where fontconfig knows the fonts")
def test_without_any_font_on_the_system_letters_are_letters(tmp_path: Path) -> None:
    """Without one, all of them are the same box."""
    config = tmp_path / "fonts.conf"
    config.write_text(_NO_FONTS.format(cache=tmp_path / "cache"))
    program = """
from PySide6.QtWidgets import QLabel
from app.application import make_application, make_window
application = make_application()
window = make_window(theme="light")
def picture(letter):
    label = QLabel(letter)
    label.setFixedSize(40, 40)
    return label.grab().toImage()
print(picture("i") != picture("W"), picture("a") != picture("b"))
window.close()
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ
        | {"FONTCONFIG_FILE": str(config), "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.split() == ["True", "True"]


def test_there_is_one_application_with_a_name_and_an_icon(qapp: QApplication) -> None:
    application = make_application()
    assert application is qapp
    assert application.applicationName() == "Retrograde"
    assert not application.windowIcon().isNull()


def test_the_window_wears_the_theme_that_was_chosen_last(qtbot: QtBot) -> None:
    make_application()
    Preferences().theme = "dark"
    window = make_window()
    qtbot.addWidget(window)
    assert QApplication.palette().window().color().name() == DARK.window.lower()


def test_an_experiment_that_there_is_not_is_refused_by_name(qtbot: QtBot) -> None:
    make_application()
    with pytest.raises(InputError, match="spiral"):
        make_window("spiral")


def test_an_error_in_the_open_window_is_shown_with_the_experiment_and_the_window_goes_on(
    qtbot: QtBot,
) -> None:
    hooks = (sys.excepthook, sys.unraisablehook)
    told: list[str] = []

    def fail() -> None:
        raise ZeroDivisionError("by hand")

    def look() -> None:
        shown = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
        for dialog in (widget for widget in shown if isinstance(widget, FailureDialog)):
            told.append(dialog.report.toPlainText())
            dialog.go_on.click()
            [window] = [widget for widget in shown if isinstance(widget, MainWindow)]
            told.append(str(window.isVisible()))
        if told or next(looks) > PATIENCE:
            QApplication.closeAllWindows()

    looks = count()
    watch = QTimer(interval=50)
    watch.timeout.connect(look)
    watch.start()
    QTimer.singleShot(0, fail)
    assert open_window("spirals") == 0
    watch.stop()
    report, visible = told
    assert "by hand" in report
    assert 'name = "spirals"' in report
    assert visible == "True"
    assert (sys.excepthook, sys.unraisablehook) == hooks


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_to_stop_closes_the_window(
    name: str, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    if not hasattr(signal, name):
        pytest.skip(f"this system has no {name}")
    number, usual = signal.Signals[name], signal.SIG_DFL
    outside = signal.signal(number, usual)  # a shell in the background has it ignored
    still_open: list[bool] = []

    def press() -> None:
        signal.raise_signal(number)
        shown = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
        still_open.append(any(isinstance(widget, MainWindow) for widget in shown))

    QTimer.singleShot(0, press)
    try:
        assert open_window("spirals") == 128 + number
        assert signal.getsignal(number) is usual
    finally:
        signal.signal(number, outside)
    assert still_open == [True], "not in the middle of what was being done"
    assert capsys.readouterr().err == f"retrograde: {WORDS[number]}.\n"


def test_nothing_keeps_a_window_that_was_closed(qtbot: QtBot) -> None:
    QTimer.singleShot(0, QApplication.closeAllWindows)
    assert open_window("spirals") == 0
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert not [each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow)]
