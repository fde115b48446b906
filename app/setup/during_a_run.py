"""The set-up while a run goes on: what may change reaches the run, the rest counts for the next."""

from typing import Any, Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from app.plain_text import PlainLabel
from app.runner import Runner
from app.setup.field import Field
from app.setup.fields import TextField
from app.setup.setup_panel import SetupPanel
from engine.errors import InputError
from engine.experiments.changeable import IN_REAL_TIME, changeable
from engine.experiments.changes import differences, in_words, unanswered
from engine.experiments.experiment import Experiment
from engine.experiments.fields import descriptions
from engine.experiments.strategies import STRATEGIES

_MOST_NAMED: Final = 3
_PENALTY: Final = "meta.penalty"
"""It counts only while the penalties are free, and has to be 0 otherwise."""


class RestartBar(QFrame):
    """What a run goes on without, and a button that starts one with it; hidden if that is nothing.

    Attributes:
        text: says which fields they are.
        button: starts a run with them.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.text = PlainLabel()
        self.button = QPushButton("Stop and run with changes")
        self.button.setToolTip("Stop the run, and start one with the set-up as it is now")
        self.button.setAccessibleDescription(self.button.toolTip())
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        column.addWidget(self.text)
        column.addWidget(self.button)
        self.hide()

    def show_titles(self, titles: list[str]) -> None:
        """Name the fields that are set otherwise than in the run."""
        named, more = ", ".join(titles[:_MOST_NAMED]), len(titles) - _MOST_NAMED
        others = f" and {more} more" if more > 0 else ""
        self.text.setText(f"Not in this run: {named}{others}.")
        self.button.setEnabled(True)
        self.button.show()
        self.setVisible(bool(titles))

    def show_fixed(self) -> None:
        """Nothing is set otherwise than in the run, and nothing of it could change."""
        self.text.setText(IN_REAL_TIME)
        self.button.hide()
        self.show()

    def show_problem(self) -> None:
        """The fields cannot be run as they are."""
        self.text.setText("Fix the marked fields, then run.")
        self.button.show()
        self.button.setEnabled(False)
        self.show()


class DuringARun(QObject):
    """Takes edits of the set-up to the run that goes on, and names those that it cannot take over.

    A field is taken over once it is left, or Enter is pressed in it.

    Args:
        setup: whose fields are edited.
        runner: the run's thread.

    Attributes:
        bar: stands below the fields during a run, if they differ from it.

    Signals:
        said: from when on what counts, in one sentence.
        restart_requested: a run with the set-up as it is now is to take this one's place.
    """

    said = Signal(str)
    restart_requested = Signal()

    def __init__(self, setup: SetupPanel, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._setup, self._runner = setup, runner
        self._is_refused = False
        self._typed: set[str] = set()  # fields that have not been left since
        self.bar = RestartBar()
        setup.put_below(self.bar)
        self.bar.button.clicked.connect(self.restart_requested)
        setup.edited.connect(self._compare)
        for field in setup.fields.values():
            field.edited.connect(self._follow_edit)
            if isinstance(field, TextField):
                field.line.editingFinished.connect(self._follow_typing)
        runner.state_changed.connect(self._follow_state)

    @Slot(str)
    def _follow_state(self, state: str) -> None:
        self._setup.set_editable(state == "idle", fields=True)
        experiment = self._runner.experiment
        if experiment is None:
            self._typed.clear()
            if self._is_refused:
                self._is_refused = False
                self._setup.check_again()  # only the run that went on had a problem
            self.bar.hide()
        allowed = changeable(experiment)
        for key, field in self._setup.fields.items():
            field.set_quiet(experiment is not None and key not in allowed)
        self._compare()

    @Slot(str)
    def _follow_edit(self, key: str) -> None:
        experiment = self._runner.experiment
        if experiment is None or key not in changeable(experiment):
            return
        self._typed.add(key)
        if not isinstance(self._setup.field(key), TextField):
            self._follow_typing()
        self._compare()

    @Slot()
    def _follow_typing(self) -> None:
        """Hand over what was edited, unless it is marked as wrong."""
        while self._typed:
            key = self._typed.pop()
            experiment = self._runner.experiment
            if experiment and key not in self._setup.problems:
                self._hand_over(self._setup.field(key), experiment)
        self._compare()

    def _hand_over(self, field: Field, experiment: Experiment) -> None:
        settings: dict[str, Any] = {field.key: field.value()}
        if field.key == "hyperparameters.l2_penalties.free":
            penalty = self._setup.field(_PENALTY).value()
            settings[_PENALTY] = penalty if field.value() else 0.0
        try:
            since = self._runner.change(settings)
        except InputError as error:
            self._setup.show_problem(error)
            self._is_refused = True
            self.said.emit(f"{field.title}: {error.sentence}")
            return
        now = self._runner.experiment
        if since is not None and now is not None and (new := differences(experiment, now)):
            name = STRATEGIES[now.meta.optimizer].name_of(since)
            self.said.emit(f"From {name}: {in_words(new, now)}.")

    @Slot()
    def _compare(self) -> None:
        """Say in which fields the set-up differs from the run, but for what is being typed."""
        experiment = self._runner.experiment
        if experiment is None or self._typed.intersection(self._setup.problems):
            return
        if not self._setup.is_ready:
            self.bar.show_problem()
            return
        different = differences(unanswered(experiment), unanswered(self._setup.experiment()))
        every = descriptions()
        titles = [every[key].title for key in different if key not in self._typed]
        if experiment.is_one_run and not titles:
            self.bar.show_fixed()
        else:
            self.bar.show_titles(titles)
