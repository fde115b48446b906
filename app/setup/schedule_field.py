"""The initial value of a hyperparameter: a number, or a schedule that is edited elsewhere."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QToolButton

from app.numbers import read_number
from app.setup.field import Field
from app.setup.fields import TextField
from engine.experiments.fields import Description
from engine.hyperparameters.kinds import KINDS

_USUAL_UNIT = "std"
"""The widest one of most fields of hyperparameters, which share their row with a tick."""


class ScheduleField(TextField):
    """A number, or an array of them, which has no text of its own: it shows "schedule".

    Args:
        kind: of hyperparameter.
        what: describes the field.

    Attributes:
        edit: the button that replaces the unit while there is a schedule.

    Signals:
        edit_requested: a person wants to edit the schedule; with the kind.
    """

    edit_requested = Signal(str)

    def __init__(self, kind: str, what: Description) -> None:
        super().__init__(what, read_number)
        self._kind, self._is_schedule = kind, KINDS[kind].enters == "schedule"
        self._array: tuple[Any, ...] | None = None
        self.edit = QToolButton()
        self.edit.setText("edit…")
        self.edit.setStyleSheet("QToolButton { padding: 1px 0; color: palette(link); }")
        self.edit.setAccessibleName(f"Edit the {KINDS[kind].plural}")
        self.edit.setToolTip(f"Edit the {KINDS[kind].plural} as a schedule")
        self.edit.setAccessibleDescription(self.edit.toolTip())
        self.edit.clicked.connect(self._ask_to_edit)
        self.edit.hide()
        self.put_beside(self.edit)
        self.narrow_unit(widest_beside(what))

    def value(self) -> Any:
        """The number that the text spells, or the array; None when there is neither."""
        return self._array if self._array is not None else super().value()

    def set_value(self, value: Any) -> None:
        """Show a number; an array is kept until something is typed."""
        array = _frozen(value) if isinstance(value, list | tuple) else None
        self._keep(array)
        super().set_value(None if array is not None else value)

    def state(self) -> Any:
        """The text and the array."""
        return self.line.text(), self._array

    def restore(self, state: Any) -> None:
        """Bring both back."""
        text, array = state
        self._keep(array)
        self.line.setText(text)

    def set_active(self, active: bool) -> None:
        """Let the number or the schedule be changed, or only looked at."""
        super().set_active(active)
        self.edit.setEnabled(active)

    def spell(self, value: Any) -> str:
        """A value in words."""
        named = "A schedule" if self._is_schedule else "Values of their own"
        return named if isinstance(value, tuple) else super().spell(value)

    def _keep(self, array: tuple[Any, ...] | None) -> None:
        self._array = array
        name = "schedule" if self._is_schedule else "values"
        self.line.setPlaceholderText("" if array is None else name)
        self.edit.setVisible(array is not None and self._is_schedule)
        self._unit.setVisible(array is None)

    def _tell(self) -> None:
        self._keep(None)
        super()._tell()

    def _ask_to_edit(self) -> None:
        self.edit_requested.emit(self._kind)


def widest_beside(what: Description) -> str:
    """The unit that a field beside a tick leaves room for: most have short ones."""
    return max(_USUAL_UNIT, what.unit, key=len)


def initial_fields(values: Mapping[str, Any], fields: Mapping[str, Field]) -> dict[str, Any]:
    """What fields hold by their dotted names, to start from values by kind.

    Args:
        values: as `as_initial` takes them.
        fields: of the set-up, as they are.
    """
    found, iterations = {}, fields["training.iterations"].value()
    for kind, given in values.items():
        prefix = f"hyperparameters.{kind}"
        granularity = fields[f"{prefix}.granularity"].value()
        pair = as_initial(kind, given, iterations, granularity)
        found[f"{prefix}.initial"], found[f"{prefix}.granularity"] = pair
    return found


def as_initial(kind: str, values: Any, iterations: Any, granularity: str) -> tuple[Any, str]:
    """Initial values for a setting, and the granularity that goes with their shape.

    Args:
        kind: of hyperparameter.
        values: a number; (T,) or (T, 1); (T, G); (G,) or (1, G); or (P,).
        iterations: T, or what stands in its field.
        granularity: the one in use, which a single number does not change.
    """
    array = np.array(values, dtype=np.float64)
    if array.ndim == 0:
        return float(array), granularity
    if array.ndim == 2 and 1 not in array.shape:
        return _frozen(array.tolist()), "iteration and group"
    flat = _frozen(array.ravel().tolist())
    if KINDS[kind].enters == "schedule":
        per_group = array.shape[0] == 1 if array.ndim == 2 else len(flat) != iterations
        return flat, "group" if per_group else "iteration"
    return flat, granularity if granularity in ("weight", "input") else "group"


def _frozen(array: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(_frozen(row) if isinstance(row, list | tuple) else row for row in array)
