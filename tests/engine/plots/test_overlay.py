"""Several runs in one plot: what is drawn of each, and how they are told apart."""

from functools import cache

import numpy as np
import pytest
from experiments_for_tests import FIXED, events_of, record_of, tiny, tiny_with_everything_free
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.experiments.experiment import Experiment
from engine.plots import (
    PALETTE,
    PLOTS,
    Factors,
    Line,
    Overlaid,
    Plot,
    number_places,
    overlays,
    plots,
)
from engine.plots.overlay import together
from engine.runs.records import RunRecord

FREE = {**FIXED, "hyperparameters.learning_rates.free": "true"}


def run_of(experiment: Experiment) -> RunRecord:
    return record_of(events_of(experiment))


@cache
def several() -> tuple[Overlaid, ...]:
    settings = ({}, {"meta.step": "0.1"}, {"meta.seed": "3", "meta.iterations": "2"})
    records = [run_of(tiny({**FREE, **own})) for own in settings]
    return tuple(Overlaid(n, f"run {n}", one) for n, one in enumerate(records, 1))


def by_key(runs: tuple[Overlaid, ...]) -> dict[str, Plot]:
    return {plot.key: plot for plot in overlays(runs)}


def line(name: str, y: list[float], **more: object) -> Line:
    return Line(name, np.arange(float(len(y))), np.array(y), **more)  # type: ignore[arg-type]


def plot(*lines: Line, y_label: str = "loss") -> Plot:
    return Plot("losses", "Losses", "meta-iteration", y_label, lines, (0, 5))


def test_every_line_of_a_run_is_there_as_it_is_in_its_own_plot() -> None:
    laid = by_key(several())["losses"]
    drawn = {one.name: one for one in laid.lines}
    for run in several():
        own = next(each for each in plots(run.record) if each.key == "losses")
        for each in own.lines:
            here = drawn[f"{run.number} {each.name}"]
            np.testing.assert_array_equal(here.y, each.y)
            np.testing.assert_array_equal(here.x, each.x)
            assert here.dash == each.dash, "strokes tell lines within a run apart"
            assert here.colour == run.number - 1, "colours tell runs apart"
    assert len(laid.lines) == 9


def test_all_plots_but_pictures_maps_and_moments_are_laid_over_each_other() -> None:
    laid = by_key(several())
    own = {each.key for run in several() for each in plots(run.record)}
    assert laid.keys() == own
    assert all(each.lines for each in laid.values())


def test_a_single_line_of_each_run_has_the_runs_name() -> None:
    laid = by_key(several())["hypergradient"]
    assert [one.name for one in laid.lines] == ["1 run 1", "2 run 2", "3 run 3"]
    assert {one.dash for one in laid.lines} == {"solid"}


def test_every_run_has_its_number_once_at_the_end_of_its_first_line() -> None:
    for laid in overlays(several()):
        tags = [one.tag for one in laid.lines if one.tag]
        assert sorted(tags) == ["1", "2", "3"], laid.key
    losses = by_key(several())["losses"]
    assert [one.name for one in losses.lines if one.tag] == [f"{n} validation" for n in (1, 2, 3)]
    places = {line.tag: (x, y) for line, x, y in number_places(losses.lines, log=False)}
    last = several()[2].record
    assert last.finished is not None
    assert last.finished.measures is not None
    assert places["3"] == (2.0, last.finished.measures["validation_loss"])


def test_a_number_stands_where_a_line_was_last_known() -> None:
    ended = line("a", [1.0, 0.5, np.nan], tag="1")
    sunk = line("b", [1.0, -0.5, -2.0], tag="2")
    assert [(x, y) for _, x, y in number_places([ended, sunk], log=False)] == [(1, 0.5), (2, -2)]
    assert [(x, y) for _, x, y in number_places([ended, sunk], log=True)] == [(1, 0.5), (0, 1.0)]
    assert number_places([line("c", [np.nan], tag="3"), line("d", [1.0])], log=False) == []


def test_runs_beyond_the_palette_are_grey() -> None:
    run = several()[0].record
    laid = overlays([Overlaid(n, "", run) for n in range(1, 9)])
    losses = next(each for each in laid if each.key == "losses")
    colours = {one.name: one.colour for one in losses.lines if one.tag}
    assert list(colours.values()) == [*range(len(PALETTE)), "reference", "reference"]


def test_axes_are_those_of_the_longest_with_room_for_numbers() -> None:
    losses = by_key(several())["losses"]
    assert losses.x_range[0] == 0
    assert 3.0 < losses.x_range[1] < 3.5
    assert losses.marks == ()


def test_what_has_other_axes_or_units_is_left_out_and_named() -> None:
    runs = several()
    made = [(run, plot(line("a", [1.0, 2.0]))) for run in runs[:2]]
    made.append((runs[2], plot(line("a", [1.0, 2.0]), y_label="error")))
    laid = together(made)
    assert [one.tag for one in laid.lines] == ["1", "2"]
    assert laid.caption == "without 3: other axes"


def test_what_is_not_known_yet_is_said() -> None:
    runs = several()
    empty = Plot("losses", "Losses", "meta-iteration", "loss", (), (0, 5), caption="known later")
    laid = together([(runs[0], plot(line("a", [1.0]))), (runs[1], empty)])
    assert laid.caption == "nothing yet of 2"
    assert together([(runs[0], empty), (runs[1], empty)]).caption == "known later"


def test_baselines_past_lines_and_predictions_are_left_out() -> None:
    kept = line("a", [1.0, 2.0])
    others = (
        line("first", [1.0, 1.0], colour="reference"),
        line("a, first", [1.0, 1.0], faint=True, before="a"),
        line("predicted", [1.0, 1.0], predicted="so far"),
    )
    laid = together([(several()[0], plot(kept, *others))])
    assert [one.name for one in laid.lines] == ["1 run 1"]


def test_strokes_tell_lines_apart_that_had_the_same_stroke_until_now() -> None:
    lines = (line("trajectory", [2.0], colour=1), line("buffer", [1.0], colour=0))
    laid = together([(several()[0], plot(*lines))])
    assert {one.name: one.dash for one in laid.lines} == {
        "1 buffer": "solid",
        "1 trajectory": "dashed",
    }
    assert [one.name for one in laid.lines if one.tag] == ["1 buffer"]


@given(arrays(np.float64, (5, 7), elements=st.floats(-1e6, 1e6)))
def test_many_lines_become_their_median_and_range(columns: np.ndarray) -> None:
    lines = [line(f"layer {n}", list(one), colour=n) for n, one in enumerate(columns)]
    laid = together([(several()[0], plot(*lines))])
    (one,) = laid.lines
    np.testing.assert_array_equal(one.y, np.sort(columns, axis=0)[2])
    assert one.band is not None
    np.testing.assert_array_equal(one.band[0], columns.min(axis=0))
    np.testing.assert_array_equal(one.band[1], columns.max(axis=0))
    assert laid.caption == "medians, and the range of all groups"


def test_layers_are_folded_by_what_their_strokes_stand_for() -> None:
    lines = [
        line(f"{what} {n}", [float(n), 2.0 * n], factors=Factors("layer", str(n), what), dash=dash)
        for n in range(3)
        for what, dash in (("weights", "solid"), ("biases", "dashed"))
    ]
    laid = together([(several()[1], plot(*lines))])
    assert {one.name: (one.dash, list(one.y)) for one in laid.lines} == {
        "2 weights": ("solid", [1.0, 2.0]),
        "2 biases": ("dashed", [1.0, 2.0]),
    }
    assert laid.caption == "medians, and the range of all layers"


def test_a_plot_over_other_axes_is_laid_over_each_other_there_too() -> None:
    (over_time,) = by_key(several())["losses"].others
    assert over_time.across == "seconds"
    assert {one.tag for one in over_time.lines if one.tag} == {"1", "2", "3"}
    ends = [sum(done.seconds for done in run.record.meta_iterations) for run in several()]
    for number, end in enumerate(ends, 1):
        (one,) = (one for one in over_time.lines if one.name == f"{number} validation")
        assert one.x[-1] == pytest.approx(end)


def test_pictures_and_plots_of_a_moment_say_why_they_show_one_run_alone() -> None:
    everything = run_of(tiny_with_everything_free())
    runs = [Overlaid(n, "", everything) for n in (1, 2)]
    laid = {each.key: each for each in overlays(runs)}
    alone = {key: each.caption for key, each in laid.items() if not each.lines}
    own = {each.key: type(each).__name__ for each in plots(everything)}
    assert {key for key, kind in own.items() if kind != "Plot"} <= alone.keys()
    assert all("open a run" in why for why in alone.values())
    moments = [kind for kind in PLOTS.values() if kind.changes == "moment"]
    assert moments
    assert all("open a run" in kind.why_alone for kind in moments)


def test_runs_are_laid_over_each_other_as_they_stood_at_a_moment() -> None:
    run = several()[0].record
    then = [Overlaid(n + 1, "", run.at(run.last_moment(n))) for n in (0, 1)]
    losses = next(each for each in overlays(then) if each.key == "losses")
    lengths = {one.name: len(one.y) for one in losses.lines if one.tag}
    assert lengths == {"1 validation": 1, "2 validation": 2}
