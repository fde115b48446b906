"""What stands in the place of the plots until a run has some: what goes on, and for how long."""

import time

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from app.plain_text import PlainLabel
from engine.runs.events import Preparing

_MILLISECONDS = 200
_WORTH_SAYING = 0.5  # seconds
_WIDTH = 420


class WaitingPage(QWidget):
    """Says what a run waits for, once it takes long enough to be read.

    Attributes:
        title: of the experiment.
        what: goes on.
        elapsed: seconds since the run was started, in words.
        bar: how many pieces of it are done.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.what, self.elapsed = PlainLabel(), PlainLabel(), PlainLabel()
        self.title.setObjectName("headline")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(_WIDTH)
        self.bar.setAccessibleName("Pieces that are ready")
        column = QVBoxLayout(self)
        column.addStretch(2)
        for label in (self.title, self.what, self.elapsed):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
            column.addSpacing(8)
        column.insertWidget(
            column.indexOf(self.elapsed), self.bar, 0, Qt.AlignmentFlag.AlignHCenter
        )
        column.addStretch(3)
        self._event: Preparing | None = None
        self._began = self._told = 0.0
        self._timer = QTimer(self, interval=_MILLISECONDS)
        self._timer.timeout.connect(self._show)

    @property
    def is_waiting(self) -> bool:
        """Whether a run was started that has not begun."""
        return self._timer.isActive()

    def start(self, title: str) -> None:
        """A run of an experiment of this title was started."""
        self._event = None
        self._began = self._told = time.monotonic()
        self.title.setText(title)
        self._show()
        self._timer.start()

    def add(self, event: Preparing) -> None:
        """Follow the run, which says the same again as long as it goes on."""
        if self._event is None or event.what != self._event.what:
            self._told = time.monotonic()
        self._event = event

    @Slot()
    def stop(self) -> None:
        """The run has begun, or was given up."""
        self._timer.stop()

    @Slot()
    def _show(self) -> None:
        now = time.monotonic()
        if now - self._began < _WORTH_SAYING:
            self.what.clear()
            self.elapsed.clear()
            self.bar.hide()
        elif self._event is not None and now - self._told >= _WORTH_SAYING:
            self.what.setText(f"{self._event.what} …")
            self.bar.setVisible(bool(self._event.total))
            self.bar.setRange(0, max(1, self._event.total))
            self.bar.setValue(self._event.done)
        if now - self._began >= _WORTH_SAYING:
            self.elapsed.setText(f"{now - self._began:.0f} s. Training comes next.")
