"""What a comparison of methods leaves: numbers, a table, figures."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from experiments_for_tests import FIXED, tiny

from engine.errors import InputError
from engine.experiments.contenders import contender_of
from engine.experiments.files import load_experiment
from engine.output.comparisons import comparison_to_json, table_to_csv, write_comparison
from engine.plots.comparison_words import cells_of, headers
from engine.plots.method_plots import method_plots, stroke_of
from engine.plots.words import bytes_in_words
from engine.runs.compare import compare
from engine.runs.comparison import ComparisonRecord, ComparisonStarted, PointMeasured

METHODS = ("stored-trajectory", "truncated:last=2", "forward", "implicit-cg:iterations=4")
FREE = {
    **FIXED,
    "hyperparameters.l2_penalties.free": "true",
    "hyperparameters.l2_penalties.initial": "0.01",
    "hyperparameters.learning_rates.free": "true",
    "hyperparameters.learning_rates.granularity": "iteration and group",
}


def part_of_a_comparison(most: int) -> ComparisonRecord:
    """One of which so many points are measured."""
    record = None
    for event in compare(tiny(FREE), METHODS):
        if isinstance(event, ComparisonStarted):
            record = ComparisonRecord(event)
        elif record:
            record.add(event)
        if isinstance(event, PointMeasured) and record and len(record.measured) == most:
            break
    assert record is not None
    return record


@pytest.fixture(scope="module")
def record() -> ComparisonRecord:
    return part_of_a_comparison(10_000)


def test_numbers_name_each_method_with_what_it_found(record: ComparisonRecord) -> None:
    told = json.loads(comparison_to_json(record))
    assert told["complete"]
    assert told["reference"] == "exact-reversal"
    rows = {row["name"]: row for row in told["methods"]}
    assert [*rows] == ["exact-reversal", *(text.split(":")[0] for text in METHODS)]
    for row in rows.values():
        for name in ("cosine", "relative_error", "seconds", "held_bytes", "gradients", "products"):
            assert row[name] is not None
    assert rows["truncated"]["options"] == {"last": 2}
    assert rows["implicit-cg"]["not_given"] == ["learning_rates"]
    assert rows["implicit-cg"]["stationarity"] > 0
    assert {point["study"] for point in told["points"]} == {
        "iterations",
        "option",
        "hyperparameters",
    }


def test_a_comparison_that_was_stopped_is_told_as_far_as_it_is() -> None:
    record = part_of_a_comparison(2)
    told = json.loads(comparison_to_json(record))
    assert not told["complete"]
    assert [row["cosine"] is None for row in told["methods"]] == [False, False, True, True, True]
    assert len(table_to_csv(record).splitlines()) == 1 + len(told["methods"])
    assert all(plot.lines or plot.caption for plot in method_plots(record))


def test_the_table_reads_back_as_numbers(record: ComparisonRecord) -> None:
    rows = [*csv.DictReader(io.StringIO(table_to_csv(record)))]
    assert [row["method"] for row in rows][:2] == ["exact-reversal", "stored-trajectory"]
    assert float(rows[1]["relative_error"]) < 1e-9
    assert rows[2]["options"] == "last=2"


@pytest.mark.usefixtures("drawn_once")
def test_everything_is_written_and_the_experiment_loads_again(
    record: ComparisonRecord, tmp_path: Path
) -> None:
    written = {path.name for path in write_comparison(record, tmp_path)}
    assert {"comparison.json", "comparison.csv", "experiment.toml"} <= written
    for plot in method_plots(record):
        assert {f"{plot.key}.{kind}" for kind in ("svg", "pdf", "png", "csv")} <= written
    assert all((tmp_path / name).stat().st_size for name in written)
    assert load_experiment(tmp_path / "experiment.toml") == record.experiment


def test_a_folder_that_cannot_be_written_is_named(record: ComparisonRecord, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="expected a folder that can be written to"):
        write_comparison(record, tmp_path / "file" / "below")


# The table in words


def test_a_row_has_a_cell_for_each_header(record: ComparisonRecord) -> None:
    for contender in record.contenders:
        assert len(cells_of(record, contender)) == len(headers())


def test_words_say_what_is_the_reference_missing_or_doubtful(record: ComparisonRecord) -> None:
    notes = {one.method: cells_of(record, one)[-1] for one in record.contenders}
    reversal = record.of(record.reference)
    assert reversal is not None
    assert reversal.memory is not None
    buffer = bytes_in_words(reversal.memory.buffer_bytes)
    assert notes["exact-reversal"] == f"the reference; bit buffer {buffer}"
    assert notes["implicit-cg"].startswith("does not give learning rates; stationary to")
    assert notes["forward"] == ""


def test_what_is_measured_now_says_so() -> None:
    record = part_of_a_comparison(1)
    record.current = 1
    assert cells_of(record, record.contenders[1])[-1] == "measuring"
    assert cells_of(record, record.contenders[2])[-1] == ""


# Plots


def test_no_two_methods_are_drawn_alike(record: ComparisonRecord) -> None:
    strokes = [stroke_of(record, one) for one in record.contenders]
    assert len(set(strokes)) == len(strokes)


def test_ten_methods_have_ten_strokes() -> None:
    record = part_of_a_comparison(1)
    several = [contender_of(f"truncated:last={last}") for last in range(1, 11)]

    class Ten:
        contenders = several

    strokes = {stroke_of(Ten(), one) for one in several}
    assert len(strokes) == 10
    assert record.contenders


def test_plots_hold_what_was_measured(record: ComparisonRecord) -> None:
    plots = {plot.key: plot for plot in method_plots(record)}
    memory = plots["memory_by_iterations"]
    expected = record.along("iterations", contender_of("forward"))
    [forward] = [line for line in memory.lines if line.name == "Forward"]
    assert [memory.x_in_words(x) for x in forward.x] == [f"{x:,}" for x, _ in expected]
    assert [*forward.y] == [one.memory.held_bytes for _, one in expected]
    rates = plots["hypergradient_learning_rates"]
    found = record.of(contender_of("forward"))
    assert found is not None
    [drawn] = [line for line in rates.lines if line.name == "Forward"]
    np.testing.assert_array_equal(drawn.y, found.gradient["learning_rates"].sum(axis=1))
    assert rates.caption == "summed over groups"
    names = {line.name for line in plots["hypergradient_learning_rates"].lines}
    assert not any("conjugate" in name for name in names), "it does not give them"


def test_the_reference_has_no_error_and_implicit_methods_a_distance(
    record: ComparisonRecord,
) -> None:
    plots = {plot.key: plot for plot in method_plots(record)}
    assert "Exact reversal" not in {line.name for line in plots["error_by_iterations"].lines}
    assert len(plots["stationarity_by_iterations"].lines) == 1
