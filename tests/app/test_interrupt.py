import signal
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.interrupt import Interrupt


class Canvas(QWidget):
    """Somebody presses Ctrl+C while it is being painted.

    Attributes:
        told: whether it is being painted, at each time that it heard of it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.told: list[bool] = []
        self._is_painting = False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's own name)
        self._is_painting = True
        if not self.told:
            signal.raise_signal(signal.SIGINT)
        self._is_painting = False

    def hear(self) -> None:
        self.told.append(self._is_painting)


@pytest.fixture
def interrupt(qtbot: QtBot) -> Iterator[Interrupt]:
    made = Interrupt()
    made.start()
    yield made
    made.stop()


def test_an_interrupt_waits_until_painting_is_over(qtbot: QtBot, interrupt: Interrupt) -> None:
    canvas = Canvas()
    qtbot.addWidget(canvas)
    interrupt.requested.connect(canvas.hear)
    canvas.show()
    qtbot.waitUntil(lambda: bool(canvas.told))
    assert canvas.told == [False]


def test_each_interrupt_is_passed_on_once(qtbot: QtBot, interrupt: Interrupt) -> None:
    heard: list[None] = []
    interrupt.requested.connect(lambda: heard.append(None))
    for expected in (1, 2):
        signal.raise_signal(signal.SIGINT)
        for _ in range(2):  # the second look finds nothing new
            with qtbot.waitSignal(interrupt.findChild(QTimer).timeout):
                pass
        assert len(heard) == expected


def test_python_has_interrupts_again_afterwards(qtbot: QtBot) -> None:
    before = signal.getsignal(signal.SIGINT)
    made = Interrupt()
    made.start()
    assert signal.getsignal(signal.SIGINT) is not before
    made.stop()
    assert signal.getsignal(signal.SIGINT) is before
