"""A field of the set-up panel: a value that can be marked as wrong or changed, and explained."""

from abc import abstractmethod
from functools import cached_property
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QStyle, QVBoxLayout, QWidget

from app.plain_text import plain_tip, without_key
from app.setup.below import Below
from app.setup.question import Question
from app.setup.unit import Unit
from engine.experiments.fields import Description
from engine.sentences import one_line

_SHORT: Final = 60  # letters of a value in a menu
_BY_KEYS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
_HOVERS = (QEvent.Type.Enter, QEvent.Type.Leave, QEvent.Type.FocusIn, QEvent.Type.FocusOut)


class Field(QWidget):
    """A value of the experiment, with its unit and what is wrong with it.

    A "?" appears beside it while the mouse is over it or the keyboard is in it; F1 asks the same.
    Where the value cannot be changed, the pointer and F1 still find the "?".

    What holds the value is up to each kind of field, which says how it is read and shown. Qt's
    widgets have a metaclass of their own, so only the type checker enforces it.

    Args:
        what: describes the field.

    Attributes:
        key: its dotted name in the experiment, "training.iterations".
        label, title: what people call it in its section, and anywhere else.
        tip: what it is, in one line, with its range.
        question: the "?".
        own: what the experiment itself has here.
        is_changed: whether the field is marked as differing from that.
        problem: what is wrong with the value, in a sentence; empty if nothing is.

    Signals:
        edited: a person changed the value; with the key.
        help_requested: a person asked what this is; with the key.
        back_requested: the user asks for the experiment's value again; with the field's key.
    """

    edited = Signal(str)
    help_requested = Signal(str)
    back_requested = Signal(str)

    def __init__(self, what: Description) -> None:
        super().__init__()
        self.key = what.key
        self.label = what.label
        self.title = what.title
        self.own: Any = None
        self.is_changed = False
        self.problem = self._reason = ""
        self.tip = what.full_tip
        self._described = ""
        self._is_active, self._is_quiet = True, False
        self._hovered: list[QWidget] = [self]
        self._editor: QWidget = self
        self._unit = Unit(what.unit, self)
        self.question = Question(what.title, self)
        self.question.installEventFilter(self)
        self.question.clicked.connect(self._ask)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._row = QHBoxLayout()
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)
        self._column.addLayout(self._row)

    @cached_property
    def below(self) -> Below:
        """What is said below the value; made when something is, because most fields say nothing."""
        made = Below(self)
        self._column.addWidget(made)
        return made

    @property
    def complaint(self) -> QLabel:
        """Shows what is wrong with the value."""
        return self.below.complaint

    @property
    def reason(self) -> QLabel:
        """Shows why the value does not count."""
        return self.below.reason

    @abstractmethod
    def value(self) -> Any:
        """The value, or the text if it does not spell one; None when empty."""

    @abstractmethod
    def set_value(self, value: Any) -> None:
        """Show a value, without telling that it was edited."""

    @property
    def editor_height(self) -> int:
        """Of what holds the value."""
        return self._editor.sizeHint().height()

    def typed(self) -> dict[str, str]:
        """What a person typed, by the dotted name of the field or of the places in its list."""
        return {}

    def state(self) -> Any:
        """What `restore` needs to bring the field back, unfinished text included."""
        return self.value()

    def restore(self, state: Any) -> None:
        """Show what `state` gave, without telling that it was edited."""
        self.set_value(state)

    def spell(self, value: Any) -> str:
        """A value in words."""
        return show(value)

    def differs(self) -> bool:
        """Whether the value is not the one that the experiment itself has."""
        return bool(plain(self.value()) != plain(self.own))

    def mark(self, changed: bool) -> None:
        """Say in tips and to screen readers whether the value differs from the experiment's."""
        self.is_changed = changed
        self._describe()

    def set_problem(self, sentence: str) -> None:
        """Mark the field as wrong and say why; an empty sentence lifts the mark.

        The room of what was said stays until `give_room_back`.
        """
        if sentence != self.problem:
            self.problem = sentence
            self.below.complain(sentence)
        self._dress("wrong", bool(sentence))
        self._describe()

    def give_room_back(self) -> None:
        """Keep no room for what was wrong and is not any more."""
        if "below" in vars(self):
            self.below.give_room_back()

    def set_quiet(self, quiet: bool) -> None:
        """Draw the value as text, with neither a border nor a ground, until it is pointed at.

        What is changed there counts for the next run, and the tip says so.
        """
        self._is_quiet = quiet
        self._dress("quiet", quiet)
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
        """Let the value be changed, or only looked at: then the keyboard passes it by."""
        if active == self._is_active:
            return
        self._is_active = active
        has_keyboard = self.window().focusWidget() in (self._editor, self.question)
        self.setFocusProxy(self._editor if active else self.question)
        if has_keyboard and not active:
            self.setFocus()  # before the editor, once disabled, gives it to another field
        self._editor.setEnabled(active)
        if has_keyboard and active:
            self.setFocus()

    def set_reason(self, sentence: str) -> None:
        """Say below the field why it does not count now; with "", nothing."""
        if sentence != self._reason:
            self._reason = sentence
            self.below.explain(sentence)

    def set_label(self, text: str) -> None:
        """Call it something else, beside it and anywhere else."""
        if text == self.label:
            return
        self.label = self.title = text
        for widget in self._hovered:
            if isinstance(widget, QLabel):
                widget.setText(text)
        self._editor.setAccessibleName(text)
        self._name.setText(text)

    def set_unit(self, text: str) -> None:
        """Show another unit behind the value."""
        self._unit.setText(text)

    def narrow_unit(self, widest: str) -> None:
        """Give the unit less room: as much as the widest one of its column needs."""
        self._unit.narrow(widest)

    def event(self, event: QEvent) -> bool:
        """Keep F1 for the field, ahead of the window's own shortcut."""
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
        if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() in _BY_KEYS:
            self.give_room_back()  # nobody points at what is below
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F1 and Shift+F1 ask what this is."""
        if event.key() == Qt.Key.Key_F1:
            self._ask()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with the field."""
        menu = (self._editor_menu() if self._is_active else None) or QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if menu.actions():
            menu.addSeparator()
        if self.actions():
            menu.addActions(self.actions())
            menu.addSeparator()
        if self.is_changed and self._is_active:
            back = menu.addAction(f"Back to {without_key(one_line(self.spell(self.own), _SHORT))}")
            back.triggered.connect(self._ask_back)
        what = menu.addAction("What is this?")
        what.setShortcut(QKeySequence("F1"))
        what.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        what.triggered.connect(self._ask)
        menu.popup(event.globalPos())

    def _editor_menu(self) -> QMenu | None:
        """What the editor itself offers in a menu."""
        return None

    def _hold(self, editor: QWidget, *, has_column: bool = False) -> None:
        """Take what holds the value; as wide as beside a unit, if there is a column of them."""
        self._editor = editor
        editor.setAccessibleName(self.title)
        self._name = QLabel(self.title, self)  # X11's screen readers name a box by a label of it
        self._name.setBuddy(editor)
        self._name.hide()
        self.setFocusProxy(editor)
        self._watch(editor)
        self._row.addWidget(editor, 1)
        if has_column or self._unit.text():
            self._row.addWidget(self._unit)
        self._row.addWidget(self.question)
        self._describe()

    def _dress(self, name: str, on: bool) -> None:
        """Set a property that the style sheet asks for."""
        value = "true" if on else "false"
        if self._editor.property(name) != value:
            self._editor.setProperty(name, value)
            style: QStyle = self._editor.style()
            style.unpolish(self._editor)
            style.polish(self._editor)

    def _watch(self, widget: QWidget) -> None:
        self._hovered.append(widget)
        self._described = ""
        widget.installEventFilter(self)

    def _describe(self) -> None:
        tip = self.tip
        if self._is_quiet:
            tip += "\nThe run that goes on keeps its own; a change counts for the next one."
        if self.is_changed:
            tip += f"\n{self.spell(self.own)} in the experiment"
        whole = f"{tip}\n{self.problem}" if self.problem else tip
        if whole == self._described:
            return
        self._described = whole
        for widget in self._hovered:
            widget.setToolTip(plain_tip(tip))
        self._editor.setAccessibleDescription(whole)

    def _show_question(self) -> None:
        hovered = any(widget.underMouse() for widget in self._hovered)
        self.question.offer(hovered or self._editor.hasFocus() or self.question.hasFocus())

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
