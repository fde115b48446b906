"""Losses of one's own, in a Python file that somebody trusted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.arrays import Floats
from engine.derivatives.autograd_oracle import AutogradOracle
from engine.derivatives.oracle import Oracle
from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.measures import Measures
from engine.experiments.own_problem import OwnProblem
from engine.groups import ParameterGroup
from engine.hyperparameters.values import Hyperparameters
from engine.own.loading import Loaded, load, out_of_range
from engine.own.trusted import content_for
from engine.randomness import WEIGHTS, generator
from engine.tasks.task import DataShape, Piece


@dataclass(frozen=True, eq=False)
class OwnTask:
    """What a person's file trains; a `Task`.

    Attributes:
        loaded: the file.
    """

    loaded: Loaded
    size: int
    products: int = 1_000_000  # not known: enough for seeds to be worth a thread each
    epoch: int = 1

    @property
    def data(self) -> DataShape:
        """There are no examples that Retrograde knows of; runs keep the file's text."""
        return DataShape(problem=self.loaded.content.text)

    @property
    def groups(self) -> tuple[ParameterGroup, ...]:
        """As the file declares them."""
        return self.loaded.groups

    def initial_noise(self, key: tuple[int, ...]) -> Floats:
        """(P,) where the file says that training starts; the initial scales multiply it."""
        start = self.loaded.starts(generator(*key, WEIGHTS))
        if start.size != self.size:
            raise InputError("start", f"expected {self.size} numbers again, found {start.size}.")
        return start

    def starts(self, initial: Mapping[str, float]) -> Mapping[str, Floats]:
        """Where the file's hyperparameters start, times what the experiment says."""
        return {
            kind: np.reshape(one.start * initial.get(kind, 1.0), one.start.shape)
            for kind, one in zip(self.loaded.declared.kinds, self.loaded.theta, strict=True)
        }

    def oracle(
        self,
        key: tuple[int, ...],
        hyperparameters: Hyperparameters,
        team: int = 1,
        *,
        final: bool = False,
    ) -> Oracle:
        """Derivatives of the file's losses, by autograd."""
        named, loaded = self.loaded.named, self.loaded

        def training_loss(w: Any, theta: Any, t: int) -> Any:
            return loaded.training_loss(w, named(theta), t)

        def validation_loss(w: Any, theta: Any) -> Any:
            return loaded.validation_loss(w, named(theta))

        theta = hyperparameters.theta
        return AutogradOracle(training_loss, validation_loss, theta if theta.size else None)

    def measure(
        self,
        w: Floats,
        hyperparameters: Hyperparameters,
        key: tuple[int, ...] = (),
        *,
        final: bool = False,
    ) -> Measures:
        """The file's losses; the training loss is that of its first iteration."""
        theta = self.loaded.named(_read_only(hyperparameters.theta))
        place = _read_only(w)
        losses: dict[str, Callable[[], Any] | None] = {
            "training_loss": lambda: self.loaded.training_loss(place, theta, 0),
            "validation_loss": lambda: self.loaded.validation_loss(place, theta),
        }
        if (test := self.loaded.test_loss) is not None:
            losses["test_loss"] = lambda: test(place, theta)
        with np.errstate(all="ignore"):
            return Measures({name: float(loss()) for name, loss in losses.items() if loss})

    def pieces(self, *, tangents: bool = False) -> list[Piece]:
        """Nothing is compiled."""
        return []

    def baselines(self, hyperparameters: Hyperparameters) -> Mapping[str, Hyperparameters]:
        """None."""
        return {}


def make(experiment: Experiment) -> OwnTask:
    """The task of an experiment with losses of one's own.

    Raises:
        InputError: nobody trusted the file in this process, it cannot be run, or it declares other
            things than the experiment says.
    """
    problem = experiment.problem
    loaded = load(content_for(problem.file, problem.sha256))
    task = OwnTask(loaded, loaded.starts(generator(0, 0, 0, WEIGHTS)).size)
    _check(experiment, problem, loaded, task)
    return task


def _check(experiment: Experiment, problem: OwnProblem, loaded: Loaded, task: OwnTask) -> None:
    if not problem.declares_as(loaded.declared):
        raise InputError(
            "problem",
            f"expected the groups and hyperparameters that {loaded.content.name} declares: "
            "open it again.",
        )
    settings = experiment.hyperparameters
    numbers = {
        kind: settings[kind].initial
        for kind in loaded.declared.kinds
        if isinstance(settings[kind].initial, float | int)
    }
    starts = task.starts(numbers)  # type: ignore[arg-type]
    for kind, declared in loaded.declared.kinds.items():
        setting = settings[kind]
        if why := out_of_range(starts[kind], declared, setting.domain, is_free=setting.free):
            raise InputError(f"hyperparameters.{kind}.initial", f"{declared.name}: {why}")


def _read_only(array: Floats) -> Floats:
    copy = np.array(array)
    copy.setflags(write=False)
    return copy
