"""The line that a value of the set-up is typed into."""

import re

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame, QToolTip

_OF_TEXT = "ACVXYZ"  # with Ctrl: select all, copy, paste, cut, redo, undo
_POWER = re.compile(r"(-?[\d.]+)(e[+-]?\d+)", re.IGNORECASE)
_WITH_DECIMALS = re.compile(r"-?\d+\.\d+", re.ASCII)
_DOTS = "…"
_LETTERS_FROM = 3  # pixels, where Qt draws the first letter


class Line(QLineEdit):
    """A line whose undo is the panel's: it lets Ctrl+Z and its own menu through to its parents.

    Away from the keyboard, a text that is too long for it ends in dots, and its tip tells all of
    it; a number keeps its power of ten.
    """

    @property
    def shown(self) -> str:
        """The text as it is drawn."""
        if self.hasFocus():
            return self.text()
        digits, power = self.text(), ""
        if found := _POWER.fullmatch(digits):
            digits, power = found.groups()
        room = self._room().width() - self.fontMetrics().horizontalAdvance(power)
        short = self.fontMetrics().elidedText(digits, Qt.TextElideMode.ElideRight, room)
        return (short if short == digits else _rounded(digits, short)) + power

    def event(self, event: QEvent) -> bool:
        """Claim the undo keys, so that they reach the panel from here; leave others to the window.

        Some systems have keys of their own for lines, Ctrl+E among them. The tip begins with all
        of a text that ends in dots.
        """
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if _is_undo_or_redo(event):
                event.accept()
                return True
            if _is_the_window_s(event):
                event.ignore()
                return False
        if isinstance(event, QHelpEvent) and self.shown != self.text():
            QToolTip.showText(event.globalPos(), f"{self.text()}\n{self.toolTip()}".strip(), self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the undo keys through."""
        if _is_undo_or_redo(event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Leave the menu to the field."""
        event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the first digits of a long number again."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.setCursorPosition(0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text, or its beginning and dots."""
        if self.shown == self.text():
            super().paintEvent(event)
            return
        frame = QStyleOptionFrame()
        self.initStyleOption(frame)
        with QPainter(self) as painter:
            style = self.style()
            style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, frame, painter, self)
            style.drawItemText(
                painter,
                self._room(),
                Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
                frame.palette,
                self.isEnabled(),
                self.shown,
                QPalette.ColorRole.Text,
            )

    def _room(self) -> QRect:
        """Where the text is drawn."""
        frame = QStyleOptionFrame()
        self.initStyleOption(frame)
        inside = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, frame, self)
        return inside.adjusted(_LETTERS_FROM - 1, 0, 1 - _LETTERS_FROM, 0)


def _rounded(digits: str, short: str) -> str:
    """The beginning of a number, and dots; rounded, as the number is wherever it is read."""
    kept = short.rstrip(_DOTS)
    if not _WITH_DECIMALS.fullmatch(digits) or "." not in kept:
        return short
    decimals = len(kept.partition(".")[2])
    return f"{float(digits):.{decimals}f}{_DOTS}"


def _is_the_window_s(event: QKeyEvent) -> bool:
    """Whether Ctrl and a letter mean nothing to do with text."""
    is_letter = Qt.Key.Key_A <= event.key() <= Qt.Key.Key_Z
    has_ctrl = event.modifiers() == Qt.KeyboardModifier.ControlModifier
    return is_letter and has_ctrl and chr(event.key()) not in _OF_TEXT


def _is_undo_or_redo(event: QKeyEvent) -> bool:
    keys = QKeySequence.StandardKey
    return event.matches(keys.Undo) or event.matches(keys.Redo)
