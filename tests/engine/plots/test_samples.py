import math
import statistics

import numpy as np
import pytest
from experiments_for_tests import done, events_of, of_kind, record_of, tiny_with_everything_free

from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.plots import Line, Plot, plots, to_csv
from engine.runs.events import MetaIterationDone, RunStarted
from engine.runs.records import RunRecord

SAMPLED = {"meta.optimizer": "none", "meta.new_seed": "true", "meta.iterations": "5"}
EXPERIMENT = tiny_with_everything_free(SAMPLED)
RATES, DECAYS = "mean_hypergradient", "mean_hypergradient_decays"


def after(count: int) -> RunRecord:
    """The record once so many samples are there."""
    told, seen = [], 0
    for event in events_of(EXPERIMENT):
        told.append(event)
        seen += isinstance(event, MetaIterationDone)
        if seen == count and isinstance(event, MetaIterationDone):
            break
    return record_of(told)


def before(experiment: Experiment) -> RunRecord:
    """The record when a run has begun."""
    (started,) = of_kind(events_of(experiment), RunStarted)
    return record_of([started])


def plot_of(record: RunRecord, key: str) -> Plot:
    (plot,) = [plot for plot in plots(record) if plot.key == key]
    assert isinstance(plot, Plot)
    return plot


def line_of(record: RunRecord, key: str, name: str) -> Line:
    (line,) = [line for line in plot_of(record, key).lines if line.name == name]
    return line


@pytest.mark.parametrize(("group", "name"), [(0, "weights"), (1, "biases")])
def test_the_mean_is_of_the_derivatives_by_log_rates_with_its_standard_error(
    group: int, name: str
) -> None:
    line = line_of(after(5), RATES, name)
    for t in (0, 3, 7):
        sample = [
            float(step.hypergradient["learning_rates"][t, group])
            * float(step.hyperparameters["learning_rates"][t, group])
            for step in done(events_of(EXPERIMENT))
        ]
        mean, error = statistics.fmean(sample), statistics.stdev(sample) / math.sqrt(5)
        assert line.y[t] == pytest.approx(mean)
        assert line.band is not None
        low, high = line.band
        assert (low[t], high[t]) == pytest.approx((mean - error, mean + error))


def test_what_groups_share_is_added_up_in_the_logit_of_the_decay() -> None:
    line = line_of(after(3), DECAYS, "all groups")
    gamma = done(events_of(EXPERIMENT))[0].hyperparameters["decays"][0, 0]
    steps = done(events_of(EXPERIMENT))[:3]
    sample = [float(step.hypergradient["decays"][2].sum() * gamma * (1 - gamma)) for step in steps]
    assert line.y[2] == pytest.approx(statistics.fmean(sample))


def test_one_sample_has_no_error_and_more_come_in_one_by_one() -> None:
    assert line_of(after(1), RATES, "weights").band is None
    assert plot_of(after(1), RATES).caption == "mean over N = 1 seed"
    assert "N = 4" in plot_of(after(4), RATES).caption
    first, second = (line_of(after(n), RATES, "weights").y for n in (2, 4))
    assert not np.array_equal(first, second)


def test_nothing_is_drawn_before_the_first_sample_but_a_line_at_zero() -> None:
    started = before(EXPERIMENT)
    names = [line.name for line in plot_of(started, RATES).lines]
    assert names == ["zero"]


def test_plots_of_what_stays_in_place_are_left_out() -> None:
    keys = [plot.key for plot in plots(after(5))]
    assert keys == [RATES, DECAYS, "losses", "learning_curves", "memory", "hypergradient"]
    assert "over 5 seeds" in plot_of(after(5), "losses").caption


def test_the_ends_of_the_band_stand_in_the_csv() -> None:
    header = to_csv(plot_of(after(5), RATES)).splitlines()[0].split(",")
    assert "weights" in header
    assert "weights, low" in to_csv(plot_of(after(5), RATES)).splitlines()[0]


@pytest.mark.parametrize("key", ["losses", "hypergradient"])
def test_samples_are_points_over_the_seeds_counted_from_one(key: str) -> None:
    plot = plot_of(after(3), key)
    assert (plot.x_label, plot.x_range) == ("seed", (1, 5))
    for line in plot.lines:
        assert line.x.tolist() == [1, 2, 3]
        assert not line.is_joined


@pytest.mark.parametrize("key", [RATES, "losses", "hypergradient"])
def test_before_the_first_sample_a_plot_says_when_there_will_be_something(key: str) -> None:
    assert plot_of(before(EXPERIMENT), key).caption == "known after the first seed"


@pytest.mark.parametrize("key", ["losses", "hypergradient"])
def test_before_the_first_meta_iteration_too(key: str) -> None:
    plot = plot_of(before(tiny_with_everything_free()), key)
    assert plot.caption == "known after the first meta-iteration"


@pytest.mark.parametrize("count", [2, 5])
def test_the_parts_of_the_data_are_told_apart_without_colours(count: int) -> None:
    sampled = plot_of(after(count), "losses").lines
    joined = plot_of(record_of(events_of(tiny_with_everything_free())), "losses").lines
    for lines in (sampled, joined):
        assert [line.name for line in lines] == ["training", "validation", "test"]
        assert len({line.dash for line in lines}) == 3
    assert {line.name: line.dash for line in joined} == {
        "training": "dotted",
        "validation": "solid",
        "test": "dashed",
    }


def test_a_loss_alone_is_a_solid_line() -> None:
    lines = plot_of(
        record_of(events_of(override(load_experiment("toy"), {"meta.iterations": "1"}))), "losses"
    ).lines
    assert [(line.name, line.dash) for line in lines] == [("training", "solid")]


def test_pale_learning_curves_are_those_of_seeds() -> None:
    caption = plot_of(after(4), "learning_curves").caption
    assert caption == "pale: seeds 2, 3"
