"""The timeline of a comparison: a cell a measurement, and the phases of the one under way."""

from typing import Final

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.comparison.subjects import AnyComparison, how_far
from app.plain_text import PlainLabel
from app.theme import Theme
from app.timeline.time_slider import TimeSlider
from engine.hypergradients.catalogue import METHODS
from engine.plots import bytes_in_words
from engine.runs.comparison import ComparisonRecord, Point, PointProgress
from engine.runs.strategies_compared import StrategiesRecord

_WHERE: Final = {
    "methods": "",
    "iterations": ", T = {x:,.0f}",
    "option": "",
    "hyperparameters": ", {x:,.0f} hyperparameters",
}
_PHASES: Final = {
    "training": "training →",
    "reversing": "← reversing",
    "solving": "solving",
    "differencing": "training again",
}
_PARTS: Final = 1000  # of a search, that its lane tells apart
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
        self.phases = TimeSlider("Phases", "How far the method is that is measured now", theme)
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

    def follow(self, record: AnyComparison) -> None:
        """Show how far a comparison is."""
        done, total = how_far(record)
        self.points.setRange(0, total)
        self.points.set_progress(done)
        if isinstance(record, StrategiesRecord):
            self.where.setText(f"{done} of {total} searches")
            self._follow_search(record)
            return
        self.where.setText(f"{done} of {total} measured")
        if record.current is not None:
            point = record.points[record.current]
            self.say(f"Measuring {words_for(point)}.")
            phases = METHODS[point.contender.method].phases
            self.phases.set_parts(*(_PHASES.get(phase, phase) for phase in phases))
            self.phases.setRange(0, point.experiment.training.iterations * len(phases))

    def _follow_search(self, record: StrategiesRecord) -> None:
        """Show how far the search is that is under way."""
        if record.current is None:
            return
        search = record.searches[record.current]
        self.say(f"Searching by {search.rival.name}, seed {search.seed}.")
        steps = record.steps.get(record.current, [])
        self.phases.set_parts("searching")
        taken = steps[-1].runs if steps else 0.0
        done = len(steps) / record.experiment.meta.iterations
        if most := record.budget or max(
            (record.taken_by(place) for place in record.done), default=0
        ):
            done = taken / most
        self.phases.setRange(0, _PARTS)
        self.phases.set_progress(min(round(_PARTS * done), _PARTS))
        self.held.setText(f"{taken:,.4g} training runs" if steps else "")

    def follow_method(self, record: ComparisonRecord, event: PointProgress) -> None:
        """Show how far the method is that is measured now."""
        point = record.points[event.index]
        phases, total = METHODS[point.contender.method].phases, point.experiment.training.iterations
        if event.phase in phases:
            which, of = event.part
            done = total - event.iteration if event.phase == "reversing" else event.iteration
            done = ((which - 1) * total + min(done, total)) // of
            self.phases.set_progress(phases.index(event.phase) * total + done)
        self.held.setText(f"holds {bytes_in_words(event.held_bytes)}" if event.held_bytes else "")

    def clear(self) -> None:
        """A comparison is about to begin."""
        self.points.set_progress(0)
        self.where.clear()
        self.rest()
        self.say("Starting …")

    def rest(self) -> None:
        """Nothing is measured now."""
        self.phases.set_progress(0)
        self.held.clear()


def words_for(point: Point) -> str:
    """What is measured, in a few words."""
    return point.contender.name + _WHERE[point.study].format(x=point.x)
