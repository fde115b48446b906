"""The kinds of fields in the set-up panel: text, amounts, choices and ticks."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QCheckBox, QLineEdit, QMenu

from app.numbers import read_count, read_number
from app.setup.box import Box
from app.setup.field import Field, show
from app.setup.line import Line
from engine.experiments.fields import Description


class TextField(Field):
    """A value typed as text: a number, or a list of them.

    Args:
        what: describes the field.
        read: makes a value of the text; text that it refuses is the value itself.
    """

    def __init__(self, what: Description, read: Callable[[str], Any]) -> None:
        super().__init__(what)
        self._read = read
        self._empty = what.empty
        self.line: QLineEdit = Line()
        self.line.setPlaceholderText(what.empty)
        self.line.textEdited.connect(self._tell)
        self._hold(self.line, has_column=str not in what.values.types)

    def value(self) -> Any:
        """The value that the text spells; None when empty."""
        text = self.line.text().strip()
        if not text:
            return None
        try:
            return self._read(text)
        except ValueError:
            return text

    def typed(self) -> dict[str, str]:
        """The text, and each part of it."""
        text = self.line.text()
        if not text.strip():
            return {}
        parts = {f"{self.key}.{place}": part for place, part in enumerate(parts_of(text))}
        return {self.key: text, **parts}

    def set_value(self, value: Any) -> None:
        """Spell a value."""
        self.line.setText("" if value is None else show(value))
        self.line.setCursorPosition(0)

    def state(self) -> Any:
        """The text, whether it spells a value or not."""
        return self.line.text()

    def restore(self, state: Any) -> None:
        """Bring the text back."""
        self.line.setText(state)

    def spell(self, value: Any) -> str:
        """A value in words."""
        return show(value) if value is not None else self._empty or "empty"

    def _editor_menu(self) -> QMenu | None:
        menu = self.line.createStandardContextMenu()
        for action in menu.actions():
            if action.objectName() in ("edit-undo", "edit-redo"):  # the panel has its own
                menu.removeAction(action)
        first = menu.actions()[0]
        if first.isSeparator():
            menu.removeAction(first)
        return menu


class AmountField(TextField):
    """A part of the examples: a count of them, or a fraction of all."""

    def __init__(self, what: Description) -> None:
        super().__init__(what, _read_amount)
        self.line.textChanged.connect(self._show_unit)

    def set_value(self, value: Any) -> None:
        """Spell a count as 1, a fraction as 1.0."""
        self.line.setText(repr(value))

    def spell(self, value: Any) -> str:
        """The same in words."""
        return f"{value} examples" if isinstance(value, int) else f"{value} of all"

    def differs(self) -> bool:
        """Whether it is another amount: 1 and 1.0 are not the same."""
        return repr(self.value()) != repr(self.own)

    def _show_unit(self) -> None:
        self._unit.setText("of all" if isinstance(self.value(), float) else "examples")


class ChoiceField(Field):
    """One of the values that its description lists.

    Args:
        what: describes the field.
    """

    def __init__(self, what: Description) -> None:
        super().__init__(what)
        self.box = Box()
        for value, name in what.choices.items():
            self.box.addItem(name, value)
        for value, reason in what.unavailable.items():
            self.box.rule_out(self.box.findData(value), reason)
        self.box.activated.connect(self._tell)
        self._hold(self.box)

    def value(self) -> Any:
        """The chosen value."""
        return self.box.currentData()

    def set_value(self, value: Any) -> None:
        """Choose a value."""
        self.box.setCurrentIndex(self._place_of(value))

    def spell(self, value: Any) -> str:
        """What people call a value."""
        place = self._place_of(value)
        return self.box.itemText(place) if place >= 0 else Path(str(value)).name

    def _place_of(self, value: Any) -> int:
        """Where a value is in the box, or -1; Qt's own search does not find None."""
        places = range(self.box.count())
        return next((place for place in places if self.box.itemData(place) == value), -1)


class FlagField(Field):
    """Yes or no."""

    def __init__(self, what: Description) -> None:
        super().__init__(what)
        self.check = QCheckBox(what.label)
        self.check.clicked.connect(self._tell)
        self._hold(self.check)
        self._beside: Field | None = None

    def set_label(self, text: str) -> None:
        """Call it something else, on the box as well."""
        super().set_label(text)
        self.check.setText(text)

    def stand_beside(self, field: Field) -> None:
        """Be as high as the editor of a field in the same row."""
        self._beside = field

    def sizeHint(self) -> QSize:
        """As high as what it stands beside."""
        own = super().sizeHint()
        return own if self._beside is None else own.expandedTo(QSize(0, self._beside.editor_height))

    def value(self) -> bool:
        """Whether it is ticked."""
        return self.check.isChecked()

    def set_value(self, value: Any) -> None:
        """Tick it or not."""
        self.check.setChecked(bool(value))

    def spell(self, value: Any) -> str:
        """Yes or no in words."""
        return "Ticked" if value else "Not ticked"


def read_list(text: str, read: Callable[[str], Any]) -> list[Any]:
    """Read "50, 50, 50", each part by itself."""
    return [read(part) for part in parts_of(text)]


def parts_of(text: str) -> list[str]:
    """The parts of a list."""
    return [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]


def _read_amount(text: str) -> int | float:
    """Read a count, "1200", or a fraction, "0.6"."""
    try:
        return read_count(text)
    except ValueError:
        return read_number(text)
