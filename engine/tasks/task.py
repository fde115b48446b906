"""A learning task: examples, a model on them, and the losses that training and objective use."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal, NamedTuple

import numpy as np

from engine.derivatives import Examples, NetworkOracle, Oracle, make_examples
from engine.errors import InputError
from engine.exact import Floats
from engine.experiments import Data, Experiment
from engine.randomness import WEIGHTS, generator
from engine.tasks.datasets import Dataset, load_dataset
from engine.tasks.minibatches import Minibatches
from engine.tasks.models import Network
from engine.tasks.readers import read_dataset
from engine.tasks.splits import Part, Split, split_dataset

PRECISIONS: Final[dict[str, type[np.floating[Any]]]] = {
    "double": np.float64,
    "single": np.float32,
}


class Losses(NamedTuple):
    """Mean losses of a model on each part of the data, without penalties; None for an empty part.

    Attributes:
        training, validation, test: the losses.
        test_accuracy: share of the test part classified rightly; None for regression.
    """

    training: float
    validation: float | None
    test: float | None
    test_accuracy: float | None


@dataclass(frozen=True, eq=False)
class Task:
    """What one training run trains, and on what.

    Attributes:
        dataset: where the examples come from.
        split: the examples, divided and scaled.
        network: the model.
        batch_size: examples a minibatch.
        objective: the loss after training that is differentiated.
        precision: of the network's arithmetic.
        buffer_memory: bytes of the information buffer to keep in memory; None: all of it.
    """

    dataset: Dataset
    split: Split
    network: Network
    batch_size: int
    objective: Literal["validation", "training"]
    precision: Literal["double", "single"] = "double"
    buffer_memory: int | None = None

    def initial_noise(self, key: tuple[int, ...]) -> Floats:
        """(P,) standard normal numbers that the initial scales multiply."""
        return generator(*key, WEIGHTS).standard_normal(self.network.size)

    def oracle(self, key: tuple[int, ...], penalties: Floats, team: int = 1) -> Oracle:
        """Derivatives of the losses of one training run.

        Args:
            key: (seed, meta-iteration, replicate): what its minibatches depend on.
            penalties: λ, the θ of the training loss; empty when there is none.
            team: threads that may share a minibatch.
        """
        train, validation = self._examples
        return NetworkOracle(
            self.network,
            train,
            Minibatches(train.size, self.batch_size, key).rows,
            validation if self.objective == "validation" else train,
            penalties,
            team=team,
        )

    @cached_property
    def _examples(self) -> tuple[Examples, Examples]:
        """What to train on, and to validate on, as the oracle reads them."""
        precision = PRECISIONS[self.precision]
        train, validation = self.split.train, self.split.validation
        return (
            make_examples(train.inputs, train.targets, precision),
            make_examples(validation.inputs, validation.targets, precision),
        )

    def losses(self, w: Floats) -> Losses:
        """Judge trained parameters on all three parts."""

        def loss(part: Part) -> float | None:
            if not len(part.targets):
                return None
            return float(self.network.mean_loss(w, part.inputs, part.targets))

        test = self.split.test
        accuracy = None
        if self.dataset.kind == "classification" and len(test.targets):
            accuracy = self.network.accuracy(w, test.inputs, test.targets)
        training = loss(self.split.train)
        assert training is not None, "a split always has training examples"
        return Losses(training, loss(self.split.validation), loss(test), accuracy)


def open_dataset(data: Data) -> Dataset:
    """The data set that an experiment names, or the one in its file.

    Raises:
        InputError: there is no such data set, or its file cannot be used.
    """
    if data.file is not None:
        return read_dataset(data.file, data.target, data.labels)
    assert data.source is not None, "an experiment has a source or a file"
    return load_dataset(data.source)


def misfit(experiment: Experiment, kind: str) -> str:
    """What keeps an experiment's model from learning this kind of data; empty if nothing does.

    Args:
        experiment: whose model is asked about.
        kind: "classification" or "regression".
    """
    model = experiment.model
    if kind == "regression" and model.loss == "cross-entropy":
        return "model.loss: expected squared, because the data have numbers to predict."
    if kind == "regression" and model.kind == "softmax regression":
        return (
            "model.kind: expected linear regression or dense network, "
            "because the data have numbers to predict."
        )
    if kind == "classification" and model.kind == "linear regression":
        return (
            "model.kind: expected softmax regression or dense network, "
            "because the data have classes to predict."
        )
    return ""


def make_task(experiment: Experiment) -> Task:
    """Load an experiment's data and build its model.

    Raises:
        InputError: the data cannot be used, or does not fit the model or the objective.
    """
    model, data = experiment.model, experiment.data
    dataset = open_dataset(data)
    if sentence := misfit(experiment, dataset.kind):
        raise InputError(sentence)
    split = split_dataset(
        dataset,
        train=data.train,
        validation=data.validation,
        test=data.test,
        scaling=data.scaling,
        seed=data.seed,
    )
    if experiment.meta.objective == "validation" and not len(split.validation.targets):
        raise InputError(
            "data.validation: expected at least one example for the validation loss as objective."
        )
    outputs = max(dataset.classes, 1)
    network = Network(
        (dataset.features, *model.hidden, outputs), activation=model.activation, loss=model.loss
    )
    training = experiment.training
    megabytes = training.buffer_megabytes
    return Task(
        dataset,
        split,
        network,
        training.batch_size or len(split.train.targets),
        experiment.meta.objective,
        training.precision,
        None if megabytes is None else megabytes * 1_000_000,
    )
