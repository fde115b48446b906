"""Lines over an axis as a figure draws them."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from plots_for_tests import lines

from engine.figures.figure import draw
from engine.plots import Line
from engine.plots.base import Factors


def strokes(figure, names):
    """How each of the named lines is drawn, but for its colour."""
    drawn = [line for line in figure.axes[0].lines if line.get_linestyle() != "None"]
    handles = {handle.get_label(): handle for handle in drawn}
    legend = figure.legends[0].get_lines() if figure.legends else []
    handles |= {handle.get_label(): handle for handle in legend}
    return {name: (handles[name].get_linestyle(), handles[name].get_marker()) for name in names}


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
    found = strokes(figure, named)
    assert all(one != other for one, other in combinations(found.values(), 2))
