"""A field of the set-up panel: a value that can be marked as wrong or changed, and explained."""

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QStyle, QToolButton, QVBoxLayout, QWidget

QUESTION_SIZE = 18
_HOVERS = (QEvent.Type.Enter, QEvent.Type.Leave, QEvent.Type.FocusIn, QEvent.Type.FocusOut)
_QUESTION_STYLE = """
    QToolButton { border: none; border-radius: 9px; padding: 0; font-weight: 600;
        color: palette(link); }
    QToolButton:hover { background: palette(accent); color: palette(highlighted-text); }
"""


class Field(QWidget):
    """A value of the experiment, under its dotted name, with its unit and what is wrong with it.

    A "?" appears beside it while the mouse is over it or the keyboard is in it; F1 asks the same.

    Args:
        key: dotted name in the experiment, "training.iterations".
        label: what people call it.
        tip: what it is, and its range.
        unit: shown behind it.

    Attributes:
        question: the "?".
        own: what the experiment itself has here.
        is_changed: whether the field is marked as differing from that.

    Signals:
        edited: a person changed the value; with the key.
        help_requested: a person asked what this is; with the key.
        back_requested: a person wants the experiment's own value back; with the key.
    """

    edited = Signal(str)
    help_requested = Signal(str)
    back_requested = Signal(str)

    def __init__(self, key: str, label: str, tip: str, unit: str = "") -> None:
        super().__init__()
        self.key = key
        self.label = label
        self.own: Any = None
        self.is_changed = False
        self._tip = tip
        self._has_question = True
        self._hovered: list[QWidget] = [self]
        self._editor: QWidget = QWidget()
        self._unit = QLabel(unit)
        self._unit.setObjectName("muted")
        self._unit.setFixedWidth(62)
        self.question = QToolButton()
        self.question.setText("?")
        self.question.setFixedSize(QUESTION_SIZE, QUESTION_SIZE)
        self.question.setStyleSheet(_QUESTION_STYLE)
        self.question.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.question.setCursor(Qt.CursorShape.PointingHandCursor)
        self.question.setAccessibleName(f"What is {label}?")
        self.question.setToolTip("What is this? (F1)")
        policy = self.question.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.question.setSizePolicy(policy)
        self.question.hide()
        self.question.clicked.connect(self._ask)
        self.complaint = QLabel()
        self.complaint.setObjectName("error")
        self.complaint.setWordWrap(True)
        self.complaint.hide()
        self._row = QHBoxLayout()
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(self._row)
        column.addWidget(self.complaint)

    def value(self) -> Any:
        """What the field holds, or the text of it if that is not a value; None when empty."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show a value, without telling that it was edited."""
        raise NotImplementedError

    def state(self) -> Any:
        """What the field holds, to the letter: what `restore` brings back."""
        return self.value()

    def restore(self, state: Any) -> None:
        """Show what `state` gave, without telling that it was edited."""
        self.set_value(state)

    def spell(self, value: Any) -> str:
        """A value in words."""
        return show(value)

    def differs(self) -> bool:
        """Whether the field holds something else than the experiment itself has."""
        return bool(plain(self.value()) != plain(self.own))

    def mark(self, changed: bool) -> None:
        """Say in tips and to screen readers whether the value differs from the experiment's own."""
        self.is_changed = changed
        self._describe()

    def set_problem(self, sentence: str) -> None:
        """Mark the field as wrong and say why; an empty sentence lifts the mark."""
        self.complaint.setText(sentence)
        self.complaint.setVisible(bool(sentence))
        wrong = "true" if sentence else "false"
        if self._editor.property("wrong") != wrong:
            self._editor.setProperty("wrong", wrong)
            style: QStyle = self._editor.style()
            style.unpolish(self._editor)
            style.polish(self._editor)
        self._describe()

    def add_label(self, label: QLabel) -> None:
        """Let a label belong to the field: its tip, and hovering over it, are the field's."""
        label.setBuddy(self)
        self._watch(label)
        self._describe()

    def put_beside(self, widget: QWidget) -> None:
        """Put something between the field's unit and its "?"."""
        self._row.insertWidget(self._row.count() - 1, widget)

    def set_active(self, active: bool) -> None:
        """Let the value be changed, or only looked at; its "?" stays."""
        self._editor.setEnabled(active)

    def leave_out_question(self) -> None:
        """Give no room to the "?"."""
        self._has_question = False
        self._row.removeWidget(self.question)
        self.question.hide()

    def narrow_unit(self, width: int) -> None:
        """Give the unit less room."""
        self._unit.setFixedWidth(width)

    def event(self, event: QEvent) -> bool:
        """Keep F1 for the field, whatever it does elsewhere."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_F1:
                event.accept()
                return True
        elif event.type() in _HOVERS:
            self._show_question()
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show the "?" while the mouse is over the field, or the keyboard in it."""
        if event.type() in _HOVERS:
            self._show_question()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F1 and Shift+F1 ask what this is."""
        if event.key() == Qt.Key.Key_F1:
            self._ask()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with the field."""
        menu = self._editor_menu() or QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if menu.actions():
            menu.addSeparator()
        if self.actions():
            menu.addActions(self.actions())
            menu.addSeparator()
        if self.is_changed:
            back = menu.addAction(f"Back to {self.spell(self.own)}")
            back.triggered.connect(self._ask_back)
        what = menu.addAction("What is this?")
        what.setShortcut(QKeySequence("F1"))
        what.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        what.triggered.connect(self._ask)
        menu.popup(event.globalPos())

    def _editor_menu(self) -> QMenu | None:
        """What the editor itself offers in a menu."""
        return None

    def _hold(self, editor: QWidget) -> None:
        self._editor = editor
        editor.setAccessibleName(self.label)
        self.setFocusProxy(editor)
        self._watch(editor)
        self._row.addWidget(editor, 1)
        if self._unit.text():
            self._row.addWidget(self._unit)
        self._row.addWidget(self.question)
        self._describe()

    def _watch(self, widget: QWidget) -> None:
        self._hovered.append(widget)
        widget.installEventFilter(self)

    def _describe(self) -> None:
        tip = self._tip
        if self.is_changed:
            tip += f"\n{self.spell(self.own)} in the experiment"
        for widget in self._hovered:
            widget.setToolTip(tip)
        self._editor.setAccessibleDescription(
            f"{tip}\n{self.complaint.text()}" if self.complaint.text() else tip
        )

    def _show_question(self) -> None:
        hovered = any(widget.underMouse() for widget in self._hovered)
        self.question.setVisible(self._has_question and (hovered or self._editor.hasFocus()))

    def _ask(self) -> None:
        self.help_requested.emit(self.key)

    def _ask_back(self) -> None:
        self.back_requested.emit(self.key)

    def _tell(self) -> None:
        self.edited.emit(self.key)


def show(value: Any) -> str:
    """Spell a value as a person would type it."""
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    return f"{value:g}" if isinstance(value, float) and float(f"{value:g}") == value else str(value)


def plain(value: Any) -> Any:
    """A value as it compares: lists and tuples alike, and an empty one like nothing."""
    if isinstance(value, list | tuple):
        return [plain(part) for part in value] or None
    return value
