"""Parameter groups: one layer's weights or biases, sharing learning rate and decay."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from engine.errors import InputError


@dataclass(frozen=True)
class ParameterGroup:
    """A named, contiguous stretch of the elementary parameters.

    Attributes:
        name: what a person calls it, "layer 1 weights".
        start: index of the group's first parameter.
        stop: index after its last one.

    """

    name: str
    start: int
    stop: int

    @property
    def size(self) -> int:
        """Number of parameters."""
        return self.stop - self.start

    @property
    def span(self) -> slice:
        """The slice that picks the group out of a parameter vector."""
        return slice(self.start, self.stop)


def fan_in(groups: Sequence[ParameterGroup]) -> dict[str, int]:
    """How many inputs a unit has, for each group of weights that its layer's biases follow."""
    return {
        weights.name: weights.size // biases.size
        for weights, biases in pairwise(groups)
        if weights.name.endswith("weights") and biases.name.endswith("biases")
    }


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
    named = []
    for index, group in enumerate(groups):
        if isinstance(group, ParameterGroup):
            named.append(group)
            continue
        if not isinstance(group, slice):
            raise InputError(f"groups[{index}]", f"expected a slice, found {group!r}.")
        if group.step not in (None, 1):
            raise InputError(
                f"groups[{index}]", f"expected a slice with step 1, found step {group.step}."
            )
        start, stop, _ = group.indices(size)
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
