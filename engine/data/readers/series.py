"""Tables whose rows are a series: put in order by a column of dates or numbers."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.data.dataset import Dataset
from engine.data.readers.arrays import Targets
from engine.data.readers.column_kinds import ColumnKind
from engine.data.readers.feature_columns import DateColumn, FeatureColumn, NumberColumn
from engine.data.readers.pieces import Columns
from engine.data.readers.reading import Decimal
from engine.data.readers.refusals import wrong
from engine.sentences import one_line

_GAP: Final = 2.0
"""So many times as long as the usual one is a step that is told of."""


def order_column(file: str, name: str, kind: ColumnKind, decimal: Decimal) -> FeatureColumn:
    """The column that says the order.

    Args:
        file: as a message calls it.
        name: of the column.
        kind: of its first cells.
        decimal: the mark in its numbers.

    Raises:
        InputError: it holds text, or nothing.
    """
    if kind in ("text", "nothing"):
        found = "text" if kind == "text" else "empty cells"
        raise wrong(f"{file}, column {name!r}", "dates or numbers that say the order", found)
    return DateColumn(file, name) if kind == "dates" else NumberColumn(file, name, decimal)


def in_years(days: Floats) -> Floats:
    """Days since 1970-01-01 as years of our calendar: 2024-07-02 is the middle of 2024."""
    whole = np.floor(days)
    dates = whole.astype(np.int64).astype("datetime64[D]")
    years = dates.astype("datetime64[Y]")
    begun, ends = years.astype("datetime64[D]"), (years + 1).astype("datetime64[D]")
    passed = (dates - begun).astype(np.float64) + (days - whole)
    numbers = years.astype(np.int64) + 1970.0
    return np.asarray(numbers + passed / (ends - begun).astype(np.float64))


def in_order(
    order: FeatureColumn,
    name: str,
    columns: Columns,
    targets: Targets,
    notes: Sequence[str],
) -> Dataset:
    """The series: targets in order; other columns are left out.

    Args:
        order: what says the order; dates become years.
        name: of the data set.
        columns: of the table.
        targets: in the order of the rows.
        notes: what there is to say of the rows already.

    Raises:
        InputError: the targets are text, or two rows have the same place.
    """
    file, said = columns.file, [*notes]
    values, class_names = targets
    if class_names:
        where = f"{file}, column {columns.names[columns.place]!r}"
        raise wrong(where, "numbers to forecast, because the rows are a series", "text")
    [[places], [title]] = order.made()[0].T, order.made()[1]
    is_dated = isinstance(order, DateColumn)
    if is_dated:
        places = in_years(places)
    sequence = np.argsort(places, kind="stable")
    if np.any(sequence != np.arange(len(sequence))):
        said.append(f"{file}: rows are put in the order of {title!r}.")
    places = places[sequence]
    steps = np.diff(places)
    if np.any(steps <= 0):
        row = int(sequence[int(np.argmax(steps <= 0)) + 1])
        wanted = "a different date or number in each row"
        raise wrong(f"{file}, column {title!r}", wanted, f"one twice, in row {row + 1:,}")
    if len(steps) and steps.max() > _GAP * np.median(steps):
        said.append(f"{file}: some steps are longer than others; ages count rows.")
    left_out = len(columns.names) - 2
    if left_out:
        what = "1 other column is" if left_out == 1 else f"{left_out} other columns are"
        said.append(f"{file}: {what} left out; a series is forecast from its own past.")
    return Dataset(
        name,
        file,
        np.zeros((len(places), 0)),
        values[sequence],
        (),
        (),
        notes=tuple(one_line(note) for note in said if note),
        order=places,
        order_name=title,
        has_dates=is_dated,
        target_name=columns.names[columns.place],
    )
