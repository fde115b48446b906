"""Plots of every kind to show, and hands for the views that show them."""

from dataclasses import replace

import numpy as np
import pyqtgraph
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.plots.axes_view import AxesView
from app.plots.plot_card import PlotCard
from app.plots.plot_view import PlotView
from engine.plots import Line, MapPlot, Mark, Picture, PicturePlot, Plot, Points

ALT = Qt.KeyboardModifier.AltModifier


def plot_of(*lines: Line, log_y: bool = False, bytes_y: bool = False, caption: str = "") -> Plot:
    return Plot(
        "key", "A title", "steps", "loss (nats)", lines, (0, 10), log_y, bytes_y, caption=caption
    )


def two_lines(factor: float = 1.0) -> Plot:
    x = np.arange(11.0)
    return plot_of(
        Line("low", x, factor * np.linspace(1.0, 2.0, 11)),
        Line("high", x, factor * np.linspace(10.0, 20.0, 11), 1),
        caption="a caption",
    )


def banded(factor: float = 1.0, marks: tuple[Mark, ...] = (Mark(4.0, "chaos from 4"),)) -> Plot:
    """One line within a band, with a place that is marked."""
    x = np.arange(11.0)
    y = factor * np.linspace(1.0, 2.0, 11)
    line = Line("mean", x, y, low=y - 0.5 * factor, high=y + 0.5 * factor)
    return replace(plot_of(line), marks=marks)


def named_points() -> Plot:
    """Points over names instead of numbers."""
    x = np.arange(3.0)
    drawn = (Line("training", x, x + 1, 0, "points"), Line("test", x, x + 2, 1, "triangles"))
    names = ("separate", "tied lowest layer", "learned")
    return Plot("key", "Points", "how", "loss", drawn, (-0.5, 2.5), x_names=names)


def relations() -> PicturePlot:
    """How three things are related, twice."""
    matrix = np.array([[1.0, 0.5, -0.2], [0.5, 1.0, 0.1], [-0.2, 0.1, 1.0]])
    drawn = (Picture("layer 1", matrix), Picture("layer 2", matrix**2))
    return PicturePlot(
        "key",
        "Relations",
        drawn,
        "correlation",
        "diverging",
        (-1.0, 1.0),
        entries=("Greek", "Latin", "Tifinagh"),
    )


def pictures(count: int = 3, factor: float = 1.0) -> PicturePlot:
    ramp = factor * np.linspace(-1, 1, 20).reshape(4, 5)
    return PicturePlot(
        "key",
        "Some pictures",
        tuple(Picture(f"unit {number + 1}", ramp) for number in range(count)),
        "weight",
        "diverging",
        (-1.0, 1.0),
    )


def levels(log: bool = False, factor: float = 1.0) -> MapPlot:
    x, y = np.linspace(0, 4, 9), np.linspace(0, 2, 5)
    values = factor * (1.0 + x[np.newaxis] + 10 * y[:, np.newaxis])
    path = Line("current", np.array([0.5, 1.0, 3.0]), np.array([0.5, 1.5, 1.0]), 1)
    start = Points("start", np.array([0.5]), np.array([0.5]))
    return MapPlot(
        "key",
        "A surface",
        "first",
        "second",
        x,
        y,
        values,
        "levels",
        "loss",
        (start,),
        (path,),
        log,
    )


def classes() -> MapPlot:
    x, y = np.linspace(0, 4, 9), np.linspace(0, 4, 9)
    values = np.where(x[np.newaxis] < 2, 0.9, 1.6) + 0 * y[:, np.newaxis]
    values[0, 0] = np.nan
    seen = Points("cats", np.array([1.0, 0.5]), np.array([1.0, 3.0]), 0)
    return MapPlot(
        "key",
        "Regions",
        "a",
        "b",
        x,
        y,
        values,
        "classes",
        points=(seen,),
        class_names=("cats", "dogs"),
    )


def shown(qtbot: QtBot, widget: QWidget, width: int = 600, height: int = 400) -> None:
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()
    qtbot.waitExposed(widget)


def hover(view: AxesView, x: float, y: float) -> QPointF:
    """Move the pointer over a place of the axes, in their units."""
    place = view.in_pixels(x, y)
    move(view.viewport(), place)
    return place


def move(widget: QWidget, place: QPointF) -> None:
    """Move the pointer within a widget."""
    _mouse(QEvent.Type.MouseMove, widget, place, Qt.MouseButton.NoButton)


def wheel(view: AxesView, notches: int) -> None:
    """Turn the wheel over the middle of a view."""
    place = QPointF(view.viewport().rect().center())
    event = QWheelEvent(
        place,
        QPointF(view.viewport().mapToGlobal(place.toPoint())),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def drag(qtbot: QtBot, view: AxesView, by: QPoint) -> None:
    """Drag the middle of a view with the left button."""
    start, left = view.frame().center(), Qt.MouseButton.LeftButton
    _mouse(QEvent.Type.MouseButtonPress, view.viewport(), start, left)
    usual = pyqtgraph.getConfigOption("mouseRateLimit")
    pyqtgraph.setConfigOption("mouseRateLimit", 0)  # it would pass over moves that come so fast
    for share in (0.3, 0.6, 1.0):
        _mouse(QEvent.Type.MouseMove, view.viewport(), start + share * QPointF(by), left)
        QApplication.processEvents()
    pyqtgraph.setConfigOption("mouseRateLimit", usual)
    _mouse(QEvent.Type.MouseButtonRelease, view.viewport(), start + QPointF(by), left)


def _mouse(kind: QEvent.Type, widget: QWidget, place: QPointF, button: Qt.MouseButton) -> None:
    moves = kind == QEvent.Type.MouseMove
    released = kind == QEvent.Type.MouseButtonRelease
    event = QMouseEvent(
        kind,
        place,
        QPointF(widget.mapToGlobal(place.toPoint())),
        Qt.MouseButton.NoButton if moves else button,
        Qt.MouseButton.NoButton if released else button,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(widget, event)


def lines_of(card: PlotCard) -> PlotView:
    assert isinstance(card.view, PlotView)
    return card.view


def shown_names(card: PlotCard) -> set[str]:
    return {line.name for line in lines_of(card).shown_lines}
