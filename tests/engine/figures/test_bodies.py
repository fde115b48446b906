"""Lines over an axis as a figure draws them."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from plots_for_tests import lines

from engine.figures.figure import draw
from engine.plots import Line
from engine.plots.base import Factors


@pytest.mark.parametrize("layers", [2, 4, 6])
def test_layers_and_roles_are_told_apart_without_colours(layers: int) -> None:
    x = np.arange(40.0)
    named = {
        f"layer {layer} {role}": Line(
            f"layer {layer} {role}",
            x,
            x + layer,
            layer,
            "solid" if role == "weights" else "dashed",
            factors=Factors("layer", str(layer), role),
        )
        for layer in range(layers)
        for role in ("weights", "biases")
    }
    figure = draw(replace(lines(), lines=tuple(named.values())))
    drawn = [(line.get_linestyle(), line.get_marker()) for line in figure.axes[0].lines]
    assert all(one != other for one, other in combinations(drawn[: len(named)], 2))
    assert len({line.get_marker() for line in figure.axes[0].lines}) == layers
