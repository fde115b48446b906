"""What the set-up's fields are scrolled in; the keyboard is always in sight."""

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

_AROUND = 40  # pixels above and below what comes into sight


class FormScroll(QScrollArea):
    """Scrolls to what has the keyboard, from wherever it came; what can be seen stays in place.

    Signals:
        spared: the pixels that a bar would take beside the fields, were it there.
    """

    spared = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        application = QApplication.instance()
        assert isinstance(application, QApplication), "a panel needs a QApplication"
        application.focusChanged.connect(self._follow_focus)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell texts what may be taken from them: in other rows they would move what is below."""
        super().resizeEvent(event)
        bar = self.verticalScrollBar()
        self.spared.emit(0 if bar.isVisible() else bar.sizeHint().width())

    def show_field(self, field: QWidget) -> None:
        """Scroll until a field is in sight."""
        self.ensureWidgetVisible(field, 0, _AROUND)

    def bring(self, field: QWidget) -> bool:
        """Scroll to a field that may just have been unfolded; whether it can be seen now."""
        QApplication.sendPostedEvents(self.widget(), QEvent.Type.LayoutRequest)
        self.show_field(field)
        return field.isVisible()

    @Slot(QWidget, QWidget)
    def _follow_focus(self, _: QWidget | None, now: QWidget | None) -> None:
        form = self.widget()
        if now is None or form is None or not form.isAncestorOf(now):
            return
        if not self.viewport().rect().contains(now.mapTo(self.viewport(), now.rect().center())):
            self.show_field(now)
