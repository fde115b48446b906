from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.plots.pens import make_pen
from app.plots.plot_view import PlotView
from app.theme import LIGHT
from engine.plots import Line, Plot

view_x = np.arange(3.0)


@pytest.mark.parametrize("density", [1.0, 1.25, 2.0])
def test_lines_are_as_thick_on_a_dense_screen(
    density: float, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PlotView, "devicePixelRatioF", lambda self: density)
    view = PlotView(LIGHT)
    qtbot.addWidget(view)
    pen = make_pen(view, "black", 2, Qt.PenStyle.DashLine)
    assert pen.widthF() == 2 * density
    assert pen.style() == Qt.PenStyle.DashLine
    assert view.pen(Line("a", view_x, view_x)).widthF() == 2 * density


def test_a_plot_taken_to_another_screen_changes_its_strokes(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = PlotView(LIGHT)
    qtbot.addWidget(view)
    view.show_plot(Plot("key", "Title", "x", "y", (Line("a", view_x, view_x),), (0, 2)))
    [drawn] = [item for item in view.getPlotItem().items if item.opts["pen"] is not None]
    before = drawn.opts["pen"].widthF()
    monkeypatch.setattr(PlotView, "devicePixelRatioF", lambda self: 2.0)
    QApplication.sendEvent(view, QEvent(QEvent.Type.DevicePixelRatioChange))
    assert drawn.opts["pen"].widthF() == 2 * before


def test_bars_are_as_thick_however_much_they_differ(qtbot: QtBot) -> None:
    """A dashed line that goes up and down so much is drawn thinner; bars are few."""
    view = PlotView(LIGHT)
    qtbot.addWidget(view)
    x, y = np.arange(40.0), np.tile([0.0, 1.0], 20)
    line = Line("a", x, y, dash="dashed")
    drawn = {}
    for width in (0.0, 0.7):
        view.show_plot(Plot("key", "Title", "x", "y", (replace(line, width=width),), (0, 40)))
        [item] = [item for item in view.getPlotItem().items if item.opts["pen"] is not None]
        drawn[width] = item.opts["pen"].widthF()
    assert drawn[0.0] < drawn[0.7] == view.pen(line).widthF()
