"""The left of the page Compare: which strategies search, with which settings, and how long."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.exporting.count_box import CountBox
from app.numbers import read_number
from app.plain_text import PlainLabel, plain_tip
from app.runner import Limits, State
from app.setup.line import Line
from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.rivals import CONTENDING, Rival, rival_of, usual_rivals
from engine.experiments.strategies import STRATEGIES

_MARGIN: Final = 12
_INDENT: Final = 28
"""Below the words of a tick."""
_MOST_SEEDS: Final = 100
_AS_SET_UP: Final = "as set up"


class StrategiesPanel(QWidget):
    """Ticks for strategies, each with settings; greyed where one cannot be had, with the reason.

    Attributes:
        title: what is compared on.
        rows: by the strategy's name; there once there is an experiment.
        seeds: searches of each strategy.
        budget, seconds: that a search may take; empty: as hypergradients do, and any.
        button: compares, pauses and resumes.
        stop_button: ends the comparison.
        complaint: what keeps it from starting.

    Signals:
        changed: other strategies are ticked than before, or told something else.
        start_requested, pause_requested, stop_requested: a person pressed a button.
    """

    changed = Signal()
    start_requested = Signal()
    pause_requested = Signal()
    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Strategies to compare")
        self._experiment: Experiment | None = None
        self._proposed_for: tuple[str, object] | None = None
        self._state: State = "idle"
        self._hindrance = ""
        self.title = PlainLabel()
        self.title.setObjectName("section")
        self.rows: dict[str, StrategyRow] = {}
        self._list = QVBoxLayout()
        self.seeds = CountBox(1, _MOST_SEEDS, " seeds", " seed")
        self.seeds.setValue(3)
        self.budget, self.seconds = Line(), Line()
        self.button = QPushButton("Compare")
        self.stop_button = QPushButton("Stop")
        self.complaint = PlainLabel()
        self.complaint.setObjectName("error")
        self._build()
        for line in (self.budget, self.seconds):
            line.textEdited.connect(self._follow)
        self.button.clicked.connect(self._press)
        self.stop_button.clicked.connect(self.stop_requested)
        self._follow()

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
            self._add_rows()
        self._experiment = experiment
        if experiment is None:
            self.title.setText(f"The set-up cannot be run. {problem}")
        else:
            self.title.setText(f"On: {experiment.title or experiment.name}")
            if (experiment.name, experiment.compares) != self._proposed_for:
                self._proposed_for = experiment.name, experiment.compares
                usual = usual_rivals(experiment)
                for name, row in self.rows.items():
                    row.propose([one for one in usual if one.strategy == name])
        self._follow()

    def rivals(self) -> list[Rival]:
        """Those that are ticked, in order.

        Raises:
            InputError: a setting is not what it may be.
        """
        return [rival for row in self.rows.values() if row.is_chosen for rival in row.rivals()]

    def limits(self) -> Limits:
        """Seeds, and the training runs and seconds that a search may take.

        Raises:
            InputError: one of them is no number above 0.
        """
        return self.seeds.value(), _amount(self.budget, "Runs"), _amount(self.seconds, "Seconds")

    def follow(self, state: State, hindrance: str) -> None:
        """Offer what can be done now.

        Args:
            state: of the comparison.
            hindrance: why none can be started now; or "".
        """
        self._state, self._hindrance = state, hindrance
        for part in (*self.rows.values(), self.seeds, self.budget, self.seconds):
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
        self.button.setText({"idle": "Compare", "paused": "Resume"}.get(self._state, "Pause"))
        is_ready = self._experiment is not None and not problem
        may_go_on = self._state == "running" or (self._state == "paused" and not self._hindrance)
        had_focus = self.stop_button.hasFocus()
        self.button.setEnabled(is_ready if self._state == "idle" else may_go_on)
        self.button.setToolTip(problem or "Search by each of them, on the same budget (Ctrl+K)")
        self.stop_button.setEnabled(self._state != "idle")
        if had_focus and self._state == "idle":
            self.button.setFocus()  # else Qt would give it to whatever comes next
        is_told = self._experiment is not None and self._state in ("idle", "paused")
        self.complaint.setText(problem if is_told else "")
        self.complaint.setVisible(bool(self.complaint.text()))

    def _mistake(self) -> str:
        """What is wrong with what is ticked, or ""."""
        if self._experiment is not None and not self._experiment.free:
            return "No hyperparameter is free: there is nothing to search for."
        try:
            self.limits()
            return "" if self.rivals() else "Tick a strategy."
        except InputError as error:
            return str(error)

    def _add_rows(self) -> None:
        for name in CONTENDING:
            row = self.rows[name] = StrategyRow(name)
            row.changed.connect(self._follow)
            row.changed.connect(self.changed)
            self._list.addWidget(row)

    def _build(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        column.setSpacing(4)
        self._list.setSpacing(4)
        column.addLayout(self._list)
        heading = QLabel("Each may take")
        heading.setObjectName("section")
        column.addSpacing(8)
        column.addWidget(heading)
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        for label, part, empty, tip in (
            ("&Runs", self.budget, "as hypergradients", "Training runs, in gradient evaluations"),
            ("S&econds", self.seconds, "any", "Seconds, besides loading and compiling"),
        ):
            part.setPlaceholderText(empty)
            part.setToolTip(tip)
            part.setAccessibleName(tip)
            form.addRow(label, part)
        self.seeds.setToolTip("Searches of each strategy, with other weights and minibatches")
        self.seeds.setAccessibleName("Searches of each strategy")
        form.addRow("See&ds", self.seeds)
        column.addLayout(form)
        column.addStretch(1)
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
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 8, 0, 8)
        whole.setSpacing(8)
        whole.addLayout(_with_margin(self.title))
        whole.addWidget(scroll, 1)
        whole.addLayout(_with_margin(self.complaint))
        foot = QVBoxLayout()
        foot.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        foot.addLayout(buttons)
        whole.addLayout(foot)


class StrategyRow(QWidget):
    """A tick for a strategy, its settings, and why it cannot be had.

    Args:
        name: of the strategy.

    Attributes:
        tick: chooses it.
        line: settings other than the set-up's, as in "step=0.1"; with ";" between several, each
            searches.
        reason: why it cannot be chosen.

    Signals:
        changed: a person ticked it, or typed.
    """

    changed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name, kind = name, STRATEGIES[name]
        self.tick = QCheckBox(kind.title)
        self.tick.setEnabled(not kind.missing)
        self.tick.toggled.connect(self._follow_tick)
        self.line = Line()
        self.line.setPlaceholderText(_AS_SET_UP)
        example = "step=0.1" if kind.uses_step else "trials_by=group"
        self.line.setToolTip(
            plain_tip(f"Settings for this strategy alone, as in {example}; with ; between several.")
        )
        self.line.setAccessibleName(f"Settings of {kind.title}")
        self.line.textEdited.connect(self.changed)
        self.reason = PlainLabel(f"{kind.missing}." if kind.missing else "")
        self.reason.setObjectName("muted")
        self.reason.setVisible(bool(kind.missing))
        below = QVBoxLayout()
        below.setContentsMargins(_INDENT, 0, 0, 2)
        below.addWidget(self.line)
        below.addWidget(self.reason)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tick)
        column.addLayout(below)
        self.line.setVisible(False)

    @property
    def is_chosen(self) -> bool:
        """Whether it is ticked."""
        return self.tick.isChecked()

    def rivals(self) -> list[Rival]:
        """The strategy with its settings; several, if there are several.

        Raises:
            InputError: a setting is not what it may be.
        """
        title, found = STRATEGIES[self._name].title, []
        for part in self.line.text().split(";"):
            told = part.replace(_AS_SET_UP, "")
            settings = [one.strip() for one in told.split(",") if one.strip()]
            try:
                found.append(rival_of(":".join([self._name, *settings])))
            except InputError as error:
                raise InputError(title, error.sentence) from None
        return [*dict.fromkeys(found)]

    def propose(self, rivals: Sequence[Rival]) -> None:
        """Tick it, with these settings; or not, if there are none."""
        settings = [
            ", ".join(f"{field}={value}" for field, value in one.settings) for one in rivals
        ]
        shown = "; ".join(text or _AS_SET_UP for text in settings)
        self.line.setText(shown if any(settings) else "")
        self.tick.setChecked(bool(rivals) and not STRATEGIES[self._name].missing)

    @Slot()
    def _follow_tick(self) -> None:
        """The settings are there while they count."""
        self.line.setVisible(self.tick.isChecked())
        self.changed.emit()


def _amount(line: Line, title: str) -> float | None:
    text = line.text().strip()
    if not text:
        return None
    try:
        amount = read_number(text)
    except ValueError:
        amount = float("nan")
    if not 0 < amount < float("inf"):
        raise InputError(title, f"expected a number above 0, found “{text}”.")
    return amount


def _with_margin(part: QWidget) -> QVBoxLayout:
    beside = QVBoxLayout()
    beside.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
    beside.addWidget(part)
    return beside
