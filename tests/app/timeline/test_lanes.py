"""What fills and marks the lanes while a run goes on."""

import pytest
from on_timeline import T, click, click_at
from pytestqt.qtbot import QtBot

from app.timeline.timeline import Timeline
from engine.runs.moments import Moment


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
