"""How a table is written and what happens to missing cells, as boxes to choose from."""

from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QWidget

from engine.data.readers import USUAL, Reading
from engine.data.readers.encodings import NAMES

_LABELS: Final = {
    "encoding": "&Encoding",
    "separator": "&Separator",
    "decimal": "&Decimal mark",
    "header": "First ro&w",
    "missing": "&Missing cells",
    "target": "&Target",
}
_CHOICES: Final[dict[str, dict[Any, str]]] = {
    "encoding": {**NAMES},
    "separator": {"comma": "Comma", "semicolon": "Semicolon", "tab": "Tab"},
    "decimal": {"point": "Point: 1.5", "comma": "Comma: 1,5"},
    "header": {True: "Column names", False: "An example"},
    "missing": {
        "refuse": "Refuse if any",
        "drop": "Leave out their rows",
        "mean": "Fill: training mean",
        "median": "Fill: training median",
    },
    "target": {},
}
_TARGETS: Final = 24
"""Columns in view, before their list scrolls."""

_WRITING: Final = ("encoding", "separator", "decimal", "header")
_SHARES: Final = (3, 4, 3)
"""Of the width, for the boxes of each column."""


class ImportChoices(QWidget):
    """The boxes; what a person has chosen stays when the file is looked at again.

    Attributes:
        boxes: by the name of what is chosen; "target" has the names of the columns.
        said: encoding, separator, decimal mark and header, as far as a person has chosen them.

    Signals:
        writing_changed: a person chose how the file is written.
        missing_changed: a person chose what happens to missing cells.
        target_chosen: the name of a column.
    """

    writing_changed = Signal()
    missing_changed = Signal()
    target_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.said: Reading = USUAL
        self.boxes: dict[str, QComboBox] = {}
        self._has_missing = False
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        for place, (name, label) in enumerate(_LABELS.items()):
            box = self.boxes[name] = QComboBox()
            for value, title in _CHOICES[name].items():
                box.addItem(title, value)
            box.setAccessibleName(label.replace("&", ""))
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(8)
            caption = QLabel(label)
            caption.setBuddy(box)
            row, column = divmod(place, len(_SHARES))
            grid.addWidget(caption, row, 2 * column)
            grid.addWidget(box, row, 2 * column + 1)
        for column, share in enumerate(_SHARES):
            grid.setColumnStretch(2 * column + 1, share)
        self.boxes["target"].setMaxVisibleItems(_TARGETS)
        for name in _WRITING:
            self.boxes[name].activated.connect(self._say)
        self.boxes["missing"].activated.connect(self._say_missing)
        self.boxes["target"].activated.connect(self._choose_target)

    @property
    def missing(self) -> Any:
        """What happens to missing cells."""
        return self.boxes["missing"].currentData()

    def propose(self, reading: Reading, missing: str) -> None:
        """Show how the file has been looked at; and what is likely, unless a person has chosen."""
        for name in _WRITING:
            self._show(name, getattr(reading, name))
        if not self._has_missing:
            self._show("missing", missing)

    def show_target(self, names: list[str], target: str | None) -> None:
        """List the columns, and show the one that is predicted."""
        box = self.boxes["target"]
        if [box.itemData(place) for place in range(box.count())] != names:
            box.clear()
            for name in names:
                box.addItem(name, name)
        box.setCurrentIndex(names.index(target) if target in names else -1)

    def _show(self, name: str, value: object) -> None:
        self.boxes[name].setCurrentIndex([*_CHOICES[name]].index(value))

    @Slot()
    def _say(self) -> None:
        box = self.sender()
        name = next(name for name, one in self.boxes.items() if one is box)
        self.said = replace(self.said, **{name: self.boxes[name].currentData()})
        self.writing_changed.emit()

    @Slot()
    def _say_missing(self) -> None:
        self._has_missing = True
        self.missing_changed.emit()

    @Slot()
    def _choose_target(self) -> None:
        self.target_chosen.emit(self.boxes["target"].currentData())
