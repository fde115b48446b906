"""The timeline of runs that are laid over each other: one meta-iteration for all of them."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QWidget

from app.plain_text import PlainLabel
from app.theme import Theme
from app.timeline.lane import Lane
from app.timeline.time_slider import TimeSlider

_LETTERS, _BESIDE = 40, 21  # of the words on the left, and of those on the right
_TIP = "Show every run as it was in a meta-iteration; at the right end, as it is now"


class OverlayLanes(QWidget):
    """Says how many runs are shown, and goes through their meta-iterations together.

    Args:
        theme: the colours.

    Attributes:
        status: what is shown, in words.
        lane: the meta-iteration.
        where: which one, in words.
        now: back to the runs as they are.

    Signals:
        moved: another meta-iteration is to be shown.
    """

    moved = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.status = PlainLabel("Tick runs to lay them over each other.")
        slider = TimeSlider("Meta-iteration of all runs", _TIP, theme)
        self.lane = Lane(slider, False, self)
        self.where = QLabel()
        self.now = QToolButton()
        self.now.setText("Now")
        self.now.setToolTip("Show every run as it is now")
        self.now.setAccessibleName("Show every run as it is now")
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 2, 12, 2)
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.status, 0, 0)
        grid.addWidget(slider, 0, 1)
        grid.addWidget(self.where, 0, 2)
        grid.addWidget(self.now, 0, 3)
        self._most, self._unit = 0, "meta-iteration"
        self._make_room_for_words()
        self.lane.moved.connect(self._follow)
        self.now.clicked.connect(self._go_to_now)
        self.set_most(0)

    @property
    def after(self) -> int | None:
        """Which meta-iteration is shown; None: runs are shown as they are."""
        value = self.lane.slider.value()
        return value if value < self._most else None

    def set_most(self, count: int) -> None:
        """Say how many meta-iterations the longest run has; at the end, the handle stays there."""
        slider, was_now = self.lane.slider, self.after is None
        self._most = count
        slider.setRange(0, count)
        slider.set_reach(count)
        slider.set_progress(count)
        if was_now:
            slider.setValue(count)
        for part in (slider, self.now):
            part.setEnabled(count > 0)
        self._say_where()

    def say(self, sentence: str) -> None:
        """Say what is shown."""
        self.status.setText(sentence)

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self.lane.set_theme(theme)

    def set_type(self, font: QFont) -> None:
        """Write in this type."""
        for part in (self.status, self.lane.slider, self.where, self.now):
            part.setFont(font)
        self._make_room_for_words()

    def stop(self) -> None:
        """Play no more."""
        self.lane.playback.stop()

    @Slot()
    def _go_to_now(self) -> None:
        self.lane.go_to(self._most)

    @Slot()
    def _follow(self) -> None:
        self._say_where()
        self.moved.emit()

    def _say_where(self) -> None:
        after = self.after
        told = "as they are now" if after is None else f"meta-iteration {after:,} of {self._most:,}"
        self.where.setText(told if self._most else "")
        self.now.setChecked(after is None)

    def _make_room_for_words(self) -> None:
        letter = self.status.fontMetrics().averageCharWidth()
        self.status.setFixedWidth(_LETTERS * letter)
        self.where.setMinimumWidth(_BESIDE * letter)
