"""Plots of example weights, of what they find, and of final models."""

from copy import copy
from dataclasses import replace

import numpy as np
import pytest
from cleaning_for_tests import cleaning
from experiments_for_tests import events_of, record_of, tiny

from engine.figures.figure import render
from engine.output.findings import findings
from engine.plots.assembly import plots
from engine.plots.base import Line, Picture, PicturePlot, Plot
from engine.plots.catalogue import PLOTS
from engine.plots.example_weights import example_weights
from engine.plots.final_accuracy import closed, rows_of
from engine.plots.scenes import every_plot, scenes
from engine.plots.stage import Stage
from engine.plots.tables import table
from engine.runs.moments import Moment
from engine.runs.records import RunRecord

KEYS = {"example_weights", "detection", "final_accuracy", "trusted"}
DIGITS = {
    "data.source": "digits",
    "data.scaling": "centre",
    "hyperparameters.learning_rates.initial": "2.0",
    "data.train": "100",
    "data.validation": "200",
    "data.test": "300",
    "hyperparameters.example_weights.bound": "60.0",
    "training.iterations": "20",
    "meta.iterations": "6",
}


def cleaned() -> RunRecord:
    return record_of(events_of(cleaning(DIGITS)))


def shown(record: RunRecord) -> dict[str, Plot | PicturePlot]:
    return {plot.key: plot for plot in every_plot(record) if isinstance(plot, Plot | PicturePlot)}


def plot_of(record: RunRecord, key: str) -> Plot:
    plot = shown(record)[key]
    assert isinstance(plot, Plot)
    return plot


def test_a_run_with_weights_has_its_plots_and_all_can_be_drawn() -> None:
    every = shown(cleaned())
    assert set(every) >= KEYS
    assert "comparison" not in every, "accuracies stand in a plot of their own"
    for key in KEYS:
        assert render(every[key], "svg").startswith(b"<?xml")


def test_a_run_without_weights_has_none_of_them() -> None:
    assert not KEYS & set(shown(record_of(events_of(tiny()))))


def test_two_histograms_hold_all_clean_and_all_corrupted_labels_and_part() -> None:
    record = cleaned()
    clean, corrupted = plot_of(record, "example_weights").lines
    assert (clean.name, corrupted.name) == ("clean", "corrupted")
    for line in (clean, corrupted):
        assert line.y.sum() == pytest.approx(1.0)
        assert line.width == pytest.approx(line.x[1] - line.x[0])
    first = example_weights(PLOTS["example_weights"], record.at(Moment(0, 20)))
    assert first is not None
    np.testing.assert_array_equal(first.lines[0].y, first.lines[1].y)
    middle = [float(np.average(line.x, weights=line.y)) for line in (clean, corrupted)]
    assert middle[0] > middle[1] + 0.3


def test_without_wrong_labels_there_is_one_histogram() -> None:
    record = record_of(events_of(cleaning({"data.corrupted": "0.0"})))
    [line] = plot_of(record, "example_weights").lines
    assert line.name == "examples"
    assert "detection" not in shown(record)


def test_bars_are_drawn_as_an_outline_and_tabled_by_their_middles() -> None:
    y = np.array([0.2, 0.8])
    line = Line("a", np.array([0.25, 0.75]), y, low=np.zeros(2), high=y, width=0.5)
    outline = line.outline
    assert outline.x.tolist() == [0.0, 0.5, 0.5, 1.0]
    assert outline.y.tolist() == [0.2, 0.2, 0.8, 0.8]
    assert outline.high is not None
    assert outline.high.tolist() == outline.y.tolist()
    _, rows = table(Plot("a", "A", "x", "y", (line,), (0, 1)))
    assert [row[:2] for row in rows] == [[0.25, 0.2], [0.75, 0.8]]


def test_what_is_found_goes_over_meta_iterations_and_ends_with_where_the_run_arrived() -> None:
    record = cleaned()
    *_, f1 = plot_of(record, "detection").lines
    told = [done.measures["f1"] for done in record.meta_iterations]
    then = PLOTS["detection"].plot(record.at(Moment(3, 20)))
    assert isinstance(then, Plot)
    np.testing.assert_array_equal(then.lines[2].y, told[:4])
    assert record.finished is not None
    assert record.finished.measures is not None
    np.testing.assert_array_equal(f1.y, [*told, record.finished.measures["f1"]])


def test_rows_have_the_mean_and_the_standard_error_over_seeds() -> None:
    record = cleaned()
    plot = plot_of(record, "final_accuracy")
    assert plot.x_names == ("oracle", "all examples", "validation only", "learned")
    [line] = plot.lines
    assert record.finished is not None
    for place, name in enumerate(("oracle", "all examples", "validation only", "")):
        seeds = [one.test_accuracy for one in record.finished.seeds[name]]
        error = abs(seeds[0] - seeds[1]) / 2  # of the mean of two
        assert line.y[place] == pytest.approx(np.mean(seeds))
        assert line.band is not None
        assert line.band[1][place] - line.y[place] == pytest.approx(error)


def test_a_single_seed_has_no_bars() -> None:
    record = record_of(events_of(cleaning({"meta.seeds": "1"})))
    [line] = plot_of(record, "final_accuracy").lines
    assert line.band is None


def test_images_go_from_the_least_to_the_most_trusted_with_their_labels() -> None:
    record = cleaned()
    plot = shown(record)["trusted"]
    assert isinstance(plot, PicturePlot)
    assert len(plot.pictures) == 12
    least, most = plot.pictures[:6], plot.pictures[6:]
    assert sum("→" in picture.name for picture in least) > 3
    assert sum("→" in picture.name for picture in most) < 3
    assert plot.widths == [1, 2, 3, 6], "no row has some of both"
    assert all(is_a_digit(picture) for picture in plot.pictures), "pixels as they came, not centred"
    assert "8 → 3: an 8 labelled 3" in plot.caption
    header, rows = table(plot)
    assert header[-2:] == ["name", "example weight λ"]
    assert {row[-2] for row in rows} == {picture.name for picture in plot.pictures}
    weights = [row[-1] for row in rows[::64]]
    assert weights[:6] == sorted(weights[:6])
    assert max(weights[:6]) < min(weights[6:])


def test_it_is_said_where_equal_weights_are_ordered_by_the_hypergradient() -> None:
    record = cleaned()
    said = "; equal λ by how the hypergradient moves them"
    stage = Stage(record.started_from)
    first = next(one for one in scenes(stage, record, Moment(0, 20)) if one.key == "trusted")
    assert first.caption.endswith(said), "all weights are the same"
    apart = copy(record)
    weights = record.initial["example_weights"]
    used = record.initial.replace(example_weights=np.linspace(0, 1, weights.size).reshape(2, -1))
    apart.meta_iterations = [replace(record.meta_iterations[0], hyperparameters=used)]
    other = next(one for one in scenes(stage, apart, Moment(0, 20)) if one.key == "trusted")
    assert said not in other.caption


def test_the_last_losses_are_said_to_be_of_the_final_model() -> None:
    record = cleaned()
    losses = plot_of(record, "losses")
    said = "; last, the final model: trained on the validation part, too, for 30 iterations"
    assert losses.caption.endswith(said)
    assert "final model" not in captions_of(record.at(Moment(5, 20)))["losses"]
    assert "final model" not in captions_of(record_of(events_of(tiny())))["losses"]


def captions_of(record: RunRecord) -> dict[str, str]:
    return {plot.key: plot.caption for plot in plots(record)}


def test_it_is_said_that_validation_examples_weigh_as_the_largest_weight() -> None:
    small = record_of(events_of(cleaning({**DIGITS, "hyperparameters.example_weights.bound": "1"})))
    most = small.current["example_weights"].max()
    caption = plot_of(small, "final_accuracy").caption
    assert f"; validation examples weigh as the largest λ, {most:.2g}: only ratios count" in caption
    assert "only ratios count" not in plot_of(cleaned(), "final_accuracy").caption


def is_a_digit(picture: Picture) -> bool:
    return picture.values.shape == (8, 8) and 0 <= picture.values.min() < picture.values.max() <= 1


def test_findings_name_each_seeds_accuracy_and_the_share_that_is_won_back() -> None:
    record = cleaned()
    found = findings(record)["example weights"]
    rows = rows_of(record)
    assert found["share of the loss of accuracy that is won back"] == closed(rows)
    learned, all_, oracle = (
        found["test accuracy"][name]["mean"] for name in ("learned", "all examples", "oracle")
    )
    assert closed(rows) == pytest.approx((learned - all_) / (oracle - all_))
    assert {"precision", "recall", "F1", "distrusted"} <= set(found)
