import pytest
from hypothesis import given
from hypothesis import strategies as some
from PySide6.QtCore import QMargins, QRect
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.fitting import Fitting, inside_of
from app.main_window import MainWindow
from engine.experiments.files import list_experiments

numbers = some.integers(-3000, 5000)
sizes = some.integers(1, 5000)
rectangles = some.builds(QRect, numbers, numbers, sizes, sizes)


@given(rectangles, rectangles)
def test_a_frame_comes_to_lie_in_the_room_and_is_no_smaller_than_need_be(
    room: QRect, frame: QRect
) -> None:
    fitted = inside_of(room, frame)
    assert room.contains(fitted)
    assert fitted.width() == min(frame.width(), room.width())
    assert fitted.height() == min(frame.height(), room.height())
    if room.contains(frame):
        assert fitted == frame


def test_the_window_fits_the_screen_it_opens_on(qtbot: QtBot) -> None:
    make_application()  # its offscreen screen has 800 × 800 pixels
    window = MainWindow(list_experiments(), theme="light")
    qtbot.addWidget(window)
    window.show()
    room = window.screen().availableGeometry()
    qtbot.waitUntil(lambda: window.frameGeometry().height() <= room.height())
    assert window.frameGeometry().top() >= room.top()
    window.close()


class Framed(QWidget):
    """A window whose frame is put around it when the window manager gets to it."""

    frame = QMargins()

    def frameGeometry(self) -> QRect:  # noqa: N802
        return self.geometry().marginsAdded(self.frame)


def test_a_frame_that_comes_late_fits_as_well(qtbot: QtBot) -> None:
    make_application()
    window = Framed()
    qtbot.addWidget(window)
    window.resize(2000, 2000)
    Fitting(window)
    window.show()
    room = window.screen().availableGeometry()
    qtbot.waitUntil(lambda: window.size() == room.size())
    window.frame = QMargins(1, 24, 1, 1)
    qtbot.waitUntil(lambda: window.frameGeometry().size() == room.size())


@pytest.mark.parametrize("presentation", [False, True])
def test_the_window_can_be_as_small_as_the_smallest_screens(
    window: MainWindow, presentation: bool
) -> None:
    window.show_run()
    window.set_presentation(presentation)
    smallest = window.minimumSizeHint()
    assert smallest.width() <= 960, "1,920 pixels at twice the scale"
    assert smallest.height() <= 540
