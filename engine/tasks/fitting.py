"""The data that an experiment names."""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

from engine.data import readers
from engine.data.dataset import Dataset
from engine.data.datasets import load_dataset
from engine.data.drawings import Drawings, load_drawings, read_drawings
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
