"""Several tasks at once, a network each, that share parameters as far as a matrix a layer says."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Floats
from engine.data.drawings import Drawings
from engine.data.splits import Part
from engine.derivatives.models import Network
from engine.derivatives.sharing_oracle import SharingOracle, groups_of_all, mix
from engine.errors import InputError
from engine.experiments.experiment import Data, Experiment
from engine.experiments.measures import Measures
from engine.groups import ParameterGroup
from engine.hyperparameters.l2_penalties import NO_PENALTIES
from engine.hyperparameters.values import Hyperparameters
from engine.kernels.examples import make_examples
from engine.randomness import DRAWINGS, WEIGHTS, generator
from engine.tasks.fitting import open_drawings
from engine.tasks.networks import PRECISIONS
from engine.tasks.task import DataShape, Piece

Key = tuple[int, ...]
Places = NDArray[np.int64]

SEPARATE: Final = "separate"
TIED_LOWEST_LAYER: Final = "tied lowest layer"


class Amounts(NamedTuple):
    """How many drawings of each character are used for what.

    Attributes:
        train, validation: of the first ``train + validation``, divided anew for each training run.
        test: of those that follow, always the same.
    """

    train: int
    validation: int
    test: int

    @property
    def before_test(self) -> int:
        """How many are not kept aside."""
        return self.train + self.validation


@dataclass(frozen=True, eq=False)
class SharingTask:
    """A network for each alphabet, upright and turned by 90 degrees; a `Task`.

    An alphabet and its turned copy are divided alike: no drawing is trained on in one and judged
    on in the other.

    Attributes:
        drawings: of the alphabets.
        amounts: how many of each character are for what.
        network: of each task; its outputs are as many as any alphabet's characters.
        objective: the loss after training that is differentiated.
        precision: of the networks' arithmetic.
        penalty_granularity: how finely the L2 penalties are set.
    """

    drawings: Drawings
    amounts: Amounts
    network: Network
    objective: Literal["validation", "training"]
    precision: Literal["double", "single"] = "double"
    penalty_granularity: str = "one"

    @property
    def groups(self) -> tuple[ParameterGroup, ...]:
        """The G parameter groups: the weights and biases of every layer, of all tasks together."""
        return groups_of_all(self.network.groups, len(self._images))

    @property
    def size(self) -> int:
        """P, the number of elementary parameters."""
        return len(self._images) * self.network.size

    @property
    def data(self) -> DataShape:
        """What views need to know of the data."""
        names = [alphabet.name for alphabet in self.drawings.alphabets]
        height, width = self.drawings.alphabets[0].images.shape[2:]
        return DataShape(
            height * width,
            tuple(f"character {number + 1}" for number in range(self.network.sizes[-1])),
            (height, width),
            (*names, *(f"{name}, turned" for name in names)),
            summed=len(self._images),
        )

    @property
    def products(self) -> int:
        """Multiplications that one training iteration takes, roughly."""
        examples = self.amounts.train * sum(len(images) for images in self._images)
        return examples * sum(below * size for below, size in pairwise(self.network.sizes))

    @property
    def epoch(self) -> int:
        """Every iteration sees all examples."""
        return 1

    def initial_noise(self, key: Key) -> Floats:
        """(P,) standard normal numbers that the initial scales multiply."""
        return generator(*key, WEIGHTS).standard_normal(self.size)

    def starts(self, initial: Mapping[str, float]) -> Mapping[str, Floats]:
        """The mixing matrices: so far from networks of their own, 0, to one network for all, 1."""
        share = [initial["sharing"]] * (len(self.network.sizes) - 1)
        return {"sharing": self._mixing(share)}

    def oracle(
        self,
        key: Key,
        hyperparameters: Hyperparameters,
        team: int = 1,
        *,
        final: bool = False,
    ) -> SharingOracle:
        """Derivatives of the losses of one training run.

        Args:
            key: (seed, meta-iteration, replicate): what its split depends on.
            hyperparameters: what it is trained with.
            team: threads that may share the tasks.
            final: whether it is trained on everything that is not kept aside for the test.
        """
        train, validation, _ = self._parts(key, final=final)
        parts = train if final or self.objective == "training" else (*train, *validation)
        stops = np.cumsum([len(part.targets) for part in parts]).tolist()
        slices = [slice(*ends) for ends in pairwise([0, *stops])]
        examples = make_examples(
            np.concatenate([part.inputs for part in parts]),
            np.concatenate([part.targets for part in parts]),
            PRECISIONS[self.precision],
        )
        tasks = len(train)
        return SharingOracle(
            self.network,
            examples,
            slices[:tasks],
            slices[-tasks:],
            hyperparameters.get("l2_penalties", NO_PENALTIES),
            hyperparameters["sharing"],
            penalty_granularity=self.penalty_granularity,
            team=team,
        )

    def measure(
        self, w: Floats, hyperparameters: Hyperparameters, key: Key = (), *, final: bool = False
    ) -> Measures:
        """Judge elementary parameters on all parts: means over the tasks.

        Args:
            w: (P,) trained elementary parameters.
            hyperparameters: what they were trained with.
            key: of the training run, whose split its losses are of.
            final: whether it was trained on everything that is not kept aside for the test.
        """
        network, mixed = self.network, mix(w, hyperparameters["sharing"], self.network.groups)

        def mean(judge: Callable[..., float], parts: list[Part]) -> float | None:
            if not len(parts[0].targets):
                return None
            pairs = zip(mixed, parts, strict=True)
            return float(np.mean([judge(w, part.inputs, part.targets) for w, part in pairs]))

        train, validation, test = self._parts(key, final=final)
        training = mean(network.mean_loss, train)
        assert training is not None, "there are always drawings to train on"
        return Measures(
            {
                "training_loss": training,
                "validation_loss": mean(network.mean_loss, validation),
                "test_loss": mean(network.mean_loss, test),
                "test_accuracy": mean(network.accuracy, test),
            }
        )

    def pieces(self, *, tangents: bool = False) -> list[Piece]:
        """The derivatives of networks, and the mixing of their parameters."""
        return [("the derivatives of networks that share", self._mix_tiny_networks)]

    def _mix_tiny_networks(self) -> None:
        network, first = Network((1, 1, 2)), slice(0, 1)
        precision = PRECISIONS[self.precision]
        examples = make_examples(np.ones((1, 1)), np.zeros(1, np.int64), precision)
        oracle = SharingOracle(network, examples, [first], [first], np.zeros(1), np.ones((2, 1, 1)))
        oracle.gradient(np.ones(network.size), 0)
        oracle.gradient_and_products(np.ones(network.size), 0, np.ones(network.size))
        oracle.objective(np.ones(network.size))

    def baselines(self, hyperparameters: Hyperparameters) -> Mapping[str, Hyperparameters]:
        """Sharing nothing, and sharing the whole of the lowest layer."""
        above = len(self.network.sizes) - 2
        shares = {SEPARATE: [0.0, *above * [0.0]], TIED_LOWEST_LAYER: [1.0, *above * [0.0]]}
        return {
            name: hyperparameters.replace(sharing=self._mixing(share))
            for name, share in shares.items()
        }

    @cached_property
    def _images(self) -> tuple[NDArray[np.float32], ...]:
        """(characters, drawings, D) of each task."""
        upright = [alphabet.images for alphabet in self.drawings.alphabets]
        turned = [np.rot90(images, axes=(2, 3)) for images in upright]
        return tuple(images.reshape(*images.shape[:2], -1) for images in (*upright, *turned))

    def _mixing(self, shares: list[float]) -> Floats:
        """(L, n, n) matrices so far from networks of their own, 0, to one for all, 1."""
        n = len(self._images)
        return np.array([(1 - share) * np.eye(n) + share / n for share in shares])

    def _parts(self, key: Key, *, final: bool) -> tuple[list[Part], list[Part], list[Part]]:
        """What each task trains on, validates on, and is tested on."""
        first, stop = self.amounts.before_test, sum(self.amounts)
        random = generator(*key, DRAWINGS)
        parts: tuple[list[Part], ...] = ([], [], [])
        orders = [
            random.permuted(np.tile(np.arange(first), (len(alphabet.images), 1)), axis=1)
            for alphabet in self.drawings.alphabets
        ]
        for images, order in zip(self._images, (*orders, *orders), strict=True):
            cut = first if final else self.amounts.train
            aside = np.tile(np.arange(first, stop), (len(images), 1))
            for part, chosen in zip(parts, (order[:, :cut], order[:, cut:], aside), strict=True):
                part.append(_part(images, chosen))
        return parts[0], parts[1], parts[2]


def _part(images: NDArray[Any], chosen: Places) -> Part:
    """Some of the drawings of each character, one character after the other.

    Args:
        images: (characters, drawings, D).
        chosen: (characters, m) which of its drawings.
    """
    inputs = np.take_along_axis(images, chosen[:, :, None], axis=1)
    classes = np.repeat(np.arange(len(images)), chosen.shape[1])
    return Part(inputs.reshape(-1, images.shape[2]), classes)


def make(experiment: Experiment) -> SharingTask:
    """The task of an experiment whose data are several tasks.

    Raises:
        InputError: the data cannot be used, or does not fit the model or the objective.
    """
    model, data, training = experiment.model, experiment.data, experiment.training
    if data.scaling != "none":
        raise InputError("data.scaling", "expected none with shared networks.")
    if training.batch_size is not None:
        raise InputError(
            "training.batch_size",
            "expected none, because shared networks train on all drawings.",
        )
    drawings = open_drawings(data)
    amounts = _amounts(data, drawings)
    if experiment.meta.objective == "validation" and not amounts.validation:
        raise InputError(
            "data.validation", "expected at least one drawing for the validation loss as objective."
        )
    features = math.prod(drawings.alphabets[0].images.shape[2:])
    outputs = max(len(alphabet.images) for alphabet in drawings.alphabets)
    network = Network(
        (features, *model.hidden, outputs), activation=model.activation, loss=model.loss
    )
    return SharingTask(
        drawings,
        amounts,
        network,
        experiment.meta.objective,
        training.precision,
        experiment.hyperparameters["l2_penalties"].granularity,
    )


def _amounts(data: Data, drawings: Drawings) -> Amounts:
    """How many drawings of each character are for what."""
    each = drawings.alphabets[0].images.shape[1]
    amounts = Amounts(
        *(
            amount if isinstance(amount, int) else math.floor(amount * each + 1e-9)
            for amount in (data.train, data.validation, data.test)
        )
    )
    if not amounts.train:
        raise InputError(
            "data.train",
            f"expected at least 1 of the {each} drawings of a character, found {data.train}.",
        )
    if sum(amounts) > each:
        raise InputError(
            "data.train + data.validation + data.test",
            f"expected at most {each} drawings of a character, found {sum(amounts)}.",
        )
    return amounts
