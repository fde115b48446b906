"""A pane with one plot of the run: its choice, its caption, its legend, and its export."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app import theme as themes
from app.legend import Legend
from app.plot_view import PlotView
from app.theme import Theme
from engine.plots import Plot


class PlotPane(QFrame):
    """Shows one of the run's plots, chosen from its title.

    Args:
        key: of the plot that is shown at first.
        theme: the colours.

    Signals:
        export_requested: key of the plot to export.
    """

    export_requested = Signal(str)

    def __init__(self, key: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._wanted = key
        self._plots: dict[str, Plot] = {}
        self.title = QComboBox()
        self.title.setObjectName("title")
        self.title.setAccessibleName("Plot to show")
        self.title.setToolTip("Choose which plot this pane shows")
        self.title.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.title.activated.connect(self._choose)
        self.export = QToolButton()
        self.export.setToolTip("Export this plot as SVG, PDF, PNG or CSV")
        self.export.setAccessibleName("Export this plot")
        self.export.clicked.connect(self._export)
        self.caption = QLabel()
        self.caption.setWordWrap(True)
        self.caption.setObjectName("muted")
        self.legend = Legend()
        self.view = PlotView(theme)

        header = QHBoxLayout()
        header.addWidget(self.title)
        header.addStretch(1)
        header.addWidget(self.export)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 10, 6)
        column.setSpacing(4)
        column.addLayout(header)
        column.addWidget(self.caption)
        column.addWidget(self.legend)
        column.addWidget(self.view, 1)
        self.set_theme(theme)

    @property
    def key(self) -> str:
        """Key of the plot that is shown."""
        return self._wanted

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self.export.setIcon(themes.icon("export", theme))
        self.view.set_theme(theme)
        self._redraw()

    def show_plots(self, plots: Sequence[Plot]) -> None:
        """Take a run's plots as they are now, and draw the chosen one."""
        titles = [(plot.key, plot.title) for plot in plots]
        if titles != [(key, plot.title) for key, plot in self._plots.items()]:
            self.title.clear()
            for key, title in titles:
                self.title.addItem(title, key)
        self._plots = {plot.key: plot for plot in plots}
        if self._wanted not in self._plots and plots:
            self._wanted = plots[0].key
        self.title.setCurrentIndex(self.title.findData(self._wanted))
        self._redraw()

    def _redraw(self) -> None:
        plot = self._plots.get(self._wanted)
        if plot is None:
            return
        self.view.show_plot(plot)
        self.caption.setText(plot.caption)
        self.caption.setVisible(bool(plot.caption))
        named = [line for line in plot.lines if not line.faint]
        entries = [(line.name, self.view.pen(line)) for line in named] if len(named) > 1 else []
        self.legend.set_entries(entries)

    @Slot(int)
    def _choose(self, index: int) -> None:
        self._wanted = self.title.itemData(index)
        self._redraw()

    @Slot()
    def _export(self) -> None:
        self.export_requested.emit(self._wanted)
