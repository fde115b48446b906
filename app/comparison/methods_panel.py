"""The left of the page Compare: which methods, with which options, and what is varied besides."""

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.numbers import read_number
from app.plain_text import PlainLabel, plain_tip
from app.runner import State
from app.setup.line import Line
from engine.errors import InputError
from engine.experiments.contenders import Contender, contender_of, run_by, usual_contenders
from engine.experiments.experiment import Experiment
from engine.experiments.fields import field_texts
from engine.experiments.help_texts import method_text
from engine.experiments.method_options import MethodOptions
from engine.hypergradients.catalogue import METHODS
from engine.runs.comparison import Study
from engine.runs.variations import option_of

_MARGIN: Final = 12
_STUDIES: Final[dict[Study, tuple[str, str]]] = {
    "iterations": ("Training iterations", "Repeat with an eighth of T to twice as many"),
    "option": (
        "Options",
        "Repeat with other snapshots, iterations undone, terms and rounds, from 1 upwards",
    ),
    "hyperparameters": (
        "Number of hyperparameters",
        "Repeat with one kind free, set ever more finely: where forward and reverse mode cross",
    ),
}


class MethodsPanel(QWidget):
    """Ticks for methods, each with its option; greyed where a method does not fit, with the reason.

    Attributes:
        title: what is compared on.
        rows: by the method's name; there once there is an experiment.
        studies: ticks by study.
        button: compares, pauses and resumes.
        stop_button: ends the comparison.
        complaint: what keeps it from starting.

    Signals:
        start_requested, pause_requested, stop_requested: a person pressed a button.
    """

    start_requested = Signal()
    pause_requested = Signal()
    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Methods to compare")
        self._experiment: Experiment | None = None
        self._state: State = "idle"
        self._hindrance = ""
        self.title = PlainLabel()
        self.title.setObjectName("section")
        self.rows: dict[str, MethodRow] = {}
        self._list = QVBoxLayout()
        self.studies: dict[Study, QCheckBox] = {}
        self.button = QPushButton("Compare")
        self.stop_button = QPushButton("Stop")
        self.complaint = PlainLabel()
        self.complaint.setObjectName("error")
        self._build()
        self.button.clicked.connect(self._press)
        self.stop_button.clicked.connect(self.stop_requested)
        self._follow()

    @property
    def experiment(self) -> Experiment | None:
        """What would be compared on; None: the set-up has no experiment."""
        return self._experiment

    def set_experiment(self, experiment: Experiment | None) -> None:
        """Compare on this from now on; what is usual for it is ticked unless it is the same."""
        if not self.rows:
            self._add_rows()
        before, self._experiment = self._experiment, experiment
        if experiment is None:
            self.title.setText("Fix the marked fields of the set-up first.")
        else:
            self.title.setText(f"On: {experiment.title or experiment.name}")
        usual = {one.method: one for one in usual_contenders(experiment)} if experiment else {}
        is_other = experiment and (before is None or before.name != experiment.name)
        for name, row in self.rows.items():
            row.set_hindrance(_hindrance(experiment, name))
            if is_other:
                row.propose(usual.get(name))
        self._follow()

    def contenders(self) -> list[Contender]:
        """Those that are ticked, in order.

        Raises:
            InputError: an option is not what it may be.
        """
        return [row.contender() for row in self.rows.values() if row.is_chosen]

    def chosen_studies(self) -> list[Study]:
        """Those that are ticked."""
        return [study for study, tick in self.studies.items() if tick.isChecked()]

    def follow(self, state: State, hindrance: str) -> None:
        """Offer what can be done now.

        Args:
            state: of the comparison.
            hindrance: why none can be started now; or "".
        """
        self._state, self._hindrance = state, hindrance
        for part in (*self.rows.values(), *self.studies.values()):
            part.setEnabled(state == "idle")
        self._follow()

    @Slot()
    def _press(self) -> None:
        if self._state == "idle":
            self.start_requested.emit()
        else:
            self.pause_requested.emit()

    @Slot()
    def _follow(self) -> None:
        problem = self._hindrance
        try:
            chosen = self.contenders()
        except InputError as error:
            chosen, problem = [], problem or f"{error}"
        if not problem and not chosen:
            problem = "Tick at least one method."
        words = {"idle": "Compare", "paused": "Resume"}.get(self._state, "Pause")
        self.button.setText(words)
        is_ready = self._experiment is not None and not problem
        self.button.setEnabled(is_ready if self._state == "idle" else self._state != "stopping")
        self.button.setToolTip(problem or "Find the same hypergradient by each of them (Ctrl+K)")
        self.stop_button.setEnabled(self._state in ("running", "paused"))
        self.complaint.setText(problem if self._state == "idle" and self._experiment else "")
        self.complaint.setVisible(bool(self.complaint.text()))

    def _add_rows(self) -> None:
        for name in METHODS:
            row = self.rows[name] = MethodRow(name)
            row.changed.connect(self._follow)
            self._list.addWidget(row)

    def _build(self) -> None:
        inside = QWidget()
        grid = QVBoxLayout(inside)
        grid.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        grid.setSpacing(4)
        self._list.setSpacing(4)
        grid.addLayout(self._list)
        heading = QLabel("Also vary")
        heading.setObjectName("section")
        heading.setIndent(0)
        grid.addSpacing(8)
        grid.addWidget(heading)
        for study, (words, tip) in _STUDIES.items():
            tick = self.studies[study] = QCheckBox(words)
            tick.setChecked(True)
            tick.setToolTip(tip)
            tick.setAccessibleDescription(tip)
            grid.addWidget(tick)
        grid.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        buttons = QHBoxLayout()
        buttons.addWidget(self.button, 1)
        buttons.addWidget(self.stop_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(8)
        for part in (self.title, self.complaint):
            beside = QVBoxLayout()
            beside.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
            beside.addWidget(part)
            column.addLayout(beside)
        column.insertWidget(1, scroll, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        foot.addLayout(buttons)
        column.addLayout(foot)


class MethodRow(QWidget):
    """A tick for a method, the option that is looked at most, and why it does not fit.

    Args:
        name: of the method.

    Attributes:
        tick: chooses it.
        line: its option, if it has one; empty: as usual.
        reason: why it cannot be chosen.

    Signals:
        changed: a person ticked it, or typed.
    """

    changed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._option = option_of(name)
        self.tick = QCheckBox(METHODS[name].title)
        what = method_text(name)
        self.tick.setToolTip(plain_tip(f"{what.text} ({what.source})"))
        self.tick.setAccessibleDescription(what.text)
        self.tick.toggled.connect(self.changed)
        self.reason = PlainLabel()
        self.reason.setObjectName("muted")
        self.reason.hide()
        self.line: Line | None = None
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self.tick, 0, 0)
        self.reason.setContentsMargins(_INDENT, 0, 0, 4)
        grid.addWidget(self.reason, 2, 0)
        self._told = QWidget()
        grid.addWidget(self._told, 1, 0)
        self._told.hide()
        if self._option:
            what = field_texts()[f"hypergradient.{self._option}"]
            self.line = Line()
            self.line.setFixedWidth(64)
            self.line.setPlaceholderText(_USUAL[self._option])
            self.line.setAccessibleName(f"{what.title} of {METHODS[name].title}")
            self.line.setToolTip(what.text)
            self.line.textEdited.connect(self.changed)
            unit = QLabel(_UNITS[self._option])
            unit.setObjectName("muted")
            beside = QHBoxLayout(self._told)
            beside.setContentsMargins(_INDENT, 0, 0, 2)
            beside.addWidget(self.line)
            beside.addWidget(unit, 1)
            self.tick.toggled.connect(self._follow_tick)

    @property
    def is_chosen(self) -> bool:
        """Whether it is ticked, and fits."""
        return self.tick.isChecked() and self.tick.isEnabled()

    def contender(self) -> Contender:
        """The method with its option.

        Raises:
            InputError: the option is not what it may be.
        """
        text = self.line.text().strip() if self.line else ""
        if not text or self._option is None:
            return Contender(self._name, MethodOptions())
        try:
            number = read_number(text)
        except ValueError:
            title = METHODS[self._name].title
            raise InputError(title, f"expected a whole number, found “{text}”.") from None
        whole = int(number) if number.is_integer() else number
        return contender_of(f"{self._name}:{self._option}={whole}")

    def propose(self, contender: Contender | None) -> None:
        """Tick it, with this option; or not, with None."""
        value = contender.told.get(self._option or "") if contender else None
        if self.line:
            self.line.setText("" if value is None else f"{value}")
        self.tick.setChecked(contender is not None)

    def set_hindrance(self, reason: str) -> None:
        """Say why it cannot be chosen; with "", it can."""
        self.tick.setEnabled(not reason)
        self._follow_tick()
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason))

    @Slot()
    def _follow_tick(self) -> None:
        """The option is there while it counts."""
        self._told.setVisible(self.line is not None and self.is_chosen)


_UNITS: Final = {
    "snapshots": "snapshots",
    "last": "last iterations undone",
    "terms": "terms",
    "iterations": "rounds",
}
_USUAL: Final = {"snapshots": "√T", "last": "10", "terms": "100", "iterations": "usual"}
_INDENT: Final = 28
"""Below the words of a tick."""


def _hindrance(experiment: Experiment | None, name: str) -> str:
    if experiment is None:
        return ""
    try:
        run_by(experiment, Contender(name))
    except InputError as error:
        return error.sentence
    return ""
