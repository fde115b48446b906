"""What a run reports beside its losses: the numbers that the paper reports of its experiments."""

import json
import math

import numpy as np
import pytest
from experiments_for_tests import record_of, run, tiny

from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.output.files import to_json
from engine.output.findings import findings
from engine.runs.records import RunRecord


def short(name: str, **changes: str) -> Experiment:
    fields = {key.replace("__", "."): value for key, value in changes.items()}
    return override(load_experiment(name), fields)


def record_from(experiment: Experiment) -> RunRecord:
    return record_of(run(experiment))


def test_the_objective_is_told_at_first_and_at_last() -> None:
    record = record_from(tiny())
    found = findings(record)["objective"]
    assert found["loss"] == "validation"
    assert found["first"] == record.meta_iterations[0].losses.validation
    assert found["last"] == record.finished.losses.validation
    assert found["last against first"] == found["last"] / found["first"]


def test_scales_stand_beside_the_usual_choice() -> None:
    record = record_from(short("schedules", meta__iterations="1"))
    found = findings(record)["initial scales"]
    assert found["layer 1 weights"]["1/√fan-in"] == pytest.approx(1 / 8)
    assert found["layer 2 weights"]["1/√fan-in"] == pytest.approx(1 / math.sqrt(50))
    assert found["layer 2 biases"]["1/√fan-in"] is None
    assert found["layer 2 biases"]["scale"] == record.current["initial_scales"][3]


def test_the_mean_over_seeds_is_told_with_its_error() -> None:
    record = record_from(
        short("initial-hypergradient", meta__iterations="5", training__iterations="12")
    )
    found = findings(record)["initial hypergradient"]
    assert found["seeds"] == 5
    samples = np.array(
        [
            done.hypergradient["learning_rates"] * done.hyperparameters["learning_rates"]
            for done in record.meta_iterations
        ]
    )
    np.testing.assert_allclose(found["mean"]["layer 3 weights"], samples.mean(axis=0)[:, 4])
    error = samples.std(axis=0, ddof=1)[:, 4] / math.sqrt(5)
    np.testing.assert_allclose(found["standard error"]["layer 3 weights"], error)
    assert 0 <= found["share of entries beyond two standard errors"] <= 1


def test_a_sweep_tells_its_best_point_and_where_chaos_begins() -> None:
    record = record_from(short("chaos", meta__iterations="11", meta__step="0.2"))
    found = findings(record)["chaos"]
    losses = [done.losses.training for done in record.meta_iterations]
    assert found["points"] == 11
    assert found["from"] == pytest.approx(0.5)
    assert found["to"] == pytest.approx(2.5)
    assert found["least loss"] == min(losses)
    assert found["least loss at"] == pytest.approx(0.5 + 0.2 * int(np.argmin(losses)))
    onset = found["hypergradient stops being informative at"]
    assert 1.0 < onset < 2.0
    assert found["greatest hypergradient"] > 1e6


def test_learned_images_tell_what_they_taught() -> None:
    record = record_from(short("learned-data", meta__iterations="3"))
    found = findings(record)["learned data"]
    assert found["images"] == 10
    assert found["test accuracy at first"] == record.meta_iterations[0].losses.test_accuracy
    assert found["test accuracy"] == record.finished.losses.test_accuracy


def test_penalties_by_weight_tell_how_far_they_went_apart() -> None:
    record = record_from(short("pixel-penalties", meta__iterations="3"))
    found = findings(record)["penalties"]
    assert found["start"] == pytest.approx(0.01 * math.e)
    assert found["least"] < found["median"] < found["greatest"]


def test_tasks_that_share_tell_the_losses_of_each_way_to_share() -> None:
    record = record_from(short("weight-sharing", meta__iterations="1", training__iterations="5"))
    found = findings(record)["weight sharing"]
    assert set(found["losses"]) == {"learned", *record.finished.baselines}
    assert found["losses"]["learned"]["test"] == record.finished.losses.test
    assert np.shape(found["mixing matrices"]) == (3, 10, 10)


def test_findings_stand_in_the_json_of_a_run() -> None:
    record = record_from(tiny())
    assert json.loads(to_json(record))["findings"] == json.loads(json.dumps(findings(record)))


def test_a_run_that_has_done_nothing_has_found_nothing() -> None:
    record = record_from(tiny())
    begun = RunRecord.__new__(RunRecord)
    begun.__dict__.update({**vars(record), "meta_iterations": []})
    assert findings(begun) == {}
