"""Fields of the set-up panel: each holds one value of the experiment and can be marked wrong."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QStyle,
    QVBoxLayout,
    QWidget,
)


class Field(QWidget):
    """A value of the experiment, under its dotted name, with its unit and what is wrong with it.

    Args:
        key: dotted name in the experiment, "training.iterations".
        label: what people call it.
        tip: what it is, and its range.

    Signals:
        edited: a person changed the value.
    """

    edited = Signal()

    def __init__(self, key: str, label: str, tip: str, unit: str = "") -> None:
        super().__init__()
        self.key = key
        self.label = label
        self.setToolTip(tip)
        self._editor: QWidget = QWidget()
        self._unit = QLabel(unit)
        self._unit.setObjectName("muted")
        self._unit.setFixedWidth(62)
        self.complaint = QLabel()
        self.complaint.setObjectName("error")
        self.complaint.setWordWrap(True)
        self.complaint.hide()
        self._row = QHBoxLayout()
        self._row.setContentsMargins(0, 0, 0, 0)
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

    def _hold(self, editor: QWidget) -> None:
        self._editor = editor
        editor.setAccessibleName(self.label)
        editor.setAccessibleDescription(self.toolTip())
        editor.setToolTip(self.toolTip())
        self.setFocusProxy(editor)
        self._row.addWidget(editor, 1)
        if self._unit.text():
            self._row.addWidget(self._unit)


class TextField(Field):
    """A value typed as text: a number, or a list of them.

    Args:
        read: makes a value of the text; text that it refuses is the value itself.
        empty: shown when there is no value.
    """

    def __init__(
        self,
        key: str,
        label: str,
        tip: str,
        read: Callable[[str], Any],
        unit: str = "",
        empty: str = "",
    ) -> None:
        super().__init__(key, label, tip, unit)
        self._read = read
        self._kept: Any = None
        self.line = QLineEdit()
        self.line.setPlaceholderText(empty)
        self.line.textEdited.connect(self._tell)
        self._hold(self.line)

    def value(self) -> Any:
        """The value that the text spells; None when empty."""
        text = self.line.text().strip()
        if not text:
            return self._kept
        try:
            return self._read(text)
        except ValueError:
            return text

    def set_value(self, value: Any) -> None:
        """Show a value; a schedule has no text and is kept until something is typed."""
        self._kept = None
        if value is None:
            self.line.clear()
        elif isinstance(value, list | tuple) and self._read is not read_sizes:
            self._kept = value
            self.line.clear()
            self.line.setPlaceholderText("a schedule")
        else:
            self.line.setText(show(value))

    def _tell(self) -> None:
        self._kept = None
        self.edited.emit()


class ChoiceField(Field):
    """One of a few values.

    Args:
        choices: value and what people call it.
    """

    def __init__(self, key: str, label: str, tip: str, choices: Sequence[tuple[Any, str]]) -> None:
        super().__init__(key, label, tip)
        self.box = QComboBox()
        self.box.setMinimumContentsLength(6)
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        for value, name in choices:
            self.box.addItem(name, value)
        self.box.activated.connect(self._tell)
        self._hold(self.box)

    def value(self) -> Any:
        """The chosen value."""
        return self.box.currentData()

    def set_value(self, value: Any) -> None:
        """Choose a value."""
        self.box.setCurrentIndex(self.box.findData(value))

    def _tell(self) -> None:
        self.edited.emit()


class FlagField(Field):
    """Yes or no."""

    def __init__(self, key: str, label: str, tip: str) -> None:
        super().__init__(key, label, tip)
        self.check = QCheckBox(label)
        self.check.clicked.connect(self._tell)
        self._hold(self.check)

    def value(self) -> bool:
        """Whether it is ticked."""
        return self.check.isChecked()

    def set_value(self, value: Any) -> None:
        """Tick it or not."""
        self.check.setChecked(bool(value))

    def _tell(self) -> None:
        self.edited.emit()


def read_sizes(text: str) -> list[int]:
    """Read "50, 50, 50"."""
    return [int(part) for part in text.replace(";", ",").split(",") if part.strip()]


def show(value: Any) -> str:
    """Spell a value as a person would type it."""
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    return f"{value:g}" if isinstance(value, float) and float(f"{value:g}") == value else str(value)
