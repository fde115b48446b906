"""The left of the page Compare: which methods, with which options, and what is varied besides."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QWidget

from app.comparison.panel import INDENT, ComparedRow, ComparisonPanel, PanelWords
from app.numbers import read_count
from app.plain_text import PlainLabel, plain_tip
from app.runner import Runner
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
from engine.runs.comparison import ComparisonRecord, Study
from engine.runs.variations import option_of

_WORDS: Final = PanelWords(
    title="Methods",
    what="Several ways to one hypergradient: accuracy, time, memory",
    does="Find the same hypergradient by each of them",
    besides="Also vary",
)
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


class MethodsPanel(ComparisonPanel[Contender]):
    """Ticks for methods, each with its option; greyed where a method does not fit, with the reason.

    Attributes:
        studies: ticks by study.
    """

    rows: "dict[str, MethodRow]"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_WORDS, parent)
        self.studies: dict[Study, QCheckBox] = {}
        for study, (words, tip) in _STUDIES.items():
            tick = self.studies[study] = QCheckBox(words)
            tick.setChecked(True)
            tick.setToolTip(tip)
            tick.setAccessibleDescription(tip)
            self._besides.addWidget(tick)
            self._asked.append(tick)
        self._build()

    def contenders(self) -> list[Contender]:
        """Those that are ticked, in order.

        Raises:
            InputError: an option is not what it may be.
        """
        return self.chosen()

    def chosen_studies(self) -> list[Study]:
        """Those that are ticked."""
        return [study for study, tick in self.studies.items() if tick.isChecked()]

    def beginning(self, runner: Runner) -> Callable[[], None] | None:
        """What begins the comparison; None if something is wrong, which the panel says."""
        try:
            contenders = self.contenders()
        except InputError:
            return None
        if self.experiment is None or not contenders:
            return None
        return partial(runner.compare, self.experiment, contenders, self.chosen_studies())

    def differs_from(self, record: ComparisonRecord) -> bool:
        """Whether something else would be compared now than what a record is of.

        Raises:
            InputError: an option is not what it may be.
        """
        others = [one for one in self.contenders() if one != record.reference]
        compared = [one for one in record.contenders if one != record.reference]
        return self.experiment != record.experiment or others != compared

    def _new_rows(self) -> Iterable[tuple[str, "MethodRow"]]:
        return ((name, MethodRow(name)) for name in METHODS)

    def _usual(self, experiment: Experiment) -> list[Contender]:
        return [*usual_contenders(experiment)]

    def _name_of(self, one: Contender) -> str:
        return one.method

    def _say_what_fits(self, experiment: Experiment | None) -> None:
        reference = reference_of(experiment).method if experiment else ""
        for name, row in self.rows.items():
            row.set_hindrance(_hindrance(experiment, name), is_reference=name == reference)

    def _mistake(self) -> str:
        try:
            self.contenders()
        except InputError as error:
            return str(error)
        return ""


class MethodRow(ComparedRow[Contender]):
    """A tick for a method, the option that is looked at most, and why it does not fit.

    Args:
        name: of the method.

    Attributes:
        tick: chooses it.
        line: values of its option, if it has one, between commas; empty: as usual.
        reason: why it cannot be chosen.
    """

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
        self.reason.setContentsMargins(INDENT, 0, 0, 4)
        grid.addWidget(self.reason, 2, 0)
        self._told = QWidget()
        grid.addWidget(self._told, 1, 0)
        self._told.hide()
        beside = QHBoxLayout(self._told)
        beside.setContentsMargins(INDENT, 0, 0, 2)
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

    def chosen(self) -> list[Contender]:
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

    def propose(self, several: Sequence[Contender]) -> None:
        """Tick it, with these options; or not, if there are none."""
        self._proposed = [*several]
        first = several[0] if several else Contender(self._name)
        rest = first.told_to(self._option, None) if self._option else first
        self._others = rest.options
        told = rest.name.removeprefix(METHODS[self._name].title).removeprefix(", ")
        self._beside.setText(" · ".join(filter(None, (_UNITS.get(self._option or ""), told))))
        if self.line and self._option:
            values = [one.told.get(self._option) for one in several]
            self.line.setText(", ".join(f"{value}" for value in values if value is not None))
        self.tick.setChecked(self._is_reference or bool(several))
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
