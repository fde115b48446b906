"""The strokes that tell parameter groups apart, the same in every plot."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from engine.groups import ParameterGroup
from engine.plots.base import PALETTE, Factors


class Strand(NamedTuple):
    """What has a line of its own among values that are set by parameter group.

    Attributes:
        name: what the legend calls it.
        colour, dash: of its line: a colour a layer, weights solid and biases dashed.
        factors: layer and role, if it has both.
    """

    name: str
    colour: int
    dash: Literal["solid", "dashed"]
    factors: Factors | None = None


def strands(groups: Sequence[ParameterGroup], *, per_group: bool) -> list[Strand]:
    """One for each group, or one for all of them together."""
    if not per_group:
        return [Strand("all groups", 0, "solid")]
    return [
        Strand(
            group.name,
            _colour(group, index),
            "dashed" if group.role == "biases" else "solid",
            _factors(group),
        )
        for index, group in enumerate(groups)
    ]


def _colour(group: ParameterGroup, index: int) -> int:
    return (index if group.layer is None else group.layer) % len(PALETTE)


def _factors(group: ParameterGroup) -> Factors | None:
    if group.layer is None or group.role is None:
        return None
    return Factors("layer", str(group.layer + 1), group.role)
