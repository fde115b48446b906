"""A network, or a regression, that learns from examples."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Floats
from engine.data.dataset import Dataset
from engine.data.minibatches import Minibatches, Order
from engine.data.splits import Part, Split, split_dataset
from engine.derivatives.interactions_oracle import InteractionsOracle
from engine.derivatives.models import Network
from engine.derivatives.network_oracle import NetworkOracle
from engine.derivatives.oracle import Oracle
from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.measures import Measures
from engine.experiments.tasks import misfit
from engine.groups import ParameterGroup
from engine.hyperparameters.interactions import pairs_of
from engine.hyperparameters.l2_penalties import NO_PENALTIES
from engine.hyperparameters.values import Hyperparameters
from engine.kernels.examples import Examples, make_examples
from engine.randomness import INPUTS, WEIGHTS, generator
from engine.tasks.fitting import open_dataset
from engine.tasks.task import DataShape, Piece

PRECISIONS: Final[dict[str, type[np.floating[Any]]]] = {
    "double": np.float64,
    "single": np.float32,
}


@dataclass(frozen=True, eq=False)
class NetworkTask:
    """A model on a divided data set; a `Task`.

    Attributes:
        dataset: where the examples come from.
        split: the examples, divided and scaled.
        network: the model.
        batch_size: examples a minibatch.
        objective: the loss after training that is differentiated.
        precision: of the network's arithmetic.
        order: in which minibatches go through the training examples.
        learned_per_class: how many examples of each class have inputs that are learned, and are
            trained on instead of the training part; 0: none.
        seed: what the learned inputs start from.
        penalty_granularity: how finely the L2 penalties are set.
    """

    dataset: Dataset
    split: Split
    network: Network
    batch_size: int
    objective: Literal["validation", "training"]
    precision: Literal["double", "single"] = "double"
    order: Order = "shuffled"
    learned_per_class: int = 0
    seed: int = 0
    penalty_granularity: str = "one"

    @property
    def groups(self) -> tuple[ParameterGroup, ...]:
        """The G parameter groups: the weights and biases of every layer."""
        return self.network.groups

    @property
    def size(self) -> int:
        """P, the number of elementary parameters."""
        return self.network.size

    @property
    def data(self) -> DataShape:
        """What views need to know of the data."""
        dataset, notes = self.dataset, self.dataset.notes
        count = len(self.learned_targets) or len(self.split.train.targets)
        if self.batch_size > count:
            notes += (
                f"A minibatch of {self.batch_size:,} would be more than the {count:,} examples to "
                "train on; every iteration uses all of them.",
            )
        return DataShape(dataset.features, dataset.class_names, dataset.image_shape, notes=notes)

    @property
    def products(self) -> int:
        """Multiplications that one training iteration takes, roughly."""
        return self.batch_size * sum(below * size for below, size in pairwise(self.network.sizes))

    @property
    def epoch(self) -> int:
        """Iterations in which training sees all examples, but what is left out at its end."""
        count = len(self.learned_targets) or len(self.split.train.targets)
        return max(1, count // self.batch_size)

    def initial_noise(self, key: tuple[int, ...]) -> Floats:
        """(P,) standard normal numbers that the initial scales multiply."""
        return generator(*key, WEIGHTS).standard_normal(self.network.size)

    @property
    def learned_targets(self) -> NDArray[np.int64]:
        """(N,) the classes of the learned inputs, one class after the other."""
        return np.repeat(np.arange(self.dataset.classes), self.learned_per_class)

    def starts(self, initial: Mapping[str, float]) -> Mapping[str, Floats]:
        """The learned inputs: normal numbers of the given standard deviation; and interactions."""
        starts = {}
        if self.learned_per_class:
            shape = (len(self.learned_targets), self.dataset.features)
            noise = generator(self.seed, INPUTS).standard_normal(shape)
            starts["training_inputs"] = initial["training_inputs"] * noise
        if self._has_vectors:
            pairs = pairs_of(self.dataset.classes)
            starts["interactions"] = np.full(pairs, float(initial["interactions"]))
        return starts

    def oracle(
        self,
        key: tuple[int, ...],
        hyperparameters: Hyperparameters,
        team: int = 1,
        *,
        final: bool = False,
    ) -> Oracle:
        """Derivatives of the losses of one training run.

        Args:
            key: (seed, meta-iteration, replicate): what its minibatches depend on.
            hyperparameters: what it is trained with.
            team: threads that may share a minibatch.
            final: whether it is only trained to be judged; all the same here.
        """
        train, validation = self._examples
        if self.learned_per_class:
            inputs = hyperparameters["training_inputs"]
            train = make_examples(inputs, self.learned_targets, PRECISIONS[self.precision])
        plain = NetworkOracle(
            self.network,
            train,
            Minibatches(train.size, self.batch_size, key, self.order).rows,
            validation if self.objective == "validation" else train,
            hyperparameters.get("l2_penalties", NO_PENALTIES),
            penalty_granularity=self.penalty_granularity,
            inputs_in_theta=bool(self.learned_per_class),
            team=team,
        )
        if "interactions" not in hyperparameters:
            return plain
        return InteractionsOracle(plain, hyperparameters["interactions"], self.dataset.features)

    @property
    def _has_vectors(self) -> bool:
        """Whether each class has a weight vector of the inputs."""
        return self.dataset.classes > 0 and len(self.network.sizes) == 2

    @cached_property
    def _examples(self) -> tuple[Examples, Examples]:
        """What to train on, and to validate on, as the oracle reads them."""
        precision = PRECISIONS[self.precision]
        train, validation = self.split.train, self.split.validation
        return (
            make_examples(train.inputs, train.targets, precision),
            make_examples(validation.inputs, validation.targets, precision),
        )

    def measure(
        self,
        w: Floats,
        hyperparameters: Hyperparameters,
        key: tuple[int, ...] = (),
        *,
        final: bool = False,
    ) -> Measures:
        """Judge trained parameters on all three parts; learned inputs are the training part."""

        def loss(part: Part) -> float | None:
            if not len(part.targets):
                return None
            return float(self.network.mean_loss(w, part.inputs, part.targets))

        train, test = self.split.train, self.split.test
        if self.learned_per_class:
            train = Part(hyperparameters["training_inputs"], self.learned_targets)
        accuracy = None
        if self.dataset.kind == "classification" and len(test.targets):
            accuracy = self.network.accuracy(w, test.inputs, test.targets)
        training = loss(train)
        assert training is not None, "there are always training examples"
        return Measures(
            {
                "training_loss": training,
                "validation_loss": loss(self.split.validation),
                "test_loss": loss(test),
                "test_accuracy": accuracy,
            }
        )

    def pieces(self, *, tangents: bool = False) -> list[Piece]:
        """The derivatives of networks."""
        pieces: list[Piece] = [("the derivatives of networks", self._differentiate_a_tiny_network)]
        if tangents:
            pieces.append(
                ("the tangents of networks", lambda: self._differentiate_a_tiny_network(True))
            )
        return pieces

    def _differentiate_a_tiny_network(self, tangents: bool = False) -> None:
        network, first = Network((1, 1, 2)), slice(0, 1)
        precision = PRECISIONS[self.precision]
        examples = make_examples(np.ones((1, 1)), np.zeros(1, np.int64), precision)
        oracle = NetworkOracle(network, examples, lambda t: first, examples, np.zeros(1))
        w = np.ones(network.size)
        if tangents:
            oracle.gradient_and_hessian(w, 0)[2].times([w])
        else:
            oracle.gradient_and_products(w, 0, w)

    def baselines(self, hyperparameters: Hyperparameters) -> Mapping[str, Hyperparameters]:
        """The same without interactions, if there are any."""
        if "interactions" not in hyperparameters:
            return {}
        nothing = np.zeros_like(hyperparameters["interactions"])
        return {"no interactions": hyperparameters.replace(interactions=nothing)}


def make(experiment: Experiment) -> NetworkTask:
    """The task of an experiment whose data are examples.

    Raises:
        InputError: the data cannot be used, or does not fit the model or the objective.
    """
    model, data = experiment.model, experiment.data
    dataset = open_dataset(data)
    if refusal := misfit(experiment, dataset.kind):
        raise refusal
    split = split_dataset(
        dataset,
        train=data.train,
        validation=data.validation,
        test=data.test,
        scaling=data.scaling,
        seed=data.seed,
        fewest=0 if data.learned_per_class else 1,
    )
    if experiment.meta.objective == "validation" and not len(split.validation.targets):
        raise InputError(
            "data.validation", "expected at least one example for the validation loss as objective."
        )
    outputs = max(dataset.classes, 1)
    network = Network(
        (dataset.features, *model.hidden, outputs), activation=model.activation, loss=model.loss
    )
    training = experiment.training
    learned = (data.learned_per_class or 0) * dataset.classes
    if data.learned_per_class and not learned:
        raise InputError("data.learned_per_class", "expected data that have classes.")
    return NetworkTask(
        dataset,
        split,
        network,
        training.batch_size or learned or len(split.train.targets),
        experiment.meta.objective,
        training.precision,
        training.order,
        data.learned_per_class or 0,
        experiment.meta.seed,
        experiment.hyperparameters["l2_penalties"].granularity,
    )
