"""Kernel ridge regression: a smooth function through numbers, with a Gaussian kernel.

Its width and its penalty can both be learned. The width is also in the kernel between training and
validation examples, so that the hypergradient has a direct term (Bengio 2000).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.data.dataset import Dataset
from engine.data.splits import Part, Split, split_dataset
from engine.derivatives.kernel_oracle import (
    KernelOracle,
    KernelProblem,
    gaussian,
    squared_distances,
)
from engine.derivatives.oracle import Oracle
from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.measures import Measures
from engine.experiments.tasks import misfit
from engine.groups import ParameterGroup
from engine.hyperparameters.l2_penalties import NO_PENALTIES
from engine.hyperparameters.values import Hyperparameters
from engine.randomness import WEIGHTS, generator
from engine.tasks.fitting import open_dataset
from engine.tasks.task import DataShape, Piece

_MOST_EXAMPLES: Final = 5_000
"""Whose kernel takes 200 MB."""


@dataclass(frozen=True, eq=False)
class KernelRidgeTask:
    """Kernel ridge on a divided data set; a `Task`.

    Attributes:
        dataset: where the examples come from.
        split: the examples, divided and scaled.
        penalty_granularity: how finely the L2 penalties are set.
    """

    dataset: Dataset
    split: Split
    penalty_granularity: str = "one"
    epoch: int = 1

    @cached_property
    def groups(self) -> tuple[ParameterGroup, ...]:
        """All coefficients together."""
        return (ParameterGroup("coefficients", 0, self.size),)

    @property
    def size(self) -> int:
        """P, a coefficient for each training example."""
        return len(self.split.train.targets)

    @property
    def data(self) -> DataShape:
        """What views need to know of the data."""
        return DataShape(self.dataset.features, notes=self.dataset.notes)

    @property
    def products(self) -> int:
        """Multiplications that one training iteration takes."""
        return self.size**2

    def initial_noise(self, key: tuple[int, ...]) -> Floats:
        """(P,) standard normal numbers that the initial scales multiply."""
        return generator(*key, WEIGHTS).standard_normal(self.size)

    def starts(self, initial: Mapping[str, float]) -> Mapping[str, Floats]:
        """The width of the kernel."""
        return {"kernel_widths": np.array([float(initial["kernel_widths"])])}

    def oracle(
        self,
        key: tuple[int, ...],
        hyperparameters: Hyperparameters,
        team: int = 1,
        *,
        final: bool = False,
    ) -> Oracle:
        """Derivatives of the criterion, and of the error on the validation part."""
        return KernelOracle(
            self._problem,
            hyperparameters.get("l2_penalties", NO_PENALTIES),
            self.penalty_granularity,
            hyperparameters["kernel_widths"],
        )

    @cached_property
    def _problem(self) -> KernelProblem:
        train, judged = self.split.train, self.split.validation
        return KernelProblem(
            squared_distances(train.inputs, train.inputs),
            train.targets,
            squared_distances(judged.inputs, train.inputs),
            judged.targets,
            self.groups,
        )

    def predictions(self, w: Floats, width: float, inputs: Floats) -> Floats:
        """(n,) what the function with coefficients w (P,) is at inputs (n, D)."""
        squares = squared_distances(inputs, self.split.train.inputs)
        return np.asarray(gaussian(squares, width) @ w)

    def own_units(self, targets: Floats) -> Floats:
        """Standardised targets, of any shape, as the data have them."""
        return self.split.target_mean + self.split.target_scale * targets

    def measure(
        self,
        w: Floats,
        hyperparameters: Hyperparameters,
        key: tuple[int, ...] = (),
        *,
        final: bool = False,
    ) -> Measures:
        """Mean squared errors on all three parts."""
        width = float(hyperparameters["kernel_widths"][0])

        def error(part: Part) -> float | None:
            if not len(part.targets):
                return None
            misses = self.predictions(w, width, part.inputs) - part.targets
            return float(np.mean(misses**2))

        split = self.split
        parts = {"training": split.train, "validation": split.validation, "test": split.test}
        return Measures({f"{name}_loss": error(part) for name, part in parts.items()})

    def pieces(self, *, tangents: bool = False) -> list[Piece]:
        """Nothing is compiled."""
        return []

    def baselines(self, hyperparameters: Hyperparameters) -> Mapping[str, Hyperparameters]:
        """None."""
        return {}


def make(experiment: Experiment) -> KernelRidgeTask:
    """The task of an experiment with kernel ridge.

    Raises:
        InputError: the data cannot be used, or there are too many training examples.
    """
    data = experiment.data
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
    )
    if not len(split.validation.targets):
        raise InputError(
            "data.validation", "expected at least one example for the validation loss as objective."
        )
    if len(split.train.targets) > _MOST_EXAMPLES:
        raise InputError(
            "data.train",
            f"expected at most {_MOST_EXAMPLES:,} examples for kernel ridge, "
            f"found {len(split.train.targets):,}.",
        )
    return KernelRidgeTask(dataset, split, experiment.hyperparameters["l2_penalties"].granularity)
