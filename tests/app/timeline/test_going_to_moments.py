"""Moments are gone to by clicks, by dragging and by keys; only where the run has been."""

from on_timeline import T, click, click_at
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from app.timeline.timeline import Timeline
from engine.runs.moments import Moment


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


def test_what_truncation_does_not_visit_cannot_be_reached(timeline: Timeline) -> None:
    timeline.set_run(5, 10, visited=13)
    slider = timeline.step.slider
    assert (slider.maximum(), slider.reach) == (20, 13)
