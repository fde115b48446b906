from collections.abc import Iterator
from itertools import product

import pytest
from eyes import contrast
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app import dress
from app.application import make_application
from app.theme import DARK, LIGHT, Theme
from app.timeline.time_slider import TimeSlider
from app.timeline.timeline import Timeline
from engine.runs.moments import Moment

T = 10


@pytest.fixture
def timeline(qtbot: QtBot) -> Iterator[Timeline]:
    dress.apply_to_application(make_application(), LIGHT)
    made = Timeline(LIGHT)
    qtbot.addWidget(made)
    made.resize(900, 72)
    made.show()
    qtbot.waitExposed(made)
    made.set_run(5, T)
    yield made
    made.close()


@pytest.fixture
def told(timeline: Timeline) -> list[Moment | None]:
    moments: list[Moment | None] = []
    timeline.moved.connect(moments.append)
    return moments


def click(qtbot: QtBot, widget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def click_at(qtbot: QtBot, slider: TimeSlider, value: int) -> None:
    place = QPoint(slider.x_of(value), slider.height() // 2)
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=place)


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


def test_lanes_are_as_long_in_one_run_as_in_the_next(timeline: Timeline, qtbot: QtBot) -> None:
    widths = set()
    for meta_iterations, iterations in ((3, 50), (50, 100)):
        timeline.set_run(meta_iterations, iterations)
        timeline.layout().activate()
        widths.add(timeline.step.slider.width())
    assert len(widths) == 1


def test_a_lane_is_full_when_the_run_is_over_and_a_third_full_after_a_third(
    timeline: Timeline,
) -> None:
    lane = timeline.meta_iteration.slider
    timeline.set_run(3, T)
    timeline.set_done(1)
    assert lane.progress / lane.maximum() == pytest.approx(1 / 3)
    timeline.set_done(3)
    assert lane.progress == lane.maximum()
    assert timeline.where.text() == "meta-iteration 3 of 3"


def test_the_last_place_of_a_run_that_is_over_is_its_end(
    qtbot: QtBot, timeline: Timeline, told
) -> None:
    timeline.set_run(3, T)
    timeline.set_done(2)
    click_at(qtbot, timeline.meta_iteration.slider, 0)
    click(qtbot, timeline.transport.last)
    assert timeline.moment == Moment(1, T), "the run goes on: what is complete"
    timeline.set_done(3)
    click(qtbot, timeline.transport.last)
    assert told[-1] is None
    assert timeline.where.text() == "meta-iteration 3 of 3"
    click_at(qtbot, timeline.step.slider, 2)
    assert timeline.moment == Moment(2, 2), "training after the last meta-step is only judged"
    click_at(qtbot, timeline.meta_iteration.slider, 3)
    assert timeline.moment is None
    timeline.go_live()
    click(qtbot, timeline.live)
    assert timeline.moment == Moment(2, T)


def test_so_is_that_of_a_run_that_ended_early(qtbot: QtBot, timeline: Timeline) -> None:
    timeline.set_run(5, T)
    timeline.set_done(2)
    timeline.mark(0, ended=2)
    click_at(qtbot, timeline.meta_iteration.slider, 0)
    click(qtbot, timeline.transport.last)
    assert timeline.moment is None
    assert timeline.where.text() == "meta-iteration 2 of 5"


def test_a_click_on_the_track_leaves_live_and_later_meta_iterations_do_not_move_it(
    qtbot: QtBot, timeline: Timeline, told
) -> None:
    timeline.set_done(3)
    click_at(qtbot, timeline.meta_iteration.slider, 1)
    assert told == [Moment(1, T)]
    assert not timeline.live.isChecked()
    timeline.set_done(4)
    timeline.follow(5)
    assert timeline.moment == Moment(1, T)
    assert timeline.where.text() == "meta-iteration 1 of 5"


def test_the_handle_cannot_go_where_the_run_has_not_been(
    qtbot: QtBot, timeline: Timeline, told
) -> None:
    timeline.set_done(3)
    click_at(qtbot, timeline.meta_iteration.slider, 4)
    assert (told, timeline.live.isChecked()) == ([], True), "it is as far as it can be"
    click(qtbot, timeline.transport.last)
    assert timeline.live.isChecked()
    click_at(qtbot, timeline.meta_iteration.slider, 2)
    assert told == [Moment(2, T)]
    qtbot.keyClick(timeline.meta_iteration.slider, Qt.Key.Key_Right)
    click_at(qtbot, timeline.meta_iteration.slider, 4)
    assert timeline.moment == Moment(2, T)


def test_dragging_through_training_into_reversal(qtbot: QtBot, timeline: Timeline, told) -> None:
    timeline.set_done(3)
    slider = timeline.step.slider
    y = slider.height() // 2
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.x_of(7), y))
    assert timeline.when.text() == "iteration 7 of 10, training"
    qtbot.mouseMove(slider, QPoint(slider.x_of(14), y))
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.x_of(14), y))
    assert timeline.when.text() == "iteration 6 of 10, reversing"
    assert told[0] == Moment(2, 7)
    assert told[-1] == timeline.moment == Moment(2, 14)


def test_the_keys_of_a_slider(qtbot: QtBot, timeline: Timeline) -> None:
    timeline.set_done(4)
    slider = timeline.meta_iteration.slider
    for key, index in (
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_End, 3),
        (Qt.Key.Key_Left, 2),
    ):
        qtbot.keyClick(slider, key)
        assert timeline.moment == Moment(index, T)
    assert slider.accessibleDescription() == "meta-iteration 2 of 5"


def test_the_ends_of_the_run_are_a_click_away(qtbot: QtBot, timeline: Timeline) -> None:
    timeline.set_done(4)
    for button, index in ((timeline.transport.first, 0), (timeline.transport.last, 3)):
        click(qtbot, button)
        assert timeline.moment == Moment(index, T)


def test_the_lanes_are_filled_as_far_as_the_run_is_wherever_the_handles_are(
    qtbot: QtBot, timeline: Timeline
) -> None:
    outer, inner = timeline.meta_iteration.slider, timeline.step.slider
    timeline.set_done(2)
    timeline.follow(7)
    assert (outer.progress, inner.progress) == (2, 7)
    click(qtbot, timeline.transport.first)
    assert (outer.value(), outer.progress) == (0, 2)
    assert inner.progress == 2 * T, "that meta-iteration is over"
    timeline.follow(9)
    timeline.set_done(3)
    assert (outer.value(), outer.progress) == (0, 3)
    click(qtbot, timeline.live)
    assert (outer.value(), inner.progress) == (3, 9)


def test_live_returns_to_the_run(qtbot: QtBot, timeline: Timeline, told) -> None:
    timeline.set_done(3)
    click(qtbot, timeline.transport.first)
    click(qtbot, timeline.live)
    assert told == [Moment(0, T), None]
    assert timeline.where.text() == "meta-iteration 3 of 5"
    click(qtbot, timeline.live)
    assert timeline.moment == Moment(2, T), "off, it stays at the last one done"
    assert not timeline.live.isChecked()


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


def test_the_best_and_an_early_end_are_marked(timeline: Timeline) -> None:
    slider = timeline.meta_iteration.slider
    assert slider.marks == {}
    timeline.set_done(3)
    before = slider.grab().toImage()
    timeline.mark(2, ended=3)
    assert slider.marks == {"★": 2, "✕": 3}
    assert slider.grab().toImage() != before
    timeline.mark(1)
    assert slider.marks == {"★": 1}
    timeline.set_run(5, T)
    assert slider.marks == {}


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


def test_what_a_run_waits_for_fills_the_lower_lane(timeline: Timeline) -> None:
    timeline.clear()
    slider = timeline.step.slider
    timeline.show_preparing(0, 0)
    assert slider.message == "…"
    timeline.show_preparing(3, 4)
    assert (slider.message, slider.progress, slider.maximum()) == ("3 of 4", 3, 4)
    timeline.set_run(5, T)
    assert (slider.message, slider.maximum()) == ("", 2 * T)
    timeline.follow(2 * T)
    timeline.show_preparing(600, 600)  # a run may wait on its way, too
    assert slider.progress == slider.maximum() == slider.value() == 2 * T


def test_what_a_run_waits_for_on_its_way_leaves_its_moments_where_they_are(
    qtbot: QtBot, timeline: Timeline, told
) -> None:
    slider = timeline.step.slider
    timeline.set_run(1, T)
    timeline.follow(2 * T)
    timeline.set_done(1)
    timeline.show_preparing(300, 1000, "pretraining")
    assert slider.message == "pretraining 300 of 1,000"
    assert (slider.progress, slider.maximum(), slider.value()) == (2 * T, 2 * T, 2 * T)
    click_at(qtbot, slider, 3)
    assert told == [Moment(0, 3)]


def test_the_lower_lane_of_one_run_says_which_update_it_leads_to(timeline: Timeline) -> None:
    timeline.set_run(100, 500, "real-time", stretch=5)
    assert timeline.step.slider.words == ("5 iterations to update 1, never reversed",)
    timeline.set_done(25)
    assert timeline.step.slider.words == ("5 iterations to update 26, never reversed",)
    timeline.set_done(100)
    assert timeline.step.slider.words == ("5 iterations to update 100, never reversed",)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_words_can_be_read_through_the_handle(timeline: Timeline, theme: Theme) -> None:
    timeline.set_theme(theme)
    slider = timeline.meta_iteration.slider
    timeline.set_run(10, T)
    timeline.set_done(10)
    slider.setValue(5)
    pictures = []
    for message in ("", "MMMMMMMMMM"):
        slider.set_message(message)
        picture = slider.grab().toImage()
        x = slider.x_of(5)
        pictures.append([picture.pixelColor(x + dx, picture.height() // 2) for dx in (-2, 0, 2)])
    assert pictures[0] != pictures[1]


def test_what_truncation_does_not_visit_cannot_be_reached(timeline: Timeline) -> None:
    timeline.set_run(5, 10, visited=13)
    slider = timeline.step.slider
    assert (slider.maximum(), slider.reach) == (20, 13)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_ring_of_the_live_button_is_in_the_accent(timeline: Timeline, theme: Theme) -> None:
    timeline.set_theme(theme)
    timeline.set_run(3, 5)
    timeline.set_done(2)
    timeline.meta_iteration.go_to(0)
    assert timeline.live.text() == "Go live"
    timeline.live.setFocus(Qt.FocusReason.TabFocusReason)
    picture = timeline.live.grab().toImage()
    ring = picture.pixelColor(0, picture.height() // 2)
    assert ring == QColor(theme.accent)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_what_the_first_training_fills_can_be_read(timeline: Timeline, theme: Theme) -> None:
    dress.apply_to_application(make_application(), theme)
    timeline.set_theme(theme)
    timeline.follow(2 * T - 2)
    assert not timeline.step.slider.isEnabled(), "there is no moment to go to yet"
    for part, behind in ((timeline.step.slider, theme.progress), (timeline.live, theme.window)):
        image = part.grab().toImage()
        places = product(range(image.width()), range(image.height()))
        seen = {image.pixelColor(x, y).name() for x, y in places}
        assert max(contrast(colour, behind) for colour in seen) >= 4.5
    image = timeline.live.grab().toImage()
    assert image.pixelColor(6, 6).name() != QColor(theme.progress).name()
