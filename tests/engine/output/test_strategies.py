"""What a comparison of strategies leaves behind."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from experiments_for_tests import FIXED, tiny

from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment
from engine.output.strategies import strategies_to_csv, strategies_to_json, write_strategies
from engine.plots.help_texts import help_text
from engine.plots.strategy_plots import strategy_plots, stroke_of
from engine.plots.strategy_words import cells_of, headers, headline, outcome_of
from engine.runs.compare_strategies import compare_strategies
from engine.runs.strategies_compared import (
    SearchDone,
    Step,
    StrategiesFinished,
    StrategiesRecord,
    StrategiesStarted,
)

NAN = float("nan")


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    free = {"hyperparameters.learning_rates.free": "true", "meta.iterations": "4"}
    return tiny({**FIXED, **free})


@pytest.fixture(scope="module")
def record(experiment: Experiment) -> StrategiesRecord:
    chosen = ["adam", "random", "grid:grid_points=50"]
    return told(compare_strategies(experiment, chosen, seeds=2))


def told(events) -> StrategiesRecord:
    record = None
    for event in events:
        if isinstance(event, StrategiesStarted):
            record = StrategiesRecord(event)
        elif record:
            record.add(event)
    assert record is not None
    return record


def made_of(
    experiment: Experiment, *several: list[Step], of: tuple[str, str] = ("adam", "random")
) -> StrategiesRecord:
    """A comparison of Adam and random search, with one seed, that came to these steps."""
    started = next(compare_strategies(experiment, of, seeds=1))
    assert isinstance(started, StrategiesStarted)
    record = StrategiesRecord(started)
    for place, steps in enumerate(several):
        record.add(SearchDone(place, tuple(steps)))
    record.add(StrategiesFinished(0))
    return record


def test_numbers_are_told_as_json_and_as_a_table(record: StrategiesRecord) -> None:
    result = json.loads(strategies_to_json(record))
    assert result["complete"]
    adam, random, grid = result["strategies"]
    assert [one["name"] for one in result["strategies"]] == ["adam", "random", "grid"]
    assert len(adam["searches"]) == len(random["searches"]) == 2
    for search in (*adam["searches"], *random["searches"]):
        assert search["best_so_far"] == [*np.minimum.accumulate(search["objective"])]
        assert search["runs"][-1] == 8
    assert grid["settings"] == {"grid_points": "50"}
    assert "points along each of 1 hyperparameters" in grid["failure"]
    rows = [*csv.DictReader(io.StringIO(strategies_to_csv(record)))]
    assert [row["strategy"] for row in rows] == ["adam", "random", "grid:grid_points=50"]
    assert float(rows[0]["objective"]) == adam["objective"]
    assert rows[2]["objective"] == ""
    assert rows[2]["note"] == grid["failure"]


@pytest.mark.usefixtures("drawn_once")
def test_every_file_is_written(record: StrategiesRecord, tmp_path: Path) -> None:
    written = write_strategies(record, tmp_path)
    names = {path.name for path in written}
    assert {"comparison.json", "comparison.csv", "experiment.toml"} <= names
    for of in ("objective", "test", "accuracy"):
        for along in ("runs", "seconds"):
            assert f"{of}_by_{along}.svg" in names
    assert load_experiment(str(tmp_path / "experiment.toml")) == record.experiment


def test_every_plot_is_explained_and_has_a_line_for_each_that_found_something(
    record: StrategiesRecord,
) -> None:
    for plot in strategy_plots(record):
        assert help_text(f"comparison_{plot.key}").text
        assert [line.name for line in plot.lines] == ["Adam", "Random search"]
        for line in plot.lines:
            assert line.low is not None
            assert line.high is not None
            assert np.all((line.low <= line.y) & (line.y <= line.high))
            assert line.x[-1] <= plot.x_range[1]
    strokes = [stroke_of(record, rival) for rival in record.rivals]
    assert len(set(strokes)) == 3
    assert len({dash for _, dash in strokes}) == 3, "told apart in grey print"


def test_before_anything_is_known_plots_say_what_they_wait_for(experiment: Experiment) -> None:
    started = next(compare_strategies(experiment, ["adam"], seeds=1))
    assert isinstance(started, StrategiesStarted)
    plots = strategy_plots(StrategiesRecord(started))
    assert plots
    assert all(plot.is_empty and plot.caption.startswith("known once") for plot in plots)


def test_the_table_tells_when_a_strategy_matches_the_first(experiment: Experiment) -> None:
    adam = [Step(2.0 * k, 1.0 * k, 1.0 / k, 1.0 / k, NAN) for k in range(1, 6)]
    random = [Step(1.0 * k, 0.1 * k, 2.0 / k, 1.0, NAN) for k in range(1, 11)]
    record = made_of(experiment, adam, random)
    found = [outcome_of(record, rival) for rival in record.rivals]
    assert (found[0].objective, found[1].objective) == (0.2, 0.2)
    assert found[1].to_match == 10
    assert found[0].in_time == 1.0  # after the second that random search took
    assert found[1].in_time == 0.2
    worse = [one._replace(objective=1 + one.objective) for one in random]
    cells = cells_of(made_of(experiment, adam, worse), record.rivals[1])
    assert dict(zip(headers(record), cells, strict=True))["To match"] == "never"


def test_where_the_validation_part_is_overfitted_it_is_said(experiment: Experiment) -> None:
    adam = [Step(2.0 * k, 1.0 * k, 1.0 / k, 0.1 * k, NAN) for k in range(1, 6)]
    random = [Step(1.0 * k, 0.1 * k, 2.0 / k, 1.0 / k, NAN) for k in range(1, 11)]
    record = made_of(experiment, adam, random)
    notes = [cells_of(record, rival)[-1] for rival in record.rivals]
    better = [one._replace(objective=one.objective / 2, test=1.0) for one in random]
    other = made_of(experiment, random, better)
    assert cells_of(other, other.rivals[1])[-1] == (
        "better on the validation part than Adam, and worse on the test part"
    )
    assert notes == ["overfits the validation part: the test loss rose from 0.1 to 0.5", ""]


def test_what_stopping_early_saved_and_took_is_said(experiment: Experiment) -> None:
    whole, short = [Step(40, 4.0, 0.1, 0.1, NAN)], [Step(20, 12.0, 0.1, 0.1, NAN)]
    of = ("random", "random:stopping=automatic")
    assert headline(made_of(experiment, whole, short, of=of)) == (
        "Random search, stopped early, took 20 training runs instead of 40, "
        "but 12 s instead of 4 s: about 10 s went into forecasts."
    )
    quick = [Step(20, 2.5, 0.1, 0.1, NAN)]
    assert headline(made_of(experiment, whole, quick, of=of)).endswith(
        "and 2.5 s instead of 4 s: about 0.5 s went into forecasts."
    )
    assert headline(made_of(experiment, whole, of=of)) == "", "not before both are over"
    assert headline(made_of(experiment, whole, short)) == "", "nothing is stopped"
