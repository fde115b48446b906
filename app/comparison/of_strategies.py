"""Comparisons of strategies: the same experiment searched by several of them."""

from typing import TYPE_CHECKING, Any, Final

from app.comparison.subject import Lane, Row, Subject, Words
from engine.plots import AnyPlot
from engine.plots.strategy_plots import strategy_plots, stroke_of
from engine.plots.strategy_words import cells_of, headers, headline
from engine.runs.strategies_compared import (
    SearchAdvanced,
    SearchDone,
    SearchesProgress,
    StrategiesRecord,
    StrategiesStarted,
)

if TYPE_CHECKING:
    from engine.output.compared import ComparisonFiles

_PARTS: Final = 1000  # of a search, that its lane tells apart


class OfStrategies(Subject[StrategiesRecord]):
    """Whose parts are searches."""

    words = Words("strategies", "searches", "tried", "No strategy found anything")
    record = StrategiesRecord
    started = StrategiesStarted
    elsewhere = SearchesProgress
    advances = (SearchAdvanced, SearchDone)
    spared = ("Range", "In time", "To match")
    headline_tip = (
        "Medians over the seeds. A forecast takes as long for a short training run as for a long "
        "one: stopping early saves seconds where training takes longer than its forecasts."
    )

    def headline(self, record: StrategiesRecord) -> str:
        """What stopping early saved, and took."""
        return headline(record)

    def plots(self, record: StrategiesRecord) -> list[AnyPlot]:
        """All plots of a comparison as far as it is."""
        return [*strategy_plots(record)]

    def headers(self, record: StrategiesRecord | None = None) -> list[str]:
        """What stands above the columns of the table."""
        return headers(record)

    def rows(self, record: StrategiesRecord) -> list[Row]:
        """A row a strategy."""
        return [Row(stroke_of(record, one), cells_of(record, one)) for one in record.rivals]

    def files(self) -> "ComparisonFiles[StrategiesRecord]":
        """What a comparison leaves behind."""
        from engine.output.strategies import STRATEGY_FILES

        return STRATEGY_FILES

    def how_far(self, record: StrategiesRecord) -> tuple[int, int]:
        """How many searches are done, of how many."""
        return len(record.done), len(record.searches)

    def has_any(self, record: StrategiesRecord) -> bool:
        """Whether there is anything to export."""
        return bool(record.steps)

    def part(self, record: StrategiesRecord, index: int) -> str:
        """What a search is called beside a bar."""
        search = record.searches[index]
        return f"{search.rival.name}, seed {search.seed}"

    def count(self, record: StrategiesRecord) -> int:
        """How many strategies are compared."""
        return len(record.rivals)

    def failures(self, record: StrategiesRecord) -> int:
        """How many strategies found nothing."""
        return sum(not record.of(rival) for rival in record.rivals)

    def is_fruitless(self, record: StrategiesRecord) -> bool:
        """Whether no strategy found anything."""
        return self.failures(record) == len(record.rivals)

    def where(self, done: int, total: int) -> str:
        """How many searches are done, beside their lane."""
        return f"{done} of {total} searches"

    def lane(self, record: StrategiesRecord, event: Any) -> Lane:
        """How far the search is that is under way."""
        if record.current is None:
            return Lane()
        steps = record.steps.get(record.current, [])
        taken = steps[-1].runs if steps else 0.0
        done = len(steps) / record.experiment.meta.iterations
        if most := record.budget or max(
            (record.taken_by(place) for place in record.done), default=0
        ):
            done = taken / most
        return Lane(
            says=f"Searching by {self.part(record, record.current)}.",
            parts=("searching",),
            most=_PARTS,
            done=min(round(_PARTS * done), _PARTS),
            held=f"{taken:,.4g} training runs" if steps else "",
        )
