"""Learning curves from a CSV file: a column for each, and perhaps one of epochs in front."""

import math
from pathlib import Path
from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.data.readers.cells import cell_in_words, is_dash, is_missing, number_in
from engine.data.readers.contents import opened
from engine.data.readers.refusals import wrong
from engine.data.readers.rows import Rows
from engine.errors import InputError
from engine.files import folder_name
from engine.forecasting.curve_sets import CurveSet, whole_curves
from engine.forecasting.scales import Quantity
from engine.sentences import one_line

_MOST_BYTES: Final = 50_000_000
_MOST_ROWS: Final = 100_000
_MOST_COLUMNS: Final = 5_000
_LONGEST_NAME: Final = 40
_EPOCHS: Final = ("epoch", "epochs", "step", "iteration", "iterations", "")
_LOSSES: Final = ("loss", "error", "entropy", "nll", "perplexity")


def read_curves(path: Path | str, quantity: Quantity | None = None) -> CurveSet:
    """Read curves, in the order of their columns.

    A first row with text in it names the columns. A first column called *epoch*, or that counts
    from 0 or 1 without a gap where others stand beside it, is no curve. Cells that are empty were
    not measured.

    Args:
        path: of a CSV file with a column for each curve.
        quantity: what they are; None: losses if names say so, or values leave [0, 1].

    Raises:
        InputError: in one sentence, what is wrong with it.
    """
    path = Path(path)
    names, columns = _columns_of(path)
    first = 1.0
    if len(columns) > 1 and _counts_epochs(names[0], columns[0]):
        first = float(columns[0][0])
        names, columns = names[1:], columns[1:]
    if len(columns) < 2:
        raise wrong(path.name, "at least two learning curves, a column for each", "one column")
    found = quantity or _quantity_of(path.name, names, columns)
    labels = [name or f"curve {number}" for number, name in enumerate(names, 1)]
    curves = [*zip(labels, columns, strict=True)]
    try:
        return whole_curves(folder_name(path.stem), path.name, found, curves, first=first)
    except InputError as error:
        raise InputError(path.name, error.sentence) from None


def _columns_of(path: Path) -> tuple[list[str], list[Floats]]:
    names: list[str] = []
    rows: list[list[float]] = []
    with opened(path) as contents:
        if contents.size(_MOST_BYTES) > _MOST_BYTES:
            raise wrong(path.name, f"at most {_MOST_BYTES:,} bytes", "more")
        for number, cells in Rows(path.name, contents.stream):
            if not names:
                if len(cells) > _MOST_COLUMNS:
                    raise wrong(path.name, f"at most {_MOST_COLUMNS:,} columns", f"{len(cells):,}")
                is_heading = any(map(_is_text, cells))
                names = [one_line(c.strip(), _LONGEST_NAME) if is_heading else "" for c in cells]
                if is_heading:
                    continue
            if len(cells) != len(names):
                wanted = "1 column" if len(names) == 1 else f"{len(names)} columns"
                raise wrong(f"{path.name}, line {number}", wanted, str(len(cells)))
            rows.append([_value(path, number, cell) for cell in cells])
            if len(rows) > _MOST_ROWS:
                raise wrong(path.name, f"at most {_MOST_ROWS:,} rows", "more")
    if not rows:
        raise wrong(path.name, "a column of numbers for each learning curve", "none")
    return names, [*np.array(rows).T]


def _counts_epochs(name: str, column: Floats) -> bool:
    """Whether a column says which epoch it is, rather than how good."""
    is_count = column[0] in (0, 1) and bool(np.all(np.diff(column) == 1))
    return is_count and name.lower() in _EPOCHS


def _quantity_of(file: str, names: list[str], columns: list[Floats]) -> Quantity:
    if any(word in name.lower() for name in names for word in _LOSSES):
        return "loss"
    every = np.concatenate(columns)
    known = every[np.isfinite(every)]
    if known.size and known.min() >= 0 and known.max() <= 1:
        return "accuracy"
    rising = sum(bool(one[np.isfinite(one)][-1:] > one[np.isfinite(one)][:1]) for one in columns)
    if known.size and known.min() >= 0 and known.max() <= 100 and 2 * rising > len(columns):
        raise wrong(
            file,
            "accuracies between 0 and 1, or losses, named so in the first row",
            "what may be percentages, which are to be divided by 100",
        )
    return "loss"


def _value(path: Path, number: int, cell: str) -> float:
    """NaN where there is none."""
    if is_missing(cell) or is_dash(cell):
        return math.nan
    value = number_in(cell)
    if value is None:
        raise wrong(f"{path.name}, line {number}", "a number", cell_in_words(cell))
    return value


def _is_text(cell: str) -> bool:
    """Whether a cell is neither a number nor a missing one."""
    return number_in(cell) is None and not is_missing(cell) and not is_dash(cell)
