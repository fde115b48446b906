"""Numbers at the ends of lines: none on top of another, all within the axes."""

from itertools import pairwise

import numpy as np
import pyqtgraph
import pytest
from PySide6.QtGui import QFont, QFontMetricsF
from pytestqt.qtbot import QtBot

from app.plots.end_numbers import EndNumbers
from app.theme import LIGHT
from engine.plots import Line

TOP, UP, ACROSS = 10.0, 0.05, 0.1


def placed(qtbot: QtBot, *ends: tuple[float, float]) -> dict[str, tuple[float, float]]:
    """Where the numbers of lines stand that end there."""
    widget = pyqtgraph.PlotWidget()
    qtbot.addWidget(widget)
    item = widget.getPlotItem()
    lines = [
        Line(str(n), np.array([0.0, x]), np.array([1.0, y]), n - 1, tag=str(n))
        for n, (x, y) in enumerate(ends, 1)
    ]
    numbers = EndNumbers(item)
    for _ in range(2):  # again, as lines grow
        numbers.show(lines, LIGHT, QFont(), log=False, units_a_pixel=(ACROSS, UP), top=TOP)
    texts = [one for one in item.items if isinstance(one, pyqtgraph.TextItem)]
    return {one.toPlainText(): (one.pos().x(), one.pos().y()) for one in texts}


def test_numbers_stand_where_their_lines_end(qtbot: QtBot) -> None:
    assert placed(qtbot, (5, 2), (5, 6), (9, 2)) == {"1": (5, 2), "2": (5, 6), "3": (9, 2)}


@pytest.mark.parametrize("y", [3.0, TOP])
def test_numbers_of_lines_that_end_together_stand_below_each_other(qtbot: QtBot, y: float) -> None:
    row = 0.85 * QFontMetricsF(QFont()).height() * UP
    heights = sorted(height for _, height in placed(qtbot, (5, y), (5.5, y), (6, y)).values())
    assert all(above - below >= row - 1e-9 for below, above in pairwise(heights))
    assert heights[-1] <= TOP - row / 2 + 1e-9, "and none leaves the axes"
