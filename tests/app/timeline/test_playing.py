"""Lanes play, and what holds them."""

import pytest
from on_timeline import T, click
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.theme import LIGHT
from app.timeline.timeline import Timeline
from engine.runs.moments import Moment


def test_playing_goes_through_all_steps_and_stops_at_the_end(
    qtbot: QtBot, timeline: Timeline, told
) -> None:
    timeline.set_done(1)
    timeline.step.playback.set_speed(4)
    qtbot.keyClick(timeline.step.slider, Qt.Key.Key_Home)
    told.clear()
    click(qtbot, timeline.transport.forward)
    assert timeline.step.playback.direction == 1
    qtbot.waitUntil(lambda: timeline.step.playback.direction == 0, timeout=8000)
    assert [moment.step for moment in told if moment] == list(range(1, 2 * T + 1))


def test_playing_backwards_from_the_start_begins_at_the_end(
    qtbot: QtBot, timeline: Timeline, told
) -> None:
    timeline.set_done(2)
    qtbot.keyClick(timeline.step.slider, Qt.Key.Key_Home)
    told.clear()
    click(qtbot, timeline.transport.back)
    assert told == [Moment(1, 2 * T)]
    qtbot.waitUntil(lambda: len(told) > 1)
    assert told[1] == Moment(1, 2 * T - 1)
    click(qtbot, timeline.transport.back)
    assert timeline.step.playback.direction == 0


def test_space_plays_and_holds_the_row_that_has_the_focus(qtbot: QtBot, timeline: Timeline) -> None:
    timeline.set_done(3)
    qtbot.keyClick(timeline.meta_iteration.slider, Qt.Key.Key_Space)
    assert timeline.meta_iteration.playback.direction == 1
    assert not timeline.live.isChecked()
    qtbot.keyClick(timeline.step.slider, Qt.Key.Key_Space)
    assert timeline.meta_iteration.playback.direction == 0, "one at a time"
    assert timeline.step.playback.direction == 1
    qtbot.keyClick(timeline.step.slider, Qt.Key.Key_Space)
    assert timeline.step.playback.direction == 0


def test_moving_by_hand_ends_playing(qtbot: QtBot, timeline: Timeline) -> None:
    timeline.set_done(3)
    qtbot.keyClick(timeline.step.slider, Qt.Key.Key_Right)
    click(qtbot, timeline.transport.forward)
    assert timeline.step.playback.direction == 1
    qtbot.keyClick(timeline.step.slider, Qt.Key.Key_Right)
    assert timeline.step.playback.direction == 0


def test_the_buttons_play_the_lane_that_was_touched_last(qtbot: QtBot, timeline: Timeline) -> None:
    timeline.set_done(3)
    click(qtbot, timeline.transport.forward)
    assert timeline.meta_iteration.playback.direction == 1, "the run, if none was"
    qtbot.keyClick(timeline.step.slider, Qt.Key.Key_Home)
    click(qtbot, timeline.transport.forward)
    assert timeline.step.playback.direction == 1
    assert timeline.meta_iteration.playback.direction == 0
    paused = timeline.transport.forward.icon().cacheKey()
    click(qtbot, timeline.transport.forward)
    assert timeline.step.playback.direction == 0
    assert timeline.transport.forward.icon().cacheKey() != paused


@pytest.mark.parametrize("end", ["hide", "close", "clear"])
def test_nothing_plays_on_unseen(qtbot: QtBot, timeline: Timeline, end: str) -> None:
    timeline.set_done(3)
    timeline.step.play(1)
    timeline.meta_iteration.play(1)
    getattr(timeline, end)()
    for row in (timeline.meta_iteration, timeline.step):
        assert row.playback.direction == 0
        assert not row.playback._timer.isActive()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_menu_sets_the_speed_of_both_rows(qtbot: QtBot, timeline: Timeline) -> None:
    timeline.set_done(2)
    timeline.transport.forward.setFocus()
    qtbot.keyClick(timeline.transport.forward, Qt.Key.Key_Down)
    menu = timeline.transport.forward.menu()
    qtbot.waitUntil(menu.isVisible)
    names = [action.text() for action in menu.actions()]
    assert names == ["0.5×", "1×", "2×", "4×"]
    menu.setActiveAction(menu.actions()[3])
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert timeline.step.playback.speed == timeline.meta_iteration.playback.speed == 4


def test_reduced_motion_reaches_the_clocks(qtbot: QtBot) -> None:
    make_application()
    calm = Timeline(LIGHT, reduced_motion=True)
    qtbot.addWidget(calm)
    calm.set_run(5, 1000)
    calm.set_done(2)
    click(qtbot, calm.transport.forward)
    assert calm.step.playback.interval >= 250
    calm.clear()
