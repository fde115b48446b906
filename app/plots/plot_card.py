"""A card with one plot of a run: its head, its legend, and the plot itself."""

from itertools import pairwise
from typing import Final, TypeAlias

from PySide6.QtCore import QPoint, QPointF, QSignalBlocker, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QHideEvent,
    QPainter,
    QPixmap,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.plots.axes_view import plot_font
from app.plots.caption import MOST_ROWS
from app.plots.legend import Legend
from app.plots.map_view import MapView
from app.plots.picture_view import PictureView
from app.plots.plot_head import PlotHead
from app.plots.plot_table import PlotTable
from app.plots.plot_view import PlotView
from app.plots.plot_words import describe
from app.theme import Theme
from engine.plots import AnyPlot, MapPlot, PicturePlot, Plot, Showing

View: TypeAlias = PlotView | PictureView | MapView

_SPEAK_MILLISECONDS: Final = 1000
_SHARPNESS: Final = 2.0
_MARGIN: Final = 12
_LOWEST: Final = 130  # pixels that the plot and its caption need above all
_HIGH: Final = 17  # lines of type; a lower card has a caption of one


class PlotCard(QFrame):
    """Shows one plot of any kind; its title is shown elsewhere.

    Args:
        key: of the plot it is for.
        theme: the colours.

    Attributes:
        head, legend: above the view.

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
        self.head = PlotHead(theme)
        self.legend = Legend()
        self.view: View = PlotView(theme)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(_MARGIN, 4, 6, 4)
        self._column.setSpacing(2)
        self._column.addWidget(self.head)
        self._column.addWidget(self.legend)
        self._column.addWidget(self.view, 1)
        self._speaking = QTimer(self, interval=_SPEAK_MILLISECONDS, singleShot=True)
        self._speaking.timeout.connect(self._speak_again)
        self.head.log_action.toggled.connect(self._set_log)
        self.head.table_action.triggered.connect(self.open_table)
        self.head.copy_action.triggered.connect(self.copy)
        self.head.export_action.triggered.connect(self._export)
        self.head.help_action.triggered.connect(self._help)
        self.head.enlarge_button.clicked.connect(self._enlarge)
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

    @property
    def showing(self) -> Showing:
        """How the plot is shown: on which axis, without what, and which part of it."""
        return self.view.showing

    def show_plot(self, plot: AnyPlot) -> None:
        """Show a plot; if it is of the same kind as before, its items are reused."""
        self._plot = plot
        if not isinstance(self.view, _VIEWS[type(plot)]):
            self._change_view(_VIEWS[type(plot)](self._theme))
        match self.view, plot:
            case PlotView() as lines, Plot():
                lines.show_plot(plot)
                with QSignalBlocker(self.head.log_action):  # it is the plot that says so
                    self.head.log_action.setChecked(lines.log_y)
            case PictureView() as pictures, PicturePlot():
                pictures.show_plot(plot)
            case MapView() as plane, MapPlot():
                plane.show_plot(plot)
        self.view.show()
        self.head.caption.set_text(plot.caption)
        self._follow_view()
        if not self._speaking.isActive():
            self._speak()

    def forget_choices(self) -> None:
        """Draw the next plot on the axis that it asks for."""
        self._log = None
        if isinstance(self.view, PlotView):
            self.view.set_log(None)

    def clear(self) -> None:
        """Show nothing, until there is a plot again."""
        self._plot = None
        self.view.hide()
        self.legend.hide()
        self.head.caption.set_text("")

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self._theme = theme
        self.head.set_theme(theme)
        self.view.set_theme(theme)
        self.legend.set_entries(self.view.entries)

    def set_presentation(self, on: bool) -> None:
        """Larger type and thicker lines, readable from the back of a hall, or not."""
        self._presentation = on
        self.head.set_presentation(on)
        self.legend.set_type(plot_font(on))
        self._share_height()
        self.view.set_presentation(on)
        self.legend.set_entries(self.view.entries)

    def picture(self) -> QPixmap:
        """The plot with its title, caption and legend, twice as sharp as on the screen."""
        parts = [self.view] if not self.legend.names else [self.legend.content, self.view]
        title_font, caption_font = QFont(plot_font(self._presentation)), self.head.caption.font()
        title_font.setBold(True)
        title_font.setPointSizeF(1.2 * title_font.pointSizeF())
        texts = [(self._plot.title, title_font, self._theme.ink)] if self._plot else []
        if self.head.caption.text:
            texts.append((self.head.caption.text, caption_font, self._theme.muted))
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

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """A right click opens the menu."""
        self.head.open_menu(event.globalPos())

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody listens any more."""
        super().hideEvent(event)
        self._speaking.stop()

    def _share_height(self) -> None:
        rows = self.height() // QFontMetricsF(self.head.caption.font()).height()
        self.head.caption.set_most(MOST_ROWS if rows >= _HIGH else 1)
        self.legend.set_room(min(self.height() // 3, self.height() - _LOWEST))

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
        self._order_tabs()

    def _follow_view(self) -> None:
        """Take over what the view draws, so that it can be named and switched."""
        names = self.legend.names
        self.legend.set_entries(self.view.entries)
        self.legend.setVisible(bool(self.legend.names))
        if names != self.legend.names:
            self._order_tabs()
        lines = isinstance(self.view, PlotView)
        self.head.set_offer(lines=lines, anything=self._plot is not None)

    def _order_tabs(self) -> None:
        """Tab goes along the header, then to the legend, then to the plot."""
        legend = [self.legend.button(name) for name in self.legend.names]
        head = [self.head.enlarge_button, self.head.more_button]
        chain: list[QWidget] = [*head, *legend, self.view.reader]
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
