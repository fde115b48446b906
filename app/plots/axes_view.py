"""Axes that can be zoomed, panned and read, by mouse or keyboard, for any kind of drawing."""

from typing import Final

import pyqtgraph
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from app.dress import plot_font
from app.plots.crosshair import Crosshair, Reading
from app.plots.dressing import dress_plot
from app.plots.plot_axes import PlotAxis
from app.plots.snapshot import Snapshot
from app.theme import Theme

_ZOOM, _PAN = 0.8, 0.1
_ABOVE, _BESIDE, _RING = 8, 12, 3  # pixels around the axes; the last is the keyboard's frame
_DIRECTIONS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Down: (0, -1),
    Qt.Key.Key_Up: (0, 1),
}
HOW_TO: Final = (
    "Zoom with the mouse wheel or + and −; pan by dragging or with the arrow keys; show all the "
    "data with Home or a double click; read values with Alt and the arrow keys; go to a moment of "
    "the run with a click."
)


class AxesView(pyqtgraph.PlotWidget):  # type: ignore[misc]
    """Zooms with the wheel and pans by dragging; until then, it follows the data.

    It asks for the value at a place; the owner, which knows what is drawn there, answers with
    `read`.

    Args:
        left, bottom: the axes.
        theme: the colours.

    Attributes:
        crosshair: what is read off.

    Signals:
        pointed_at: read off what is nearest to this place of the view.
        stepped: read off what is next to the right and upwards (or the other way, if negative),
            or ten times as far.
        hovered: name of what is read off, or "".
        clicked: the place of the view where there was a click, and not a double one.
        left: nothing is read any more.
        follows_changed: whether the view follows the data now.
    """

    follows_changed = Signal(bool)
    clicked = Signal(QPointF)
    left = Signal()
    pointed_at = Signal(QPointF)
    stepped = Signal(int, int, bool)
    hovered = Signal(str)
    padding = 0.04  # around the data, as a share of its range
    _is_outgrown = False  # pyqtgraph resizes while it is made

    def __init__(
        self, left: PlotAxis, bottom: PlotAxis, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, axisItems={"left": left, "bottom": bottom}, enableMenu=False)
        self._theme = theme
        self._axes = left, bottom
        self._whole = QRectF(0, 0, 1, 1)
        self._follows = True
        self._presentation = False
        self._box = self.getPlotItem().getViewBox()
        self.getPlotItem().hideButtons()
        self._box.sigRangeChangedManually.connect(self._note_moved)
        self._pressed: QPointF | None = None
        self._clicked_at = QPointF()
        self._clicking = QTimer(self, singleShot=True)
        self._clicking.timeout.connect(self._report_click)
        self.crosshair = Crosshair(theme, self.viewport(), self)
        self._snapshot = Snapshot(self)
        self.setAntialiasing(True)
        self.setMinimumSize(180, 70)
        self.setWhatsThis(HOW_TO)  # a screen reader's help
        self.set_presentation(False)
        self.set_theme(theme)

    @property
    def theme(self) -> Theme:
        """The colours."""
        return self._theme

    @property
    def follows(self) -> bool:
        """Whether the view follows the data; not once it was zoomed or panned."""
        return self._follows

    @property
    def part(self) -> tuple[tuple[float, float], tuple[float, float]] | None:
        """Which part of the axes is shown, as ranges of x and y; None: all the data."""
        if self._follows:
            return None
        (left, right), (low, high) = self._box.viewRange()
        return (float(left), float(right)), (float(low), float(high))

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self._theme = theme
        dress_plot(self, theme)
        self.crosshair.set_theme(theme)

    def set_presentation(self, on: bool) -> None:
        """Larger type, or not."""
        self._presentation = on
        font = plot_font(on)
        self.crosshair.setFont(font)
        for side in ("left", "bottom"):
            self.getPlotItem().getAxis(side).set_font(font)
        # Half of the last number on either axis stands beyond its end.
        self.getPlotItem().layout.setContentsMargins(_RING, _ABOVE, _BESIDE, _RING)

    def event(self, event: QEvent) -> bool:
        """Draw as thick as before on a screen that is more or less dense."""
        if event.type() == QEvent.Type.DevicePixelRatioChange and hasattr(self, "crosshair"):
            self.set_presentation(self._presentation)
        return bool(super().event(event))

    def set_titled(self, on: bool) -> None:
        """Name the axes, or leave that room to the drawing."""
        for axis in self._axes:
            axis.set_titled(on)

    def outside(self, *, titled: bool) -> QSize:
        """How much of it is not drawing, with axes that are named or not."""
        left, bottom = (axis.extent(titled=titled) for axis in self._axes)
        return QSize(int(left) + _BESIDE + _RING, int(bottom) + _ABOVE + _RING)

    def show_everything(self) -> None:
        """Undo zooming and panning, and follow again."""
        self._set_follows(True)
        whole = self._whole
        self._box.setRange(
            xRange=(whole.left(), whole.right()),
            yRange=(whole.top(), whole.bottom()),
            padding=self.padding,
            disableAutoRange=True,
        )

    def set_whole(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """The range of all the data; it is shown unless the user has zoomed or panned."""
        self._whole = QRectF(x[0], y[0], x[1] - x[0], y[1] - y[0])
        if self._follows:
            self.show_everything()

    def stop_reading(self) -> None:
        """Stop reading."""
        self.crosshair.clear()
        self._snapshot.set_on(False)
        self.hovered.emit("")
        self.left.emit()

    def read(
        self, reading: Reading, name: str, pointer: QPointF | None, *, aloud: bool = True
    ) -> None:
        """Show the values read, and report what the one that is pointed at belongs to.

        Args:
            reading: what to show.
            name: of what is pointed at, or "".
            pointer: where it is; None: read by keyboard, or along with another plot.
            aloud: whether a screen reader says what the keyboard reads.
        """
        self.crosshair.show_reading(reading, pointer)
        self._snapshot.set_on(True)
        if pointer is None and aloud:
            self.crosshair.announce()
        self.hovered.emit(name)

    def frame(self) -> QRectF:
        """The part of the view within the axes, in pixels."""
        return QRectF(self._box.sceneBoundingRect())

    def ranges(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """What can be seen of the x and of the y axis, in their units."""
        (left, right), (low, high) = self._box.viewRange()
        return (float(left), float(right)), (float(low), float(high))

    def in_pixels(self, x: float, y: float) -> QPointF:
        """Where a place of the axes is in the view."""
        return QPointF(self._box.mapViewToScene(QPointF(x, y)))

    def in_units(self, pixel: QPointF) -> QPointF:
        """Which place of the axes a pixel shows."""
        return QPointF(self._box.mapSceneToView(pixel))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Zoom, pan, read values, show all the data."""
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        alt = bool(modifiers & Qt.KeyboardModifier.AltModifier)
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        elif key in _DIRECTIONS and alt:
            self.stepped.emit(*_DIRECTIONS[key], shift)
        elif key in _DIRECTIONS:
            right, up = _DIRECTIONS[key]
            width, height = self._box.viewRect().width(), self._box.viewRect().height()
            self._box.translateBy(x=right * _PAN * width, y=up * _PAN * height)
            self._note_moved()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            factor = 1 / _ZOOM if key == Qt.Key.Key_Minus else _ZOOM
            self._box.scaleBy((factor, factor))
            self._note_moved()
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_0):
            self.show_everything()
            self.stop_reading()  # what was read is elsewhere now
        elif key == Qt.Key.Key_Escape and self.crosshair.reading:
            self.stop_reading()
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to drag, or to click."""
        super().mousePressEvent(event)
        left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = event.position() if left else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Report a click once it is certain that it is not the first half of a double one."""
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        if pressed is not None and self.frame().contains(pressed):
            moved = (event.position() - pressed).manhattanLength()
            if moved < QApplication.startDragDistance():
                self._clicked_at = pressed
                self._clicking.start(QApplication.doubleClickInterval())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show all the data, and read what is under the pointer then."""
        self._clicking.stop()
        self.show_everything()
        if self.frame().contains(event.position()):
            self.pointed_at.emit(event.position())
        event.accept()

    def hideEvent(self, event: QHideEvent) -> None:
        """Read nothing that cannot be seen."""
        super().hideEvent(event)
        self._clicking.stop()
        self.stop_reading()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw; while only the crosshair moves, from a picture."""
        self._catch_up()
        if not self._snapshot.paint(event):
            super().paintEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read the value under the pointer, or drag."""
        super().mouseMoveEvent(event)
        if not event.buttons() and self.frame().contains(event.position()):
            self.pointed_at.emit(event.position())
        elif self.crosshair.reading:
            self.stop_reading()

    def leaveEvent(self, event: object) -> None:
        """Read nothing once the pointer is gone."""
        super().leaveEvent(event)
        self.stop_reading()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keyboard acts here."""
        super().focusInEvent(event)
        self.crosshair.follow_focus()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard acts elsewhere."""
        super().focusOutEvent(event)
        self.crosshair.follow_focus()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """The value read has moved; not before `settle`, if the window says when."""
        self._is_outgrown = not self.updatesEnabled()
        if self._is_outgrown:
            return
        super().resizeEvent(event)
        if hasattr(self, "crosshair"):  # pyqtgraph resizes while it is made
            self.stop_reading()
            self.crosshair.follow_focus()

    def settle(self) -> None:
        """Take the size that the view has now, so that it is painted once."""
        self._catch_up()
        item = self.getPlotItem()
        for side in ("left", "bottom"):
            item.getAxis(side).measure()
        item.layout.activate()
        self.scene().prepareForPaint()  # else it would paint, change, and paint again
        for _ in range(2):
            QApplication.sendPostedEvents(self.scene(), QEvent.Type.MetaCall.value)

    def _catch_up(self) -> None:
        if self._is_outgrown:
            self._is_outgrown = False
            super().resizeEvent(None)
            self.stop_reading()

    @Slot()
    def _report_click(self) -> None:
        self.clicked.emit(self._clicked_at)

    def _note_moved(self, *_: object) -> None:
        self._set_follows(False)
        self.stop_reading()

    def _set_follows(self, on: bool) -> None:
        if on != self._follows:
            self._follows = on
            self.follows_changed.emit(on)
