"""What a run asks of a task: something with parameters to train, and losses to judge them by."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Floats
from engine.experiments.measures import Measures
from engine.groups import ParameterGroup
from engine.hyperparameters.values import Hyperparameters

if TYPE_CHECKING:  # only named here, and with it come autograd and numba
    from engine.derivatives.oracle import Oracle


class DataShape(NamedTuple):
    """What views need to know of the data.

    Attributes:
        features: of an example; 0 if there are no examples.
        class_names: one for each class; empty if numbers are predicted.
        image_shape: (height, width) if the features are pixels.
        task_names: one for each task, where the data are several tasks.
        notes: what had to be decided about their file (see `engine.data.dataset.Dataset`), and
            where they are used otherwise than asked for.
        corrupted: (R, N) which training labels were moved to another class on purpose, with a row
            for each seed; None if none were. For showing and judging alone.
        feature_names: one for each feature of an example; empty if there are no examples.
        noise_inputs: how many of them, at the end, are noise on purpose. For showing alone.
        steps: of a series, how old its first value is when the last one is forecast; else 0.
        summed: the training loss is the sum of so many, one an episode or a task, each trained as
            if it were alone; what is shown of it is their mean, as measures are.
        problem: the text of the Python file that has the losses; empty if there is none.
    """

    features: int = 0
    class_names: tuple[str, ...] = ()
    image_shape: tuple[int, int] | None = None
    task_names: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    corrupted: NDArray[np.bool_] | None = None
    feature_names: tuple[str, ...] = ()
    noise_inputs: int = 0
    steps: int = 0
    summed: int = 1
    problem: str = ""


NO_EXAMPLES: Final = DataShape()


Piece: TypeAlias = tuple[str, Callable[[], object]]
"""What is compiled, in words; and a call on a tiny problem, which compiles it."""


class Task(Protocol):
    """What one training run trains, and on what."""

    @property
    def groups(self) -> tuple[ParameterGroup, ...]:
        """The G parameter groups."""

    @property
    def size(self) -> int:
        """P, the number of elementary parameters."""

    @property
    def data(self) -> DataShape:
        """What views need to know of the data."""

    @property
    def products(self) -> int:
        """Multiplications that one training iteration takes, roughly."""

    @property
    def epoch(self) -> int:
        """Iterations in which training sees all examples."""

    def initial_noise(self, key: tuple[int, ...]) -> Floats:
        """(P,) what the initial scales multiply to give the initial parameters."""

    def starts(self, initial: Mapping[str, float]) -> Mapping[str, Floats]:
        """Where the hyperparameters start that only some tasks have.

        Args:
            initial: the number that an experiment gives for each of them.

        Returns:
            Of those that this task has, the values; see
            `engine.hyperparameters.kind.Kind.is_set_by_entry`.
        """

    def oracle(
        self,
        key: tuple[int, ...],
        hyperparameters: Hyperparameters,
        team: int = 1,
        *,
        final: bool = False,
    ) -> Oracle:
        """Derivatives of the losses of one training run; its θ is `Hyperparameters.theta`.

        Args:
            key: (seed, meta-iteration, replicate): what its minibatches depend on.
            hyperparameters: what it is trained with.
            team: threads that may share a minibatch.
            final: whether it is only trained to be judged, after meta-optimization: on everything
                that is not kept aside for the test.
        """

    def measure(
        self,
        w: Floats,
        hyperparameters: Hyperparameters,
        key: tuple[int, ...] = (),
        *,
        final: bool = False,
    ) -> Measures:
        """Judge trained parameters, without penalties; see `TaskKind.measures`.

        Args:
            w: (P,).
            hyperparameters: what they were trained with.
            key: of their training run, as for its oracle.
            final: as for its oracle.
        """

    def pieces(self, *, tangents: bool = False) -> list[Piece]:
        """What it needs that has to be compiled first.

        Args:
            tangents: whether second derivatives along many directions will be asked for.
        """

    def baselines(self, hyperparameters: Hyperparameters) -> Mapping[str, Hyperparameters]:
        """What the outcome of meta-optimization is to be compared with, by name; often nothing."""


class Step(NamedTuple):
    """How far something is that a task does by itself.

    Attributes:
        what: it is, as a phrase for the status line.
        done: pieces of it that are done.
        total: how many there are.
    """

    what: str
    done: int
    total: int


@runtime_checkable
class Classifies(Protocol):
    """What a `Task` also has whose accuracy on the validation part can be measured."""

    def validation_accuracy(
        self, w: Floats, hyperparameters: Hyperparameters, key: tuple[int, ...] = ()
    ) -> float:
        """The share of the validation part that is classified rightly.

        Args:
            w: (P,).
            hyperparameters: what they were trained with.
            key: of their training run, as for its oracle.

        Raises:
            InputError: there are no classes, or no validation examples.
        """


@runtime_checkable
class JudgesByItself(Protocol):
    """What a `Task` also has that is judged otherwise than by training once more."""

    def judged(
        self, hyperparameters: Hyperparameters, key: tuple[int, ...]
    ) -> Generator[Step, None, Measures]:
        """Judge what meta-optimization arrived at, or one of its baselines.

        Args:
            hyperparameters: what is judged.
            key: (seed, meta-iteration, replicate).
        """

    def find_baselines(
        self, hyperparameters: Hyperparameters
    ) -> Generator[Step, None, Mapping[str, Hyperparameters]]:
        """The same as `Task.baselines`, with those that take a while to be found."""
