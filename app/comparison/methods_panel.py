"""The left of the page Compare: which methods, with which options, and what is varied besides."""

from collections.abc import Sequence
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

from app.numbers import read_count
from app.plain_text import PlainLabel, plain_tip
from app.runner import State
from app.setup.line import Line
from engine.errors import InputError
from engine.experiments.contenders import (
    Contender,
    contender_of,
    reference_of,
    run_by,
    usual_contenders,
)
from engine.experiments.experiment import Experiment
from engine.experiments.fields import field_texts
from engine.experiments.help_texts import method_text
from engine.experiments.method_options import MethodOptions
from engine.hypergradients.catalogue import METHODS
from engine.hyperparameters.kinds import KINDS
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
        changed: other methods are ticked than before, or told something else.
        start_requested, pause_requested, stop_requested: a person pressed a button.
    """

    changed = Signal()
    start_requested = Signal()
    pause_requested = Signal()
    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Methods to compare")
        self._experiment: Experiment | None = None
        self._proposed_for: tuple[str, object] | None = None
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

    def set_experiment(self, experiment: Experiment | None, problem: str = "") -> None:
        """Compare on this from now on; what is usual for it is ticked unless it is the same.

        Args:
            experiment: that is set up, if it is one.
            problem: why it is none.
        """
        if not self.rows:
            self._add_rows()
        self._experiment = experiment
        if experiment is None:
            self.title.setText(f"The set-up cannot be run. {problem}")
        else:
            self.title.setText(f"On: {experiment.title or experiment.name}")
        reference = reference_of(experiment).method if experiment else ""
        for name, row in self.rows.items():
            row.set_hindrance(_hindrance(experiment, name), is_reference=name == reference)
        if experiment and (experiment.name, experiment.compares) != self._proposed_for:
            self._proposed_for = experiment.name, experiment.compares
            usual = usual_contenders(experiment)
            for name, row in self.rows.items():
                row.propose([one for one in usual if one.method == name])
        self._follow()

    def contenders(self) -> list[Contender]:
        """Those that are ticked, in order.

        Raises:
            InputError: an option is not what it may be.
        """
        return [one for row in self.rows.values() if row.is_chosen for one in row.contenders()]

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
        problem = self._hindrance or (self._mistake() if self._state == "idle" else "")
        words = {"idle": "Compare", "paused": "Resume"}.get(self._state, "Pause")
        self.button.setText(words)
        is_ready = self._experiment is not None and not problem
        may_go_on = self._state == "running" or (self._state == "paused" and not self._hindrance)
        had_focus = self.stop_button.hasFocus()
        self.button.setEnabled(is_ready if self._state == "idle" else may_go_on)
        self.button.setToolTip(problem or "Find the same hypergradient by each of them (Ctrl+K)")
        self.stop_button.setEnabled(self._state != "idle")
        if had_focus and self._state == "idle":
            self.button.setFocus()  # else Qt would give it to whatever comes next
        is_told = self._experiment is not None and self._state in ("idle", "paused")
        self.complaint.setText(problem if is_told else "")
        self.complaint.setVisible(bool(self.complaint.text()))

    def _mistake(self) -> str:
        """What is wrong with what is ticked, or ""."""
        try:
            self.contenders()
        except InputError as error:
            return str(error)
        return ""

    def _add_rows(self) -> None:
        for name in METHODS:
            row = self.rows[name] = MethodRow(name)
            row.changed.connect(self._follow)
            row.changed.connect(self.changed)
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
        line: values of its option, if it has one, between commas; empty: as usual.
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
        self._is_reference = False
        self._proposed: list[Contender] = []
        self._others = MethodOptions()
        self._beside = PlainLabel()
        self._beside.setObjectName("muted")
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
        beside = QHBoxLayout(self._told)
        beside.setContentsMargins(_INDENT, 0, 0, 2)
        if self._option:
            what = field_texts()[f"hypergradient.{self._option}"]
            self.line = Line()
            self.line.setFixedWidth(72)
            self.line.setPlaceholderText(_USUAL[self._option])
            self.line.setAccessibleName(f"{what.title} of {METHODS[name].title}")
            self.line.setToolTip(f"{what.text} Several, as in 5, 10: each is compared.")
            self.line.textEdited.connect(self._forget_proposed)
            beside.addWidget(self.line)
        beside.addWidget(self._beside, 1)
        self.tick.toggled.connect(self._follow_tick)

    @property
    def is_chosen(self) -> bool:
        """Whether it is ticked, and fits; the reference always is."""
        return self._is_reference or (self.tick.isChecked() and self.tick.isEnabled())

    def contenders(self) -> list[Contender]:
        """The method with its options; several, if its option has several values.

        Raises:
            InputError: an option is not what it may be.
        """
        usual = Contender(self._name, self._others)
        if self._proposed or self.line is None or self._option is None:
            return self._proposed or [usual]
        texts = [text.strip() for text in self.line.text().split(",")]
        values = [self._value(text) for text in texts if text]
        return [usual.told_to(self._option, value) for value in values] or [usual]

    def propose(self, contenders: Sequence[Contender]) -> None:
        """Tick it, with these options; or not, if there are none."""
        self._proposed = [*contenders]
        first = contenders[0] if contenders else Contender(self._name)
        rest = first.told_to(self._option, None) if self._option else first
        self._others = rest.options
        told = rest.name.removeprefix(METHODS[self._name].title).removeprefix(", ")
        self._beside.setText(" · ".join(filter(None, (_UNITS.get(self._option or ""), told))))
        if self.line and self._option:
            values = [one.told.get(self._option) for one in contenders]
            self.line.setText(", ".join(f"{value}" for value in values if value is not None))
        self.tick.setChecked(self._is_reference or bool(contenders))
        self._follow_tick()

    def _value(self, text: str) -> int:
        """What the option becomes."""
        title = METHODS[self._name].title
        try:
            value = read_count(text)
        except ValueError:
            raise InputError(title, f"expected a whole number, found “{text}”.") from None
        try:
            contender_of(f"{self._name}:{self._option}={value}")
        except InputError as error:
            raise InputError(title, error.sentence) from None
        return value

    @Slot()
    def _forget_proposed(self) -> None:
        self._proposed = []
        self.changed.emit()

    def set_hindrance(self, reason: str, *, is_reference: bool) -> None:
        """Say why it cannot be chosen, or that it always is.

        Args:
            reason: why not; with "", it can.
            is_reference: whether the others are compared with it.
        """
        self._is_reference = is_reference
        if is_reference:
            self.tick.setChecked(True)
        self.tick.setEnabled(not reason and not is_reference)
        self._follow_tick()
        told = reason or (_ALWAYS if is_reference else "")
        self.reason.setText(told)
        self.reason.setVisible(bool(told))

    @Slot()
    def _follow_tick(self) -> None:
        """The option is there while it counts."""
        has_any = self.line is not None or bool(self._beside.text())
        self._told.setVisible(has_any and self.is_chosen)


_UNITS: Final = {
    "snapshots": "snapshots",
    "last": "last iterations undone",
    "terms": "terms",
    "iterations": "rounds",
}
_USUAL: Final = {"snapshots": "√T", "last": "10", "terms": "100", "iterations": "usual"}
_ALWAYS: Final = "The reference: the others are compared with it."
_INDENT: Final = 28
"""Below the words of a tick."""


def _hindrance(experiment: Experiment | None, name: str) -> str:
    if experiment is None:
        return ""
    try:
        run_by(experiment, Contender(name))
    except InputError as error:
        if error.field.startswith("hyperparameters."):  # its sentence tells of another field
            kind = error.field.split(".")[1]
            return f"It cannot undo training with these {KINDS[kind].plural}."
        return error.sentence
    return ""
