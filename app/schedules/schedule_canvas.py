"""The canvas on which a schedule is drawn: by hand, point by point, or with the arrow keys."""

from typing import Literal

import numpy as np
import pyqtgraph
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.plots.dressing import dress_plot
from app.plots.pens import DASHES, make_pen
from app.schedules.schedule_axis import IterationAxis, ValueAxis
from app.schedules.schedule_edits import ScheduleEdits
from app.theme import Theme
from engine.arrays import Floats
from engine.hyperparameters.kinds import KINDS

Tool = Literal["draw", "move", "mark"]

_CURSORS = {
    "draw": Qt.CursorShape.CrossCursor,
    "move": Qt.CursorShape.SizeVerCursor,
    "mark": Qt.CursorShape.SizeHorCursor,
}
_EDITS = {"draw": "draw", "move": "move a point", "mark": ""}
_PIXELS_A_POINT = 5  # closer together, points are not drawn one by one
_JUMP = 10  # iterations that a page key goes
_LOG_STEP, _STEP = 0.02, 0.01  # of the axis, that an arrow key goes
_FINE = 0.1


class ScheduleCanvas(pyqtgraph.PlotWidget):  # type: ignore[misc]
    """Draws a schedule that can be edited in place.

    Args:
        edits: the schedule.
        theme: the colours.

    Attributes:
        columns: the groups that are changed.
        current: the iteration that the arrow keys change.
        stretch: the first and the last iteration marked, or None.

    Signals:
        current_moved: another iteration is the current one, or its value is another.
        stretch_marked: the user selected a range, or cleared the selection.
    """

    current_moved = Signal()
    stretch_marked = Signal()

    def __init__(self, edits: ScheduleEdits, theme: Theme, parent: QWidget | None = None) -> None:
        self._axis = ValueAxis("left")
        super().__init__(parent, axisItems={"left": self._axis, "bottom": IterationAxis("bottom")})
        self._edits = edits
        self._theme = theme
        self._tool: Tool = "draw"
        self._held_at: tuple[int, float] | None = None  # iteration and height of the pointer
        self._values_held: Floats = edits.values  # as they were when the button went down
        self.columns = list(range(edits.original.shape[1]))
        self.current = 0
        self.stretch: tuple[int, int] | None = None
        self._set_up_plot()
        self._x = np.arange(float(edits.iterations))
        item = self.getPlotItem()
        self._region = pyqtgraph.LinearRegionItem(movable=False)
        self._region.hide()
        item.addItem(self._region, ignoreBounds=True)
        groups = range(edits.original.shape[1])
        self._pale = [self._add_curve() for _ in groups]
        self._strong = [self._add_curve() for _ in groups]
        self._cursor_line = pyqtgraph.InfiniteLine(angle=90, movable=False)
        item.addItem(self._cursor_line, ignoreBounds=True)
        self._rings = pyqtgraph.ScatterPlotItem(size=11)
        item.addItem(self._rings, ignoreBounds=True)
        self.setAccessibleName(f"{edits.name.capitalize()}s over the training iterations")
        self.setToolTip(
            "Hold the mouse button and draw. Keys: ← → move from point to point, ↑ ↓ change the "
            "value (Shift: in fine steps), Shift+← → select a range, Esc clears the selection."
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.set_tool("draw")
        edits.changed.connect(self._redraw)
        edits.settled.connect(self.fit)
        for curve, column in zip(self._pale, edits.original.T, strict=True):
            curve.setData(self._x, column)
        self.set_theme(theme)
        self._redraw()
        self.fit()

    @property
    def tool(self) -> Tool:
        """What the mouse does."""
        return self._tool

    @Slot(str)
    def set_tool(self, tool: Tool) -> None:
        """Change what the mouse does."""
        self._tool = tool
        self.viewport().setCursor(_CURSORS[tool])

    def set_columns(self, columns: list[int]) -> None:
        """Choose the groups that are changed."""
        self.columns = columns
        self._restyle()
        self._show_current()

    def set_stretch(self, stretch: tuple[int, int] | None) -> None:
        """Select a range of iterations, or none."""
        self.stretch = stretch
        self._region.setVisible(stretch is not None)
        if stretch:
            self._region.setRegion((stretch[0] - 0.5, stretch[1] + 0.5))

    def go_to(self, iteration: int) -> None:
        """Make an iteration the current one."""
        self.current = min(max(iteration, 0), self._edits.iterations - 1)
        self._show_current()

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self._theme = theme
        dress_plot(self, theme)
        accent = QColor(theme.accent)
        accent.setAlphaF(0.18)
        self._region.setBrush(accent)
        for line in self._region.lines:
            line.setPen(make_pen(self, theme.accent, 1))
        self._cursor_line.setPen(make_pen(self, theme.muted, 1, Qt.PenStyle.DotLine))
        self._rings.setPen(make_pen(self, theme.ink, 2))
        self._rings.setBrush(QColor(theme.card))
        self._restyle()
        self._show_focus()

    @Slot()
    def fit(self) -> None:
        """Show the whole schedule, with room to draw above and below."""
        heights = self._edits.heights(np.stack([self._edits.original, self._edits.values]))
        low, high = float(heights.min()), float(heights.max())
        least = 0.4 if self._edits.is_log else 0.1 * max(abs(low), abs(high), 1e-9)
        room = max(0.2 * (high - low), least)
        if self._edits.kind == "decays":
            low, high = max(low - room, -0.02), min(high + room, 1.02)
        else:
            low, high = low - room, high + room
        last = max(self._edits.iterations - 1, 1)
        self.getPlotItem().getViewBox().setRange(
            xRange=(0, last), yRange=(low, high), padding=0.02, disableAutoRange=True
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to draw, move or select."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._held_at = self._under(event)
        self._values_held = self._edits.values
        self.go_to(self._held_at[0])
        self._drag_to(*self._held_at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Continue drawing, moving or selecting."""
        if self._held_at is not None:
            self._drag_to(*self._under(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Finish it."""
        if event.button() != Qt.MouseButton.LeftButton or self._held_at is None:
            return
        self._held_at = None
        if self._tool == "mark":
            self.stretch_marked.emit()
        else:
            self._edits.settle(_EDITS[self._tool])

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Keep the view fixed."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move from point to point, change values, select a range."""
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        last = self._edits.iterations - 1
        goals = {
            Qt.Key.Key_Left: self.current - 1,
            Qt.Key.Key_Right: self.current + 1,
            Qt.Key.Key_PageUp: self.current - _JUMP,
            Qt.Key.Key_PageDown: self.current + _JUMP,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        key = Qt.Key(event.key())
        if key in goals:
            goal = min(max(goals[key], 0), last)
            if shift:
                self._stretch_to(goal)
            self.go_to(goal)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._nudge(up=key == Qt.Key.Key_Up, fine=shift)
        elif key == Qt.Key.Key_Escape and self._held_at is not None:
            self._held_at = None
            self._edits.drop_sketch()
        elif key == Qt.Key.Key_Escape and self.stretch is not None:
            self.set_stretch(None)
            self.stretch_marked.emit()
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Mark the point that the keys change."""
        super().focusInEvent(event)
        self._show_focus()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Remove the mark of the current point."""
        super().focusOutEvent(event)
        self._show_focus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show single points where space allows."""
        super().resizeEvent(event)
        if hasattr(self, "_rings") and not self.closed:  # pyqtgraph resizes before and after
            self._restyle()

    def _under(self, event: QMouseEvent) -> tuple[int, float]:
        """The iteration and the height that the pointer is at."""
        box = self.getPlotItem().getViewBox()
        place = box.mapSceneToView(self.mapToScene(event.position().toPoint()))
        iteration = round(min(max(place.x(), 0), self._edits.iterations - 1))
        return iteration, float(place.y())

    def _drag_to(self, iteration: int, height: float) -> None:
        assert self._held_at is not None, "the button is down"
        began, began_height = self._held_at
        if self._tool == "mark":
            marked = (min(began, iteration), max(began, iteration)) if iteration != began else None
            self.set_stretch(marked)
            return
        values = self._edits.values.copy()
        if self._tool == "move":
            if height == began_height:
                return
            point = self._edits.heights(self._values_held[began, self.columns])
            values[began, self.columns] = self._edits.at_heights(point + height - began_height)
        else:
            first, last = sorted([(began, began_height), (iteration, height)])
            passed = np.arange(first[0], last[0] + 1)
            drawn = np.interp(passed, (first[0], last[0]), (first[1], last[1]))
            drawn[passed == iteration] = height
            rows = slice(first[0], last[0] + 1)
            values[rows, self.columns] = self._edits.at_heights(drawn)[:, None]
            self._held_at = (iteration, height)
            self.go_to(iteration)
        self._edits.sketch(values)

    def _nudge(self, *, up: bool, fine: bool) -> None:
        edits = self._edits
        step = _STEP if edits.kind == "decays" else _STEP * float(np.abs(edits.original).max())
        step = (_LOG_STEP if edits.is_log else step) * (_FINE if fine else 1.0)
        values = edits.values.copy()
        heights = edits.heights(values[self.current, self.columns])
        values[self.current, self.columns] = edits.at_heights(heights + (step if up else -step))
        groups = len(self._strong)
        which = self.columns[0] if len(self.columns) == 1 else groups
        edits.apply(values, "change a point", merges=self.current * (groups + 1) + which)

    def _stretch_to(self, goal: int) -> None:
        """Move the end of the selection at the current iteration; if there is none, start one."""
        anchor = self.current
        if self.stretch and self.current in self.stretch:
            anchor = self.stretch[0] if self.current == self.stretch[1] else self.stretch[1]
        self.set_stretch((min(anchor, goal), max(anchor, goal)) if anchor != goal else None)
        self.stretch_marked.emit()

    @Slot()
    def _redraw(self) -> None:
        for curve, column in zip(self._strong, self._edits.values.T, strict=True):
            curve.setData(self._x, column)
        self._show_current()

    def _show_current(self) -> None:
        heights = self._edits.heights(self._edits.values[self.current, self.columns])
        self._cursor_line.setValue(self.current)
        self._rings.setData(np.full(len(heights), float(self.current)), heights)
        self.current_moved.emit()

    def _show_focus(self) -> None:
        if self.closed:
            return
        pen = make_pen(self, self._theme.accent, 2) if self.hasFocus() else None
        self.getPlotItem().getViewBox().setBorder(pen)

    def _set_up_plot(self) -> None:
        item = self.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.getViewBox().setMouseEnabled(x=False, y=False)
        item.setLogMode(y=self._edits.is_log)
        for side in ("left", "bottom"):
            item.getAxis(side).enableAutoSIPrefix(False)
            item.getAxis(side).setStyle(maxTickLevel=0)
        self._axis.setWidth(66)
        item.setLabel("bottom", "training iteration")
        item.setLabel("left", f"{self._edits.name} {KINDS[self._edits.kind].symbol}")
        self.setAntialiasing(True)
        self.setMinimumSize(280, 160)

    def _add_curve(self) -> pyqtgraph.PlotDataItem:
        curve = pyqtgraph.PlotDataItem()
        curve.setDownsampling(auto=True, method="peak")
        self.getPlotItem().addItem(curve)
        return curve

    def _restyle(self) -> None:
        """One colour per layer, weights solid and biases dashed; groups not chosen are thin."""
        room = self.width() - 80
        has_points = self._edits.iterations * _PIXELS_A_POINT <= room
        for group, (pale, strong) in enumerate(zip(self._pale, self._strong, strict=True)):
            chosen = group in self.columns
            strand = self._edits.strands[group]
            colour, dash = self._theme.line_colour(strand.colour), DASHES[strand.dash]
            faint = QColor(self._theme.muted)
            faint.setAlphaF(0.55 if chosen else 0.25)
            pale.setPen(make_pen(self, faint, 1, Qt.PenStyle.DashLine))
            if not chosen:
                colour.setAlphaF(0.4)
            strong.setPen(make_pen(self, colour, 2 if chosen else 1, dash))
            strong.setSymbol("o" if chosen and has_points else None)
            strong.setSymbolSize(5)
            strong.setSymbolPen(None)
            strong.setSymbolBrush(colour)
            strong.setZValue(1 if chosen else 0)
