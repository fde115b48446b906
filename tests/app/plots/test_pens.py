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
