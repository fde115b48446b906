"""The layout of fields in rows, and sections that open on request."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFormLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.setup.field import Field
from app.setup.fields import FlagField

_LABEL_WIDTH = 112
_MORE_STYLE = """
    QToolButton { padding: 2px 8px 2px 0; }
    QToolButton:checked { background: transparent; }
    QToolButton:checked:!focus { border-color: transparent; }
"""


def make_form(fields: Sequence[Field]) -> QFormLayout:
    """Rows of a label and a field; a tick box has its own label."""
    form = QFormLayout()
    form.setContentsMargins(0, 0, 0, 0)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    form.setVerticalSpacing(5)
    for field in fields:
        if isinstance(field, FlagField):
            form.addRow(field)
            continue
        label = QLabel(field.label)
        label.setMinimumWidth(_LABEL_WIDTH)
        field.add_label(label)
        form.addRow(label, field)
    return form


class MoreSection(QWidget):
    """Rarely used fields, behind a button with an arrow.

    Args:
        title: on the button, "More about the data".
        fields: behind the button.

    Attributes:
        fields: the same.
        form: their rows.
        button: opens and closes it.
    """

    def __init__(self, title: str, fields: Sequence[Field]) -> None:
        super().__init__()
        self.fields = tuple(fields)
        self.button = QToolButton()
        self.button.setText(title)
        self.button.setCheckable(True)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setStyleSheet(_MORE_STYLE)
        self.button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.button.setAccessibleName(title)
        self.button.setToolTip("Show or hide rarely used fields")
        self.button.setAccessibleDescription(self.button.toolTip())
        self.body = QWidget()
        self.form = make_form(fields)
        self.body.setLayout(self.form)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.button)
        column.addWidget(self.body)
        self.button.toggled.connect(self._unfold)
        self._unfold(False)

    @property
    def is_open(self) -> bool:
        """Whether the fields are shown."""
        return self.button.isChecked()

    def open(self) -> None:
        """Show the fields."""
        self.button.setChecked(True)

    @Slot(bool)
    def _unfold(self, unfolded: bool) -> None:
        self.button.setArrowType(Qt.ArrowType.DownArrow if unfolded else Qt.ArrowType.RightArrow)
        self.body.setVisible(unfolded)
