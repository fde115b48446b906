"""How a card shares its height between caption, legend and drawing."""

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.plots.axes_view import AxesView
from app.plots.folding import has_room_for_more, shown_around
from app.plots.legend import MOST_ROWS, Legend
from app.plots.map_view import MapView
from app.plots.plot_head import PlotHead

MARGIN = 5  # on the left, and what is written there begins a little further in
EDGE, BELOW, SPACING = 4, 1, 2


class CardLayout:
    """Puts head, legend and drawing below each other, and folds what there is no room for.

    Args:
        card: whose height it is.
        head, legend: above the drawing.
    """

    def __init__(self, card: QFrame, head: PlotHead, legend: Legend) -> None:
        self._card, self._head, self._legend = card, head, legend
        self._layout = False, False
        self.column = QVBoxLayout(card)
        self.column.setContentsMargins(MARGIN, EDGE, EDGE, BELOW)
        self.column.setSpacing(SPACING)
        self.column.addWidget(head)
        self.column.addWidget(legend)

    def share(self, view: QWidget, *, is_empty: bool) -> None:
        """Leave enough room to the drawing, by folding what stands around it.

        Args:
            view: the drawing, with its axes.
            is_empty: whether there is nothing to draw, and so to name.
        """
        legend, caption = self._legend, self._head.caption
        has_legend, has_caption = bool(legend.names) and not is_empty, bool(caption.text)
        axes = view.axes if isinstance(view, MapView) else view
        around = axes.outside if isinstance(axes, AxesView) else None
        least = self._head.more_button.sizeHint().height()
        wide = self._card.width() - MARGIN - EDGE
        used = 1

        def drawing(rows: int, has_row: bool, titled: bool) -> QSize:
            head = max(caption.height_of(rows), least) if rows else 0
            row = legend.height_of(used) + SPACING if has_row else 0
            high = self._card.height() - EDGE - BELOW - head - SPACING - row
            return QSize(wide, high) - (around(titled=titled) if around else QSize(0, 0))

        shown = shown_around(drawing, legend=has_legend and has_caption)
        beside = has_legend and (not has_caption or (shown.rows > 0 and not shown.legend))
        if has_legend and not beside and shown.legend:
            needed = legend.rows_needed(wide)
            while used < min(needed, MOST_ROWS):
                used += 1
                if not has_room_for_more(drawing(shown.rows, True, shown.titles)):
                    used -= 1
                    break
        legend.set_rows(used)
        caption.set_most(max(shown.rows, 1))
        if isinstance(axes, AxesView):
            axes.set_titled(shown.titles)
        self._lay_out(view, beside=beside, over=shown.rows == 0)
        self._head.setToolTip(caption.toolTip() if beside else "")
        legend.setVisible(has_legend and (shown.legend or beside))  # a new place hides it

    def _lay_out(self, view: QWidget, *, beside: bool, over: bool) -> None:
        """Put the legend where the caption would be or below it; the head above the view or on it.

        Args:
            view: the drawing.
            beside: whether the legend stands in the head.
            over: whether the head is only its buttons, over a corner of the view.
        """
        head = self._head
        if (beside, over) != self._layout:
            self._layout = beside, over
            head.put_beside(self._legend if beside else None)
            head.set_folded(over)
            if over:
                self.column.removeWidget(head)
            else:
                self.column.insertWidget(0, head)
            if not beside:
                self.column.insertWidget(self.column.indexOf(view), self._legend)
        if over:
            size = head.sizeHint()
            head.setGeometry(QRect(QPoint(self._card.width() - EDGE - size.width(), EDGE), size))
            head.raise_()
