"""A card with one plot of a run: its head, its legend, and the plot itself."""

from dataclasses import replace
from itertools import pairwise
from typing import Final, TypeAlias

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from app.dress import plot_font
from app.plots.axes_view import AxesView
from app.plots.card_layout import CardLayout
from app.plots.card_picture import picture_of
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
        self._shown: AnyPlot | None = None  # the same, over the axis that was chosen
        self._around: tuple[object, ...] = ()
        self.head = PlotHead(key, theme)
        self.legend = Legend()
        self.view: View = PlotView(theme)
        self.waiting = QLabel()
        self.waiting.setObjectName("muted")
        self.waiting.setTextFormat(Qt.TextFormat.PlainText)
        self.waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.waiting.setWordWrap(True)
        self.waiting.hide()
        self._layout = CardLayout(self, self.head, self.legend)
        self._column = self._layout.column
        self._column.addWidget(self.view, 1)
        self._column.addWidget(self.waiting, 1)
        self._speaking = Speaking(self)
        self.head.log_action.toggled.connect(self._set_log)
        self.head.smoothing_chosen.connect(self.set_smoothing)
        self.head.axis.chosen.connect(self._follow_axis)
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
        """What it was given to show; None: nothing yet."""
        return self._plot

    @property
    def shown(self) -> AnyPlot | None:
        """The same over the horizontal axis that was chosen."""
        return self._shown

    @property
    def log_y(self) -> bool | None:
        """Whether the y axis is logarithmic now; None: the plot is not made of lines."""
        return self.view.log_y if isinstance(self.view, PlotView) else None

    @property
    def showing(self) -> Showing:
        """How the plot is shown: on which axes, without what, and which part of it."""
        view = self.view.showing
        return replace(view, smoothing=self._smoothing, across=self.head.axis.wanted)

    @property
    def smoothing(self) -> Smoothing:
        """How strongly its lines are smoothed, where they can be."""
        return self._smoothing

    @property
    def drawn(self) -> AnyPlot | None:
        """The plot with its lines as they are drawn: smoothed, if that was asked for."""
        plot = self._shown
        return smoothed(plot, self._smoothing) if isinstance(plot, Plot) else plot

    def show_plot(self, plot: AnyPlot) -> None:
        """Show a plot; if it is of the same kind as before, its items are reused."""
        self._plot, self._shown = plot, self.head.axis.over(plot)
        if not isinstance(self.view, _VIEWS[type(plot)]):
            self._change_view(_VIEWS[type(plot)](self._theme))
        plot = self._shown
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
        self._plot, self._shown, self._around = None, None, ()
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
        texts = [] if self._shown is None else [(self._shown.title, plot_font(self._presentation))]
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
        view, plot = self.view, self._shown
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
        """Leave enough room to the drawing."""
        shown = self._shown
        self._layout.share(self.view, is_empty=isinstance(shown, Plot) and shown.is_empty)

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
        plot = self._shown
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
        across = plot.across if isinstance(plot, Plot) else ""
        around = (is_empty, bool(caption), self.view, self.legend.names, self._smoothing, across)
        if around != self._around:
            self._around = around
            self._offer()
            self._share_height()

    def _offer(self) -> None:
        """Say what can be done with what is shown."""
        plot = self._shown
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
        head = [self.head.axis, self.head.enlarge_button, self.head.more_button]
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
    def _follow_axis(self) -> None:
        """Show all the data over the axis that was chosen."""
        if self._plot:
            self.show_plot(self._plot)
            if isinstance(self.view, PlotView):
                self.view.show_everything()

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
