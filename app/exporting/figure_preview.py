"""A preview of a figure, drawn as it will be written, off the window's thread."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt, QThread, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.figures.figure import SIZES, Size, render
from engine.plots import AS_THE_PLOT_SAYS, AnyPlot, Showing

_RESIZE_MILLISECONDS = 200


class _Drawer(QThread):
    """Draws one figure."""

    def __init__(
        self,
        make: Callable[[], AnyPlot],
        size: Size,
        showing: Showing,
        dots: float,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._make, self._size, self._showing, self.dots = make, size, showing, dots
        self.content = b""
        self.problem = ""

    def run(self) -> None:
        try:
            self.content = render(self._make(), "png", self._size, self._showing, self.dots)
        except Exception as error:  # shown instead of the figure; the dialog stays usable
            self.problem = f"This figure cannot be drawn: {type(error).__name__}: {error}"


class FigurePreview(QWidget):
    """Shows the figure last asked for, as large as space allows.

    Attributes:
        image: what is shown; null before the first figure and after a problem.
        problem: why there is no figure; empty if there is one.

    Signals:
        drawn: the figure's width and height in inches, once it is shown; zeros after a problem.
    """

    drawn = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image = QImage()
        self.problem = ""
        self._wanted: tuple[Callable[[], AnyPlot], Size, Showing] | None = None
        self._is_stale = False
        self._drawer: _Drawer | None = None
        self._resized = QTimer(self, singleShot=True, interval=_RESIZE_MILLISECONDS)
        self._resized.timeout.connect(self._draw)
        self.setAccessibleName("Preview of the figure")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 240)

    @property
    def is_drawing(self) -> bool:
        """Whether a newer figure than the one shown is being drawn, or about to be."""
        return self._drawer is not None or self._resized.isActive()

    def show_figure(
        self, make: Callable[[], AnyPlot], size: Size, showing: Showing = AS_THE_PLOT_SAYS
    ) -> None:
        """Show a figure soon; of several asked for meanwhile, only the last.

        It is drawn once the preview is visible: until then its size is not known.

        Args:
            make: gives the plot; called in another thread.
            size: what the figure is for.
            showing: how the plot is shown.
        """
        self._wanted = (make, size, showing)
        self._draw()

    def shut_down(self) -> None:
        """End drawing and wait for it."""
        self._resized.stop()
        self._wanted, self._is_stale = None, False
        drawer, self._drawer = self._drawer, None
        if drawer:
            drawer.finished.disconnect()
            drawer.wait()
            drawer.deleteLater()

    def sizeHint(self) -> QSize:
        """Room for a page's figure."""
        return QSize(560, 420)

    def showEvent(self, event: QShowEvent) -> None:
        """Draw at the size that the preview has by now."""
        super().showEvent(event)
        self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Redraw at the new size, once resizing has ended."""
        super().resizeEvent(event)
        if self._wanted and self.isVisible():
            self._resized.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The figure, or a message."""
        with QPainter(self) as painter:
            if self.image.isNull():
                painter.setPen(self.palette().placeholderText().color())
                flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(self.rect(), int(flags), self.problem or "Drawing …")
                return
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            room = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            shape = self.image.size().scaled(
                room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio
            )
            place = QRectF(QPointF(0, room.top()), shape.toSizeF())
            place.moveLeft(room.center().x() - shape.width() / 2)
            painter.drawImage(place, self.image)
            painter.setPen(self.palette().mid().color())
            painter.drawRect(place)

    @Slot()
    def _draw(self) -> None:
        if self._wanted is None or not self.isVisible():
            return
        self._resized.stop()  # this drawing already has the new size
        if self._drawer:
            self._is_stale = True
            return
        make, size, showing = self._wanted
        pixels = max(self.width(), 320) * self.devicePixelRatioF()
        self._drawer = _Drawer(make, size, showing, pixels / SIZES[size].width, self)
        self._drawer.finished.connect(self._take)
        self._drawer.start()

    @Slot()
    def _take(self) -> None:
        drawer, self._drawer = self._drawer, None
        if drawer is None:
            return
        drawer.wait()
        drawer.deleteLater()
        if self._is_stale:
            self._is_stale = False
            self._draw()
            return
        self.problem = drawer.problem
        self.image = QImage.fromData(drawer.content) if drawer.content else QImage()
        self.update()
        self.drawn.emit(self.image.width() / drawer.dots, self.image.height() / drawer.dots)
