"""What a graphics view shows, kept as a picture while only something on top of it moves."""

import pyqtgraph
from PySide6.QtCore import QObject, QRectF, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QGraphicsView


class Snapshot(QObject):
    """Paints a view from a picture; the picture is taken anew once the scene has changed.

    Lines take long to draw, a crosshair that goes across them does not.

    Args:
        view: the view.
    """

    def __init__(self, view: pyqtgraph.GraphicsView) -> None:
        super().__init__(view)
        self._view = view
        self._picture: QPixmap | None = None
        self._is_on = False

    def set_on(self, on: bool) -> None:
        """Whether pictures are taken: they are worth it only while something moves on top."""
        if on != self._is_on:
            self._is_on, self._picture = on, None
            changed = self._view.scene().changed
            (changed.connect if on else changed.disconnect)(self.forget)

    @Slot()
    def forget(self) -> None:
        """What is shown has changed."""
        self._picture = None

    def paint(self, event: QPaintEvent) -> bool:
        """Paint the view's part that an event asks for; tells whether that was done."""
        if not self._is_on:
            return False
        viewport = self._view.viewport()
        ratio = viewport.devicePixelRatioF()
        if self._picture is None or self._picture.deviceIndependentSize() != viewport.size():
            self._view.scene().prepareForPaint()
            picture = QPixmap(viewport.size() * ratio)
            picture.setDevicePixelRatio(ratio)
            with QPainter(picture) as painter:
                # pyqtgraph's views have a `render` of another meaning.
                QGraphicsView.render(self._view, painter, QRectF(), viewport.rect())
            self._picture = picture
        part = QRectF(event.rect())
        source = QRectF(part.topLeft() * ratio, part.size() * ratio)
        with QPainter(viewport) as painter:
            painter.drawPixmap(part, self._picture, source)
        return True
