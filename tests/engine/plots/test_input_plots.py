"""Bars of penalties and weights, input by input."""

from functools import cache

import numpy as np
import pytest
from experiments_for_tests import record_of, run

from engine.experiments.files import load_experiment, override
from engine.experiments.measures import BEST_SINGLE, LEARNED, NO_PENALTY
from engine.output.findings import findings
from engine.plots.base import AnyPlot, Line, Plot
from engine.plots.scenes import every_plot
from engine.plots.stage import Stage
from engine.runs.records import RunRecord
from engine.tasks.networks import NetworkTask

SHORT = {"meta.iterations": "12"}
NETWORK = {
    **SHORT,
    "data.source": "iris",
    "data.noise_inputs": "0",
    "data.train": "40",
    "data.validation": "30",
    "data.test": "20",
    "model.kind": "dense network",
    "model.hidden": "[3]",
    "model.loss": "cross-entropy",
    "method": "stored-trajectory",
    "training.iterations": "20",
    "hyperparameters.initial_scales.initial": "0.3",
}


@cache
def recorded(*changes: tuple[str, str]) -> RunRecord:
    return record_of(run(override(load_experiment("inputs-pruned"), dict(changes))))


def plot_of(record: RunRecord, key: str) -> Plot:
    [plot] = [one for one in every_plot(record) if one.key == key]
    assert isinstance(plot, Plot)
    return plot


def keys_of(plots: list[AnyPlot]) -> set[str]:
    return {plot.key for plot in plots}


def test_noise_and_real_inputs_have_bars_of_their_own() -> None:
    record = recorded(*SHORT.items())
    penalties, weights = plot_of(record, "input_penalties"), plot_of(record, "input_weights")
    for plot in (penalties, weights):
        real, noise = plot.lines
        assert [real.name, noise.name] == ["real inputs", "noise"]
        np.testing.assert_array_equal(real.x, np.arange(10))
        np.testing.assert_array_equal(noise.x, np.arange(10, 30))
        assert plot.x_in_words(2.0) == "bmi"
        assert plot.x_in_words(29.0) == "noise 20"
    now = record.current["l2_penalties"]
    np.testing.assert_array_equal(np.concatenate([line.y for line in penalties.lines]), now)
    grown = np.count_nonzero(now[10:] > 0.05)
    assert f"noise {grown} of 20" in penalties.caption
    assert penalties.log_y


def test_bars_of_penalties_begin_at_the_start_and_those_of_weights_at_zero() -> None:
    record = recorded(*SHORT.items())
    for key, base in (("input_penalties", 0.05), ("input_weights", 0.0)):
        for line in plot_of(record, key).lines:
            assert line.low is not None
            assert line.high is not None
            ends = np.sort([line.low, line.high], axis=0)
            np.testing.assert_allclose(ends, np.sort([line.y, np.full(len(line.y), base)], axis=0))


def test_weights_are_those_at_the_minimum() -> None:
    record = recorded(*SHORT.items())
    stage = Stage(record.experiment)
    assert isinstance(stage.task, NetworkTask)
    w = stage.parameters(record, 11, 0)
    train = stage.task.split.train
    x = np.hstack([train.inputs, np.ones((len(train.inputs), 1))])
    used = record.meta_iterations[11].hyperparameters["l2_penalties"]
    expected = np.linalg.solve(
        x.T @ x / len(x) + np.diag(np.append(used, 0.0)), x.T @ train.targets / len(x)
    )
    np.testing.assert_allclose(w, expected, rtol=0, atol=1e-12)
    weights = np.concatenate([line.y for line in plot_of(record, "input_weights").lines])
    np.testing.assert_array_equal(weights, w[:30])


def test_the_comparison_waits_for_the_end_in_its_place() -> None:
    record = recorded(*SHORT.items())
    judged = plot_of(record, "comparison")
    assert judged.x_names == (NO_PENALTY, BEST_SINGLE, LEARNED)
    assert judged.caption.startswith("validation and test loss: no penalty 0.63 and 0.608; best")
    before = record.at(record.last_moment(5))
    assert plot_of(before, "comparison").caption.startswith("at the end: validation and test")
    before.end = None  # of a run that still goes on
    waiting = plot_of(before, "comparison")
    assert waiting.is_empty
    assert waiting.caption == "known after the last meta-iteration"


def test_what_is_found_stands_beside_no_penalty_and_the_best_single_one() -> None:
    record = recorded(*SHORT.items())
    found = findings(record)["inputs"]
    assert list(found["criterion"]) == [NO_PENALTY, BEST_SINGLE, LEARNED]
    for name, loss in found["validation loss"].items():
        assert found["criterion"][name] == pytest.approx(loss / 2)
    told = found["weights below 0.01 in the last meta-iteration"]
    assert told["real inputs"].endswith(" of 10")
    assert told["noise"].endswith(" of 20")


def test_in_a_network_later_layers_have_a_bar_and_weights_are_lengths() -> None:
    record = recorded(*NETWORK.items())
    penalties, weights = plot_of(record, "input_penalties"), plot_of(record, "input_weights")
    assert [line.name for line in penalties.lines] == ["inputs", "later layers"]
    assert penalties.x_in_words(4.0) == "later layers"
    assert [line.name for line in weights.lines] == ["inputs"]
    assert np.all(weights.lines[0].y > 0)
    ranges = plot_of(record, "l2_penalties")
    assert [line.name for line in ranges.lines] == ["inputs", "later layers"]


def test_without_penalties_by_input_there_are_no_such_plots() -> None:
    changes = {**SHORT, "hyperparameters.l2_penalties.granularity": "one"}
    shown = keys_of(every_plot(recorded(*changes.items())))
    assert not shown & {"input_penalties", "input_weights", "comparison"}


def test_bars_that_stand_apart_are_outlined_one_by_one() -> None:
    bars = Line(
        "bars",
        np.array([0.0, 1.0]),
        np.array([2.0, -1.0]),
        low=np.array([0.0, -1.0]),
        high=np.array([2.0, 0.0]),
        width=0.5,
    )
    drawn = bars.outline
    np.testing.assert_array_equal(drawn.x, [-0.25, -0.25, 0.25, 0.25, 0.75, 0.75, 1.25, 1.25])
    np.testing.assert_array_equal(drawn.y, [0, 2, 2, 0, 0, -1, -1, 0])
    assert drawn.band is not None
    np.testing.assert_array_equal(drawn.band[0], [0, 0, 0, 0, 0, -1, -1, 0])
    np.testing.assert_array_equal(drawn.band[1], [0, 2, 2, 0, 0, 0, 0, 0])
