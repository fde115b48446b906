"""Comparisons of methods: the same hypergradient by several of them."""

from typing import TYPE_CHECKING, Any, Final

from app.comparison.subject import Lane, Row, Subject, Words
from engine.hypergradients.catalogue import METHODS
from engine.plots import AnyPlot, bytes_in_words
from engine.plots.comparison_words import cells_of, headers
from engine.plots.method_plots import method_plots, stroke_of
from engine.runs.comparison import (
    ComparisonRecord,
    ComparisonStarted,
    Point,
    PointMeasured,
    PointProgress,
    PointsProgress,
)

if TYPE_CHECKING:
    from engine.output.compared import ComparisonFiles

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


class OfMethods(Subject[ComparisonRecord]):
    """Whose parts are measurements."""

    words = Words("methods", "measurements", "measured", "No method gave a hypergradient")
    record = ComparisonRecord
    started = ComparisonStarted
    elsewhere = PointsProgress
    advances = (PointMeasured,)
    within = (PointProgress,)

    def plots(self, record: ComparisonRecord) -> list[AnyPlot]:
        """All plots of a comparison as far as it is."""
        return [*method_plots(record)]

    def headers(self, record: ComparisonRecord | None = None) -> list[str]:
        """What stands above the columns of the table."""
        return headers()

    def rows(self, record: ComparisonRecord) -> list[Row]:
        """A row a method."""
        rows = []
        for contender in record.contenders:
            found = record.of(contender)
            remarks = found.remarks if found else ()
            rows.append(Row(stroke_of(record, contender), cells_of(record, contender), remarks))
        return rows

    def files(self) -> "ComparisonFiles[ComparisonRecord]":
        """What a comparison leaves behind."""
        from engine.output.comparisons import METHOD_FILES

        return METHOD_FILES

    def how_far(self, record: ComparisonRecord) -> tuple[int, int]:
        """How many measurements are done, of how many."""
        return len(record.measured), len(record.points)

    def has_any(self, record: ComparisonRecord) -> bool:
        """Whether there is anything to export."""
        return bool(record.measured)

    def part(self, record: ComparisonRecord, index: int) -> str:
        """What a measurement is called beside a bar."""
        return record.points[index].contender.name

    def count(self, record: ComparisonRecord) -> int:
        """How many methods are compared, the reference among them."""
        return len(record.contenders)

    def failures(self, record: ComparisonRecord) -> int:
        """How many measurements failed."""
        return sum(bool(found.failure) for found in record.measured.values())

    def is_fruitless(self, record: ComparisonRecord) -> bool:
        """Whether all measurements failed."""
        return self.failures(record) == len(record.measured)

    def where(self, done: int, total: int) -> str:
        """How many measurements are done, beside their lane."""
        return f"{done} of {total} measured"

    def lane(self, record: ComparisonRecord, event: Any) -> Lane:
        """How far the method is that is measured now, phase by phase."""
        if isinstance(event, PointProgress):
            point = record.points[event.index]
            held = f"holds {bytes_in_words(event.held_bytes)}" if event.held_bytes else ""
            return Lane(done=_done(point, event), held=held)
        if record.current is None:
            return Lane()
        point = record.points[record.current]
        phases = METHODS[point.contender.method].phases
        return Lane(
            says=f"Measuring {point.contender.name}{_WHERE[point.study].format(x=point.x)}.",
            parts=tuple(_PHASES.get(phase, phase) for phase in phases),
            most=point.experiment.training.iterations * len(phases),
        )


def _done(point: Point, event: PointProgress) -> int | None:
    """Training iterations of all phases so far; None in a phase that the method does not tell."""
    phases, total = METHODS[point.contender.method].phases, point.experiment.training.iterations
    if event.phase not in phases:
        return None
    which, of = event.part
    done = total - event.iteration if event.phase == "reversing" else event.iteration
    done = ((which - 1) * total + min(done, total)) // of
    return phases.index(event.phase) * total + done
