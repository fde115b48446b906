"""The timeline of a comparison: a cell a measurement, and the phases of the one under way."""

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.comparison.subject import Comparison, Lane
from app.comparison.subjects import subject_of
from app.plain_text import PlainLabel
from app.theme import Theme
from app.timeline.time_slider import TimeSlider

_LETTERS, _BESIDE = 40, 21  # of the words on the left, and of those on the right


class ComparisonProgress(QWidget):
    """Two lanes: how far the comparison is, and how far the method that is measured is.

    Args:
        theme: the colours.

    Attributes:
        status: where the comparison stands, in words.
        points, phases: the lanes.
        where, held: how many are measured; what the method holds now.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.status = PlainLabel("Tick methods, then press Compare.")
        self.points = TimeSlider("Measurements", "How many measurements are done", theme)
        self.phases = TimeSlider("Phases", "How far the one under way is", theme)
        self.where, self.held = QLabel(), QLabel()
        for lane in (self.points, self.phases):
            lane.setEnabled(False)
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 2, 12, 2)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.status, 0, 0, 2, 1)
        for row, (lane, label) in enumerate(((self.points, self.where), (self.phases, self.held))):
            grid.addWidget(lane, row, 1)
            grid.addWidget(label, row, 2)
        self._make_room_for_words()

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        for lane in (self.points, self.phases):
            lane.set_theme(theme)

    def set_type(self, font: QFont) -> None:
        """Write in this type."""
        for part in (self.status, self.points, self.phases, self.where, self.held):
            part.setFont(font)
        self._make_room_for_words()

    def _make_room_for_words(self) -> None:
        letter = self.status.fontMetrics().averageCharWidth()
        self.status.setFixedWidth(_LETTERS * letter)
        for label in (self.where, self.held):
            label.setMinimumWidth(_BESIDE * letter)

    def say(self, sentence: str) -> None:
        """Say where the comparison stands."""
        self.status.setText(sentence)

    def follow(self, record: Comparison, event: object) -> None:
        """Show how far a comparison is after an event."""
        subject = subject_of(record)
        if isinstance(event, subject.started):
            parts = subject.words.parts
            self.points.call(parts.capitalize(), f"How many {parts} are done")
        if not isinstance(event, subject.within):
            done, total = subject.how_far(record)
            self.points.setRange(0, total)
            self.points.set_progress(done)
            self.where.setText(subject.where(done, total))
        self._show(subject.lane(record, event))

    def _show(self, lane: Lane) -> None:
        """Show how far the part is that is done now."""
        if lane.says is not None:
            self.say(lane.says)
        if lane.parts is not None:
            self.phases.set_parts(*lane.parts)
        if lane.most is not None:
            self.phases.setRange(0, lane.most)
        if lane.done is not None:
            self.phases.set_progress(lane.done)
        if lane.held is not None:
            self.held.setText(lane.held)

    def clear(self) -> None:
        """A comparison is about to begin."""
        self.points.set_progress(0)
        self.where.clear()
        self.rest()
        self.say("Starting …")

    def rest(self) -> None:
        """Nothing is measured now."""
        self.phases.set_parts()
        self.phases.set_progress(0)
        self.held.clear()
