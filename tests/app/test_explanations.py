from dataclasses import replace

import numpy as np
import pytest
from experiments_for_tests import tiny

from app.explanations import changed, explain
from engine.experiments.experiment import Experiment
from engine.experiments.files import list_experiments, override
from engine.runs.events import Divergence, MetaIterationDone, RunFinished, RunStarted
from engine.runs.records import RunRecord
from engine.runs.run import optimize

AT_ONCE = Divergence(0, 3, "layer 1 weights", "the velocity leaves ±2048")
LATE = replace(AT_ONCE, iteration=900)
CHAOTIC = Divergence(4, None, "", "its hypergradient is not finite, or beyond 1e+150")


NO_DERIVATIVE = Divergence(
    2, 7, "", "the second derivative of training_loss by w is not finite", smaller_steps_help=False
)


def run(experiment: Experiment) -> RunRecord:
    record = None
    for event in optimize(experiment):
        if isinstance(event, RunStarted):
            record = RunRecord(event)
        elif record:
            record.add(event)
    assert record is not None
    return record


def labels(divergence: Divergence, experiment: Experiment) -> list[str]:
    return [one.label.partition(" (")[0] for one in explain(divergence, experiment).what_to_try]


def test_what_and_where_is_said_in_words() -> None:
    sentence = explain(AT_ONCE, tiny()).sentence
    assert "at iteration 3 the velocity leaves ±2048, in layer 1 weights" in sentence
    assert "with the initial hyperparameters" in sentence
    assert sentence.endswith("The steps are too large for this loss.")


def test_where_there_is_no_derivative_nothing_is_suggested_that_would_not_help() -> None:
    sentence, what_to_try = explain(NO_DERIVATIVE, tiny())
    assert sentence.startswith("In meta-iteration 2, the second derivative of training_loss by w")
    assert "at iteration 7" in sentence
    assert "step" not in sentence
    assert not what_to_try


@pytest.mark.parametrize(("kind", "what"), [("l2_penalties", "L2 penalties")])
def test_a_pull_that_is_too_strong_is_to_be_weaker_first(kind: str, what: str) -> None:
    strong = tiny({f"hyperparameters.{kind}.initial": "1000", "meta.iterations": "1"})
    record = run(tiny({"meta.iterations": "1"}))
    record.meta_iterations = []
    first, *others = explain(AT_ONCE, strong, record).what_to_try
    assert first.label.startswith(f"Divide the {what} by ")
    weaker = changed(strong, first.key, first.value)
    assert explain(AT_ONCE, weaker, record).what_to_try[0] == others[0]


def test_a_start_that_is_too_fast_asks_for_smaller_values_and_not_for_a_smaller_meta_step() -> None:
    assert labels(AT_ONCE, tiny()) == [
        "Divide the learning rate by 10",
        "Divide the learning rate by 100",
        "Halve the initial scale",
    ]
    assert labels(LATE, tiny()) == [
        "Halve the learning rate",
        "Fewer iterations",
        "Halve the initial scale",
    ]


@pytest.mark.parametrize(
    ("rate", "offered"), [(0.3, [0.03, 0.003]), (100.0, [1.0, 0.1]), (600.0, [0.6, 0.06])]
)
def test_a_rate_that_diverges_at_once_is_far_from_those_that_are_offered(
    rate: float, offered: list[float]
) -> None:
    key = "hyperparameters.learning_rates.initial"
    found = explain(AT_ONCE, override(tiny(), {key: str(rate)})).what_to_try
    assert [one.value for one in found if one.key == key] == pytest.approx(offered)


@pytest.mark.parametrize("name", ["regression", "schedules"])
def test_one_of_the_rates_that_are_offered_instead_of_100_does_not_diverge(name: str) -> None:
    key = "hyperparameters.learning_rates.initial"
    few = {key: "100.0", "training.iterations": "20", "meta.iterations": "1"}
    experiment = override(list_experiments()[name], few)
    record = run(experiment)
    assert record.finished is not None
    assert record.finished.divergence is not None
    suggestions = explain(record.finished.divergence, experiment, record).what_to_try
    rates = [one.value for one in suggestions if one.key == key]
    assert any(not run(changed(experiment, key, rate)).diverged for rate in rates)


def test_where_training_always_starts_at_the_same_place_a_rate_far_smaller_is_offered() -> None:
    key = "hyperparameters.learning_rates.initial"
    experiment = override(list_experiments()["toy"], {key: "100.0"})
    record = run(experiment)
    assert record.finished is not None
    assert record.finished.divergence is not None
    suggestions = explain(record.finished.divergence, experiment, record).what_to_try
    assert [one.key for one in suggestions] == 3 * [key]
    assert not run(changed(experiment, key, suggestions[-1].value)).diverged


def test_a_divergence_of_no_single_group_names_none() -> None:
    sentence = explain(replace(AT_ONCE, group=""), tiny()).sentence
    assert "at iteration 3 the velocity leaves ±2048. " in sentence


def test_the_new_values_are_worked_out_from_the_experiment() -> None:
    experiment = override(
        list_experiments()["spirals"],
        {"hyperparameters.learning_rates.initial": "0.3", "training.iterations": "1001"},
    )
    found = {one.key: (one.label, one.value) for one in explain(LATE, experiment).what_to_try}
    assert found["hyperparameters.learning_rates.initial"] == (
        "Halve the learning rate (0.3 → 0.15)",
        0.15,
    )
    assert found["training.iterations"] == ("Fewer iterations (1,001 → 500)", 500)


@pytest.mark.parametrize("name", list(list_experiments()))
@pytest.mark.parametrize("divergence", [AT_ONCE, CHAOTIC], ids=["at once", "chaotic"])
def test_every_suggestion_is_an_experiment_that_differs_in_that_field_alone(
    name: str, divergence: Divergence
) -> None:
    experiment = list_experiments()[name]
    suggestions = explain(divergence, experiment).what_to_try
    assert suggestions
    for one in suggestions:
        new = changed(experiment, one.key, one.value)
        assert new != experiment
        table, field = one.key.rsplit(".", 1)
        before = experiment.model_dump()
        for part in table.split("."):
            before = before[part]
        assert changed(new, one.key, before[field]) == experiment


def test_a_schedule_is_halved_whole_and_keeps_its_length() -> None:
    schedule = {
        "hyperparameters.learning_rates.granularity": "iteration",
        "hyperparameters.learning_rates.initial": "[0.2, 0.4, 0.6, 0.8]",
        "training.iterations": "4",
    }
    found = explain(LATE, override(list_experiments()["spirals"], schedule)).what_to_try
    assert [one.key for one in found] == [
        "hyperparameters.learning_rates.initial",
        "hyperparameters.initial_scales.initial",
    ]
    assert found[0].value == (0.1, 0.2, 0.3, 0.4)
    assert found[0].label == "Halve the learning rate (the whole schedule)"


def test_chaos_asks_for_fewer_iterations_first() -> None:
    explanation = explain(CHAOTIC, tiny())
    assert "chaotic in meta-iteration 4" in explanation.sentence
    assert explanation.what_to_try[0].key == "training.iterations"


def test_a_run_that_went_well_at_first_asks_for_a_smaller_meta_step() -> None:
    fast = override(list_experiments()["regression"], {"meta.step": "5", "meta.optimizer": "adam"})
    record = run(fast)
    assert isinstance(record.finished, RunFinished)
    assert record.finished.outcome == "diverged"
    assert record.finished.divergence is not None
    assert isinstance(record.meta_iterations[0], MetaIterationDone)
    explanation = explain(record.finished.divergence, fast, record)
    assert explanation.what_to_try[0] == ("Halve the meta-step (5 → 2.5)", "meta.step", 2.5)
    done = len(record.meta_iterations)
    assert f"in meta-iteration {done}" in explanation.sentence
    largest = np.max(np.abs(record.current["learning_rates"]))
    if largest > 1.2 * np.max(np.abs(record.initial["learning_rates"])):
        assert f"to {largest:.3g}" in explanation.sentence


def test_halving_the_learning_rate_helps_in_the_end() -> None:
    experiment = override(
        list_experiments()["regression"],
        {"hyperparameters.learning_rates.initial": "600", "meta.iterations": "1"},
    )
    record = run(experiment)
    halvings = 0
    while record.diverged and halvings < 20:
        assert record.finished is not None
        assert record.finished.divergence is not None
        [first, *_] = explain(record.finished.divergence, experiment, record).what_to_try
        experiment = changed(experiment, first.key, first.value)
        record = run(experiment)
        halvings += 1
    assert 0 < halvings < 20


def test_a_method_that_finds_nothing_where_training_went_well_says_so_itself() -> None:
    experiment = override(
        list_experiments()["six-ways"],
        {"method": "implicit-neumann", "hypergradient.step": "1e9", "meta.iterations": "1"},
    )
    record = run(experiment)
    assert record.finished is not None
    assert record.finished.divergence is not None
    explanation = explain(record.finished.divergence, experiment, record)
    assert "Neumann series diverges with the step 1e+09" in explanation.sentence
    assert "although the parameters are" not in explanation.sentence
    assert explanation.what_to_try == []
