"""The box that a value of the set-up is chosen from."""

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QCursor,
    QHelpEvent,
    QPaintEvent,
    QStandardItemModel,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QToolTip,
    QWidget,
)

from app.plain_text import plain_tip

_MOST_ENTRIES = 26  # of a list that opens whole
_LETTERS = 4  # pixels beside them
_MARGINS = 24  # of the list, and its bar


class Box(QComboBox):
    """A box in a panel that scrolls: the wheel turns it only while the keyboard is in it.

    A choice that is too long for it ends in dots, and its tip tells all of it; the list of choices
    is as wide as they are.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setMaxVisibleItems(_MOST_ENTRIES)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumContentsLength(6)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.currentTextChanged.connect(self._ask_for_room)

    def rule_out(self, place: int, reason: str) -> None:
        """Grey a choice that needs what is not installed; its tip in the list says what."""
        model = self.model()
        if isinstance(model, QStandardItemModel) and (item := model.item(place)) is not None:
            item.setEnabled(False)
            item.setText(f"{item.text()} (not installed)")
            item.setToolTip(plain_tip(reason))
            item.setData(reason, Qt.ItemDataRole.AccessibleDescriptionRole)

    @property
    def shown(self) -> str:
        """The choice as it is drawn."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        where = QStyle.SubControl.SC_ComboBoxEditField
        room = (
            self.style()
            .subControlRect(QStyle.ComplexControl.CC_ComboBox, option, where, self)
            .width()
        )
        elide = Qt.TextElideMode.ElideRight
        return self.fontMetrics().elidedText(self.currentText(), elide, room - _LETTERS)

    def minimumSizeHint(self) -> QSize:
        """As wide as the choice; so that a form puts it below its label if need be."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        metrics = self.fontMetrics()
        text = QSize(metrics.horizontalAdvance(self.currentText()) + _LETTERS, metrics.height())
        kind = QStyle.ContentsType.CT_ComboBox
        wanted = self.style().sizeFromContents(kind, option, text, self)
        return wanted.expandedTo(super().minimumSizeHint())

    def showPopup(self) -> None:
        """Open the list, wide enough for every choice."""
        view = self.view()
        entries = view.sizeHintForColumn(0) + 2 * view.frameWidth() + _MARGINS
        view.setMinimumWidth(max(entries, self.width()))
        super().showPopup()

    def hidePopup(self) -> None:
        """Close the list; the pointer may have left the box meanwhile, which Qt does not tell."""
        super().hidePopup()
        part: QWidget | None = self
        while part is not None and not part.isWindow() and not _is_pointed_at(part):
            QApplication.sendEvent(part, QEvent(QEvent.Type.Leave))
            part = part.parentWidget()

    def event(self, event: QEvent) -> bool:
        """Tell all of a choice that ends in dots, before what the field is."""
        if isinstance(event, QHelpEvent) and self.shown != self.currentText():
            QToolTip.showText(event.globalPos(), self.currentText(), self)
            return True
        return super().event(event)

    @Slot()
    def _ask_for_room(self) -> None:
        self.updateGeometry()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Leave the menu to the field."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the choice, or its beginning and dots."""
        if self.shown == self.currentText():
            super().paintEvent(event)
            return
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = self.shown
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()


def _is_pointed_at(part: QWidget) -> bool:
    return part.rect().contains(part.mapFromGlobal(QCursor.pos()))
