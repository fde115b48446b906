"""What a dynamics is: one training step, its adjoint, and perhaps its exact inverse."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

import numpy as np

from engine.arrays import Floats
from engine.groups import ParameterGroup

if TYPE_CHECKING:
    from engine.derivatives.oracle import TrainingOracle

State: TypeAlias = tuple[Floats, ...]
"""An array (P,) for each slot of a dynamics: the elementary parameters w come first."""

Schedules: TypeAlias = Mapping[str, Floats]
"""By kind: (T, G) for a whole training run; (P,), a value for each parameter, for one iteration."""

Differentiate: TypeAlias = Callable[[Floats], tuple[Floats, Floats, Floats]]
"""direction u (P,) → g = ∇_w L (P,), ∇_w (g · u) (P,) and ∇_θ (g · u) (M,), where a step began."""


@dataclass
class Adjoint:
    """Derivatives of the objective, as they are carried backwards through training.

    Attributes:
        state: with respect to the state that the reverse pass has reached, a slot each.
        schedules: by kind, (T, G), filled for the iterations that it has gone through.
        theta: (M,) with respect to θ, as far as it has come.
    """

    state: State
    schedules: dict[str, Floats]
    theta: Floats


class PulledBack(NamedTuple):
    """One iteration of a reverse pass.

    Attributes:
        state: adjoint of the state before the step.
        schedules: by kind, (P,) derivatives with respect to what each parameter was moved by.
        theta: (M,) what to add to the derivatives with respect to θ.
    """

    state: State
    schedules: Schedules
    theta: Floats


class Dynamics(Protocol):
    """How training moves, in floating point; and how it is undone bit for bit, if it can be.

    Attributes:
        name: what experiments call it.
        title: what people call it.
        slots: what the state holds, "w" first.
        schedules: the kinds of hyperparameters that it owns.
        is_reversible: whether it has an exact form.
    """

    name: str
    title: str
    slots: tuple[str, ...]
    schedules: tuple[str, ...]
    is_reversible: bool

    def begin(self, w0: Floats, v0: Floats) -> State:
        """The state before training, of initial parameters and velocity (P,)."""

    def usable(self, schedules: Schedules) -> dict[str, Floats]:
        """The schedules as training really uses them, for example rounded.

        Raises:
            InputError: a value is out of the range of its kind.
        """

    def step(self, state: State, gradient: Floats, schedules: Schedules) -> State:
        """Take one training step, in the floating-point format of the state."""

    def pull_back(
        self,
        before: State,
        after: State,
        schedules: Schedules,
        adjoint: State,
        differentiate: Differentiate,
    ) -> PulledBack:
        """Carry an adjoint back through a step: the transpose of its derivative.

        Args:
            before: the state that the step led from.
            after: the state that it led to.
            schedules: (P,) what it was taken with.
            adjoint: of the state after it.
            differentiate: derivatives of the training loss where it began.
        """

    def push_forward(
        self,
        before: State,
        after: State,
        schedules: Schedules,
        gradient: Floats,
        moved: State,
        moved_schedules: Schedules,
        moved_gradient: Floats,
    ) -> None:
        """Carry a tangent forward through a step, in place: its derivative along a direction.

        Args:
            before: the state that the step led from.
            after: the state that it led to.
            schedules: (P,) what it was taken with.
            gradient: (P,) ∇_w L where it began.
            moved: how the state before it moves; becomes how the one after it moves.
            moved_schedules: (P,) by kind, how what it was taken with moves; none that do not.
            moved_gradient: (P,) how the gradient moves.
        """

    def undo(
        self, after: State, schedules: Schedules, gradient: Callable[[Floats], Floats]
    ) -> State:
        """Solve a step, in floating point, for the state before it.

        Args:
            after: the state after it, in any floating-point format.
            schedules: (P,) what it was taken with.
            gradient: ∇_w L at elementary parameters (P,).
        """

    def dropped_bits(self, schedules: Schedules, groups: Sequence[ParameterGroup]) -> Floats:
        """(T,) bits that each iteration loses and exact reversal has to keep: the entropy bound.

        Infinite where a step cannot be undone at any price.
        """

    def exact(
        self,
        start: State,
        groups: Sequence[ParameterGroup],
        schedules: Schedules,
        team: int = 1,
        buffer_memory: int | None = None,
    ) -> ExactForm:
        """The exact, reversible form of a training run; only of a dynamics that has one.

        Args:
            start: the state before training.
            groups: the G parameter groups.
            schedules: (T, G) by kind, as `usable` gives them.
            team: threads that may share the work; results do not depend on it.
            buffer_memory: see `InformationBuffer`.

        Raises:
            DivergedError: the start is out of the range of fixed-point numbers.
        """


class ExactForm(Protocol):
    """A training run in exact arithmetic, held at some iteration."""

    @property
    def w(self) -> Floats:
        """(P,) the elementary parameters; good until the next step."""

    @property
    def state(self) -> State:
        """All slots in floating point, copies."""

    @property
    def buffer_bytes(self) -> int:
        """Bytes of what the dropped bits are kept in, as it would be packed."""

    @property
    def kept_bytes(self) -> int:
        """Bytes of what the dropped bits are kept in, as it is held: in memory or in its file."""

    @property
    def file_bytes(self) -> int:
        """How many of them are in a temporary file."""

    @property
    def working_bytes(self) -> int:
        """Bytes of the state and of what is worked on: what is held whatever T is."""

    def step(self, oracle: TrainingOracle, t: int) -> float:
        """Take training step t.

        Returns:
            The training loss where the step began.

        Raises:
            DivergedError: a value is not finite or leaves the range. The state is then spoiled.
        """

    def undo(self, oracle: TrainingOracle, t: int, adjoint: Adjoint | None = None) -> None:
        """Undo training step t, bit for bit; with an adjoint, carry that back through it, too."""

    def turn_round(self) -> None:
        """Pack what was kept: training is over, reversal is about to begin."""

    def is_at(self, start: State) -> bool:
        """Whether the state is a start to the last bit, and nothing is left to undo."""


def reversible_from(dynamics: Dynamics) -> Mapping[str, float]:
    """By kind of schedule, the least value with which the exact form can undo a step, if any.

    A dynamics says so in an attribute of this name; without it, any value will do.
    """
    found: Mapping[str, float] = getattr(dynamics, "reversible_from", {})
    return found


def spread(values: Floats, groups: Sequence[ParameterGroup]) -> Floats:
    """(…, G) values, one a group → (…, P) values, one a parameter."""
    full = np.empty((*values.shape[:-1], max((group.stop for group in groups), default=0)))
    for index, group in enumerate(groups):
        full[..., group.span] = values[..., index, None]
    return full


def sum_by_group(values: Floats, groups: Sequence[ParameterGroup]) -> Floats:
    """(P,) values → (G,) their sums: the transpose of spreading."""
    return np.array([values[group.span].sum() for group in groups])
