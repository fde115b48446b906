import threading
from collections.abc import Iterator

import numpy as np
import pytest
from driving import go_round
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.schedules import try_out as module
from app.schedules.try_out import TryOuts
from engine.experiments.experiment import Experiment
from engine.experiments.files import override
from engine.hyperparameters.schedules import with_schedule
from engine.hyperparameters.values import Hyperparameters
from engine.runs.layouts import make_layout
from engine.runs.try_out import TryOut
from engine.tasks.catalogue import make_task


@pytest.fixture
def try_outs(qtbot: QtBot) -> Iterator[TryOuts]:
    make_application()
    made = TryOuts()
    yield made
    made.shut_down()


def initial(experiment: Experiment) -> Hyperparameters:
    layout = make_layout(experiment, make_task(experiment))
    return layout.values(layout.initial_vector())


def test_an_answer_comes_back(qtbot: QtBot, try_outs: TryOuts, quick: Experiment) -> None:
    with qtbot.waitSignal(try_outs.tried, timeout=60_000) as blocker:
        try_outs.ask(quick, initial(quick))
    (outcome,) = blocker.args
    assert isinstance(outcome, TryOut)
    assert len(outcome.learning_curve) == 10


def test_the_latest_question_wins_and_the_one_before_ends_at_its_next_step(
    qtbot: QtBot, try_outs: TryOuts, quick: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_step, go_on = threading.Event(), threading.Event()
    real, closed = module.try_out, []

    def slow(experiment, hyperparameters, meta_iteration):
        if meta_iteration != 0:
            return (yield from real(experiment, hyperparameters, meta_iteration))
        try:
            at_step.set()
            go_on.wait()
            while True:
                yield None
        finally:
            closed.append(meta_iteration)

    monkeypatch.setattr(module, "try_out", slow)
    answers: list[TryOut] = []
    try_outs.tried.connect(answers.append)
    try_outs.ask(quick, initial(quick), 0)
    assert at_step.wait(10)
    for meta_iteration in (1, 2):
        try_outs.ask(quick, initial(quick), meta_iteration)
    go_on.set()
    qtbot.waitUntil(lambda: bool(answers), timeout=60_000)
    assert closed == [0]
    with qtbot.waitSignal(try_outs.tried, timeout=60_000):
        try_outs.ask(quick, initial(quick), 3)
    assert len(answers) == 2, "one before, of what was asked last"


def test_training_that_diverges_is_told_in_one_sentence(
    qtbot: QtBot, try_outs: TryOuts, quick: Experiment
) -> None:
    much = with_schedule(initial(quick), "learning_rates", np.full(10, 2048.0))
    much = with_schedule(much, "decays", np.full(10, 0.01))
    huge = override(quick, {"model.activation": "ReLU"})
    with qtbot.waitSignal(try_outs.failed, timeout=60_000) as blocker:
        try_outs.ask(huge, much)
    (sentence,) = blocker.args
    assert sentence.startswith("Training diverged at iteration ")
    assert " in layer " in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_data_that_cannot_be_used_are_named(
    qtbot: QtBot, try_outs: TryOuts, quick: Experiment
) -> None:
    missing = override(quick, {"data.file": "/nowhere/at/all.csv"})
    with qtbot.waitSignal(try_outs.failed, timeout=60_000) as blocker:
        try_outs.ask(missing, initial(quick))
    assert "/nowhere/at/all.csv" in blocker.args[0]


def test_shutting_down_waits_for_the_thread_and_drops_its_answer(
    qtbot: QtBot, try_outs: TryOuts, quick: Experiment
) -> None:
    answers: list[object] = []
    try_outs.tried.connect(answers.append)
    try_outs.ask(quick, initial(quick))
    thread = try_outs._thread
    assert thread is not None
    try_outs.shut_down()
    assert thread.isFinished()
    go_round(qtbot)
    assert answers == []
    try_outs.shut_down()  # twice does no harm
    with qtbot.waitSignal(try_outs.tried, timeout=60_000):
        try_outs.ask(quick, initial(quick))  # and it can be asked again
