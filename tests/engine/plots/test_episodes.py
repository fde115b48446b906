"""What a run of few-shot episodes shows: accuracy, one episode, the representation, and rows."""

from copy import copy
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from experiments_for_tests import events_of, record_of, tiny

from engine.errors import InputError
from engine.experiments.fields import descriptions
from engine.experiments.files import load_experiment, override
from engine.plots import AnyPlot, PicturePlot, Plot, plots, table, to_csv
from engine.plots.scenes import every_plot, scenes
from engine.plots.stage import Stage
from engine.runs.events import RunFinished
from engine.runs.moments import Moment
from engine.runs.records import RunRecord
from engine.runs.try_out import TryOut, try_out
from engine.tasks.episodes import EpisodesTask

KEYS = {"representation", "episode_accuracy", "episode", "representations"}
_SMALL = {
    "episodes.test_number": "20",
    "model.hidden": "[8, 8]",
    "meta.iterations": "3",
    "meta.updates": "4",
}


@cache
def record() -> RunRecord:
    shipped = load_experiment("hyper-representation", stand_in=True)
    return record_of(events_of(override(shipped, _SMALL)))


def on_its_way() -> RunRecord:
    """The same before it was over."""
    events = events_of(record().started_from)
    return record_of([event for event in events if not isinstance(event, RunFinished)])


def made(key: str) -> Plot:
    (plot,) = [plot for plot in every_plot(record()) if plot.key == key]
    assert isinstance(plot, Plot)
    return plot


def test_accuracy_stands_within_its_standard_error_and_beside_what_it_is_compared_with() -> None:
    plot = made("episode_accuracy")
    learned, *others = plot.lines
    assert learned.name == "learned"
    assert [line.name for line in others] == [
        "raw pixels",
        "random representation",
        "pretrained by classification",
        "chance",
    ]
    assert len(learned.y) == 4, "after each of three meta-iterations, and at last"
    low, high = learned.band or (None, None)
    errors = [done.measures["test_accuracy_error"] for done in record().meta_iterations]
    np.testing.assert_allclose((high - low)[:3] / 2, errors)
    np.testing.assert_array_equal(others[-1].y, 0.2)
    assert plot.caption.startswith("5 classes that were never seen, 1 drawing of each: ")


def test_before_the_end_there_is_nothing_to_compare_with() -> None:
    keys = {plot.key: plot for plot in plots(on_its_way())}
    assert "representations" not in keys
    accuracy = keys["episode_accuracy"]
    assert isinstance(accuracy, Plot)
    assert [line.name for line in accuracy.lines] == ["learned", "chance"]


def test_rows_are_bars_with_the_names_of_what_classifiers_see() -> None:
    plot = made("representations")
    assert plot.x_names[-1] == "learned"
    assert plot.x_names == ("raw pixels", "random", "pretrained", "learned")
    finished = record().finished
    assert finished is not None
    assert finished.measures is not None
    np.testing.assert_array_equal(plot.lines[-1].y, finished.measures["test_accuracy"])
    assert "20 held-out episodes: learned" in plot.caption


def test_an_episode_shows_what_is_learned_from_and_what_was_said_of_other_drawings() -> None:
    (plot,) = [plot for plot in every_plot(record()) if plot.key == "episode"]
    assert isinstance(plot, PicturePlot)
    names = [picture.name for picture in plot.pictures]
    assert names[:5] == [f"learns {letter}" for letter in "ABCDE"]
    assert len(names) == 16
    assert all("✓" in name or "✗ is" in name for name in names[5:])
    assert all(picture.values.shape == (10, 10) for picture in plot.pictures)
    assert " of 75 right" in plot.caption


def test_the_drawings_of_an_episode_stay_the_same_while_the_representation_moves() -> None:
    stage = Stage(record().started_from)
    first, last = (
        {plot.key: plot for plot in scenes(stage, record(), Moment(index, 5))} for index in (0, 2)
    )
    one, other = first["episode"], last["episode"]
    assert isinstance(one, PicturePlot)
    assert isinstance(other, PicturePlot)
    for before, after in zip(one.pictures, other.pictures, strict=True):
        np.testing.assert_array_equal(before.values, after.values)
    before, after = first["representation"], last["representation"]
    assert isinstance(before, Plot)
    assert isinstance(after, Plot)
    left = [
        sorted(zip(line.x[line.x < 2], line.y[line.x < 2], strict=True))
        for line in (before.lines[0], after.lines[0])
    ]
    np.testing.assert_array_equal(*left)
    assert not np.array_equal(before.lines[0].x, after.lines[0].x)


def test_the_representation_is_seen_before_learning_and_now_within_its_halves() -> None:
    plot = made("representation")
    assert [line.name for line in plot.lines] == list("ABCDE")
    for line in plot.lines:
        assert len(line.x) == 80, "forty drawings, twice"
        assert np.sum(line.x < 2) == 40
        assert np.all(np.diff(line.x) >= 0)
        assert not line.is_joined
    assert plot.x_names == ("", "before", "", "now", "")
    for place, name in ((1, "before"), (3, "now")):
        assert plot.x_in_words(place) == name


def test_all_of_them_have_their_numbers_as_a_table() -> None:
    found = {plot.key: plot for plot in every_plot(record())}
    assert set(found) >= KEYS
    for key in KEYS:
        assert len(to_csv(found[key]).splitlines()) > 2


def test_other_runs_have_none_of_them() -> None:
    keys = {plot.key for plot in every_plot(record_of(events_of(tiny())))}
    assert not keys & KEYS
    assert "comparison" not in {plot.key for plot in every_plot(record())}


def scene_plots(index: int, *, is_latest: bool = False) -> dict[str, AnyPlot]:
    stage = Stage(record().started_from)
    made = scenes(stage, record(), Moment(index, 5), is_latest=is_latest)
    return {plot.key: plot for plot in made}


def test_a_moment_shows_the_representation_that_its_training_used() -> None:
    start = scene_plots(0)["representation"]
    assert isinstance(start, Plot)
    assert "meta-iteration 0: " in start.caption
    for line in start.lines:
        np.testing.assert_allclose(line.x[line.x > 2], line.x[line.x < 2] + 2)
    assert "meta-iteration 1: " in scene_plots(1)["representation"].caption


def test_the_episode_at_a_moment_is_the_one_that_its_accuracy_is_of() -> None:
    task = Stage(record().started_from).task
    assert isinstance(task, EpisodesTask)
    for index in (0, 2):
        used = record().meta_iterations[index].hyperparameters
        accuracy = next(task.held_out_episodes(used, 1)).accuracies[0]
        steps = f"meta-iteration {index}: {round(75 * accuracy)} of 75 right"
        assert scene_plots(index)["episode"].caption.startswith(steps)


def test_where_the_run_has_arrived_is_after_its_last_meta_step() -> None:
    for key in ("representation", "episode"):
        assert "meta-iteration 3: " in scene_plots(2, is_latest=True)[key].caption
        (plot,) = [plot for plot in every_plot(record()) if plot.key == key]
        assert "meta-iteration 3: " in plot.caption


def test_learning_curves_are_means_over_episodes_as_losses_after_training_are() -> None:
    (plot,) = [plot for plot in plots(record()) if plot.key == "learning_curves"]
    assert isinstance(plot, Plot)
    for line in plot.lines:
        np.testing.assert_allclose(line.y[0], np.log(5), err_msg="nothing is known of 5 classes")
        assert line.y[-1] < np.log(5)


def test_training_that_is_tried_out_is_shown_as_a_mean_too() -> None:
    (first, *_) = record().meta_iterations
    steps = try_out(record().started_from, first.hyperparameters)
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            outcome: TryOut = stop.value
            break
    np.testing.assert_allclose(outcome.learning_curve[0], np.log(5))


def test_the_table_of_a_representation_has_every_drawing_with_both_its_places() -> None:
    plot = made("representation")
    header, rows = table(plot)
    assert header == ["part of the axis", "first principal component", *"ABCDE"]
    assert len(rows) == 5 * 80
    assert [row[0] for row in rows].count("before") == 200
    assert [row[0] for row in rows].count("now") == 200
    along = np.array([row[1] for row in rows], np.float64)
    assert np.abs(along).max() <= 0.9 + 1e-12, "each part from its own middle"
    of_b = [row for row in rows if not np.isnan(float(row[3]))]
    shown = plot.lines[1]
    places = [float(row[1]) + {"before": 1, "now": 3}[str(row[0])] for row in of_b]
    np.testing.assert_allclose(places, shown.x)
    np.testing.assert_array_equal([row[3] for row in of_b], shown.y)


def test_a_place_around_a_name_has_that_name() -> None:
    plot = made("representation")
    assert [plot.x_in_words(x) for x in (0.2, 1.8, 2.2, 3.9)] == ["before", "before", "now", "now"]


@pytest.mark.parametrize("scale", ["0", "-1"])
def test_a_representation_starts_from_more_than_nothing(scale: str) -> None:
    with pytest.raises(InputError, match=r"expected more than 0 and at most 2048"):
        override(record().started_from, {"hyperparameters.representation.initial": scale})
    assert descriptions()["hyperparameters.representation.initial"].values.range.startswith(
        "more than 0"
    )


def test_drawings_that_look_all_the_same_do_not_vary() -> None:
    nothing = record().initial["representation"] * 0
    same = copy(record())
    same.initial = record().initial.replace(representation=nothing)
    same.meta_iterations = [
        replace(record().meta_iterations[0], hyperparameters=same.initial),
    ]
    (plot,) = [
        plot
        for plot in scenes(Stage(same.started_from), same, Moment(0, 5))
        if plot.key == "representation"
    ]
    assert plot.caption.endswith(": none and none of the variance")
