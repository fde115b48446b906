"""Two weights on a curved surface: the first example of the paper (figure 1), which has no data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from engine.arrays import Floats
from engine.derivatives.autograd_oracle import AutogradOracle
from engine.derivatives.differentiation import anp
from engine.derivatives.models import l2_penalty
from engine.derivatives.oracle import Oracle
from engine.experiments.experiment import Experiment
from engine.experiments.measures import Measures
from engine.groups import ParameterGroup
from engine.hyperparameters.values import Hyperparameters
from engine.tasks.task import NO_EXAMPLES, DataShape, Piece

START: Final = np.array([1.4, 3.9])
"""Where training begins, times the initial scale."""


def surface(first: Any, second: Any) -> Any:
    """The loss of two weights: 800 σ(r/500), r = 100 (w₂ − w₁²)² + (1 − w₁)² + 200 w₁."""
    bend = 100.0 * (second - first**2) ** 2 + (1.0 - first) ** 2 + 200.0 * first
    return 400.0 * (1.0 + anp.tanh(bend / 1000.0))


@dataclass(frozen=True, eq=False)
class SurfaceTask:
    """Going downhill on the surface; a `Task`.

    Attributes:
        penalty_granularity: how finely the L2 penalties are set.
    """

    penalty_granularity: str = "one"
    groups: tuple[ParameterGroup, ...] = (ParameterGroup("weights", 0, 2, 0, "weights"),)
    size: int = 2
    products: int = 20
    epoch: int = 1
    data: DataShape = NO_EXAMPLES

    def initial_noise(self, key: tuple[int, ...]) -> Floats:
        """Always the same start."""
        return START.copy()

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
        """Derivatives of the surface, which is the training loss and the objective."""
        penalties = hyperparameters.get("l2_penalties")

        def training_loss(w: Any, theta: Any, t: int) -> Any:
            return surface(w[0], w[1]) + l2_penalty(w, theta, self.penalty_granularity, self.groups)

        def objective(w: Any, theta: Any) -> Any:
            return surface(w[0], w[1])

        def training_loss_alone(w: Any, theta: Any, t: int) -> Any:
            return surface(w[0], w[1])

        if penalties is None:
            return AutogradOracle(training_loss_alone, objective, None)
        return AutogradOracle(training_loss, objective, penalties)

    def measure(
        self,
        w: Floats,
        hyperparameters: Hyperparameters,
        key: tuple[int, ...] = (),
        *,
        final: bool = False,
    ) -> Measures:
        """The height of the surface."""
        return Measures({"training_loss": float(surface(w[0], w[1]))})

    def pieces(self, *, tangents: bool = False) -> list[Piece]:
        """Nothing is compiled."""
        return []

    def baselines(self, hyperparameters: Hyperparameters) -> Mapping[str, Hyperparameters]:
        """None."""
        return {}


def make(experiment: Experiment) -> SurfaceTask:
    """The task of an experiment on the surface."""
    return SurfaceTask(experiment.hyperparameters["l2_penalties"].granularity)
