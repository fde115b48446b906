"""Dressing plots in a theme."""

import pyqtgraph
from PySide6.QtGui import QColor

from app.theme import Theme

pyqtgraph.setConfigOptions(antialias=True)


def dress_plot(widget: pyqtgraph.PlotWidget, theme: Theme) -> None:
    """Dress a plot: pyqtgraph follows neither palettes nor style sheets."""
    widget.setBackground(theme.card)
    item = widget.getPlotItem()
    for side in ("left", "bottom"):
        axis = item.getAxis(side)
        axis.setPen(theme.rule)
        axis.setTextPen(theme.ink)
        axis.label.setDefaultTextColor(QColor(theme.ink))
        axis.labelStyle["color"] = theme.ink
        axis.setLabel(axis.labelText, axis.labelUnits)
    item.showGrid(x=True, y=True, alpha=0.22 if theme.name == "light" else 0.30)
