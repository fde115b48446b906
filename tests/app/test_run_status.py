import numpy as np
import pytest
from experiments_for_tests import events_of, tiny
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.run_status import RunStatus
from engine.experiments.changes import Change
from engine.runs.events import (
    MetaIterationDone,
    MetaIterationStarted,
    MethodProgress,
    RunStarted,
    SettingsChanged,
    TrainingProgress,
)
from engine.runs.run import optimize


def test_a_pause_does_not_count_in_the_time_that_is_left(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr("app.run_status.time.monotonic", lambda: clock[0])
    status = RunStatus()
    qtbot.addWidget(status)
    events = events_of(tiny({"meta.iterations": "3"}))
    started = [event for event in events if isinstance(event, MetaIterationStarted)]
    done = [event for event in events if isinstance(event, MetaIterationDone)]
    status.add(next(event for event in events if isinstance(event, RunStarted)))
    status.add(started[0])
    clock[0] += 4.0
    status.set_paused(True)
    status.say("Paused after 0 meta-iterations.")
    clock[0] += 600.0
    status.set_paused(False)
    assert status.status.text() == "Running"
    clock[0] += 6.0
    status.add(done[0])
    assert status.time_left.text() == "about 20 s left"
    status.set_paused(False)  # a run that goes on without having been held
    status.add(started[1])
    clock[0] += 10.0
    status.add(done[1])
    assert status.time_left.text() == "about 10 s left"
    status.set_shown("meta-iteration 1")
    assert status.time_left.text() == "showing meta-iteration 1 · 10 s left"


def test_how_long_forward_mode_takes_is_said_in_its_first_meta_iteration(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr("app.run_status.time.monotonic", lambda: clock[0])
    for method, told in (("forward", "about 20 s left"), ("exact-reversal", "")):
        status = RunStatus()
        qtbot.addWidget(status)
        events = events_of(tiny({"method": method, "meta.iterations": "3"}))
        for kind in (RunStarted, MetaIterationStarted):
            status.add(next(event for event in events if isinstance(event, kind)))
        clock[0] += 4.0
        status.add(TrainingProgress(0, 0, 4, np.zeros(4), np.zeros(4, np.int64)))  # of 8
        assert status.time_left.text() == told


def test_the_time_that_is_left_follows_the_number_of_meta_iterations(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr("app.run_status.time.monotonic", lambda: clock[0])
    status = RunStatus()
    qtbot.addWidget(status)
    left = []
    for event in optimize(tiny(), changes=[Change(1, {"meta.iterations": 6})]):
        clock[0] += 10.0 if isinstance(event, MetaIterationDone) else 0.0
        status.add(event)
        if isinstance(event, MetaIterationDone):
            left.append(status.time_left.text())
        if isinstance(event, SettingsChanged):
            assert event.experiment.meta.iterations == 6
    assert left[:3] == ["about 20 s left", "about 40 s left", "about 30 s left"]


def test_training_that_is_repeated_is_counted(qtbot: QtBot) -> None:
    status = RunStatus()
    qtbot.addWidget(status)
    status.add(MethodProgress(0, 0, "differencing", 7, (1301, 3200)))
    assert status.status.text() == "Training with each value moved, run 1,301 of 3,200 …"
    status.add(MethodProgress(0, 0, "solving", 7))
    assert status.status.text() == "Solving for the hypergradient …"


def test_what_is_too_long_takes_both_rows_while_there_is_nothing_in_the_second(
    qtbot: QtBot,
) -> None:
    status = RunStatus()
    qtbot.addWidget(status)
    sentence = "Completed 60 meta-iterations."
    status.say(sentence)
    status.resize(status.fontMetrics().horizontalAdvance(sentence) - 20, 60)
    status.show()
    assert QLabel.text(status.status) == "Completed 60 meta-\niterations."
    assert not status.status.toolTip(), "all of it can be read"
    status.resize(status.fontMetrics().horizontalAdvance("60 meta-iter…") + 2, 60)
    shown = " ".join(QLabel.text(status.status).split("\n"))
    assert shown.endswith("…")
    assert sentence.startswith(shown[:-1]), "no blank where a word is broken"
    assert status.status.toolTip()
    status.set_shown("meta-iteration 4")
    assert QLabel.text(status.status).endswith("…")
    assert status.time_left.isVisible()
    assert status.status.toolTip()
    status.set_shown("")
    status.resize(1000, 60)
    assert QLabel.text(status.status) == sentence
