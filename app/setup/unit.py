"""The unit behind a field."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

_WIDEST = "examples"


class Unit(QLabel):
    """A unit in a column as wide as its widest one, in whatever type is in use.

    Args:
        text: the unit.
        parent: the field.
    """

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self._widest = _WIDEST
        self.setObjectName("muted")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def narrow(self, widest: str) -> None:
        """Stand in a column of shorter units, of which this is the widest."""
        self._widest = widest
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As wide as the column, or as a unit that is wider."""
        wide = self.fontMetrics().horizontalAdvance
        width = max(wide(self._widest), wide(self.text()) if self._widest == _WIDEST else 0)
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """The same: a unit is never cut off."""
        return self.sizeHint()
