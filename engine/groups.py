"""Parameter groups: one layer's weights or biases, sharing learning rate and decay."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from engine.errors import InputError
from engine.sentences import shown


@dataclass(frozen=True)
class ParameterGroup:
    """A named, contiguous stretch of the elementary parameters.

    Attributes:
        name: what a person calls it, "layer 1 weights".
        start: index of the group's first parameter.
        stop: index after its last one.
        layer: which layer it belongs to, from 0; None if there are no layers.
        role: "weights" or "biases" of the layer; None if it is neither.
        fan_in: how many inputs its units have; None if it has no units, and of biases.

    """

    name: str
    start: int
    stop: int
    layer: int | None = None
    role: Literal["weights", "biases"] | None = None
    fan_in: int | None = None

    @property
    def size(self) -> int:
        """Number of parameters."""
        return self.stop - self.start

    @property
    def span(self) -> slice:
        """The slice that picks the group out of a parameter vector."""
        return slice(self.start, self.stop)


def partition(groups: Sequence[Any] | None, size: int) -> tuple[ParameterGroup, ...]:
    """Check that slices partition range(size), and name them "group 0", "group 1", ….

    Args:
        groups: slices with step 1, or groups that have names already, in any order; None is one
            group of everything.
        size: number of elementary parameters.

    Raises:
        InputError: the slices overlap, leave gaps, or are not contiguous.

    """
    if groups is None:
        return (ParameterGroup("all parameters", 0, size),)
    if not isinstance(groups, Sequence):
        raise InputError("groups", f"expected slices or None, found {type(groups).__name__}.")
    named = []
    for index, group in enumerate(groups):
        if isinstance(group, ParameterGroup):
            named.append(group)
            continue
        if not isinstance(group, slice):
            raise InputError(f"groups[{index}]", f"expected a slice, found {shown(group)}.")
        if group.step not in (None, 1):
            raise InputError(
                f"groups[{index}]", f"expected a slice with step 1, found step {shown(group.step)}."
            )
        try:
            start, stop, _ = group.indices(size)
        except TypeError:
            found = shown(group)
            raise InputError(
                f"groups[{index}]", f"expected a slice of whole numbers, found {found}."
            ) from None
        named.append(ParameterGroup(f"group {index}", start, max(start, stop)))
    reached = 0
    for part in sorted((part for part in named if part.size), key=lambda part: part.start):
        if part.start != reached:
            raise InputError(
                "groups",
                f"expected slices that partition range({size}), "
                f"found a gap or an overlap at {min(reached, part.start)}.",
            )
        reached = part.stop
    if reached != size:
        raise InputError(
            "groups", f"expected slices that partition range({size}), found an end at {reached}."
        )
    return tuple(named)
