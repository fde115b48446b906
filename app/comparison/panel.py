"""The left of a comparison: ticks for what is compared, what else is asked, and the buttons.

The abstract methods are checked by mypy alone: ABC's metaclass and Qt's do not go together.
"""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Generic, NamedTuple, TypeVar

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.plain_text import PlainLabel
from app.runner import Runner, State
from engine.experiments.experiment import Experiment

_MARGIN: Final = 12
INDENT: Final = 28
"""Below the words of a tick."""

T = TypeVar("T")


class PanelWords(NamedTuple):
    """What a panel says.

    Attributes:
        title: what is compared, on the button that turns to the panel.
        what: the same, with what is found out.
        does: what the button does.
        besides: above what else is asked.
        button: what begins it.
        at_first: what a person is to do.
    """

    title: str
    what: str
    does: str
    besides: str
    button: str = "Compare"
    at_first: str = "Tick methods, then press Compare."


class ComparedRow(QWidget, Generic[T]):
    """A tick for one thing to compare, with what it is told.

    Signals:
        changed: a person ticked it, or typed.
    """

    changed = Signal()

    @property
    @abstractmethod
    def is_chosen(self) -> bool:
        """Whether it is to be compared."""

    @abstractmethod
    def chosen(self) -> list[T]:
        """It, with what it is told; several, if it is told several things.

        Raises:
            InputError: what it is told is not what it may be.
        """

    @abstractmethod
    def propose(self, several: Sequence[T]) -> None:
        """Tick it, told this; or not, if there are none."""


class ComparisonPanel(QWidget, Generic[T]):
    """Ticks for what can be compared; greyed where something cannot be had, with the reason.

    Args:
        words: what it says.

    A subclass puts what else it asks into ``_besides`` and ``_asked``, and then calls ``_build``.

    Attributes:
        words: what it says.
        title: what is compared on.
        rows: by name; there once there is an experiment.
        button: compares, pauses and resumes.
        stop_button: ends the comparison.
        complaint: what keeps it from starting.

    Signals:
        changed: something else is ticked than before, or told something else.
        start_requested, pause_requested, stop_requested: a person pressed a button.
    """

    changed = Signal()
    start_requested = Signal()
    pause_requested = Signal()
    stop_requested = Signal()

    def __init__(self, words: PanelWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = words
        self.setAccessibleName(f"{words.title} to compare")
        self._experiment: Experiment | None = None
        self._proposed_for: tuple[str, object] | None = None
        self._state: State = "idle"
        self._hindrance = ""
        self.title = PlainLabel()
        self.title.setObjectName("section")
        self.rows: dict[str, Any] = {}
        self._list, self._besides = QVBoxLayout(), QVBoxLayout()
        self._asked: list[QWidget] = []
        self.button = QPushButton(words.button)
        self.stop_button = QPushButton("Stop")
        self.complaint = PlainLabel()
        self.complaint.setObjectName("error")
        self.button.clicked.connect(self._press)
        self.stop_button.clicked.connect(self.stop_requested)

    @property
    def experiment(self) -> Experiment | None:
        """What would be compared on; None: the set-up has no experiment."""
        return self._experiment

    def set_experiment(self, experiment: Experiment | None, problem: str = "") -> None:
        """Compare on this from now on; what is usual for it is ticked if it is another one.

        Args:
            experiment: that is set up, if it is one.
            problem: why it is none.
        """
        if not self.rows:
            for name, row in self._new_rows():
                self.rows[name] = row
                row.changed.connect(self._follow)
                row.changed.connect(self.changed)
                self._list.addWidget(row)
        self._experiment = experiment
        if experiment is None:
            self.title.setText(f"The set-up cannot be run. {problem}")
        else:
            self.title.setText(f"On: {experiment.title or experiment.name}")
        self._say_what_fits(experiment)
        if experiment and (experiment.name, experiment.compares) != self._proposed_for:
            self._proposed_for = experiment.name, experiment.compares
            usual = self._usual(experiment)
            for name, row in self.rows.items():
                row.propose([one for one in usual if self._name_of(one) == name])
        self._follow()

    def chosen(self) -> list[T]:
        """What is ticked, in order.

        Raises:
            InputError: something is told what it may not be.
        """
        return [one for row in self.rows.values() if row.is_chosen for one in row.chosen()]

    @abstractmethod
    def beginning(self, runner: Runner) -> Callable[[], None] | None:
        """What begins the comparison; None if something is wrong, which the panel says."""

    @abstractmethod
    def differs_from(self, record: Any) -> bool:
        """Whether something else would be compared now than what a record is of.

        Raises:
            InputError: something is told what it may not be.
        """

    def adapt(self, record: Any) -> bool:
        """Have a record of this subject follow what is asked now, if nothing new is needed.

        Returns:
            Whether there is something to show.
        """
        return False

    @property
    def _is_set_up(self) -> bool:
        """Whether there is something to compare on."""
        return self._experiment is not None

    def follow(self, state: State, hindrance: str) -> None:
        """Offer what can be done now.

        Args:
            state: of the comparison.
            hindrance: why none can be started now; or "".
        """
        self._state, self._hindrance = state, hindrance
        for part in (*self.rows.values(), *self._asked):
            part.setEnabled(state == "idle")
        self._follow()

    @abstractmethod
    def _new_rows(self) -> Iterable[tuple[str, ComparedRow[T]]]:
        """A row for all that can be compared, with its name."""

    @abstractmethod
    def _usual(self, experiment: Experiment) -> list[T]:
        """What is compared on an experiment unless somebody says otherwise."""

    @abstractmethod
    def _name_of(self, one: T) -> str:
        """Which row it belongs to."""

    def _say_what_fits(self, experiment: Experiment | None) -> None:
        """Have rows say why they cannot be chosen for an experiment, if that depends on it."""

    @abstractmethod
    def _mistake(self) -> str:
        """What is wrong with what is ticked, or ""."""

    @Slot()
    def _press(self) -> None:
        if self._state == "idle":
            self.start_requested.emit()
        else:
            self.pause_requested.emit()

    @Slot()
    def _follow(self) -> None:
        problem = self._hindrance or (self._mistake() if self._state == "idle" else "")
        self.button.setText(
            {"idle": self.words.button, "paused": "Resume"}.get(self._state, "Pause")
        )
        is_ready = self._is_set_up and not problem
        may_go_on = self._state == "running" or (self._state == "paused" and not self._hindrance)
        had_focus = self.stop_button.hasFocus()
        self.button.setEnabled(is_ready if self._state == "idle" else may_go_on)
        self.button.setToolTip(problem or f"{self.words.does} (Ctrl+K)")
        self.stop_button.setEnabled(self._state != "idle")
        if had_focus and self._state == "idle":
            self.button.setFocus()  # else Qt would give it to whatever comes next
        is_told = self._is_set_up and self._state in ("idle", "paused")
        self.complaint.setText(problem if is_told else "")
        self.complaint.setVisible(bool(self.complaint.text()))

    def _build(self) -> None:
        """Lay all out, once what else is asked is in its place; Tab goes from part to part so."""
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        column.setSpacing(4)
        for part in (self._list, self._besides):
            part.setSpacing(4)
        column.addLayout(self._list)
        heading = QLabel(self.words.besides)
        heading.setObjectName("section")
        column.addSpacing(8)
        column.addWidget(heading)
        column.addLayout(self._besides)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        buttons.addWidget(self.button, 1)
        buttons.addWidget(self.stop_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 8, 0, 8)
        whole.setSpacing(8)
        whole.addLayout(_with_margin(self.title))
        whole.addWidget(scroll, 1)
        whole.addLayout(_with_margin(self.complaint))
        whole.addLayout(buttons)
        self._follow()


def _with_margin(part: QWidget) -> QVBoxLayout:
    beside = QVBoxLayout()
    beside.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
    beside.addWidget(part)
    return beside
