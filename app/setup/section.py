"""A section of the set-up: fields in rows, below a heading that sums them up and unfolds them."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.one_line import OneLine
from app.setup.field import Field
from app.setup.fields import FlagField

_LABEL_WIDTH = 112
_STYLE = """
    QToolButton { padding: 3px 8px 3px 0; font-weight: 600; }
    QToolButton:checked { background: transparent; }
    QToolButton:checked:!focus { border-color: transparent; }
    QToolButton:focus { padding: 2px 7px 2px 0; }
"""


class Section(QWidget):
    """Some fields; which of their rows are shown is told from outside.

    Args:
        title: on the heading.

    Attributes:
        button: the heading; shown only where sections can be folded.
        fields: in their order.

    Signals:
        toggled: it was folded or unfolded.
    """

    toggled = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: list[Field] = []
        self._rows: list[tuple[QWidget, tuple[str, ...]]] = []
        self.button = QToolButton()
        self.button.setText(title)
        self.button.setCheckable(True)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setStyleSheet(_STYLE)
        self.button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.button.setAccessibleName(title)
        self._summary = OneLine()
        self._summary.setObjectName("muted")
        self._summary.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._heading = QWidget(self)
        row = QHBoxLayout(self._heading)
        row.setContentsMargins(0, 0, 4, 0)
        row.setSpacing(4)
        row.addWidget(self.button)
        row.addWidget(self._summary, 1)
        self._body = QWidget(self)
        self._form = QFormLayout(self._body)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._form.setVerticalSpacing(5)
        self._form.setHorizontalSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._heading)
        column.addWidget(self._body)
        self.button.toggled.connect(self._turn_arrow)
        self.button.toggled.connect(self.toggled)
        self._turn_arrow(False)

    @property
    def is_open(self) -> bool:
        """Whether the fields are shown where sections can be folded."""
        return self.button.isChecked()

    @property
    def summary(self) -> str:
        """What the fields hold, in a few words."""
        return self._summary.text()

    def open(self) -> None:
        """Show the fields where sections can be folded."""
        self.button.setChecked(True)

    def summarise(self, text: str) -> None:
        """Say what the fields hold, in a few words."""
        self._summary.setText(text)
        self.button.setAccessibleDescription(text)

    def add_fields(self, fields: Sequence[Field]) -> None:
        """Rows of a label and a field each; a tick box has its own label."""
        for field in fields:
            if isinstance(field, FlagField):
                self.add_row(field, field)
                continue
            label = QLabel(field.label)
            label.setMinimumWidth(_LABEL_WIDTH)
            field.add_label(label)
            self._form.addRow(label, field)
            self._note(field, field)

    def add_row(self, widget: QWidget, *fields: Field) -> None:
        """A widget as wide as the section, which holds some fields."""
        self._form.addRow(widget)
        self._note(widget, *fields)

    def add_pair(self, flag: Field, field: Field) -> None:
        """A tick box in the place of a label, and a field."""
        self._form.addRow(flag, field)
        if isinstance(flag, FlagField):
            flag.stand_beside(field)
        self._form.setAlignment(flag, Qt.AlignmentFlag.AlignTop)  # whatever stands below the field
        self._note(field, flag, field)

    def show_rows(self, keys: Collection[str], *, heading: bool) -> None:
        """Show the rows of these fields, and the heading or none."""
        shown = [(row, any(key in keys for key in names)) for row, names in self._rows]
        for row, is_shown in shown:
            if self._form.isRowVisible(row) != is_shown:
                self._form.setRowVisible(row, is_shown)
        has_rows = any(is_shown for _, is_shown in shown)
        self._heading.setVisible(heading)
        self._body.setVisible(has_rows)
        self.setVisible(heading or has_rows)

    def minimumSizeHint(self) -> QSize:
        """No wider than the panel."""
        return QSize(0, super().minimumSizeHint().height())

    def _note(self, row: QWidget, *fields: Field) -> None:
        self._rows.append((row, tuple(field.key for field in fields)))
        self.fields += fields

    @Slot(bool)
    def _turn_arrow(self, unfolded: bool) -> None:
        self.button.setArrowType(Qt.ArrowType.DownArrow if unfolded else Qt.ArrowType.RightArrow)
        does = "Hide the fields" if unfolded else "Show the fields"
        self.button.setToolTip(does)
