"""What the timeline says of a run, and which moment it has plots show."""

import pytest
from on_timeline import T, click, click_at
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.theme import DARK
from app.timeline.timeline import Timeline
from engine.runs.moments import Moment


def test_nothing_can_be_browsed_before_a_meta_iteration_is_done(timeline: Timeline) -> None:
    assert timeline.moment is None
    assert not timeline.meta_iteration.slider.isEnabled()
    assert not timeline.live.isEnabled()
    timeline.set_done(1)
    assert timeline.meta_iteration.slider.isEnabled()
    assert timeline.live.isChecked()


def test_it_fits_into_a_strip(timeline: Timeline) -> None:
    assert timeline.sizeHint().height() <= 76
    assert timeline.minimumSizeHint().width() <= 900


def test_where_nothing_is_trained_it_shows_no_iterations(timeline: Timeline) -> None:
    timeline.set_run(5, T, goes_back=False, instead="solved exactly")
    timeline.set_done(2)
    assert timeline.when.text() == "solved exactly"
    timeline.set_run(5, T)
    timeline.set_done(2)
    assert timeline.when.text() == "iteration 0 of 10, training"


def test_live_follows_the_run(timeline: Timeline, told) -> None:
    timeline.set_done(2)
    timeline.follow(4)
    assert timeline.where.text() == "meta-iteration 2 of 5"
    assert timeline.when.text() == "iteration 4 of 10, training"
    timeline.follow(2 * T - 3)
    assert timeline.when.text() == "iteration 3 of 10, reversing"
    timeline.set_done(5)
    assert timeline.where.text() == "meta-iteration 5 of 5"
    assert timeline.moment is None
    assert told == [], "nobody moved anything"


def test_live_returns_to_the_run(qtbot: QtBot, timeline: Timeline, told) -> None:
    timeline.set_done(3)
    click(qtbot, timeline.transport.first)
    click(qtbot, timeline.live)
    assert told == [Moment(0, T), None]
    assert timeline.where.text() == "meta-iteration 3 of 5"
    click(qtbot, timeline.live)
    assert timeline.moment == Moment(2, T), "off, it stays at the last one done"
    assert not timeline.live.isChecked()


def test_the_buffer_is_shown_in_words(timeline: Timeline) -> None:
    timeline.show_buffer(41_000, 82_000)
    assert timeline.buffer.text() == "bit buffer 41 kB"
    assert timeline.buffer.value() == timeline.buffer.maximum() // 2
    timeline.show_buffer(5_000_000_000, 5_000_000_000)
    assert timeline.buffer.text() == "bit buffer 5 GB"
    timeline.show_buffer(0, 0)
    assert timeline.buffer.value() == 0


def test_clearing_returns_to_live_and_to_no_run(qtbot: QtBot, timeline: Timeline) -> None:
    timeline.set_done(3)
    click(qtbot, timeline.transport.first)
    timeline.clear()
    assert timeline.moment is None
    assert timeline.where.text() == ""
    assert not timeline.meta_iteration.slider.isEnabled()


def test_every_control_has_a_name_and_says_what_it_does(timeline: Timeline) -> None:
    for button in (*timeline.transport.buttons, timeline.live):
        assert button.accessibleName()
        assert button.toolTip() == button.accessibleDescription()
    timeline.set_theme(DARK)
    assert not timeline.transport.forward.icon().isNull()


@pytest.mark.parametrize(
    ("optimizer", "goes_back", "instead", "names", "tip"),
    [
        ("adam", True, "", ("Meta-iteration", "Training iteration"), "reversal"),
        ("random", False, "", ("Trial", "Training iteration"), "The moment of training"),
        ("sweep", True, "", ("Point", "Training iteration"), "reversal"),
        ("hoag", False, "minimised", ("Meta-iteration", "Solving"), "nothing is trained"),
    ],
)
def test_lanes_are_called_what_they_count(
    timeline: Timeline,
    optimizer: str,
    goes_back: bool,
    instead: str,
    names: tuple[str, str],
    tip: str,
) -> None:
    timeline.set_run(5, T, optimizer, goes_back=goes_back, instead=instead)
    outer, inner = timeline.meta_iteration.slider, timeline.step.slider
    assert (outer.accessibleName(), inner.accessibleName()) == names
    assert names[0].lower() in outer.toolTip()
    assert tip in inner.toolTip()
    assert ("reversal" in inner.toolTip()) is goes_back


def test_the_tab_key_goes_from_left_to_right_and_down(qtbot: QtBot, timeline: Timeline) -> None:
    timeline.set_done(3)
    outer, inner = timeline.meta_iteration, timeline.step
    expected = [*timeline.transport.buttons, outer.slider, inner.slider, timeline.live]
    timeline.activateWindow()
    timeline.transport.first.setFocus()
    visited = []
    for _ in expected:
        visited.append(timeline.focusWidget())
        qtbot.keyClick(timeline.focusWidget(), Qt.Key.Key_Tab)
    assert visited == expected


def test_the_button_says_that_it_goes_live_and_keeps_its_place(
    qtbot: QtBot, timeline: Timeline
) -> None:
    timeline.set_done(3)
    place = timeline.live.geometry()
    assert timeline.live.text() == "Live"
    click_at(qtbot, timeline.meta_iteration.slider, 1)
    assert timeline.live.text() == "Go live"
    assert timeline.live.geometry() == place
    assert "showing meta-iteration 1" in timeline.status.time_left.text()
    click(qtbot, timeline.live)
    assert timeline.live.text() == "Live"
    assert "showing" not in timeline.status.time_left.text()


def test_the_lower_lane_of_one_run_says_which_update_it_leads_to(timeline: Timeline) -> None:
    timeline.set_run(100, 500, "real-time", stretch=5)
    assert timeline.step.slider.words == ("5 iterations to update 1, never reversed",)
    timeline.set_done(25)
    assert timeline.step.slider.words == ("5 iterations to update 26, never reversed",)
    timeline.set_done(100)
    assert timeline.step.slider.words == ("5 iterations to update 100, never reversed",)
