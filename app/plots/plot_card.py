"""A card with one plot of a run: its head, its legend, and the plot itself."""

from dataclasses import replace
from itertools import pairwise
from typing import Final, TypeAlias

from PySide6.QtCore import QPoint, QRect, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.dress import plot_font
from app.plots.axes_view import AxesView
from app.plots.card_picture import picture_of
from app.plots.folding import shown_around
from app.plots.legend import Legend
from app.plots.map_view import MapView
from app.plots.picture_view import PictureView
from app.plots.plot_head import PlotHead
from app.plots.plot_table import PlotTable
from app.plots.plot_view import PlotView
from app.plots.speaking import Speaking
from app.theme import Theme
from engine.plots import (
    SMOOTHINGS,
    Along,
    AnyPlot,
    MapPlot,
    PicturePlot,
    Plot,
    Showing,
    Smoothing,
    can_be_smoothed,
    smoothed,
    with_left_out,
)

View: TypeAlias = PlotView | PictureView | MapView

_MARGIN: Final = 5  # on the left, and what is written there begins a little further in
_EDGE, _BELOW, _SPACING = 4, 1, 2


class PlotCard(QFrame):
    """Shows one plot of any kind; its title is shown elsewhere.

    Args:
        key: of the plot it is for.
        theme: the colours.

    Attributes:
        head, legend: above the view.
        waiting: in the place of the view while the plot is empty: what it waits for.

    Signals:
        export_requested, enlarge_requested, help_requested: key of the plot.
        placed: the x that a person reads.
        left: nothing is read any more.
        chosen: the index of the point that was clicked on.
    """

    export_requested = Signal(str)
    enlarge_requested = Signal(str)
    help_requested = Signal(str)
    placed = Signal(float)
    left = Signal()
    chosen = Signal(int)

    def __init__(self, key: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._key = key
        self._theme = theme
        self._presentation = False
        self._log: bool | None = None
        self._smoothing = SMOOTHINGS["none"]
        self._plot: AnyPlot | None = None
        self._layout = False, False
        self._around: tuple[object, ...] = ()
        self.head = PlotHead(theme)
        self.legend = Legend()
        self.view: View = PlotView(theme)
        self.waiting = QLabel()
        self.waiting.setObjectName("muted")
        self.waiting.setTextFormat(Qt.TextFormat.PlainText)
        self.waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.waiting.setWordWrap(True)
        self.waiting.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(_MARGIN, _EDGE, _EDGE, _BELOW)
        self._column.setSpacing(_SPACING)
        self._column.addWidget(self.head)
        self._column.addWidget(self.legend)
        self._column.addWidget(self.view, 1)
        self._column.addWidget(self.waiting, 1)
        self._speaking = Speaking(self)
        self.head.log_action.toggled.connect(self._set_log)
        self.head.smoothing_chosen.connect(self.set_smoothing)
        self.head.lines_action.triggered.connect(self._open_lines)
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
        return replace(self.view.showing, smoothing=self._smoothing)

    @property
    def smoothing(self) -> Smoothing:
        """How strongly its lines are smoothed, where they can be."""
        return self._smoothing

    @property
    def drawn(self) -> AnyPlot | None:
        """The plot with its lines as they are drawn: smoothed, if that was asked for."""
        plot = self._plot
        return smoothed(plot, self._smoothing) if isinstance(plot, Plot) else plot

    def show_plot(self, plot: AnyPlot) -> None:
        """Show a plot; if it is of the same kind as before, its items are reused."""
        self._plot = plot
        if not isinstance(self.view, _VIEWS[type(plot)]):
            self._change_view(_VIEWS[type(plot)](self._theme))
        match self.view, plot:
            case PlotView() as lines, Plot():
                lines.show_plot(smoothed(plot, self._smoothing))
                with QSignalBlocker(self.head.log_action):  # it is the plot that says so
                    self.head.log_action.setChecked(lines.log_y)
            case PictureView() as pictures, PicturePlot():
                pictures.show_plot(plot)
            case MapView() as plane, MapPlot():
                plane.show_plot(plot)
        self._follow_view()
        self._speaking.say(plot, self.view.reader)

    def forget_choices(self) -> None:
        """Draw the next plot on the axis that it asks for."""
        self._log, self._smoothing = None, SMOOTHINGS["none"]
        if isinstance(self.view, PlotView):
            self.view.set_log(None)

    def clear(self) -> None:
        """Show nothing, until there is a plot again."""
        self._plot, self._around = None, ()
        for part in (self.view, self.legend, self.waiting):
            part.hide()
        self.head.caption.set_text("")

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self._theme = theme
        self.head.set_theme(theme)
        self.view.set_theme(theme)
        self._name_lines()

    def set_presentation(self, on: bool) -> None:
        """Larger type and thicker lines, readable from the back of a hall, or not."""
        self._presentation = on
        self.head.set_presentation(on)
        self.legend.set_type(plot_font(on))
        self.waiting.setFont(plot_font(on))
        self.view.set_presentation(on)
        self._name_lines()
        self._share_height()

    def picture(self) -> QPixmap:
        """The plot with its title, caption and legend, twice as sharp as on the screen."""
        texts = [] if self._plot is None else [(self._plot.title, plot_font(self._presentation))]
        texts.append((self.head.caption.text, self.head.caption.font()))
        return picture_of(self.view, self.legend, texts, self._theme)

    @Slot()
    def copy(self) -> None:
        """Put the plot on the clipboard as a picture."""
        QGuiApplication.clipboard().setPixmap(self.picture())

    @Slot()
    def open_table(self) -> None:
        """Show the plot's numbers as they are now."""
        if self.drawn:
            dialog = PlotTable(self.drawn, self)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

    @Slot(str)
    def set_smoothing(self, name: str) -> None:
        """Smooth lines, or not.

        Args:
            name: of one of `SMOOTHINGS`.
        """
        self._smoothing = SMOOTHINGS[name]
        if self._plot:
            self.show_plot(self._plot)

    def read_along(self, along: Along, x: float) -> None:
        """Read off what is at a place that is read in another plot, if it has the same x axis."""
        view, plot = self.view, self._plot
        if isinstance(view, PlotView) and isinstance(plot, Plot) and plot.along == along:
            view.read_along(x)

    def stop_reading(self) -> None:
        """Read off nothing any more."""
        if isinstance(self.view, PlotView):
            self.view.stop_reading()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave most of the room to the plot; `settle` does, if the window says when."""
        super().resizeEvent(event)
        if self.updatesEnabled():
            self._share_height()

    def settle(self) -> None:
        """Share out the room that there is now, so that all is painted once."""
        self._share_height()
        self._column.activate()
        for view in self.findChildren(AxesView):
            view.settle()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """A right click opens the menu."""
        self.head.open_menu(event.globalPos())

    def _share_height(self) -> None:
        """Leave enough room to the drawing, by folding what stands around it."""
        plot, caption = self._plot, self.head.caption
        is_empty = isinstance(plot, Plot) and plot.is_empty
        has_legend, has_caption = bool(self.legend.names) and not is_empty, bool(caption.text)
        axes = self.view.axes if isinstance(self.view, MapView) else self.view
        around = axes.outside if isinstance(axes, AxesView) else None
        row = self.legend.sizeHint().height() + _SPACING
        least = self.head.more_button.sizeHint().height()

        def drawing(rows: int, legend: bool, titled: bool) -> QSize:
            head = max(caption.height_of(rows), least) if rows else 0
            high = self.height() - _EDGE - _BELOW - head - _SPACING - (row if legend else 0)
            wide = self.width() - _MARGIN - _EDGE
            return QSize(wide, high) - (around(titled=titled) if around else QSize(0, 0))

        shown = shown_around(drawing, legend=has_legend and has_caption)
        caption.set_most(max(shown.rows, 1))
        if isinstance(axes, AxesView):
            axes.set_titled(shown.titles)
        beside = has_legend and (not has_caption or (shown.rows > 0 and not shown.legend))
        self._lay_out(beside=beside, over=shown.rows == 0)
        self.head.setToolTip(caption.toolTip() if beside else "")
        self.legend.setVisible(has_legend and (shown.legend or beside))  # a new place hides it

    def _lay_out(self, *, beside: bool, over: bool) -> None:
        """Put the legend where the caption would be or below it; the head above the view or on it.

        Args:
            beside: whether the legend stands in the head.
            over: whether the head is only its buttons, over a corner of the view.
        """
        if (beside, over) != self._layout:
            self._layout = beside, over
            self.head.put_beside(self.legend if beside else None)
            self.head.set_folded(over)
            if over:
                self._column.removeWidget(self.head)
            else:
                self._column.insertWidget(0, self.head)
            if not beside:
                self._column.insertWidget(self._column.indexOf(self.view), self.legend)
        if over:
            size = self.head.sizeHint()
            self.head.setGeometry(QRect(QPoint(self.width() - _EDGE - size.width(), _EDGE), size))
            self.head.raise_()

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
        self.head.watch(self.view)
        self.view.hovered.connect(self.legend.emphasise)
        if isinstance(self.view, PlotView):
            self.view.placed.connect(self.placed)
            self.view.left.connect(self.left)
            self.view.chosen.connect(self.chosen)
        self._order_tabs()

    def _follow_view(self) -> None:
        """Take over what the view draws, so that it can be named and switched."""
        plot = self._plot
        is_empty = isinstance(plot, Plot) and plot.is_empty
        caption = plot.caption if plot else ""
        if isinstance(self.view, PlotView):
            caption = with_left_out(caption, self.view.shown_lines, log=self.view.log_y)
        if is_empty and caption:
            self.waiting.setText(f"{caption[0].upper()}{caption[1:]}.")
        self.waiting.setVisible(is_empty and bool(caption))
        self.view.setVisible(self.waiting.isHidden())
        self.head.caption.set_text("" if is_empty else caption)
        names = self.legend.names
        self._name_lines()
        if names != self.legend.names:
            self._order_tabs()
        around = (is_empty, bool(caption), self.view, self.legend.names, self._smoothing)
        if around != self._around:
            self._around = around
            self._offer()
            self._share_height()

    def _offer(self) -> None:
        """Say what can be done with what is shown."""
        plot = self._plot
        can = isinstance(plot, Plot) and can_be_smoothed(plot)
        self.head.set_offer(
            axis=isinstance(self.view, PlotView),
            smoothing=self._smoothing.name if can else None,
            anything=plot is not None,
        )

    def _name_lines(self) -> None:
        """Let the legend say what is drawn, and whether."""
        view = self.view
        single = view.single_entries if isinstance(view, PlotView) else view.entries
        self.legend.set_entries(view.entries)
        self.legend.set_single(single)
        self.head.lines_action.setVisible(any(entry.can_be_switched for entry in single))

    @Slot()
    def _open_lines(self) -> None:
        button = self.head.more_button
        self.legend.open_single(button.mapToGlobal(QPoint(0, button.height())))

    def _order_tabs(self) -> None:
        """Tab goes along the header, then to the legend, then to the plot."""
        legend = [self.legend.button(name) for name in self.legend.names]
        head = [self.head.enlarge_button, self.head.more_button]
        chain: list[QWidget] = [*head, *legend, self.legend.more_button, self.view.reader]
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    @Slot(bool)
    def _set_log(self, on: bool) -> None:
        self._log = on
        if isinstance(self.view, PlotView):
            self.view.set_log(on)
            self._follow_view()

    @Slot(str, bool)
    def _switch(self, name: str, on: bool) -> None:
        self.view.set_shown(name, on)
        self._follow_view()

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
