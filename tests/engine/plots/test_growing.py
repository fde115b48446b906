"""The hypergradient as it grows, with forward mode."""

import numpy as np
import pytest
from experiments_for_tests import FIXED, events_of, record_of, tiny

from engine.plots import PLOTS
from engine.runs.events import TrainingProgress
from engine.runs.moments import Moment
from engine.runs.records import RunRecord

FREE = {
    **FIXED,
    "method": "forward",
    "hyperparameters.learning_rates.free": "true",
    "hyperparameters.l2_penalties.free": "true",
    "hyperparameters.l2_penalties.initial": "0.01",
}


@pytest.fixture(scope="module")
def events() -> list:
    return list(events_of(tiny(FREE)))


@pytest.fixture
def record(events: list) -> RunRecord:
    return record_of(iter(events))


def test_a_length_is_known_after_every_iteration(record: RunRecord) -> None:
    plot = PLOTS["growing"].plot(record)
    assert [line.name for line in plot.lines] == ["learning rates", "hyperparameters in the losses"]
    assert all(len(line.x) == record.iterations and line.x[0] == 1 for line in plot.lines)


def test_it_ends_where_the_hypergradient_is(events: list, record: RunRecord) -> None:
    done = record.meta_iterations[0]
    for kind, name in (("learning_rates", "learning_rates"), ("l2_penalties", "theta")):
        length = np.linalg.norm(done.hypergradient[kind])
        assert done.growing[name][-1] == pytest.approx(length, rel=1e-12)


def test_it_says_that_its_coordinates_are_not_those_of_the_norm(record: RunRecord) -> None:
    plot, norm = (PLOTS[key].plot(record) for key in ("growing", "hypergradient"))
    assert plot.y_unit == "loss per unit of value"
    assert norm.y_unit == "loss per unit of coordinate"
    assert "by the values themselves, not by the coordinates" in plot.caption


def test_it_is_told_while_training_goes_on(events: list) -> None:
    told = [event for event in events if isinstance(event, TrainingProgress)]
    assert told
    assert all(len(event.growing["theta"]) == len(event.losses) for event in told)


def test_an_earlier_moment_shows_it_as_far_as_it_was(record: RunRecord) -> None:
    plot = PLOTS["growing"].plot(record.at(Moment(0, 3)))
    assert [len(line.x) for line in plot.lines] == [3, 3]
    np.testing.assert_array_equal(
        plot.lines[0].y, record.meta_iterations[0].growing["learning_rates"][:3]
    )


def test_other_methods_have_no_such_plot_and_find_the_same() -> None:
    exact = record_of(events_of(tiny({**FREE, "method": "stored-trajectory"})))
    assert PLOTS["growing"].plot(exact) is None
    assert all(not one.growing for one in exact.meta_iterations)


def test_tangents_that_do_not_fit_at_once_tell_nothing_before_the_end() -> None:
    blocks = record_of(events_of(tiny({**FREE, "hypergradient.megabytes": "0.0001"})))
    plot = PLOTS["growing"].plot(blocks)
    assert not any(line.y.size for line in plot.lines)
