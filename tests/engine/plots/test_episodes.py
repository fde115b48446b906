"""What a run of few-shot episodes shows: accuracy, one episode, the representation, and rows."""

from functools import cache

import numpy as np
from experiments_for_tests import events_of, record_of, tiny

from engine.experiments.files import load_experiment, override
from engine.plots import PicturePlot, Plot, plots, to_csv
from engine.plots.scenes import every_plot, scenes
from engine.plots.stage import Stage
from engine.runs.events import RunFinished
from engine.runs.moments import Moment
from engine.runs.records import RunRecord

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
