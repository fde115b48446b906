from collections.abc import Iterator

import pytest
from experiments_for_tests import tiny
from pytestqt.qtbot import QtBot

from app.runner import Runner
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
