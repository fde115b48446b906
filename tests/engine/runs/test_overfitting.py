"""A sentence where the validation set is overfitted."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from experiments_for_tests import events_of, record_of, tiny

from engine.experiments.files import load_experiment
from engine.experiments.measures import Measures
from engine.output.findings import findings
from engine.runs.overfitting import overfitting
from engine.runs.remarks import remarks


def told(validation: Sequence[float], test: Sequence[float | None], **changes: str) -> Any:
    """A record of a run with these losses."""
    done = [
        SimpleNamespace(measures=Measures({"validation_loss": v, "test_loss": t}))
        for v, t in zip(validation, test, strict=True)
    ]
    experiment = tiny({key.replace("__", "."): value for key, value in changes.items()})
    return SimpleNamespace(experiment=experiment, meta_iterations=done, finished=None)


def test_a_few_validation_examples_for_many_penalties_are_overfitted_and_it_is_said() -> None:
    record = record_of(events_of(load_experiment("hoag-per-input")))
    found = overfitting(record)
    assert found is not None
    assert found.since < 10
    assert found.validation[1] < 0.8 * found.validation[0]
    assert found.test[1] > 1.05 * found.test[0]
    assert found.sentence in remarks(record)
    assert findings(record)["overfitting"] == found.sentence
    assert found.sentence.startswith(
        f"The validation set is overfitted: since meta-iteration {found.since} "
    )
    assert len(found.sentence) < 300


def test_one_penalty_of_the_same_kind_is_not() -> None:
    assert overfitting(record_of(events_of(load_experiment("hoag")))) is None


@pytest.mark.parametrize(
    ("validation", "test", "is_said"),
    [
        ([1.0, 0.9, 0.8, 0.7, 0.6], [1.0, 0.9, 0.91, 0.95, 1.0], True),
        ([1.0, 0.9, 0.8, 0.7, 0.6], [1.0, 0.9, 0.91, 0.91, 0.91], False),  # hardly higher
        ([1.0, 0.9, 0.9, 0.9, 0.9], [1.0, 0.9, 0.91, 0.95, 1.0], False),  # nothing was gained
        ([1.0, 0.9, 0.8, 0.7, 0.6], [1.0, 0.9, 0.8, 0.7, 1.0], False),  # only just now
        ([1.0, 0.9, 0.8, 0.7, 0.6], [None] * 5, False),
        ([1.0, float("inf"), 0.8, 0.7, 0.6], [1.0, 0.9, 0.91, 0.95, 1.0], False),
    ],
)
def test_it_takes_a_gain_there_and_a_loss_here(
    validation: list[float], test: list[float | None], is_said: bool
) -> None:
    assert (overfitting(told(validation, test)) is not None) == is_said


def test_what_hardly_matters_is_not_overfitting() -> None:
    falling, rising = [1.0, 0.5, 0.15, 0.1, 0.08, 0.06], [0.3, 0.2, 0.1, 0.12, 0.15, 0.2]
    assert overfitting(told(falling, rising)) is not None
    assert overfitting(told([1.0, 0.5, 0.050, 0.049, 0.048, 0.047], rising)) is None
    assert overfitting(told(falling, [0.3, 0.2, 0.1, 0.11, 0.12, 0.12])) is None


def test_what_is_not_learned_from_the_validation_part_does_not_overfit_it() -> None:
    losses = [1.0, 0.9, 0.8, 0.7, 0.6], [1.0, 0.9, 0.91, 0.95, 1.0]
    assert overfitting(told(*losses, meta__objective="training")) is None
    assert overfitting(told(*losses, meta__optimizer="none")) is None


def test_episodes_have_no_validation_set_that_could_be_overfitted() -> None:
    losses = [1.0, 0.9, 0.8, 0.7, 0.6], [1.0, 0.9, 0.91, 0.95, 1.0]
    record = told(*losses)
    assert overfitting(record) is not None
    record.experiment = load_experiment("hyper-representation")
    assert overfitting(record) is None
