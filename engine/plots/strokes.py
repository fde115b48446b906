"""The strokes that tell layers apart, the same in every plot."""

from typing import Literal

from engine.plots.base import PALETTE


def colour_of_layer(group: int) -> int:
    """The colour of the layer that a parameter group belongs to."""
    return group // 2 % len(PALETTE)


def stroke_of_group(group: int) -> tuple[int, Literal["solid", "dashed"]]:
    """A colour a layer, whose weights are drawn solid and whose biases dashed."""
    return colour_of_layer(group), "dashed" if group % 2 else "solid"
