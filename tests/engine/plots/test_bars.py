"""Bars that would lie on each other are read, but not drawn."""

from collections.abc import Sequence

import numpy as np

from engine.figures.figure import draw
from engine.plots import Line, Plot, drawn_band


def rings(x: Sequence[float]) -> Line:
    y = np.linspace(0.2, 0.8, len(x))
    return Line("predicted", np.array(x), y, 0, "rings", low=y - 0.1, high=y + 0.1)


def test_bars_beside_each_other_are_drawn() -> None:
    line = rings(np.arange(30.0).tolist())
    assert drawn_band(line) is not None


def test_a_few_at_one_place_are_drawn_and_many_are_not() -> None:
    assert drawn_band(rings([200.0] * 40)) is not None
    many = rings([200.0] * 41)
    assert drawn_band(many) is None
    assert many.band is not None, "they are read"


def test_bands_of_lines_are_drawn_in_any_case() -> None:
    x, y = np.zeros(30), np.ones(30)
    line = Line("mean", x, y, low=y, high=y)
    assert drawn_band(line) is not None


def test_figures_leave_the_same_bars_out() -> None:
    def strokes(line: Line) -> int:
        plot = Plot("key", "Title", "x", "y", (line,), (0.0, 200.0))
        return len(draw(plot).axes[0].collections)

    assert strokes(rings([200.0] * 40)) == strokes(rings([200.0] * 41)) + 1
