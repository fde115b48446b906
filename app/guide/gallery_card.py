"""Cards of the gallery: a picture, and words; those of experiments have a Run button."""

import re
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app import icons
from app.guide.card_picture import CardPicture
from app.guide.picture_shape import PICTURE_WIDTH
from app.theme import Theme
from engine.experiments.amounts import amount
from engine.experiments.experiment import Experiment

CARD_WIDTH: Final = PICTURE_WIDTH
_ROUND: Final = 8.0
_RING: Final = 2
_STEERING: Final = (
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
)


class GalleryCard(QAbstractButton):
    """A picture, and words below it; a click or Enter opens what it shows.

    Args:
        theme: the colours.

    Signals:
        chosen: the user asked to open it.
        steered: a key was pressed that goes to another card.
        focused: the keyboard has come here.
    """

    chosen = Signal()
    steered = Signal(int)
    focused = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._is_current = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumWidth(CARD_WIDTH)
        self.clicked.connect(self._choose)

    @property
    def stops(self) -> list[QWidget]:
        """What of it Tab reaches, in order."""
        return [self]

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self._theme = theme
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open, or go to another card."""
        key = Qt.Key(event.key())
        if key in _STEERING:
            self.steered.emit(key)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that the keyboard is here."""
        super().focusInEvent(event)
        self.focused.emit()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be clicked."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is gone."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card, with a ring where the keyboard or the pointer is."""
        theme = self._theme
        lit = self._is_current or self.underMouse() or self.hasFocus()
        colour, width = theme.accent if lit else theme.rule, _RING if self.hasFocus() else 1
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(colour), width))
            painter.setBrush(QColor(theme.field_off if self.isDown() else theme.card))
            inset = width / 2
            outline = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
            painter.drawRoundedRect(outline, _ROUND, _ROUND)

    def _lay_out(self, picture: QWidget, words: Sequence[QWidget], last: QLayout | QWidget) -> None:
        """Put the words below the picture, and something at the very end."""
        inside = QVBoxLayout()
        inside.setContentsMargins(12, 8, 12, 12)
        inside.setSpacing(4)
        for label in words:
            inside.addWidget(label)
        inside.addStretch(1)
        inside.addSpacing(4)
        if isinstance(last, QWidget):
            inside.addWidget(last)
        else:
            inside.addLayout(last)
        column = QVBoxLayout(self)
        column.setContentsMargins(_RING, _RING, _RING, _RING)
        column.setSpacing(0)
        column.addWidget(picture)
        column.addLayout(inside, 1)

    @Slot()
    def _choose(self) -> None:
        self.chosen.emit()


class ExperimentCard(GalleryCard):
    """Shows an experiment; a click or Enter opens it, its button or Ctrl+Enter runs it.

    Args:
        experiment: the experiment it shows.
        theme: the colours.

    Attributes:
        experiment: the experiment it shows.
        run_button: runs it.

    Signals:
        run_requested: the user asked to run it.
    """

    run_requested = Signal()

    def __init__(self, experiment: Experiment, theme: Theme) -> None:
        super().__init__(theme)
        self.experiment = experiment
        self.setAccessibleName(experiment.title)
        self.setAccessibleDescription(f"{experiment.description} Enter opens it, Ctrl+Enter runs.")
        self.setToolTip(experiment.description)
        self._picture = CardPicture(experiment.name, theme)
        title = label_of(experiment.title, "title")
        sentence = label_of(_first_sentence(experiment.description), "")
        size = label_of(amount(experiment), "muted")
        self.run_button = QPushButton("Run")
        self.run_button.setAccessibleName(f"Run {experiment.title}")
        self.run_button.setToolTip("Open this experiment and run it (Ctrl+Enter)")
        self.run_button.clicked.connect(self.run_requested)
        self.run_button.installEventFilter(self)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(size, 1)
        row.addWidget(self.run_button)
        self._lay_out(self._picture, (title, sentence), row)
        self.set_theme(theme)

    @property
    def stops(self) -> list[QWidget]:
        """The card, and its button."""
        return [self, self.run_button]

    @property
    def is_current(self) -> bool:
        """Whether it is marked as the experiment that is loaded."""
        return self._is_current

    def set_current(self, current: bool) -> None:
        """Mark it as the experiment that is loaded, or not."""
        self._is_current = current
        self._picture.set_badge(current)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        super().set_theme(theme)
        self._picture.set_theme(theme)
        self.run_button.setIcon(icons.icon("run", theme))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Run, too."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.run_requested.emit()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go to another card from the button, too; Qt would leave the gallery."""
        pressed = event.type() == QEvent.Type.KeyPress
        if pressed and isinstance(event, QKeyEvent) and event.key() in _STEERING:
            self.steered.emit(event.key())
            return True
        return bool(super().eventFilter(watched, event))


def label_of(text: str, role: str) -> QLabel:
    """Words on a card, which take no clicks."""
    label = QLabel(text)
    label.setObjectName(role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return label


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?]) ", text, maxsplit=1)[0]
