import pytest
from pytestqt.qtbot import QtBot

from app.timeline.playback import Playback


@pytest.mark.parametrize("speed", [0.5, 1.0, 4.0])
@pytest.mark.parametrize(("reduced_motion", "most"), [(False, 30), (True, 4)])
def test_the_whole_way_takes_about_six_seconds_in_few_enough_ticks(
    qtbot: QtBot, speed: float, reduced_motion: bool, most: int
) -> None:
    clock = Playback(reduced_motion)
    clock.set_speed(speed)
    steps: list[int] = []
    clock.stepped.connect(steps.append)
    for length in (1, 3, 50, 180, 2000, 1_000_000):
        steps.clear()
        clock.start(1, length)
        while sum(steps) < length:  # its ticks, without waiting for them
            clock._tick()
        assert min(steps) >= 1
        assert clock.interval >= 1000 // most
        seconds = len(steps) * clock.interval / 1000
        assert seconds <= 6.3 / speed + 1 / most
        if length > most * 6:
            assert seconds == pytest.approx(6 / speed, rel=0.05, abs=0.3)
        clock.stop()


def test_backwards_goes_down_and_stopping_stops(qtbot: QtBot) -> None:
    clock = Playback(False)
    steps: list[int] = []
    states: list[int] = []
    clock.stepped.connect(steps.append)
    clock.state_changed.connect(states.append)
    clock.start(-1, 300)
    qtbot.waitUntil(lambda: len(steps) >= 2)
    clock.stop()
    assert all(step < 0 for step in steps)
    assert states == [-1, 0]
    assert clock.direction == 0
