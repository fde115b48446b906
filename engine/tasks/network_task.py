"""A network, or a regression, that learns from examples."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Final, Literal

import numpy as np

from engine.derivatives import Examples, NetworkOracle, Oracle, make_examples
from engine.exact import Floats
from engine.groups import ParameterGroup
from engine.randomness import WEIGHTS, generator
from engine.tasks.datasets import Dataset
from engine.tasks.interface import DataShape, Losses
from engine.tasks.minibatches import Minibatches
from engine.tasks.models import Network
from engine.tasks.splits import Part, Split

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
        buffer_memory: bytes of the information buffer to keep in memory; None: all of it.
    """

    dataset: Dataset
    split: Split
    network: Network
    batch_size: int
    objective: Literal["validation", "training"]
    precision: Literal["double", "single"] = "double"
    buffer_memory: int | None = None

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
        dataset = self.dataset
        return DataShape(dataset.features, dataset.class_names, dataset.image_shape)

    @property
    def products(self) -> int:
        """Multiplications that one training iteration takes, roughly."""
        return self.batch_size * sum(below * size for below, size in pairwise(self.network.sizes))

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
