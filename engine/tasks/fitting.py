"""The data that an experiment names, and whether its model can learn from them."""

from pathlib import Path

from engine.data.dataset import Dataset
from engine.data.datasets import load_dataset
from engine.data.drawings import Drawings, load_drawings, read_drawings
from engine.data.readers import read_dataset
from engine.errors import InputError
from engine.experiments.experiment import Data, Experiment


def open_dataset(data: Data) -> Dataset:
    """The data set that an experiment names, or the one in its file.

    Raises:
        InputError: there is no such data set, or its file cannot be used.
    """
    if data.file is not None:
        return read_dataset(data.file, data.target, data.labels)
    assert data.source is not None, "an experiment has a source or a file"
    return load_dataset(data.source)


def open_drawings(data: Data) -> Drawings:
    """The set of drawings that an experiment names, or the one in its file.

    Raises:
        InputError: there is no such set, or its file cannot be used.
    """
    if data.file is not None:
        return read_drawings(Path(data.file))
    assert data.source is not None, "an experiment has a source or a file"
    return load_drawings(data.source)


def misfit(experiment: Experiment, kind: str) -> InputError | None:
    """What keeps an experiment's model from learning this kind of data; None if nothing does.

    Args:
        experiment: whose model is asked about.
        kind: "classification", "regression" or "several tasks".
    """
    model = experiment.model
    if kind == "several tasks" and model.kind != "shared networks":
        return _of_model("shared networks", "contain several tasks")
    if kind != "several tasks" and model.kind == "shared networks":
        return _of_model("a model other than shared networks", "contain a single task")
    if kind == "regression" and model.loss == "cross-entropy":
        sentence = "expected squared, because the data have numeric targets."
        return InputError("model.loss", sentence)
    if kind == "regression" and model.kind == "softmax regression":
        return _of_model("linear regression or dense network", "have numeric targets")
    if kind == "classification" and model.kind == "linear regression":
        return _of_model("softmax regression or dense network", "have class labels")
    return None


def _of_model(wanted: str, reason: str) -> InputError:
    return InputError("model.kind", f"expected {wanted}, because the data {reason}.")
