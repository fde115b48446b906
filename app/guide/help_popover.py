"""The answer to "what is this?", beside what was asked about."""

from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.guide.formula import Formula
from app.popover import Popover
from app.theme import LIGHT, Theme
from engine.experiments.help_texts import HelpText
from engine.plots.help_texts import help_text

_WIDTH: Final = 26  # times the height of type
_GAP: Final = 8


class HelpPopover(Popover):
    """Says what a field or a plot is, with a formula and the place in the paper.

    Esc closes it, and so does a click elsewhere.

    Attributes:
        title, text, formula, paper: what it shows.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.title = QLabel()
        self.title.setObjectName("title")
        self.text = QLabel()
        self.formula = Formula()
        self.paper = QLabel()
        self.paper.setObjectName("muted")
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        for label in (self.title, self.text, self.paper):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        for part in (self.title, self.text, self.formula, self.paper):
            column.addWidget(part)
        column.addStretch(1)
        self.set_theme(LIGHT)

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self.formula.set_ink(theme.ink)

    def show_help(self, key: str, anchor: QWidget) -> None:
        """Explain something beside a widget.

        Args:
            key: a field's dotted name, or a plot's key.
            anchor: what was asked about.

        Raises:
            KeyError: nothing is called so.
        """
        self.show_text(help_text(key), anchor)

    def show_text(self, what: HelpText, anchor: QWidget) -> None:
        """Show an answer beside a widget."""
        self.title.setText(what.title)
        self.text.setText(what.text)
        self.formula.set_formula(what.formula)
        self.paper.setText(what.citation)
        self.paper.setVisible(bool(what.citation))
        spoken = (what.text, self.formula.accessibleName(), self.paper.text())
        self.setAccessibleName(f"What is this? {what.title}")
        self.setAccessibleDescription(". ".join(part.rstrip(".") for part in spoken if part) + ".")
        self._fit()
        screen = anchor.screen().availableGeometry()
        self.place_at(_place(self.rect(), _on_screen(anchor), screen))
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def _fit(self) -> None:
        """As wide as text reads well and the formula needs, and as high as they are then."""
        for part in (self, self.title, self.text, self.formula, self.paper):
            part.ensurePolished()  # so that their type is the style sheet's already
        margins = self._column.contentsMargins()
        border = self.width() - self.contentsRect().width()
        formula = self.formula.sizeHint().width() if self.formula.isVisibleTo(self) else 0
        needed = formula + margins.left() + margins.right() + border
        width = max(_WIDTH * self.fontMetrics().height(), needed)
        self._column.invalidate()
        self.resize(width, self._column.totalHeightForWidth(width))


def _on_screen(widget: QWidget) -> QRect:
    return QRect(widget.mapToGlobal(QPoint(0, 0)), widget.size())


def _place(popover: QRect, anchor: QRect, screen: QRect) -> QPoint:
    """The upper left corner: right of the anchor, or left of it, or below."""
    width = popover.width()
    if anchor.right() + _GAP + width <= screen.right():
        x, y = anchor.right() + _GAP, anchor.top()
    elif anchor.left() - _GAP - width >= screen.left():
        x, y = anchor.left() - _GAP - width, anchor.top()
    else:
        x, y = anchor.left(), anchor.bottom() + _GAP
    return QPoint(x, y)
