from collections.abc import Iterator
from typing import Any

import pytest
from experiments_for_tests import numbers_of, tiny
from pytestqt.qtbot import QtBot

from app.runner import Runner
from engine.errors import InputError
from engine.runs.events import MetaIterationDone, MetaIterationStarted, RunFinished, SettingsChanged
from engine.runs.run import optimize
from engine.runs.warm_up import is_compiling

PATIENCE = 30_000


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[Runner]:
    made = Runner()
    yield made
    made.shut_down()
    made.deleteLater()
    qtbot.waitUntil(lambda: not is_compiling(), timeout=PATIENCE)  # which nothing interrupts


def test_a_run_that_is_held_again_at_once_is_paused_again(runner: Runner, qtbot: QtBot) -> None:
    """Its thread may learn of both at the same time: then it never went on."""
    runner.start(tiny({"meta.iterations": "1000"}))
    runner.pause()
    for _ in range(30):
        qtbot.waitUntil(lambda: runner.state == "paused", timeout=PATIENCE)
        runner.resume()
        runner.pause()
    qtbot.waitUntil(lambda: runner.state == "paused", timeout=PATIENCE)
    runner.resume()
    with qtbot.waitSignal(runner.happened, timeout=PATIENCE):
        pass


def run_on(qtbot: QtBot, runner: Runner) -> list[Any]:
    """Let a run that is paused go on to its end; returns what happened since."""
    told: list[Any] = []
    runner.happened.connect(told.append)
    with qtbot.waitSignal(runner.ended, timeout=PATIENCE):
        runner.resume()
    runner.happened.disconnect(told.append)
    return told


def after_one_step(qtbot: QtBot, runner: Runner, meta_iterations: int) -> list[Any]:
    """A run that is paused after its first meta-iteration; returns what happened until then."""
    told: list[Any] = []
    runner.happened.connect(told.append)
    runner.start(tiny({"meta.iterations": str(meta_iterations)}), one_step=True)
    qtbot.waitUntil(lambda: runner.state == "paused", timeout=PATIENCE)
    runner.happened.disconnect(told.append)
    return told


def test_a_change_of_a_paused_run_counts_from_its_next_meta_iteration(
    runner: Runner, qtbot: QtBot
) -> None:
    told = after_one_step(qtbot, runner, 3)
    assert runner.change({"meta.step": 0.25, "meta.iterations": 4}) == 1
    assert runner.experiment == tiny({"meta.step": "0.25", "meta.iterations": "4"})
    told += run_on(qtbot, runner)
    changes = [event.change for event in told if isinstance(event, SettingsChanged)]
    assert [change.meta_iteration for change in changes] == [1]
    assert numbers_of(told) == numbers_of([*optimize(tiny(), changes=changes)])


def test_a_change_of_a_run_that_goes_on_is_told_before_the_meta_iteration_it_counts_for(
    runner: Runner, qtbot: QtBot
) -> None:
    runner.start(tiny({"meta.iterations": "100000"}))
    told: list[Any] = []
    runner.happened.connect(told.append)
    qtbot.waitUntil(
        lambda: any(isinstance(event, MetaIterationDone) for event in told), timeout=PATIENCE
    )
    since = runner.change({"meta.step": 0.25})
    qtbot.waitUntil(
        lambda: any(
            isinstance(event, MetaIterationStarted) and event.meta_iteration == since
            for event in told
        ),
        timeout=PATIENCE,
    )
    index = next(i for i, event in enumerate(told) if isinstance(event, SettingsChanged))
    assert told[index].change.meta_iteration == since
    assert isinstance(told[index + 1], MetaIterationStarted)
    assert told[index + 1].meta_iteration == since


def test_a_change_that_cannot_be_made_leaves_the_run_as_it_was(
    runner: Runner, qtbot: QtBot
) -> None:
    after_one_step(qtbot, runner, 3)
    for wrong in ({"meta.iterations": 0}, {"training.iterations": 3}, {"meta.step": -1.0}):
        with pytest.raises(InputError):
            runner.change(wrong)
    told = run_on(qtbot, runner)
    assert not [event for event in told if isinstance(event, SettingsChanged)]
    assert isinstance(told[-1], RunFinished)


def test_without_a_run_there_is_nothing_to_change(runner: Runner, qtbot: QtBot) -> None:
    assert runner.change({"meta.step": 0.25}) is None
    assert runner.experiment is None
    after_one_step(qtbot, runner, 3)
    with qtbot.waitSignal(runner.ended, timeout=PATIENCE):
        runner.stop()
        assert runner.change({"meta.step": 0.25}) is None
    assert runner.experiment is None
