import pytest
from experiments_for_tests import events_of, tiny
from pytestqt.qtbot import QtBot

from app.progress_strip import ProgressStrip
from engine.runs.events import MetaIterationDone, MetaIterationStarted, RunStarted


def test_a_pause_does_not_count_in_the_time_that_is_left(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr("app.progress_strip.time.monotonic", lambda: clock[0])
    strip = ProgressStrip()
    qtbot.addWidget(strip)
    events = events_of(tiny({"meta.iterations": "3"}))
    started = [event for event in events if isinstance(event, MetaIterationStarted)]
    done = [event for event in events if isinstance(event, MetaIterationDone)]
    strip.add(next(event for event in events if isinstance(event, RunStarted)))
    strip.add(started[0])
    clock[0] += 4.0
    strip.set_paused(True)
    clock[0] += 600.0
    strip.set_paused(False)
    clock[0] += 6.0
    strip.add(done[0])
    assert strip.time_left.text() == "about 20 s left"
    strip.set_paused(False)  # a run that goes on without having been held
    strip.add(started[1])
    clock[0] += 10.0
    strip.add(done[1])
    assert strip.time_left.text() == "about 10 s left"
