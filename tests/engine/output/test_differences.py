"""What differs between runs, and what came of them."""

import csv
import io

import numpy as np
import pytest
from experiments_for_tests import FIXED, events_of, of_kind, record_of, tiny

from engine.experiments.experiment import Experiment
from engine.experiments.files import override
from engine.output.differences import (
    NOTHING,
    Row,
    in_few_words,
    results_of,
    rows_of_results,
    to_csv,
    what_differs,
)
from engine.runs.events import RunStarted
from engine.runs.records import RunRecord

FREE = {**FIXED, "hyperparameters.learning_rates.free": "true"}


def run_of(experiment: Experiment) -> RunRecord:
    return record_of(events_of(experiment))


def told(*changes: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {row.title: row.values for row in what_differs([tiny({**FREE, **c}) for c in changes])}


def test_only_what_differs_is_told_in_the_words_of_the_set_up() -> None:
    assert told({}, {}) == {}
    assert told({}, {"meta.seed": "3"}) == {"Seed": ("0", "3")}
    both = told({}, {"meta.step": "0.1", "method": "stored-trajectory"})
    assert both["Method"] == ("Exact reversal", "Stored trajectory")
    assert both["Step size"][1] == "0.1"
    assert len(both) == 2


def test_settings_stand_in_the_order_of_the_set_up() -> None:
    rows = what_differs(
        [tiny(FREE), tiny({**FREE, "meta.seed": "3", "training.iterations": "9", "name": "other"})]
    )
    keys = [row.key for row in rows]
    assert keys == ["name", "training.iterations", "meta.seed"] or keys.index(
        "training.iterations"
    ) < keys.index("meta.seed")


def test_what_one_of_them_does_not_have_is_a_dash_and_lists_are_short() -> None:
    one = tiny(FREE)
    other = override(
        one, {"hyperparameters.learning_rates.initial": "[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]"}
    )
    rows = {row.key: row for row in what_differs([one, other])}
    assert rows["hyperparameters.learning_rates.initial"].values[1] == "0.1, 0.2, 0.3 and 5 more"
    deep = override(one, {"training.final_iterations": "20"})
    (row,) = what_differs([one, deep])
    assert row.values == (NOTHING, "20")


def test_titles_and_descriptions_are_no_settings() -> None:
    one = tiny(FREE)
    other = one.model_copy(update={"title": "Another", "description": "Another one."})
    assert what_differs([one, other]) == []


def test_results_are_those_of_the_best_meta_iteration() -> None:
    record = run_of(tiny(FREE))
    losses = [done.measures["validation_loss"] for done in record.meta_iterations]
    best = int(np.argmin(losses))
    found = results_of(record)
    assert found.validation_loss == losses[best]
    assert found.test_loss == record.meta_iterations[best].measures["test_loss"]
    assert found.seconds == pytest.approx(sum(one.seconds for one in record.meta_iterations))
    assert found.held_bytes == max(one.memory.held_bytes for one in record.meta_iterations)


def test_results_that_nobody_has_are_not_told() -> None:
    record = run_of(tiny(FREE))
    before = RunRecord(of_kind(events_of(tiny(FREE)), RunStarted)[0])
    assert [row.title for row in rows_of_results([before])] == ["Seconds"]
    rows = {row.title: row.values for row in rows_of_results([record, before])}
    assert rows["Best validation loss"][1] == NOTHING
    assert rows["Memory"][0].endswith("B")


def test_a_few_words_tell_runs_apart_if_that_is_enough() -> None:
    rows = [Row("meta.seed", "Seed", ("0", "3"))]
    assert in_few_words(rows, 2) == ["Seed 0", "Seed 3"]
    assert in_few_words([], 2) == ["", ""]
    assert in_few_words(rows * 5, 2) == ["", ""]
    assert in_few_words([Row("meta.seed", "Seed", ("0", "3", "3"))], 3) == ["", "", ""]


def test_the_table_is_csv_that_any_program_reads() -> None:
    rows = [Row("a", 'With "quotes", and commas', ("1", NOTHING))]
    text = to_csv(["1 one, two", "2 three"], rows)
    assert list(csv.reader(io.StringIO(text))) == [
        ["", "1 one, two", "2 three"],
        ['With "quotes", and commas', "1", ""],
    ]
