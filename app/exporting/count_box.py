"""A box for a count with its unit, which takes digits only."""

from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QSpinBox, QWidget

from app.numbers import is_count


class CountBox(QSpinBox):
    """Refuses the keys of points and commas, whatever they mean in the system's language.

    Args:
        least, most: the range.
        unit: what is counted, with a blank before it.
        one: the same of a single one; "": as of several.
    """

    def __init__(
        self, least: int, most: int, unit: str, one: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._unit, self._one = unit, one or unit
        self.setRange(least, most)
        self.valueChanged.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        suffix = self._one if self.value() == 1 else self._unit
        if suffix != self.suffix():  # setting it writes what is typed anew
            self.setSuffix(suffix)

    def validate(self, text: str, position: int) -> Any:
        """Whether a text may stand in the box."""
        typed = text.removesuffix(self.suffix())
        if typed and not is_count(typed):
            return QValidator.State.Invalid, text, position
        return super().validate(text, position)
