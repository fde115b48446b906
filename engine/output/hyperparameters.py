"""Hyperparameters of a run in a file of their own, as CSV or NPZ; docs/hyperparameters.md."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Literal, TypeAlias

import numpy as np

from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.strategies import STRATEGIES
from engine.files import with_ending, write_whole
from engine.groups import ParameterGroup
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.values import Hyperparameters
from engine.library.stored_run import StoredRun
from engine.runs.best import best_of
from engine.runs.records import RunRecord
from engine.sentences import shown

COLUMNS: Final = ("hyperparameter", "iteration", "group", "entry", "value")
ENDINGS: Final = (".csv", ".npz")
Which: TypeAlias = Literal["best", "final", "initial"] | int
"""Of a run: those of the meta-iteration that was best, where it arrived, where it began, or those
of a meta-iteration as it is counted: 3 of "meta-iteration 3", or of "trial 3"."""


def write_hyperparameters(
    of: RunRecord | StoredRun, path: Path | str, which: Which = "best"
) -> Path:
    """Write hyperparameters of a run, to be read back to the bit.

    Args:
        of: the run.
        path: ends in ``.csv``, a row a value, or ``.npz``, an array a kind.
        which: of the run's.

    Raises:
        InputError: the path ends otherwise, or cannot be written to; the run has none of these.
    """
    path, record = with_ending(path, ENDINGS), of.record if isinstance(of, StoredRun) else of
    values = hyperparameters_of(record, which)
    if path.suffix.lower() == ".npz":
        content = to_npz(values)
    else:
        content = to_csv(values, record.groups, record.experiment).encode()
    try:
        write_whole(path, content)
    except OSError as error:
        raise InputError(str(path), f"expected a writable file: {error.strerror}.") from None
    return path


def hyperparameters_of(record: RunRecord, which: Which = "best") -> Hyperparameters:
    """Those of a run; see `Which`.

    Raises:
        InputError: it has none of these.
    """
    every = [done.hyperparameters for done in record.meta_iterations]
    end = record.finished.hyperparameters if record.finished else None
    if which == "initial":
        return record.initial
    if which == "final":
        return record.current if end is None else end
    strategy, first = STRATEGIES[record.experiment.meta.optimizer], first_of(record)
    if which == "best":
        place = best_of(record)
        if place is None:
            raise InputError("best", "expected a run of which something has been judged.")
    else:
        place = which - first
    if end is not None and not record.tries:
        every.append(end)
    if not 0 <= place < len(every):
        told = f"{strategy.unit}s from {first} to {len(every) - 1 + first:,}"
        raise InputError("which", f"expected best, final, initial or one of the {told}, "
                         f"found {shown(which)}.")  # fmt: skip
    return every[place]


def first_of(record: RunRecord) -> int:
    """What the first meta-iteration of a run is counted as, as in "trial 1"."""
    return 0 if STRATEGIES[record.experiment.meta.optimizer].name_of(0).endswith(" 0") else 1


def to_npz(values: Hyperparameters) -> bytes:
    """An archive with an array a kind, in double precision and as training uses it."""
    content = io.BytesIO()
    np.savez_compressed(content, allow_pickle=False, **dict(values))
    return content.getvalue()


def to_csv(
    values: Hyperparameters, groups: Sequence[ParameterGroup], experiment: Experiment
) -> str:
    """A row a value, in the fewest digits that tell it from any other."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for kind, array in values.items():
        granularity = experiment.hyperparameters[kind].granularity
        writer.writerows(_rows(kind, array, [group.name for group in groups], granularity))
    return text.getvalue()


def _rows(
    kind: str, array: np.ndarray, groups: Sequence[str], granularity: str
) -> Iterator[tuple[str, str, str, str, str]]:
    enters, numbers = KINDS[kind].enters, array.tolist()
    if enters == "schedule":
        for iteration, row in enumerate(numbers):
            for group, value in zip(groups, row, strict=True):
                yield kind, str(iteration), group, "", repr(value)
    elif enters == "start" or (granularity == "group" and array.shape == (len(groups),)):
        for group, value in zip(groups, numbers, strict=True):
            yield kind, "", group, "", repr(value)
    elif granularity == "one":
        yield kind, "", "", "", repr(numbers[0])
    else:
        for place in np.ndindex(array.shape):
            yield kind, "", "", " ".join(map(str, place)), repr(float(array[place]))
