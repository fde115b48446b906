import signal
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.interrupt import Interrupt
from app.stopping import WORDS


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


def test_an_interrupt_is_passed_on_once(qtbot: QtBot, interrupt: Interrupt) -> None:
    with qtbot.waitSignal(interrupt.requested):
        signal.raise_signal(signal.SIGTERM)
    assert interrupt.number == signal.SIGTERM
    assert not interrupt.findChild(QTimer).isActive()


def test_python_has_its_handlers_again_afterwards(qtbot: QtBot) -> None:
    before = {number: signal.getsignal(number) for number in WORDS}
    made = Interrupt()
    made.start()
    assert all(signal.getsignal(number) is not usual for number, usual in before.items())
    made.stop()
    assert {number: signal.getsignal(number) for number in WORDS} == before


def test_a_signal_that_is_ignored_stays_so(qtbot: QtBot) -> None:
    usual = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    made = Interrupt()
    try:
        made.start()
        assert signal.getsignal(signal.SIGTERM) == signal.SIG_IGN
    finally:
        made.stop()
        signal.signal(signal.SIGTERM, usual)
