"""Whether to stop what will hardly win: asked calmly, and answered for what was asked about."""

from dataclasses import replace

import pytest
from driving import click, go_round
from experiments_for_tests import FIXED, tiny
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app import stop_question
from app.message_bar import MessageBar
from app.stop_question import StopQuestion
from engine.experiments.experiment import Experiment
from engine.runs.events import Event, MetaIterationDone, RunStarted, StopAdvised
from engine.runs.predictions import Prediction
from engine.runs.run import optimize

FOUND = Prediction(0.9, 0.01, 0.03, 50, 200, "validation accuracy", 0.95, (0.8, 0.94))
RUN = Prediction(0.2, 0.01, 0.03, 9, 40, "validation loss", 0.178, (0.1, 0.3), own=0.1793)


def searching(**changes: str) -> Experiment:
    told = {
        **FIXED,
        "hyperparameters.learning_rates.free": "true",
        "meta.optimizer": "random",
        "meta.iterations": "4",
        "stopping.when": "ask",
    }
    return tiny({**told, **changes})


class Run(QObject):
    """What a question asks of a run, told by hand."""

    happened = Signal(object)
    state_changed = Signal(str)

    def __init__(self, experiment: Experiment) -> None:
        super().__init__()
        self.experiment: Experiment | None = experiment
        self.stopped: list[int | None] = []
        self.events = [
            event
            for event in optimize(experiment.model_copy(update={"stopping": OFF}))
            if isinstance(event, RunStarted | MetaIterationDone)
        ]

    def stop_early(self, trial: int | None = None) -> None:
        self.stopped.append(trial)

    def tell(self, event: Event) -> None:
        self.happened.emit(event)

    def advise(self, trial: int, *, stops: bool = True, found: Prediction = FOUND) -> None:
        self.tell(StopAdvised(trial, stops, found))

    def end(self, trial: int) -> None:
        """Tell that a trial is done."""
        done = self.events[-1]
        assert isinstance(done, MetaIterationDone)
        self.tell(replace(done, index=trial))

    def begin(self) -> None:
        self.tell(self.events[0])


OFF = searching(**{"stopping.when": "off"}).stopping


class Asked:
    """A bar with a line below it, and a run that asks."""

    def __init__(self, qtbot: QtBot, experiment: Experiment) -> None:
        self.qtbot = qtbot
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.bar, self.line = MessageBar(), QLineEdit()
        column = QVBoxLayout(self.window)
        column.addWidget(self.bar)
        column.addWidget(self.line, 1, Qt.AlignmentFlag.AlignTop)
        self.window.resize(900, 300)
        self.window.show()
        self.run = Run(experiment)
        self.question = StopQuestion(self.run, self.bar, self.window)  # type: ignore[arg-type]
        self.said: list[str] = []
        self.question.said.connect(self.said.append)
        self.run.begin()

    @property
    def text(self) -> str:
        return self.bar.text.text()

    def button(self, text: str) -> QWidget:
        [found] = [button for button in self.bar.tries if button.text() == text]
        return found

    def answer(self, text: str) -> None:
        click(self.qtbot, self.button(text))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stop_question, "_MOMENT", 40)
    monkeypatch.setattr(stop_question, "_GUARD", 40)


@pytest.fixture
def asked(qtbot: QtBot, quick: None) -> Asked:
    return Asked(qtbot, searching())


def test_a_question_stays_while_others_come(asked: Asked) -> None:
    asked.run.advise(1)
    before = asked.text
    assert before == "Trial 2 is 3 % likely to beat 0.95."
    asked.run.advise(2)
    asked.run.advise(3)
    assert asked.text == "Trial 2 is 3 % likely to beat 0.95 (2 more)."


def test_an_answer_counts_for_the_trial_that_was_asked_about(asked: Asked) -> None:
    asked.run.advise(1)
    asked.run.advise(2)
    asked.answer("Stop here")
    assert asked.run.stopped == [1]
    assert asked.said == ["Stopping trial 2 …"]
    assert asked.text.startswith("Trial 3 is ")


def test_a_question_that_follows_another_takes_no_answer_at_once(
    asked: Asked, qtbot: QtBot
) -> None:
    asked.run.advise(1)
    asked.run.advise(2)
    asked.answer("Go on")
    assert not asked.button("Stop here").isEnabled()
    asked.answer("Stop here")
    assert asked.run.stopped == []
    qtbot.waitUntil(asked.button("Stop here").isEnabled)
    asked.answer("Stop here")
    assert asked.run.stopped == [2]


def test_it_says_for_a_moment_that_a_trial_has_ended(asked: Asked, qtbot: QtBot) -> None:
    asked.run.advise(1)
    asked.run.end(1)
    assert asked.text == "Trial 2 has ended by itself."
    assert not asked.button("Stop here").isEnabled()
    assert not asked.button("Go on").isEnabled()
    asked.run.advise(2)
    assert asked.text == "Trial 2 has ended by itself."
    asked.run.end(2)
    assert asked.text == "Trial 2 has ended by itself (1 more meanwhile)."
    asked.run.advise(3)
    qtbot.waitUntil(lambda: asked.text == "Trial 4 is 3 % likely to beat 0.95.")


def test_a_trial_that_may_win_after_all_is_not_asked_about(asked: Asked, qtbot: QtBot) -> None:
    asked.run.advise(1)
    asked.run.advise(1, stops=False)
    assert asked.text == "Trial 2 is likelier to win by now."
    qtbot.waitUntil(lambda: not asked.bar.question)
    assert asked.bar.isVisible()


def test_nothing_below_moves_as_questions_come_and_go(asked: Asked, qtbot: QtBot) -> None:
    go_round(qtbot)
    places = {asked.line.y()}
    for trial in (1, 2):
        asked.run.advise(trial)
        go_round(qtbot)
        places.add(asked.line.y())
    asked.answer("Go on")
    go_round(qtbot)
    places.add(asked.line.y())
    qtbot.waitUntil(asked.button("Go on").isEnabled)
    asked.answer("Go on")
    go_round(qtbot)
    places.add(asked.line.y())
    assert asked.text == "What will hardly win is asked about here, before it is stopped."
    assert len(places) == 1
    asked.run.state_changed.emit("idle")
    assert not asked.bar.isVisible()


@pytest.mark.parametrize("how", ["click", "key", "in time"])
def test_the_keyboard_goes_back_to_where_it_was(asked: Asked, qtbot: QtBot, how: str) -> None:
    asked.line.setFocus()
    asked.run.advise(1)
    button = asked.button("Go on")
    if how == "click":
        asked.answer("Go on")
    else:
        button.setFocus()
        if how == "key":
            qtbot.keyClick(button, Qt.Key.Key_Space)
        else:
            asked.run.end(1)
    assert asked.window.focusWidget() is asked.line


def test_all_such_are_stopped_without_a_question(asked: Asked, qtbot: QtBot) -> None:
    asked.run.advise(1)
    with qtbot.waitSignal(asked.question.stops_without_asking):
        asked.answer("Stop all such")
    assert asked.run.stopped == [1]
    asked.run.advise(2)
    assert asked.bar.question == ""
    assert asked.text == "What will hardly win is stopped from now on, without a question."


def test_nothing_more_is_asked_in_a_run_but_in_the_next_one(asked: Asked) -> None:
    asked.run.advise(1)
    asked.answer("Ask no more")
    asked.run.advise(2)
    assert asked.run.stopped == []
    assert asked.bar.question == ""
    asked.run.begin()
    asked.run.advise(2)
    assert asked.text.startswith("Trial 3 is ")


def test_of_a_run_as_a_whole_there_is_nothing_else_to_stop(qtbot: QtBot, quick: None) -> None:
    asked = Asked(qtbot, searching(**{"meta.optimizer": "adam"}))
    asked.run.advise(9, found=RUN)
    assert [one.text() for one in asked.bar.tries] == ["Stop here", "Go on", "Ask no more"]
    asked.run.end(10)
    assert asked.bar.question, "the run goes on"
    asked.run.advise(12, stops=False, found=RUN)
    assert asked.text == "The run is likelier to win by now."
