"""Logistic regression of two classes, without a bias: what HOAG was tried on (Pedregosa 2016)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from engine.arrays import Floats
from engine.data.dataset import Dataset
from engine.data.splits import Part, Split, split_dataset
from engine.derivatives.logistic_oracle import KnownPlaces, LogisticOracle, Signed, mean_loss
from engine.derivatives.oracle import Oracle
from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.measures import Measures
from engine.experiments.tasks import misfit
from engine.groups import ParameterGroup
from engine.hyperparameters.l2_penalties import NO_PENALTIES
from engine.hyperparameters.values import Hyperparameters
from engine.randomness import WEIGHTS, generator
from engine.sentences import listed
from engine.tasks.fitting import open_dataset, refuse_accuracy
from engine.tasks.task import DataShape, Piece


@dataclass(frozen=True, eq=False)
class LogisticTask:
    """One weight for each input, and none besides; a `Task`.

    Of more than two classes, the first half is told from the others.

    Attributes:
        dataset: where the examples come from.
        split: the examples, divided and scaled.
        objective: the loss after training that is differentiated.
        penalty_granularity: how finely the L2 penalties are set.
        by_accuracy: whether that on the validation part is measured, too.
    """

    dataset: Dataset
    split: Split
    objective: Literal["validation", "training"]
    penalty_granularity: str = "one"
    by_accuracy: bool = False

    @property
    def groups(self) -> tuple[ParameterGroup, ...]:
        """The weights."""
        size = self.dataset.features
        return (ParameterGroup("weights", 0, size, 0, "weights", size),)

    @property
    def size(self) -> int:
        """P, the number of inputs."""
        return self.dataset.features

    @property
    def data(self) -> DataShape:
        """What views need to know of the data."""
        dataset = self.dataset
        notes = dataset.notes
        if dataset.classes > 2:
            first, others = dataset.class_names[: self._half], dataset.class_names[self._half :]
            told = f"The classes {listed(first)} together are told from {listed(others)}."
            notes += (told,)
        return DataShape(dataset.features, dataset.class_names, dataset.image_shape, notes=notes)

    @property
    def products(self) -> int:
        """Multiplications that one training iteration takes, roughly."""
        return self._train.inputs.size

    @property
    def epoch(self) -> int:
        """Every iteration sees all examples."""
        return 1

    def initial_noise(self, key: tuple[int, ...]) -> Floats:
        """(P,) standard normal numbers that the initial scale multiplies."""
        return generator(*key, WEIGHTS).standard_normal(self.size)

    def starts(self, initial: Mapping[str, float]) -> Mapping[str, Floats]:
        """Nothing of the kind."""
        return {}

    def oracle(
        self,
        key: tuple[int, ...],
        hyperparameters: Hyperparameters,
        team: int = 1,
        *,
        final: bool = False,
    ) -> Oracle:
        """Derivatives of the losses; nothing is random, and none of the rest makes a difference."""
        return LogisticOracle(
            self._train,
            self._validation if self.objective == "validation" else self._train,
            hyperparameters.get("l2_penalties", NO_PENALTIES),
            self.penalty_granularity,
            self.groups,
            self._known,
        )

    def measure(
        self,
        w: Floats,
        hyperparameters: Hyperparameters,
        key: tuple[int, ...] = (),
        *,
        final: bool = False,
    ) -> Measures:
        """Judge trained parameters on all three parts, without penalties."""
        test = self._margins(w, self._test)
        losses = {
            "training_loss": self._margins(w, self._train),
            "validation_loss": self._margins(w, self._validation),
            "test_loss": test,
        }
        accuracy = float(np.mean(test > 0)) if len(test) else None
        more: dict[str, float | None] = {}
        if self.by_accuracy:
            more = {"validation_accuracy": self.validation_accuracy(w, hyperparameters, key)}
        return Measures(
            {
                **{name: mean_loss(one) if len(one) else None for name, one in losses.items()},
                "test_accuracy": accuracy,
                **more,
            }
        )

    def validation_accuracy(
        self, w: Floats, hyperparameters: Hyperparameters, key: tuple[int, ...] = ()
    ) -> float:
        """See `engine.tasks.task.Classifies`."""
        return float(np.mean(self._margins(w, self._validation) > 0))

    def pieces(self, *, tangents: bool = False) -> list[Piece]:
        """Nothing is compiled."""
        return []

    def baselines(self, hyperparameters: Hyperparameters) -> Mapping[str, Hyperparameters]:
        """None."""
        return {}

    @property
    def _half(self) -> int:
        """How many of the classes are −1."""
        return -(-self.dataset.classes // 2)

    @cached_property
    def _train(self) -> Signed:
        return self._signed(self.split.train)

    @cached_property
    def _known(self) -> KnownPlaces:
        return KnownPlaces()

    @cached_property
    def _validation(self) -> Signed:
        return self._signed(self.split.validation)

    @cached_property
    def _test(self) -> Signed:
        return self._signed(self.split.test)

    def _signed(self, part: Part) -> Signed:
        return Signed(part.inputs, np.where(part.targets < self._half, -1.0, 1.0))

    @staticmethod
    def _margins(w: Floats, part: Signed) -> Floats:
        margins: Floats = part.targets * (part.inputs @ w)
        return margins


def make(experiment: Experiment) -> LogisticTask:
    """The task of an experiment with a logistic regression.

    Raises:
        InputError: the data cannot be used, or do not fit.
    """
    data = experiment.data
    dataset = open_dataset(data)
    if refusal := misfit(experiment, dataset.kind):
        raise refusal
    if dataset.classes < 2:
        raise InputError("data", "expected at least two classes for a logistic regression.")
    split = split_dataset(
        dataset,
        train=data.train,
        validation=data.validation,
        test=data.test,
        scaling=data.scaling,
        seed=data.seed,
        dealt_by=data.dealt_by,
    )
    if experiment.meta.objective == "validation" and not len(split.validation.targets):
        raise InputError(
            "data.validation", "expected at least one example for the validation loss as objective."
        )
    by_accuracy = experiment.stopping.judged_by == "accuracy"
    if by_accuracy:
        refuse_accuracy(dataset, split)
    return LogisticTask(
        dataset,
        split,
        experiment.meta.objective,
        experiment.hyperparameters["l2_penalties"].granularity,
        by_accuracy,
    )
