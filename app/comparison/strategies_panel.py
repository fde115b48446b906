"""The left of the page Compare: which strategies search, with which settings, and how long."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QFormLayout, QVBoxLayout, QWidget

from app.comparison.panel import INDENT, ComparedRow, ComparisonPanel, PanelWords
from app.exporting.count_box import CountBox
from app.numbers import read_number
from app.plain_text import PlainLabel, plain_tip
from app.runner import Limits, Runner
from app.setup.line import Line
from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.rivals import CONTENDING, Rival, rival_of, usual_rivals
from engine.experiments.strategies import STRATEGIES
from engine.runs.strategies_compared import StrategiesRecord

_WORDS: Final = PanelWords(
    title="Strategies",
    what="Several ways to search for the best hyperparameters, with hypergradients and without",
    does="Search by each of them, on the same budget",
    besides="Each may take",
    at_first="Tick strategies, then press Compare.",
)
_MOST_SEEDS: Final = 100
_AS_SET_UP: Final = "as set up"


class StrategiesPanel(ComparisonPanel[Rival]):
    """Ticks for strategies, each with settings; greyed where one cannot be had, with the reason.

    Attributes:
        seeds: searches of each strategy.
        budget, seconds: that a search may take; empty: as hypergradients do, and any.
    """

    rows: "dict[str, StrategyRow]"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_WORDS, parent)
        self.seeds = CountBox(1, _MOST_SEEDS, " seeds", " seed")
        self.seeds.setValue(3)
        self.seeds.setToolTip("Searches of each strategy, with other weights and minibatches")
        self.seeds.setAccessibleName("Searches of each strategy")
        self.budget, self.seconds = Line(), Line()
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        for label, part, empty, tip in (
            ("&Runs", self.budget, "as hypergradients", "Training runs, in gradient evaluations"),
            ("S&econds", self.seconds, "any", "Seconds, besides loading and compiling"),
        ):
            part.setPlaceholderText(empty)
            part.setToolTip(tip)
            part.setAccessibleName(tip)
            part.textEdited.connect(self._follow)
            form.addRow(label, part)
        form.addRow("See&ds", self.seeds)
        self._besides.addLayout(form)
        self._asked += [self.seeds, self.budget, self.seconds]
        self._build()

    def rivals(self) -> list[Rival]:
        """Those that are ticked, in order.

        Raises:
            InputError: a setting is not what it may be.
        """
        return self.chosen()

    def limits(self) -> Limits:
        """Seeds, and the training runs and seconds that a search may take.

        Raises:
            InputError: one of them is no number above 0.
        """
        return self.seeds.value(), _amount(self.budget, "Runs"), _amount(self.seconds, "Seconds")

    def beginning(self, runner: Runner) -> Callable[[], None] | None:
        """What begins the comparison; None if something is wrong, which the panel says."""
        try:
            rivals, limits = self.rivals(), self.limits()
        except InputError:
            return None
        if self.experiment is None or not rivals or not self.experiment.free:
            return None
        return partial(runner.compare_strategies, self.experiment, rivals, limits)

    def differs_from(self, record: StrategiesRecord) -> bool:
        """Whether something else would be compared now than what a record is of.

        Raises:
            InputError: a setting is not what it may be.
        """
        known = self.experiment or record.experiment
        return (known, tuple(self.rivals())) != (record.experiment, record.rivals)

    def _new_rows(self) -> Iterable[tuple[str, "StrategyRow"]]:
        return ((name, StrategyRow(name)) for name in CONTENDING)

    def _usual(self, experiment: Experiment) -> list[Rival]:
        return [*usual_rivals(experiment)]

    def _name_of(self, one: Rival) -> str:
        return one.strategy

    def _mistake(self) -> str:
        if self._experiment is not None and not self._experiment.free:
            return "No hyperparameter is free: there is nothing to search for."
        try:
            self.limits()
            return "" if self.rivals() else "Tick a strategy."
        except InputError as error:
            return str(error)


class StrategyRow(ComparedRow[Rival]):
    """A tick for a strategy, its settings, and why it cannot be had.

    Args:
        name: of the strategy.

    Attributes:
        tick: chooses it.
        line: settings other than the set-up's, as in "step=0.1"; with ";" between several, each
            searches.
        reason: why it cannot be chosen.
    """

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
        below.setContentsMargins(INDENT, 0, 0, 2)
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

    def chosen(self) -> list[Rival]:
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

    def propose(self, several: Sequence[Rival]) -> None:
        """Tick it, with these settings; or not, if there are none."""
        settings = [
            ", ".join(f"{field}={value}" for field, value in one.settings) for one in several
        ]
        shown = "; ".join(text or _AS_SET_UP for text in settings)
        self.line.setText(shown if any(settings) else "")
        self.tick.setChecked(bool(several) and not STRATEGIES[self._name].missing)

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
