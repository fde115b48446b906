"""The data that an experiment names."""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

from engine.data import readers
from engine.data.dataset import Dataset
from engine.data.datasets import load_dataset
from engine.data.drawings import Drawings, load_drawings, read_drawings
from engine.data.splits import Split, split_dataset
from engine.errors import InputError
from engine.experiments.experiment import Data


def open_dataset(data: Data, go_on: Callable[[], object] | None = None) -> Dataset:
    """The data set that an experiment names, or the one in its file.

    Args:
        data: what it says of them.
        go_on: called again and again while a table is read; what it raises ends the reading.

    Raises:
        InputError: there is no such data set, or its file cannot be used.
    """
    if data.file is not None:
        reading = reading_of(data)
        return readers.read_dataset(data.file, data.target, data.labels, reading, go_on)
    assert data.source is not None, "an experiment has a source or a file"
    return load_dataset(data.source)


def divided(dataset: Dataset, data: Data, seed: int) -> Split:
    """A data set divided as an experiment says, by a seed of its own, and scaled."""
    return split_dataset(
        dataset,
        train=data.train,
        validation=data.validation,
        test=data.test,
        scaling=data.scaling,
        seed=seed % 2**63,
        fewest=0 if data.learned_per_class else 1,
        dealt_by=data.dealt_by,
    )


def refuse_accuracy(dataset: Dataset, split: Split) -> None:
    """See that there is an accuracy on the validation part to judge by.

    Raises:
        InputError: there is none.
    """
    if dataset.kind != "classification":
        reason = "because the data have no classes"
    elif not len(split.validation.targets):
        reason = "because there are no validation examples"
    else:
        return
    raise InputError("stopping.judged_by", f"expected loss, {reason}.")


def reading_of(data: Data) -> readers.Reading:
    """How the table that an experiment names is to be read."""
    return readers.Reading(**{one.name: getattr(data, one.name) for one in fields(readers.Reading)})


def notes_on_data(data: Data) -> tuple[str, ...]:
    """What has to be decided about the file that an experiment names; nothing without one.

    Raises:
        InputError: the file cannot be used.
    """
    is_table = data.file is not None and not data.file.lower().endswith(".zip")
    return open_dataset(data).notes if is_table else ()


def open_drawings(data: Data) -> Drawings:
    """The set of drawings that an experiment names, or the one in its file.

    Raises:
        InputError: there is no such set, or its file cannot be used.
    """
    if data.file is not None:
        return read_drawings(Path(data.file))
    assert data.source is not None, "an experiment has a source or a file"
    return load_drawings(data.source)
