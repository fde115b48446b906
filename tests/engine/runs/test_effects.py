import re

import numpy as np
import pytest
from experiments_for_tests import events_of, record_of, tiny

from engine.experiments.files import load_experiment, override
from engine.runs.effects import largest_effect
from engine.runs.records import RunRecord


def after_one_step(changes: dict[str, str]) -> RunRecord:
    experiment = override(load_experiment("toy"), {"meta.iterations": "1", **changes})
    return record_of(events_of(experiment))


def test_the_change_that_is_told_is_what_training_again_finds() -> None:
    told = largest_effect(after_one_step({}))
    found = re.fullmatch(
        r"(Raising|Lowering) the (.+) of iteration (\d+) by 1 % "
        r"would lower the training loss by (.+)",
        told,
    )
    assert found is not None
    way, name, place, change = found.groups()
    kind = {"learning rate": "learning_rates", "momentum decay": "decays"}[name]
    first = after_one_step({})
    values = first.initial[kind][:, 0].copy()
    values[int(place)] *= 1.01 if way == "Raising" else 0.99
    setting = f"hyperparameters.{kind}.initial"
    moved = after_one_step({setting: repr(np.minimum(values, 0.9999).tolist())})
    losses = [one.meta_iterations[0].measures["training_loss"] for one in (first, moved)]
    assert losses[0] - losses[1] == pytest.approx(float(change), rel=0.2)


def test_where_no_schedule_is_free_there_is_nothing_to_tell() -> None:
    changes = {
        "hyperparameters.learning_rates.free": "false",
        "hyperparameters.decays.free": "false",
        "hyperparameters.l2_penalties.free": "true",
    }
    assert largest_effect(record_of(events_of(tiny(changes)))) == ""


def test_one_value_for_all_iterations_is_told_without_an_iteration() -> None:
    told = largest_effect(
        after_one_step(
            {
                "hyperparameters.learning_rates.granularity": "one",
                "hyperparameters.decays.free": "false",
            }
        )
    )
    assert re.match("(Raising|Lowering) the learning rate by 1 %", told)
