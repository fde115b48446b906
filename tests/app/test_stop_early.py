"""Stopping early in the window: asked, automatic, and what was predicted marked as such."""

import json
from pathlib import Path

import numpy as np
import pytest
from driving import card_of, click, lines_of, press
from experiments_for_tests import FIXED, tiny
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from app.message_bar import Answer, MessageBar
from app.timeline.time_slider import ENDED, PREDICTED
from app.unattended import run_unattended
from engine.experiments.experiment import Experiment
from engine.experiments.files import list_experiments, override
from engine.runs.events import Event, StopAdvised

PATIENCE = 60_000
ANSWERS = Answer("yes", "Stop here", "It ends."), Answer("no", "Go on", "It goes on.")


def searching(when: str, **changes: str) -> Experiment:
    """A random search in which most trials lose, and soon look like it."""
    told = {
        **FIXED,
        "hyperparameters.learning_rates.free": "true",
        "hyperparameters.learning_rates.initial": "0.02",
        "meta.optimizer": "random",
        "meta.iterations": "7",
        "training.iterations": "40",
        "stopping.points": "10",
        "stopping.least": "4",
        "stopping.threshold": "0.2",
        "stopping.when": when,
    }
    return tiny({**told, **changes})


def descending(when: str) -> Experiment:
    """HOAG, which has found its penalty after a few meta-iterations."""
    meta = {"meta.iterations": "40", "stopping.when": when, "stopping.least": "6"}
    return override(list_experiments()["hoag"], meta)


def run(window: MainWindow, qtbot: QtBot, experiment: Experiment) -> None:
    window.setup.set_experiment(experiment)
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)


def test_trials_that_lose_are_rings_in_plots_and_tables(window: MainWindow, qtbot: QtBot) -> None:
    run(window, qtbot, searching("automatic"))
    record = window.record
    assert record is not None
    stopped = [done for done in record.meta_iterations if done.prediction]
    assert stopped
    x, y = lines_of(window, "trials")["predicted"]
    np.testing.assert_array_equal(x, [done.index + 1 for done in stopped])
    np.testing.assert_array_equal(y, [one.prediction.value for one in stopped if one.prediction])
    card = card_of(window, "trials")
    assert f"{len(stopped)} stopped early" in card.head.caption.text
    assert f"grey: {len(stopped)} of 7" in card_of(window, "trial_curves").head.caption.text


def test_where_a_trial_was_stopped_stands_on_the_lower_lane(
    window: MainWindow, qtbot: QtBot
) -> None:
    run(window, qtbot, searching("automatic"))
    record, timeline = window.record, window.timeline
    assert record is not None
    first = next(done for done in record.meta_iterations if done.prediction)
    found = first.prediction
    assert found is not None
    timeline.meta_iteration.go_to(first.index)
    window.view.redraw()
    assert timeline.step.slider.marks == {ENDED: found.iteration, PREDICTED: found.horizon}
    assert timeline.step.slider.reach == found.iteration
    assert timeline.step.slider.progress == found.iteration, "it was trained no further"
    stopped = [done.index for done in record.meta_iterations if done.prediction]
    assert timeline.meta_iteration.slider.crosses == tuple(stopped)
    assert window.view.moment is not None
    assert window.view.moment.step == found.iteration
    timeline.meta_iteration.go_to(0)
    window.view.redraw()
    assert timeline.step.slider.marks == {}
    assert timeline.step.slider.reach == timeline.step.slider.progress == record.iterations


def test_a_run_that_hardly_improves_ends_and_says_why(window: MainWindow, qtbot: QtBot) -> None:
    run(window, qtbot, descending("automatic"))
    record = window.record
    assert record is not None
    done = len(record.meta_iterations)
    assert done < 40
    assert window.progress.status.text().startswith(f"Stopped after {done} of 40 meta-iterations: ")
    marks = window.timeline.meta_iteration.slider.marks
    assert marks[ENDED] == done
    assert marks[PREDICTED] == 40
    x, _ = lines_of(window, "losses")["predicted"]
    assert list(x) == [40]


class Asked:
    """A run that is asked about, held at its first question."""

    def __init__(self, window: MainWindow, qtbot: QtBot, experiment: Experiment) -> None:
        self.window, self.qtbot = window, qtbot
        self.advice: list[StopAdvised] = []
        window.runner.happened.connect(self.take)
        window.setup.set_experiment(experiment)
        press(qtbot, window, "run")
        qtbot.waitUntil(lambda: bool(self.advice), timeout=PATIENCE)

    def take(self, event: Event) -> None:
        if not isinstance(event, StopAdvised):
            return
        is_late = event.prediction.iteration > 0.8 * event.prediction.horizon
        if self.advice or not is_late:  # at the end of a trial there is nothing left to stop
            if not self.advice:
                self.window.runner.pause()
            self.advice.append(event)

    def answer(self, name: str) -> None:
        bar = self.window.message_bar
        self.qtbot.waitUntil(lambda: self.window.runner.state == "paused", timeout=PATIENCE)
        assert bar.isVisible()
        [button] = [button for button in bar.tries if button.text() == name]
        click(self.qtbot, button)
        press(self.qtbot, self.window, "pause")
        self.qtbot.waitUntil(lambda: self.window.runner.state == "idle", timeout=PATIENCE)


def test_it_asks_before_it_stops_a_run(window: MainWindow, qtbot: QtBot) -> None:
    asked = Asked(window, qtbot, descending("ask"))
    question = window.message_bar.question
    chance = asked.advice[0].prediction.chance
    assert question == f"{chance[:1].upper()}{chance[1:]}, until meta-iteration 40."
    record = window.record
    assert record is not None
    best = min(one.objective for one in record.meta_iterations)
    assert chance.endswith(f" % likely to beat {best:.4g} by 1 % of the gain so far")
    assert window.message_bar.text.text() == question
    assert window.message_bar.accessibleName() == "Question"
    asked.answer("Stop here")
    record = window.record
    assert record is not None
    assert record.finished is not None
    assert record.finished.outcome == "completed"
    assert record.finished.message.startswith("Stopped by hand after ")
    assert len(record.meta_iterations) == asked.advice[0].meta_iteration + 1
    assert window.message_bar.question == ""


def test_where_one_goes_on_it_is_not_asked_again(window: MainWindow, qtbot: QtBot) -> None:
    asked = Asked(window, qtbot, descending("ask"))
    asked.answer("Go on")
    record = window.record
    assert record is not None
    assert len(record.meta_iterations) == 40
    assert [one.stops for one in asked.advice][:1] == [True]
    assert window.message_bar.question == ""


def test_it_asks_before_it_stops_a_trial(window: MainWindow, qtbot: QtBot) -> None:
    long = {"training.iterations": "400", "stopping.points": "20", "meta.iterations": "5"}
    asked = Asked(window, qtbot, searching("ask", **long))
    number = asked.advice[0].meta_iteration
    assert window.message_bar.question.startswith(f"Trial {number + 1} is ")
    asked.answer("Stop here")
    record = window.record
    assert record is not None
    assert record.meta_iterations[number].prediction is not None
    assert record.changes[0].meta_iteration == number


def test_all_such_trials_are_stopped_from_then_on(window: MainWindow, qtbot: QtBot) -> None:
    long = {"training.iterations": "400", "stopping.points": "20"}
    asked = Asked(window, qtbot, searching("ask", **long))
    number = asked.advice[0].meta_iteration
    asked.answer("Stop all such")
    record = window.record
    assert record is not None
    assert record.meta_iterations[number].prediction is not None
    if number + 1 < len(record.meta_iterations):
        assert record.experiment.stopping.when == "automatic"
    assert window.setup.field("stopping.when").value() == "automatic"
    assert window.message_bar.question == ""


def test_the_keyboard_reaches_the_answers(window: MainWindow, qtbot: QtBot) -> None:
    bar = window.message_bar
    told: list[str] = []
    bar.answered.connect(told.append)
    bar.ask("Stop?", ANSWERS)
    assert [button.text() for button in bar.tries] == ["Stop here", "Go on"]
    bar.tries[0].setFocus()
    qtbot.keyClick(bar.tries[0], Qt.Key.Key_Tab)
    assert bar.focusWidget() is bar.tries[1]
    qtbot.keyClick(bar.tries[1], Qt.Key.Key_Space)
    assert told == ["no"]
    assert not bar.tries


def test_a_failure_stands_before_a_question_and_a_question_before_a_note(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.set_note("A note.")
    bar.ask("Stop?", ANSWERS)
    assert bar.text.text() == "Stop?"
    bar.show_message("It failed.")
    assert bar.text.text() == "It failed."
    bar.clear()
    assert bar.text.text() == "Stop?"
    bar.withdraw()
    assert bar.text.text() == "A note."


@pytest.mark.usefixtures("drawn_once")
def test_files_tell_predictions_from_measurements(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_unattended(searching("automatic"), tmp_path)
    result = json.loads((tmp_path / "result.json").read_text())
    predicted = [one for one in result["meta_iterations"] if "predicted" in one]
    assert predicted
    for one in predicted:
        assert one["validation_loss"] is None
        assert set(one["predicted"]) == {"value", "std", "probability", "iteration"}
    assert result["findings"]["stopped early"]["trials"] == len(predicted)
    assert "predicted" in (tmp_path / "trials.csv").read_text().splitlines()[0]


@pytest.mark.usefixtures("drawn_once")
def test_without_a_window_nobody_is_asked_and_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_unattended(searching("ask", **{"meta.iterations": "3"}), tmp_path)
    assert "Without a window nobody is asked" in capsys.readouterr().err
    result = json.loads((tmp_path / "result.json").read_text())
    assert not any("predicted" in one for one in result["meta_iterations"])
