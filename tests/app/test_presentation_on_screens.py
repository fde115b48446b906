"""A presentation fills the screen, in type that grows with it; its end leaves no trace of that."""

from collections.abc import Iterator

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
