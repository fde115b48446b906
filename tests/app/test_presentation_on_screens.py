"""A presentation fills the screen, in type that grows with it; its end leaves no trace of that."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from driving import press
from PySide6.QtCore import QSize, Qt
from pytestqt.qtbot import QtBot

from app.dress import present_in, type_in
from app.main_window import MainWindow
from engine.experiments.files import list_experiments


@pytest.fixture
def explored(window: MainWindow) -> Iterator[MainWindow]:
    window.show_run()
    window.resize(1100, 720)
    window.activateWindow()
    yield window
    window.set_presentation(False)


def points(window: MainWindow) -> float:
    return window.timeline.where.fontInfo().pointSizeF()


@pytest.mark.parametrize(
    ("size", "larger"),
    [
        ((1024, 700), 1.35),
        ((1280, 800), 1.35),
        ((1920, 1080), 1.6),
        ((1080, 1920), 1.35),
        ((2560, 1440), 2.0),
        ((3840, 2160), 2.0),
    ],
)
def test_type_grows_with_the_room_but_not_without_end(
    size: tuple[int, int], larger: float, explored: MainWindow, qapp: object
) -> None:
    usual = type_in(qapp).pointSizeF()
    present_in(qapp, QSize(*size))
    assert type_in(qapp, presentation=True).pointSizeF() == pytest.approx(larger * usual)
    assert type_in(qapp).pointSizeF() == usual, "elsewhere it does not"


def test_type_follows_a_window_that_gets_larger_while_it_presents(
    explored: MainWindow, qtbot: QtBot
) -> None:
    press(qtbot, explored, "run")
    qtbot.waitUntil(lambda: explored.runner.state == "idle", timeout=30_000)
    usual = points(explored)
    explored.set_presentation(True)
    caption = explored.plot_area.docks["losses"].card.head.caption
    for size, larger in ((QSize(1900, 1070), 1.6), (QSize(1000, 700), 1.35)):
        explored.resize(size)
        qtbot.waitUntil(lambda r=larger: points(explored) == pytest.approx(r * usual, rel=0.06))
        assert caption.fontInfo().pointSizeF() == pytest.approx(larger * usual, rel=0.06)
    explored.set_presentation(False)
    assert points(explored) == usual


@pytest.mark.parametrize("state", ["normal", "maximised", "full"])
def test_it_fills_the_screen_and_its_end_brings_back_what_was(
    state: str, explored: MainWindow, qtbot: QtBot
) -> None:
    if state == "maximised":
        explored.showMaximized()
    elif state == "full":
        qtbot.keyClick(explored, Qt.Key.Key_F11, Qt.KeyboardModifier.ShiftModifier)
    before = explored.windowState(), explored.normalGeometry()
    for _ in range(3):
        qtbot.keyClick(explored, Qt.Key.Key_F11)
        assert explored.isFullScreen()
        assert explored.actions_["full_screen"].isChecked()
        qtbot.keyClick(explored, Qt.Key.Key_Escape)
        assert (explored.windowState(), explored.normalGeometry()) == before
    assert explored.actions_["full_screen"].isChecked() == (state == "full")


def test_who_closes_a_presentation_finds_the_window_as_it_was_before(
    explored: MainWindow, qtbot: QtBot
) -> None:
    explored.set_presentation(True)
    explored.close()
    again = MainWindow(list_experiments(), theme="light")
    qtbot.addWidget(again)
    assert not again.isFullScreen()
    again.close()


_PRESENTING = """
from PySide6.QtCore import QEventLoop, QTimer
from app.application import make_application, make_window
from app.preferences import Preferences
from engine.experiments.files import override

def go_on(milliseconds=400):
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()

application = make_application()
Preferences().asks_before_losing = False
window = make_window(theme="light")
window.setGeometry(application.screens()[0].geometry())
window.show()
go_on(800)
window.show_gallery()
go_on()
few = {"training.iterations": "10", "meta.iterations": "3"}
window.setup.set_experiment(override(window.setup.shipped["moons"], few))
window.show_run()
go_on()
window.control.run()
while window.runner.state != "idle":
    go_on(50)
go_on()
bar = window.actions_.bar
buttons = [bar.run_button, bar.stop_button, bar.export_button, *bar.pages.values()]
for on in (None, True, False):
    if on is not None:
        window.set_presentation(on)
        go_on()
    print([button.size().toTuple() for button in buttons])
window.close()
"""


def test_afterwards_buttons_are_as_large_as_before(tmp_path: Path) -> None:
    """On a screen that a window fills; the bar's style sheet changes while some are hidden."""
    screen = {"name": "one", "x": 0, "y": 0, "width": 1024, "height": 700, "dpr": 1}
    config = tmp_path / "screens.json"
    config.write_text(json.dumps({"screens": [screen | {"logicalDpi": 96, "logicalBaseDpi": 96}]}))
    done = subprocess.run(
        [sys.executable, "-c", _PRESENTING],
        env=os.environ
        | {"QT_QPA_PLATFORM": f"offscreen:configfile={config}", "XDG_CONFIG_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    before, _, after = done.stdout.splitlines()
    assert after == before
