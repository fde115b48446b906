"""The left of the page Compare: methods or strategies, in turn."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.comparison.methods_panel import MethodsPanel
from app.comparison.strategies_panel import StrategiesPanel

_MARGIN = 12


class ComparePanel(QWidget):
    """Two buttons, and below them what is to be compared.

    Args:
        methods, strategies: the panels.

    Attributes:
        of_methods, of_strategies: the buttons.

    Signals:
        turned: to the other one.
    """

    turned = Signal()

    def __init__(
        self, methods: MethodsPanel, strategies: StrategiesPanel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._stack = QStackedWidget()
        self.of_methods, self.of_strategies = QToolButton(), QToolButton()
        self.of_methods.setText("Methods")
        self.of_strategies.setText("Strategies")
        tips = (
            "Several ways to one hypergradient: accuracy, time, memory",
            "Several ways to search for the best hyperparameters, with hypergradients and without",
        )
        choices = QButtonGroup(self)
        row = QHBoxLayout()
        row.setContentsMargins(_MARGIN, 8, _MARGIN, 0)
        row.setSpacing(0)
        parts = (self.of_methods, self.of_strategies), (methods, strategies), tips
        for number, (button, panel, tip) in enumerate(zip(*parts, strict=True)):
            button.setCheckable(True)
            button.setToolTip(tip)
            button.setAccessibleName(f"Compare {button.text().lower()}")
            button.setAccessibleDescription(tip)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            choices.addButton(button, number)
            row.addWidget(button)
            self._stack.addWidget(panel)
        row.addStretch(1)
        self.of_methods.setChecked(True)
        choices.idClicked.connect(self._turn)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._stack, 1)

    @property
    def compares_strategies(self) -> bool:
        """Whether strategies are shown."""
        return self._stack.currentIndex() == 1

    def show_strategies(self, on: bool) -> None:
        """Turn to strategies, or to methods."""
        (self.of_strategies if on else self.of_methods).setChecked(True)
        self._turn(int(on))

    def set_turnable(self, on: bool) -> None:
        """Let a person turn to the other one, or not, while a comparison goes on."""
        for button in (self.of_methods, self.of_strategies):
            button.setEnabled(on or button.isChecked())

    @Slot(int)
    def _turn(self, number: int) -> None:
        if number != self._stack.currentIndex():
            self._stack.setCurrentIndex(number)
            self.turned.emit()
