"""What a kind's values extend over, and how fine ones follow from coarse ones.

An experiment sets a kind as finely as it likes: its *own* values. Training wants them at *full*
shape. Each extent says both shapes, spreads own values to full shape, and gathers derivatives by
full values into derivatives by own ones, which is the transpose of spreading.
"""

from typing import Literal, NamedTuple, Protocol

import numpy as np

from engine.arrays import Floats
from engine.groups import ParameterGroup

Enters = Literal["schedule", "start", "loss"]


class Sizes(NamedTuple):
    """What shapes depend on.

    Attributes:
        iterations: T.
        groups: the G parameter groups.
    """

    iterations: int
    groups: tuple[ParameterGroup, ...]

    @property
    def parameters(self) -> int:
        """P, the number of elementary parameters."""
        return max(group.stop for group in self.groups)

    @property
    def inputs(self) -> int:
        """D, the inputs of the first layer, whose weights are the first group.

        Raises:
            LookupError: there are no layers.
        """
        if self.groups[0].fan_in is None:
            raise LookupError("the parameters are not those of layers")
        return self.groups[0].fan_in

    @property
    def is_deep(self) -> bool:
        """Whether layers follow on the first one."""
        return any(group.layer for group in self.groups)


class Extent(Protocol):
    """What the values of a kind extend over.

    Attributes:
        enters: where in training they come in: a *schedule* over its iterations, its *start*, or a
            *loss* (then they are part of θ).
        granularities: how finely they can be set.
    """

    enters: Enters
    granularities: tuple[str, ...]

    def shape(self, granularity: str, sizes: Sizes) -> tuple[int, ...]:
        """The shape of a kind's own values."""

    def spread(self, own: Floats, sizes: Sizes) -> Floats:
        """The values at full shape, a copy."""

    def gather(self, full: Floats, shape: tuple[int, ...]) -> Floats:
        """Derivatives by own values of this shape, of those by full ones."""


class OverIterationsAndGroups:
    """A value for each training iteration and group at the finest; (T, G) at full shape."""

    enters: Enters = "schedule"
    granularities: tuple[str, ...] = ("one", "iteration", "group", "iteration and group")

    def shape(self, granularity: str, sizes: Sizes) -> tuple[int, ...]:
        """(T or 1, G or 1)."""
        return (
            sizes.iterations if "iteration" in granularity else 1,
            len(sizes.groups) if "group" in granularity else 1,
        )

    def spread(self, own: Floats, sizes: Sizes) -> Floats:
        """(T, G)."""
        return np.broadcast_to(own, (sizes.iterations, len(sizes.groups))).copy()

    def gather(self, full: Floats, shape: tuple[int, ...]) -> Floats:
        """Sums over what shares a value."""
        return _summed(full, shape)


class OverGroups:
    """A value for each group at the finest; (G,) at full shape."""

    enters: Enters = "start"
    granularities: tuple[str, ...] = ("one", "group")

    def shape(self, granularity: str, sizes: Sizes) -> tuple[int, ...]:
        """(G or 1,)."""
        return (len(sizes.groups) if granularity == "group" else 1,)

    def spread(self, own: Floats, sizes: Sizes) -> Floats:
        """(G,)."""
        return np.broadcast_to(own, (len(sizes.groups),)).copy()

    def gather(self, full: Floats, shape: tuple[int, ...]) -> Floats:
        """Sums over what shares a value."""
        return _summed(full, shape)


class OverParameters:
    """A value for each elementary parameter at the finest.

    The loss takes the kind's own values as a part of θ, so that θ is no larger than it must be, and
    spreads them itself; see `engine.hyperparameters.l2_penalties`.
    """

    enters: Enters = "loss"
    granularities: tuple[str, ...] = ("one", "group", "input", "weight")

    def shape(self, granularity: str, sizes: Sizes) -> tuple[int, ...]:
        """(1,), (G,), (D,) or (P,); with hidden layers (D + 1,) instead of (D,).

        Raises:
            LookupError: one an input is asked for of parameters that are not those of layers.
        """
        if granularity == "weight":
            return (sizes.parameters,)
        if granularity == "input":
            return (sizes.inputs + sizes.is_deep,)
        return (len(sizes.groups) if granularity == "group" else 1,)

    def spread(self, own: Floats, sizes: Sizes) -> Floats:
        """The same."""
        return own.copy()

    def gather(self, full: Floats, shape: tuple[int, ...]) -> Floats:
        """The same."""
        return full


class OverEntries:
    """A value for each entry of an array whose shape, and start, the task alone knows."""

    enters: Enters = "loss"
    granularities: tuple[str, ...] = ("entry",)

    def shape(self, granularity: str, sizes: Sizes) -> tuple[int, ...]:
        """Not known here: the task says where these values start."""
        raise LookupError("the task says where these values start")

    def spread(self, own: Floats, sizes: Sizes) -> Floats:
        """The same."""
        return own.copy()

    def gather(self, full: Floats, shape: tuple[int, ...]) -> Floats:
        """The same."""
        return full


def _summed(full: Floats, shape: tuple[int, ...]) -> Floats:
    for axis, length in enumerate(shape):
        if length == 1:
            full = full.sum(axis=axis, keepdims=True)
    return full
