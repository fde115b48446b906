"""A network, or a regression, that learns from examples."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Floats
from engine.data.corruption import Corruption, corrupt
from engine.data.dataset import Dataset, read_only
from engine.data.minibatches import Minibatches, Order
from engine.data.noise import with_noise
from engine.data.splits import Part, Split
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
from engine.tasks.cleaning import detection, final_examples, fixed_weights
from engine.tasks.fitting import divided, open_dataset, refuse_accuracy
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
        splits: the examples, divided and scaled; where labels are corrupted, anew for each seed.
        network: the model.
        batch_size: examples a minibatch.
        objective: the loss after training that is differentiated.
        precision: of the network's arithmetic.
        order: in which minibatches go through the training examples.
        learned_per_class: how many examples of each class have inputs that are learned, and are
            trained on instead of the training part; 0: none.
        seed: what the learned inputs start from.
        penalty_granularity: how finely the L2 penalties are set.
        corrupted: the share of the training labels that are moved to another class.
        corruption_seed: see `engine.experiments.experiment.Data`.
        by_accuracy: whether that on the validation part is measured, too.
    """

    dataset: Dataset
    splits: tuple[Split, ...]
    network: Network
    batch_size: int
    objective: Literal["validation", "training"]
    precision: Literal["double", "single"] = "double"
    order: Order = "shuffled"
    learned_per_class: int = 0
    seed: int = 0
    penalty_granularity: str = "one"
    corrupted: float = 0.0
    corruption_seed: int = 0
    by_accuracy: bool = False

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
        count = self.examples
        if self.batch_size > count:
            notes += (
                f"A minibatch of {self.batch_size:,} would be more than the {count:,} examples to "
                "train on; every iteration uses all of them.",
            )
        return DataShape(
            dataset.features,
            dataset.class_names,
            dataset.image_shape,
            notes=notes,
            corrupted=self.moved,
            feature_names=dataset.feature_names,
            noise_inputs=dataset.noise_inputs,
        )

    @property
    def examples(self) -> int:
        """N, how many there are to train on."""
        return len(self.learned_targets) or len(self.split.train.targets)

    @property
    def products(self) -> int:
        """Multiplications that one training iteration takes, roughly."""
        return self.batch_size * sum(below * size for below, size in pairwise(self.network.sizes))

    @property
    def epoch(self) -> int:
        """Iterations in which training sees all examples, but what is left out at its end."""
        return max(1, self.examples // self.batch_size)

    def initial_noise(self, key: tuple[int, ...]) -> Floats:
        """(P,) standard normal numbers that the initial scales multiply."""
        return generator(*key, WEIGHTS).standard_normal(self.network.size)

    @property
    def learned_targets(self) -> NDArray[np.int64]:
        """(N,) the classes of the learned inputs, one class after the other."""
        return np.repeat(np.arange(self.dataset.classes), self.learned_per_class)

    @cached_property
    def moved(self) -> NDArray[np.bool_] | None:
        """(R, N) which training labels were moved, seed by seed; None if none were."""
        if not self.corrupted:
            return None
        return read_only(np.array([self._corruption(row).moved for row in range(self.rows)]))

    @property
    def split(self) -> Split:
        """The examples, divided and scaled: those of the first seed, or of all."""
        return self.splits[0]

    @property
    def rows(self) -> int:
        """R, how many seeds have examples, labels and example weights of their own."""
        return len(self.splits)

    def given(self, row: int = 0) -> Part:
        """The training part with the labels that a seed is given.

        Args:
            row: which of the seeds that have labels of their own; see `row`.
        """
        train = self.splits[row].train
        return Part(train.inputs, self._corruption(row).given) if self.corrupted else train

    def row(self, key: tuple[int, ...], weights: Floats | None = None) -> int:
        """Which of the labels, and of the rows of example weights, belong to a training run.

        Args:
            key: of the training run, as for its oracle; () for the first.
            weights: (R, …) those that it has.
        """
        rows = self.rows if weights is None else len(weights)
        return key[-1] % rows if key else 0

    def _corruption(self, row: int) -> Corruption:
        """What became of a seed's labels."""
        if row not in self._corruptions:
            key = self.corruption_seed, self.seed, row
            labels, classes = self.splits[row].train.targets, self.dataset.classes
            self._corruptions[row] = corrupt(labels, classes, self.corrupted, key)
        return self._corruptions[row]

    @cached_property
    def _corruptions(self) -> dict[int, Corruption]:
        return {}

    def starts(self, initial: Mapping[str, float]) -> Mapping[str, Floats]:
        """Learned inputs, normal numbers of the given standard deviation; weights; interactions."""
        weights: Floats = np.full((self.rows, self.examples), initial["example_weights"])
        found = {"example_weights": weights}
        if self.learned_per_class:
            shape = (len(self.learned_targets), self.dataset.features)
            noise = generator(self.seed, INPUTS).standard_normal(shape)
            found["training_inputs"] = initial["training_inputs"] * noise
        if self._has_vectors:
            pairs = pairs_of(self.dataset.classes)
            found["interactions"] = np.full(pairs, float(initial["interactions"]))
        return found

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
            key: (seed, meta-iteration, replicate): what its minibatches and labels depend on.
            hyperparameters: what it is trained with.
            team: threads that may share a minibatch.
            final: whether it is only trained to be judged: where examples have weights, on the
                training and the validation part together; else the same.
        """
        precision = PRECISIONS[self.precision]
        weights, begin = hyperparameters.get("example_weights"), 0
        row = self.row(key, weights)
        train, judged = self._examples(row)
        if self.learned_per_class:
            inputs = hyperparameters["training_inputs"]
            train = make_examples(inputs, self.learned_targets, precision)
        if weights is not None and self._mixes(final):
            validation = self.splits[row].validation
            train, weights = final_examples(self.given(row), validation, weights[row], precision)
        elif weights is not None:
            weights, begin = weights.ravel(), row * len(weights[row])
        size = train.size if self.batch_size >= self.examples else self.batch_size
        plain = NetworkOracle(
            self.network,
            train,
            Minibatches(train.size, size, key, self.order).rows,
            judged if self.objective == "validation" else train,
            hyperparameters.get("l2_penalties", NO_PENALTIES),
            penalty_granularity=self.penalty_granularity,
            example_weights=weights,
            weights_from=begin,
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

    def _mixes(self, final: bool) -> bool:
        """Whether training with example weights is on the validation part, too."""
        return final and not self.learned_per_class

    def _examples(self, row: int) -> tuple[Examples, Examples]:
        """What a seed is trained on, and validated on, as the oracle reads them."""
        if row not in self._made:
            train, validation = (
                make_examples(part.inputs, part.targets, PRECISIONS[self.precision])
                for part in (self.given(row), self.splits[row].validation)
            )
            self._made[row] = train, validation
        return self._made[row]

    @cached_property
    def _made(self) -> dict[int, tuple[Examples, Examples]]:
        return {}

    def measure(
        self,
        w: Floats,
        hyperparameters: Hyperparameters,
        key: tuple[int, ...] = (),
        *,
        final: bool = False,
    ) -> Measures:
        """Judge trained parameters on all three parts; learned inputs are the training part.

        The training part has the labels that it was given. There is no validation loss where the
        validation part was trained on.
        """

        def loss(part: Part) -> float | None:
            if not len(part.targets):
                return None
            return float(self.network.mean_loss(w, part.inputs, part.targets))

        weights = hyperparameters.get("example_weights")
        row = self.row(key, weights)
        train, test = self.given(row), self.splits[row].test
        if self.learned_per_class:
            train = Part(hyperparameters["training_inputs"], self.learned_targets)
        accuracy = None
        if self.dataset.kind == "classification" and len(test.targets):
            accuracy = self.network.accuracy(w, test.inputs, test.targets)
        training = loss(train)
        assert training is not None, "there are always training examples"
        is_mixed = weights is not None and self._mixes(final)
        more: dict[str, float | None] = {}
        if self.by_accuracy:
            own = None if is_mixed else self.validation_accuracy(w, hyperparameters, key)
            more = {"validation_accuracy": own}
        return Measures(
            {
                "training_loss": training,
                "validation_loss": None if is_mixed else loss(self.splits[row].validation),
                "test_loss": loss(test),
                "test_accuracy": accuracy,
                **more,
                **self._detection(weights, row),
            }
        )

    def validation_accuracy(
        self, w: Floats, hyperparameters: Hyperparameters, key: tuple[int, ...] = ()
    ) -> float:
        """See `engine.tasks.task.Classifies`."""
        part = self.splits[self.row(key, hyperparameters.get("example_weights"))].validation
        return float(self.network.accuracy(w, part.inputs, part.targets))

    def _detection(self, weights: Floats | None, row: int) -> dict[str, float | None]:
        """How well example weights tell which labels were moved; nothing if none were."""
        if not self.corrupted:
            return {}
        moved = self._corruption(row).moved
        return detection(None if weights is None else weights[row][: len(moved)], moved)

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
            oracle.reverse_calls(w, range(1), w, np.zeros(1))

    def baselines(self, hyperparameters: Hyperparameters) -> Mapping[str, Hyperparameters]:
        """Fixed example weights, see `engine.tasks.cleaning`; the same without interactions."""
        found = {}
        if "interactions" in hyperparameters:
            nothing = np.zeros_like(hyperparameters["interactions"])
            found["no interactions"] = hyperparameters.replace(interactions=nothing)
        if "example_weights" in hyperparameters and not self.learned_per_class:
            counts = len(self.split.train.targets), len(self.split.validation.targets)
            for name, weights in fixed_weights(self.rows, *counts, self.moved).items():
                found[name] = hyperparameters.replace(example_weights=weights)
        return found


def make(experiment: Experiment) -> NetworkTask:
    """The task of an experiment whose data are examples.

    Raises:
        InputError: the data cannot be used, or does not fit the model or the objective.
    """
    model, data = experiment.model, experiment.data
    dataset = with_noise(open_dataset(data), data.noise_inputs, data.noise_seed)
    if refusal := misfit(experiment, dataset.kind):
        raise refusal
    seeds = experiment.meta.seeds if data.corrupted else 1
    splits = [divided(dataset, data, data.seed + row) for row in range(seeds)]
    split = splits[0]
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
    if data.corrupted and dataset.kind != "classification":
        raise InputError("data.corrupted", "expected 0.0, because the data have no classes.")
    by_accuracy = experiment.stopping.judged_by == "accuracy"
    if by_accuracy:
        refuse_accuracy(dataset, split)
    if data.learned_per_class and not learned:
        raise InputError("data.learned_per_class", "expected data that have classes.")
    return NetworkTask(
        dataset,
        tuple(splits),
        network,
        training.batch_size or learned or len(split.train.targets),
        experiment.meta.objective,
        training.precision,
        training.order,
        data.learned_per_class or 0,
        experiment.meta.seed,
        experiment.hyperparameters["l2_penalties"].granularity,
        data.corrupted,
        data.corruption_seed,
        by_accuracy,
    )
