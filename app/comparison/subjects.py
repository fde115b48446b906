"""What there is to show of a comparison, whether methods were compared or strategies."""

from typing import NamedTuple, TypeAlias

from engine.plots import AnyPlot, strategy_words
from engine.plots import comparison_words as method_words
from engine.plots import method_plots as of_methods
from engine.plots import strategy_plots as of_strategies
from engine.plots.base import Dash
from engine.runs.comparison import ComparisonRecord
from engine.runs.strategies_compared import StrategiesRecord

AnyComparison: TypeAlias = ComparisonRecord | StrategiesRecord


class Row(NamedTuple):
    """A row of the table.

    Attributes:
        stroke: the colour and dash that it has in plots.
        cells: its texts, the name first and the note last.
        remarks: what else there is to know.
    """

    stroke: tuple[int, Dash]
    cells: list[str]
    remarks: str = ""


def plots_of(record: AnyComparison) -> list[AnyPlot]:
    """All plots of a comparison as far as it is."""
    if isinstance(record, StrategiesRecord):
        return [*of_strategies.strategy_plots(record)]
    return [*of_methods.method_plots(record)]


def headers_of(record: AnyComparison | None) -> list[str]:
    """What stands above the columns of the table."""
    if isinstance(record, StrategiesRecord):
        return strategy_words.headers(record)
    return method_words.headers()


def rows_of(record: AnyComparison) -> list[Row]:
    """The rows of the table."""
    if isinstance(record, StrategiesRecord):
        return [
            Row(of_strategies.stroke_of(record, rival), strategy_words.cells_of(record, rival))
            for rival in record.rivals
        ]
    rows = []
    for contender in record.contenders:
        found = record.of(contender)
        remarks = "\n".join(found.remarks) if found else ""
        stroke = of_methods.stroke_of(record, contender)
        rows.append(Row(stroke, method_words.cells_of(record, contender), remarks))
    return rows


def numbers_of(record: AnyComparison) -> dict[str, bytes]:
    """The files that hold the table and all numbers, by name."""
    if isinstance(record, StrategiesRecord):
        from engine.output import strategies

        json, csv = strategies.strategies_to_json(record), strategies.strategies_to_csv(record)
    else:
        from engine.output import comparisons

        json, csv = comparisons.comparison_to_json(record), comparisons.table_to_csv(record)
    return {"comparison.json": json.encode(), "comparison.csv": csv.encode()}


def how_far(record: AnyComparison) -> tuple[int, int]:
    """How many measurements or searches are done, of how many."""
    if isinstance(record, StrategiesRecord):
        return len(record.done), len(record.searches)
    return len(record.measured), len(record.points)


def has_any(record: AnyComparison) -> bool:
    """Whether there is anything to export."""
    if isinstance(record, StrategiesRecord):
        return bool(record.steps)
    return bool(record.measured)
