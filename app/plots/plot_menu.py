"""The menu of the run's plots: each shown or closed."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.plots.plot_area import PlotArea


class PlotMenu(QMenu):
    """Closes and reopens plots; empty and disabled before the first run.

    Args:
        area: where the plots are.
    """

    def __init__(self, area: PlotArea, parent: QWidget | None = None) -> None:
        super().__init__("&Plots", parent)
        self._area = area
        self.triggered.connect(self._follow)
        area.offer_changed.connect(self.renew)
        self.menuAction().setToolTip("Show or close plots, once there is a run.")
        self.setEnabled(False)

    @Slot()
    def renew(self) -> None:
        """Offer the plots that apply to the current run."""
        self.clear()
        for plot in self._area.shown:
            action = self.addAction(self._area.docks[plot.key].windowTitle())
            action.setCheckable(True)
            action.setChecked(plot.key not in self._area.closed)
            action.setData(plot.key)
        self.setEnabled(not self.isEmpty())

    @Slot(QAction)
    def _follow(self, action: QAction) -> None:
        self._area.set_open(action.data(), action.isChecked())
