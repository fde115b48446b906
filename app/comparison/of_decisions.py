"""Decisions replayed: which finished curves a rule would have stopped, and whether rightly."""

from typing import TYPE_CHECKING, Any

from app.comparison.subject import Lane, Row, Subject, Words
from engine.plots import AnyPlot
from engine.plots.decision_plots import decision_plots, stroke_of
from engine.plots.decision_words import HEADERS, cells_of, headline
from engine.runs.decisions import (
    CurveForecast,
    CurveProgress,
    CurvesProgress,
    DecisionsRecord,
    DecisionsStarted,
)

if TYPE_CHECKING:
    from engine.output.compared import ComparisonFiles


class OfDecisions(Subject[DecisionsRecord]):
    """Whose parts are curves."""

    words = Words("decisions", "curves", "forecast", "No curve could be forecast")
    record = DecisionsRecord
    started = DecisionsStarted
    elsewhere = CurvesProgress
    advances = (CurveForecast,)
    within = (CurveProgress,)
    most_rows = 6
    headline_tip = (
        "A winner is a curve that ended better than all before it that were not stopped: "
        "how many there are depends on the rule, too."
    )
    prints_notes = False

    def name(self, record: DecisionsRecord) -> str:
        """The set of curves, for folders."""
        return record.curves.name

    def title(self, record: DecisionsRecord) -> str:
        """The set of curves, for people."""
        return record.curves.title

    def highlights(self, record: DecisionsRecord) -> tuple[str, ...]:
        """The first plot of each place."""
        return ()

    def headline(self, record: DecisionsRecord) -> str:
        """What was saved, and which winners were stopped."""
        return headline(record)

    def says_when_outdated(self, record: DecisionsRecord) -> str:
        """That something else is asked by now."""
        return f"Of “{record.curves.title}”, as it was: press Replay for what is asked now."

    def says_at_the_end(self, record: DecisionsRecord) -> str:
        """That all curves are replayed."""
        return f"Replayed {record.curves.count} curves."

    def plots(self, record: DecisionsRecord) -> list[AnyPlot]:
        """All plots of a replay as far as it is."""
        return [*decision_plots(record)]

    def headers(self, record: DecisionsRecord | None = None) -> list[str]:
        """What stands above the columns of the table."""
        return [*HEADERS]

    def rows(self, record: DecisionsRecord) -> list[Row]:
        """A row a curve, in their order."""
        return [
            Row(stroke_of(record, place), cells_of(record, place))
            for place in range(record.curves.count)
        ]

    def files(self) -> "ComparisonFiles[DecisionsRecord]":
        """What a replay leaves behind."""
        from engine.output.decisions import DECISION_FILES

        return DECISION_FILES

    def how_far(self, record: DecisionsRecord) -> tuple[int, int]:
        """How many curves are forecast, of how many."""
        return record.done, record.curves.count

    def has_any(self, record: DecisionsRecord) -> bool:
        """Whether there is anything to export."""
        return record.done > 0

    def part(self, record: DecisionsRecord, index: int) -> str:
        """What a curve is called beside a bar."""
        return record.curves.names[index]

    def count(self, record: DecisionsRecord) -> int:
        """How many curves there are."""
        return record.curves.count

    def failures(self, record: DecisionsRecord) -> int:
        """How many curves failed: none, as those that say nothing are never stopped."""
        return 0

    def is_fruitless(self, record: DecisionsRecord) -> bool:
        """Whether no curve could be forecast."""
        return not record.forecasts

    def where(self, done: int, total: int) -> str:
        """How many curves are forecast, beside their lane."""
        return f"{done} of {total} curves"

    def lane(self, record: DecisionsRecord, event: Any) -> Lane:
        """From how much of a curve it is forecast now."""
        curves = record.curves
        if isinstance(event, CurveProgress):
            seen = f"{curves.along} {curves.x[event.points - 1]:,.10g}"
            return Lane(done=event.points, held=seen)
        if record.current is None:
            return Lane()
        name = curves.names[record.current]
        return Lane(says=f"Forecasting {name}.", parts=("forecasting",), most=curves.points)
