"""Texts that people or files bring along: shown letter by letter, never wider than their place."""

import html
import re
from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QLabel, QMenu, QMessageBox, QWidget

_BREAK: Final = "\N{ZERO WIDTH SPACE}"
_LONG_WORD: Final = re.compile(r"\S{20}(?=\S)")
_ONE_ROW: Final = 160  # letters of a tool tip


def breakable(text: str) -> str:
    """The text with places in long words at which Qt may break them; they cannot be seen."""
    return _LONG_WORD.sub(lambda found: found[0] + _BREAK, text)


def plain_tip(text: str) -> str:
    """A tool tip that shows this text, whatever it looks like; a long one in several rows."""
    if "<" not in text and all(len(row) <= _ONE_ROW for row in text.split("\n")):
        return text
    return f"<p style='white-space: pre-wrap'>{html.escape(breakable(text))}</p>"


def without_key(text: str) -> str:
    """A text for a menu, a button or a tab, none of whose letters becomes a key."""
    return text.replace("&", "&&")


class PlainLabel(QLabel):
    """Shows any text as it is, in as many rows as its width asks for.

    Once it has a width, it claims the height of these rows: a form in a form would otherwise give
    it what two rows take, and cut off a third.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self._has_width = False
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setText(text)

    def text(self) -> str:
        """The text."""
        return self._whole

    def setText(self, text: str) -> None:
        """Show another text."""
        self._whole = text
        super().setText(breakable(text))
        self._claim_height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may ask for more rows, or fewer."""
        super().resizeEvent(event)
        self._has_width = True
        self._claim_height()

    def changeEvent(self, event: QEvent) -> None:
        """So does type of another size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._claim_height()

    def clear(self) -> None:
        """Show nothing."""
        self.setText("")

    def selectedText(self) -> str:
        """What is selected, without the places at which words may be broken."""
        return super().selectedText().replace(_BREAK, "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy what is selected."""
        if event.matches(QKeySequence.StandardKey.Copy) and self.hasSelectedText():
            self._copy()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to copy it, if it can be selected."""
        if self.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse:
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addAction("Copy").triggered.connect(self._copy)
            menu.popup(event.globalPos())
        else:
            event.ignore()

    def _claim_height(self) -> None:
        if self._has_width and self.wordWrap():
            self.setMinimumHeight(0)  # what is claimed now counts in what is asked for
            self.setMinimumHeight(max(0, self.heightForWidth(self.width())))

    def _copy(self) -> None:
        """Put what is selected on the clipboard, or all of it."""
        QGuiApplication.clipboard().setText(self.selectedText() or self._whole)


class PlainQuestion(QMessageBox):
    """A question that shows any text as it is; whoever asks adds the buttons.

    Args:
        text: the question.
        more: what else there is to know.
    """

    def __init__(self, text: str, more: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._text, self._more = text, more
        self.setIcon(QMessageBox.Icon.Question)
        self.setWindowTitle("Retrograde")
        self.setText(breakable(text))
        self.setInformativeText(breakable(more))
        self.setTextFormat(Qt.TextFormat.PlainText)

    def text(self) -> str:
        """The question."""
        return self._text

    def informativeText(self) -> str:
        """What else there is to know."""
        return self._more
