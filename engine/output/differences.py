"""What differs between runs: their settings where they are not the same, and what came of them."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import Any, Final, NamedTuple

from engine.experiments.experiment import Experiment
from engine.experiments.fields import Description, descriptions
from engine.plots import bytes_in_words
from engine.runs.records import RunRecord

NOTHING: Final = "—"
_NO_SETTINGS: Final = ("title", "description", "highlights", "compares")
_TITLES: Final = {"name": "Experiment"}
_MOST_VALUES: Final = 3


class Row(NamedTuple):
    """What is told of every run.

    Attributes:
        key: the dotted name of a field, or of a result: "result.test_loss".
        title: what people call it.
        values: of each run, in words.
    """

    key: str
    title: str
    values: tuple[str, ...]


class Results(NamedTuple):
    """What came of a run.

    Attributes:
        validation_loss: the lowest after a meta-iteration's training; None if there is none.
        test_loss: in that meta-iteration; None if there is none.
        seconds: that the meta-iterations took together.
        held_bytes: the most that the method held; None of a run without a hypergradient.
    """

    validation_loss: float | None
    test_loss: float | None
    seconds: float
    held_bytes: int | None


def results_of(record: RunRecord) -> Results:
    """What came of a run so far."""
    done = record.meta_iterations
    known = [
        (loss, one)
        for one in done
        if (loss := one.measures.get("validation_loss")) is not None and isfinite(loss)
    ]
    best, at_best = min(known, key=lambda pair: pair[0], default=(None, None))
    held = [one.memory.held_bytes for one in done if not record.tries]
    return Results(
        best,
        None if at_best is None else at_best.measures.get("test_loss"),
        sum(one.seconds for one in done),
        max(held, default=None),
    )


def rows_of_results(records: Sequence[RunRecord]) -> list[Row]:
    """Results of runs in words, without those that none of them has."""
    several = [results_of(record) for record in records]
    rows = [
        Row(
            "result.validation_loss",
            "Best validation loss",
            tuple(_number(one.validation_loss) for one in several),
        ),
        Row(
            "result.test_loss", "Test loss there", tuple(_number(one.test_loss) for one in several)
        ),
        Row("result.seconds", "Seconds", tuple(f"{one.seconds:.3g}" for one in several)),
        Row(
            "result.memory",
            "Memory",
            tuple(
                NOTHING if one.held_bytes is None else bytes_in_words(one.held_bytes)
                for one in several
            ),
        ),
    ]
    return [row for row in rows if any(value != NOTHING for value in row.values)]


def what_differs(experiments: Sequence[Experiment]) -> list[Row]:
    """The settings that are not the same in all of these experiments, in the set-up's order.

    A setting that one of them does not have, such as that of a kind of hyperparameter, is told by
    a dash.
    """
    tables = [dict(_leaves(one.model_dump(exclude_none=True))) for one in experiments]
    known = descriptions()
    order = {key: place for place, key in enumerate(known)}
    keys = dict.fromkeys(key for table in tables for key in table)
    rows = []
    for key in sorted(keys, key=lambda key: order.get(key, len(order))):
        values = [table.get(key) for table in tables]
        if key in _NO_SETTINGS or all(value == values[0] for value in values):
            continue
        title = _TITLES.get(key) or (known[key].title if key in known else key)
        rows.append(Row(key, title, tuple(_in_words(value, known.get(key)) for value in values)))
    return rows


def in_few_words(rows: Sequence[Row], count: int, longest: int = 24) -> list[str]:
    """What tells each of several runs from the others, as "Seed 3"; nothing if that takes more.

    Args:
        rows: what differs between them.
        count: how many runs there are.
        longest: how many letters there is room for.
    """
    told = [", ".join(f"{row.title} {row.values[place]}" for row in rows) for place in range(count)]
    fits = all(len(text) <= longest for text in told) and len({*told}) == count
    return told if rows and fits else [""] * count


def to_csv(names: Sequence[str], rows: Sequence[Row]) -> str:
    """A table as CSV: a column for each run."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["", *names])
    for row in rows:
        writer.writerow([row.title, *(("" if one == NOTHING else one) for one in row.values)])
    return text.getvalue()


def _leaves(tables: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in tables.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _in_words(value: Any, known: Description | None) -> str:
    if value is None:
        return NOTHING
    if known and isinstance(value, str) and value in known.choices:
        return known.choices[value]
    if isinstance(value, list | tuple):
        few = ", ".join(_plain(one) for one in value[:_MOST_VALUES])
        more = len(value) - _MOST_VALUES
        return f"{few} and {more} more" if more > 0 else few or NOTHING
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _number(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.4g}"
