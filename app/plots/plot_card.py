"""A card with one plot of a run: its caption, its switches, its legend, and the plot itself."""

from itertools import pairwise
from typing import Final, TypeAlias

from PySide6.QtCore import QPoint, QPointF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QHideEvent,
    QPainter,
    QPixmap,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from app import icons
from app.plots.axes_view import plot_font
from app.plots.caption import MOST_ROWS, Caption
from app.plots.legend import Legend
from app.plots.map_view import MapView
from app.plots.picture_view import PictureView
from app.plots.plot_table import PlotTable
from app.plots.plot_view import PlotView
from app.plots.plot_words import describe
from app.plots.switch_row import SwitchRow
from app.theme import Theme
from engine.plots import AnyPlot, MapPlot, PicturePlot, Plot

View: TypeAlias = PlotView | PictureView | MapView

_SPEAK_MILLISECONDS: Final = 1000
_SHARPNESS: Final = 2.0
_MARGIN: Final = 12
_LOWEST: Final = 130  # pixels that the plot and its caption need above all
_HIGH: Final = 17  # lines of type; a lower card has a caption of one
_SMALL, _LARGE = QSize(16, 16), QSize(24, 24)


class PlotCard(QFrame):
    """Shows one plot of any kind; its title is shown elsewhere.

    Args:
        key: of the plot it is for.
        theme: the colours.

    Attributes:
        caption, legend: above the view.
        switches: a row of them, which the card's parent may put elsewhere.
        log_button, table_button, copy_button, export_button, help_button, enlarge_button: switches.

    Signals:
        export_requested, enlarge_requested, help_requested: key of the plot.
    """

    export_requested = Signal(str)
    enlarge_requested = Signal(str)
    help_requested = Signal(str)

    def __init__(self, key: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._key = key
        self._theme = theme
        self._presentation = False
        self._log: bool | None = None
        self._plot: AnyPlot | None = None
        self._spoken: AnyPlot | None = None
        self.caption = Caption()
        self.legend = Legend()
        self.view: View = PlotView(theme)
        self.log_button = self._button(
            "Logarithmic axis", "Switch the y axis between logarithmic and linear"
        )
        self.log_button.setCheckable(True)
        self.table_button = self._button("Table", "Show the data as a table")
        self.copy_button = self._button("Copy picture", "Copy the plot to the clipboard, as shown")
        self.export_button = self._button("Export", "Export the plot as SVG, PDF, PNG or CSV")
        self.help_button = self._button("What is this?", "Explain this plot")
        self.enlarge_button = self._button("Enlarge", "Enlarge the plot, or restore its size")
        self._icons = {
            self.log_button: "log-axis",
            self.table_button: "table",
            self.copy_button: "copy",
            self.export_button: "export",
            self.help_button: "what",
            self.enlarge_button: "enlarge",
        }
        leaving = (self.table_button, self.copy_button, self.export_button, self.log_button)
        self.switches = SwitchRow(
            list(self._icons), (*leaving, self.help_button, self.enlarge_button)
        )
        self.switches.more_button.setIconSize(_SMALL)
        self.switches.more_button.setEnabled(False)
        header = QHBoxLayout()
        header.setSpacing(8)
        header.addWidget(self.caption, 1)
        header.addWidget(self.switches, 0, Qt.AlignmentFlag.AlignTop)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(_MARGIN, 6, 8, 6)
        self._column.setSpacing(4)
        self._column.addLayout(header)
        self._column.addWidget(self.legend)
        self._column.addWidget(self.view, 1)
        self._speaking = QTimer(self, interval=_SPEAK_MILLISECONDS, singleShot=True)
        self._speaking.timeout.connect(self._speak_again)
        self.log_button.clicked.connect(self._set_log)
        self.table_button.clicked.connect(self.open_table)
        self.copy_button.clicked.connect(self.copy)
        self.export_button.clicked.connect(self._export)
        self.help_button.clicked.connect(self._help)
        self.enlarge_button.clicked.connect(self._enlarge)
        self.legend.switched.connect(self._switch)
        self.legend.hovered.connect(self._emphasise)
        self.legend.hide()
        self._take_view()
        self.set_theme(theme)

    @property
    def key(self) -> str:
        """Key of the plot it is for."""
        return self._key

    @property
    def plot(self) -> AnyPlot | None:
        """What is shown; None: nothing yet."""
        return self._plot

    @property
    def log_y(self) -> bool | None:
        """Whether the y axis is logarithmic now; None: the plot is not made of lines."""
        return self.view.log_y if isinstance(self.view, PlotView) else None

    def show_plot(self, plot: AnyPlot) -> None:
        """Show a plot; if it is of the same kind as before, its items are reused."""
        self._plot = plot
        if not isinstance(self.view, _VIEWS[type(plot)]):
            self._change_view(_VIEWS[type(plot)](self._theme))
        match self.view, plot:
            case PlotView() as lines, Plot():
                lines.show_plot(plot)
                self.log_button.setChecked(lines.log_y)
            case PictureView() as pictures, PicturePlot():
                pictures.show_plot(plot)
            case MapView() as plane, MapPlot():
                plane.show_plot(plot)
        self.view.show()
        self.caption.set_text(plot.caption)
        self._follow_view()
        if not self._speaking.isActive():
            self._speak()

    def clear(self) -> None:
        """Show nothing, until there is a plot again."""
        self._plot = None
        self.view.hide()
        self.legend.hide()
        self.caption.set_text("")

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self._theme = theme
        for button, name in self._icons.items():
            button.setIcon(icons.icon(name, theme))
        self.switches.set_icon(icons.icon("more", theme))
        self.switches.setStyleSheet(_style_sheet(theme))
        self.view.set_theme(theme)
        self.legend.set_entries(self.view.entries)

    def set_presentation(self, on: bool) -> None:
        """Larger type and thicker lines, readable from the back of a hall, or not."""
        self._presentation = on
        self.caption.setFont(plot_font(on))
        self.legend.set_type(plot_font(on))
        self._share_height()
        for button in (*self._icons, self.switches.more_button):
            button.setIconSize(_LARGE if on else _SMALL)
        self.view.set_presentation(on)
        self.legend.set_entries(self.view.entries)

    def picture(self) -> QPixmap:
        """The plot with its title, caption and legend, twice as sharp as on the screen."""
        parts = [self.view] if not self.legend.names else [self.legend.content, self.view]
        title_font, caption_font = QFont(plot_font(self._presentation)), self.caption.font()
        title_font.setBold(True)
        title_font.setPointSizeF(1.2 * title_font.pointSizeF())
        texts = [(self._plot.title, title_font, self._theme.ink)] if self._plot else []
        if self.caption.text:
            texts.append((self.caption.text, caption_font, self._theme.muted))
        width = max(part.width() for part in parts)
        heights = [QFontMetricsF(font).height() + 4 for _, font, _ in texts]
        height = sum(heights) + sum(part.height() + 4 for part in parts)
        size = QSize(width + 2 * _MARGIN, int(height) + 2 * _MARGIN)
        pixmap = QPixmap(size * _SHARPNESS)
        pixmap.setDevicePixelRatio(_SHARPNESS)
        pixmap.fill(QColor(self._theme.card))
        with QPainter(pixmap) as painter:
            top = float(_MARGIN)
            for (text, font, colour), high in zip(texts, heights, strict=True):
                metrics = QFontMetricsF(font)
                painter.setFont(font)
                painter.setPen(QColor(colour))
                shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
                painter.drawText(QPointF(_MARGIN, top + metrics.ascent()), shown)
                top += high
            for part in parts:
                painter.drawPixmap(QPointF(_MARGIN, top), _sharp(part))
                top += part.height() + 4
        return pixmap

    @Slot()
    def copy(self) -> None:
        """Put the plot on the clipboard as a picture."""
        QGuiApplication.clipboard().setPixmap(self.picture())

    @Slot()
    def open_table(self) -> None:
        """Show the plot's numbers as they are now."""
        if self._plot:
            dialog = PlotTable(self._plot, self)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave most of the room to the plot."""
        super().resizeEvent(event)
        self._share_height()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody listens any more."""
        super().hideEvent(event)
        self._speaking.stop()

    def _share_height(self) -> None:
        rows = self.height() // QFontMetricsF(self.caption.font()).height()
        self.caption.set_most(MOST_ROWS if rows >= _HIGH else 1)
        self.legend.set_room(min(self.height() // 3, self.height() - _LOWEST))

    def _button(self, name: str, does: str) -> QToolButton:
        button = QToolButton()
        button.setAccessibleName(name)
        button.setAccessibleDescription(does)
        button.setToolTip(does)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setIconSize(_SMALL)
        button.setEnabled(False)
        return button

    def _change_view(self, view: View) -> None:
        """Put another view in place of the one that is there."""
        before, self.view = self.view, view
        self._column.replaceWidget(before, view)
        before.hide()
        before.deleteLater()
        self._take_view()
        if isinstance(view, PlotView) and self._log is not None:
            view.set_log(self._log)
        view.set_presentation(self._presentation)
        view.show()

    def _take_view(self) -> None:
        self.setFocusProxy(self.view)
        self.view.hovered.connect(self.legend.emphasise)
        self.switches.set_wanted(self.log_button, isinstance(self.view, PlotView))
        self._order_tabs()

    def _follow_view(self) -> None:
        """Take over what the view draws, so that it can be named and switched."""
        names = self.legend.names
        self.legend.set_entries(self.view.entries)
        self.legend.setVisible(bool(self.legend.names))
        if names != self.legend.names:
            self._order_tabs()
        for button in (*self._icons, self.switches.more_button):
            button.setEnabled(self._plot is not None)

    def _order_tabs(self) -> None:
        """Tab goes along the header, then to the legend, then to the plot."""
        legend = [self.legend.button(name) for name in self.legend.names]
        more = self.switches.more_button
        chain: list[QWidget] = [*self._icons, more, *legend, self.view.reader]
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    def _speak(self) -> None:
        """Say in words what the plot shows; once a second is enough."""
        self._speaking.start()
        if self._plot is None or self._plot is self._spoken:
            return
        self._spoken = self._plot
        reader = self.view.reader
        reader.setAccessibleName(self._plot.title)
        reader.setAccessibleDescription(describe(self._plot))

    @Slot()
    def _speak_again(self) -> None:
        if self._plot is not self._spoken:
            self._speak()

    @Slot(bool)
    def _set_log(self, on: bool) -> None:
        self._log = on
        if isinstance(self.view, PlotView):
            self.view.set_log(on)

    @Slot(str, bool)
    def _switch(self, name: str, on: bool) -> None:
        self.view.set_shown(name, on)

    @Slot(str)
    def _emphasise(self, name: str) -> None:
        self.view.emphasise(name)

    @Slot()
    def _export(self) -> None:
        self.export_requested.emit(self._key)

    @Slot()
    def _help(self) -> None:
        self.help_requested.emit(self._key)

    @Slot()
    def _enlarge(self) -> None:
        self.enlarge_requested.emit(self._key)


_VIEWS: Final[dict[type[AnyPlot], type[View]]] = {
    Plot: PlotView,
    PicturePlot: PictureView,
    MapPlot: MapView,
}


def _sharp(part: QWidget) -> QPixmap:
    """A widget as it looks, in more pixels."""
    pixmap = QPixmap(part.size() * _SHARPNESS)
    pixmap.setDevicePixelRatio(_SHARPNESS)
    pixmap.fill(Qt.GlobalColor.transparent)
    # pyqtgraph's views have a `render` of another meaning.
    QWidget.render(part, pixmap, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    return pixmap


def _style_sheet(theme: Theme) -> str:
    """Small buttons that show what is switched on."""
    return f"""
    QToolButton {{ padding: 4px; }}
    QToolButton:focus {{ padding: 3px; }}
    QToolButton:checked {{ background: {theme.progress}; }}
    QToolButton::menu-indicator {{ image: none; }}
    """
