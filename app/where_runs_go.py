"""Where runs go: a line below the set-up, and the dialog in which that is chosen."""

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.exporting.count_box import CountBox
from app.one_line import OneLine
from app.places import CORES, MOST_WORKERS, Place, PlaceKind
from app.plain_text import PlainLabel
from app.preferences import Preferences

_INDENT: Final = 28
_LINK: Final = "QToolButton { color: palette(link); padding: 2px 4px; }"


class WhereRunsGo(QWidget):
    """Says where runs go, and lets a person change it.

    Attributes:
        words: where they go.
        change_button: opens the dialog.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = OneLine()
        self.words.setObjectName("muted")
        self.change_button = QToolButton()
        self.change_button.setText("Change…")
        self.change_button.setStyleSheet(_LINK)
        self.change_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.change_button.setToolTip("Choose where runs go: the next one goes there (Ctrl+,)")
        self.change_button.setAccessibleDescription(self.change_button.toolTip())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.words, 1)
        row.addWidget(self.change_button)
        self.change_button.clicked.connect(self.open)
        self._follow()

    @Slot()
    def open(self) -> None:
        """Ask where runs go."""
        dialog = PreferencesDialog(Preferences().place, self.window())
        dialog.chosen.connect(self._take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(object)
    def _take(self, place: Place) -> None:
        Preferences().place = place
        self._follow()

    def _follow(self) -> None:
        self.words.setText(Preferences().place.words)


class PreferencesDialog(QDialog):
    """Where runs go: here, in processes of their own, or on a Dask cluster.

    Args:
        place: where they go now.

    Attributes:
        ticks: by the kind of place.
        cores, workers, scheduler: how many here; how many processes; the address.
        problem: what is wrong.

    Signals:
        chosen: the `Place`.
    """

    chosen = Signal(object)

    def __init__(self, place: Place, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Preferences")
        self.ticks: dict[PlaceKind, QRadioButton] = {
            "here": QRadioButton("In this window"),
            "processes": QRadioButton("In processes of their own"),
            "cluster": QRadioButton("On a Dask cluster"),
        }
        self.cores = CountBox(1, CORES, f" of {CORES} cores")
        self.cores.setValue(place.cores)
        self.workers = CountBox(1, MOST_WORKERS, " processes", " process")
        self.workers.setValue(place.workers)
        self.scheduler = QLineEdit(place.scheduler)
        self.scheduler.setPlaceholderText("tcp://HOST:8786")
        self.problem = PlainLabel()
        self.problem.setObjectName("error")
        self.problem.hide()
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.ticks[place.kind].setChecked(True)
        self._build()
        for tick in self.ticks.values():
            tick.toggled.connect(self._follow)
        self.scheduler.textEdited.connect(self._follow)
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.reject)
        self._follow()

    @property
    def place(self) -> Place:
        """What is chosen."""
        kind = next(kind for kind, tick in self.ticks.items() if tick.isChecked())
        address = self.scheduler.text().strip()
        return Place(kind, self.cores.value(), self.workers.value(), address)

    @Slot()
    def _follow(self) -> None:
        place = self.place
        for kind, part in self._parts.items():
            part.setEnabled(kind == place.kind)
        lacks = place.kind == "cluster" and "://" not in place.scheduler
        self.problem.setText("Expected the address of a scheduler, as in tcp://HOST:8786.")
        self.problem.setVisible(lacks)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not lacks)

    @Slot()
    def _accept(self) -> None:
        self.chosen.emit(self.place)
        self.accept()

    def _build(self) -> None:
        told: dict[PlaceKind, str] = {
            "here": "One run at a time. A core that is left over keeps the window quick.",
            "processes": "Seeds, and methods that are compared, go on at the same time. What a "
            "run does within a meta-iteration is not seen.",
            "cluster": "The same on other machines: start dask scheduler and dask worker there, "
            "with this program installed.",
        }
        self._parts: dict[PlaceKind, QWidget] = {
            "here": self.cores,
            "processes": self.workers,
            "cluster": self.scheduler,
        }
        heading = QLabel("Where runs go")
        heading.setObjectName("section")
        heading.setIndent(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(8)
        column.addWidget(heading)
        grid = QGridLayout()
        grid.setColumnMinimumWidth(0, _INDENT)
        grid.setVerticalSpacing(4)
        for row, (kind, tick) in enumerate(self.ticks.items()):
            part = self._parts[kind]
            part.setAccessibleName(tick.text())
            part.setAccessibleDescription(told[kind])
            tick.setAccessibleDescription(told[kind])
            words = PlainLabel(told[kind])
            words.setObjectName("muted")
            grid.addWidget(tick, 3 * row, 0, 1, 2)
            grid.addWidget(words, 3 * row + 1, 1)
            grid.addWidget(part, 3 * row + 2, 1, Qt.AlignmentFlag.AlignLeft)
            grid.setRowMinimumHeight(3 * row + 2, 36)
        self.scheduler.setMinimumWidth(240)
        column.addLayout(grid)
        column.addWidget(self.problem)
        column.addStretch(1)
        column.addWidget(self.buttons)
        self.resize(480, 400)
