"""Momentum decays of 0: allowed wherever nothing is reversed."""

import json

import autograd.numpy as anp
import numpy as np
import pytest
from experiments_for_tests import FIXED, events_of, record_of, tiny

import engine
from engine.errors import InputError
from engine.experiments.contenders import usual_contenders
from engine.hypergradients.catalogue import METHODS
from engine.output.files import to_json
from engine.runs.checks import check
from engine.runs.replay import Replay, replay_key

T = 12
W0 = np.array([0.5, -0.3, 0.8])
RATES = np.linspace(0.05, 0.15, T)
WITHOUT_REVERSAL = [
    name
    for name, method in METHODS.items()
    if "reversible" not in method.needs and "implicit" not in name
]
GIVE_SCHEDULES = [name for name in WITHOUT_REVERSAL if name != "truncated"]


def training_loss(w, theta, t):
    return anp.sum(anp.cosh(w - 0.1 * t)) + theta[0] * anp.sum(w**2)


def validation_loss(w, theta):
    return anp.sum((w - 0.7) ** 2) + theta[0] * w[0]


def result_of(method: str, decays: np.ndarray, **changes):
    return engine.hypergradient(
        training_loss,
        validation_loss,
        W0,
        learning_rates=RATES,
        decays=decays,
        theta=np.array([0.1]),
        method=method,
        **changes,
    )


@pytest.mark.parametrize("method", GIVE_SCHEDULES)
def test_without_momentum_it_is_plain_gradient_descent(method: str) -> None:
    found = result_of(method, np.zeros(T)).gradient
    plain = engine.hypergradient(
        training_loss,
        validation_loss,
        W0,
        learning_rates=RATES,
        theta=np.array([0.1]),
        method="stored-trajectory",
        dynamics="gradient-descent",
    ).gradient
    np.testing.assert_allclose(found.learning_rates, plain.learning_rates, rtol=1e-6, atol=1e-10)
    np.testing.assert_allclose(found.theta, plain.theta, rtol=1e-6)


@pytest.mark.parametrize("method", ["stored-trajectory", "checkpointed", "forward"])
def test_the_derivative_by_a_decay_of_0_is_the_one_sided_difference(method: str) -> None:
    found = result_of(method, np.zeros(T)).gradient.decays
    step = 2.0**-12
    for t in (0, T // 2, T - 1):
        losses = []
        for times in (0, 1, 2):
            decays = np.zeros(T)
            decays[t] = times * step
            losses.append(result_of("stored-trajectory", decays).validation_loss)
        slope = (-3 * losses[0] + 4 * losses[1] - losses[2]) / (2 * step)
        assert found[t] == pytest.approx(slope, rel=1e-4, abs=1e-7)


def test_a_decay_of_0_in_one_group_and_not_in_another() -> None:
    decays = np.full((T, 2), 0.9)
    decays[:, 1] = 0.0
    groups = [slice(0, 1), slice(1, 3)]
    stored = result_of("stored-trajectory", decays, groups=groups).gradient
    forward = result_of("forward", decays, groups=groups).gradient
    np.testing.assert_allclose(forward.decays, stored.decays, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("low", [0.0, 2.0**-18])
def test_exact_reversal_refuses_it_and_names_the_methods_that_allow_it(low: float) -> None:
    with pytest.raises(InputError) as error:
        result_of("exact-reversal", np.full(T, low))
    assert error.value.field == "decays"
    assert "exact-reversal cannot undo less" in error.value.sentence
    assert "stored-trajectory" in error.value.sentence
    assert len(str(error.value)) < 300


def test_no_bits_can_bring_back_what_is_gone() -> None:
    memory = result_of("stored-trajectory", np.zeros(T)).memory
    assert memory.entropy_bits == np.inf


# In experiments

NO_MOMENTUM = {
    **FIXED,
    "hyperparameters.decays.initial": "0.0",
    "hyperparameters.decays.domain": "identity",
    "hyperparameters.learning_rates.free": "true",
}


def test_an_experiment_without_momentum_runs_and_its_numbers_are_json() -> None:
    record = record_of(events_of(tiny({**NO_MOMENTUM, "method": "stored-trajectory"})))
    told = json.loads(to_json(record))
    assert told["outcome"] == "completed"
    assert told["meta_iterations"][0]["memory"]["entropy_bits"] is None


def test_an_experiment_that_would_have_to_be_reversed_is_refused_by_its_field() -> None:
    with pytest.raises(InputError) as error:
        tiny(NO_MOMENTUM)
    assert error.value.field == "hyperparameters.decays.initial"
    assert "cannot undo less" in error.value.sentence


def test_decays_that_are_free_go_down_to_0_and_no_further() -> None:
    free = {
        **NO_MOMENTUM,
        "method": "stored-trajectory",
        "hyperparameters.decays.free": "true",
        "hyperparameters.decays.initial": "0.1",
        "meta.iterations": "6",
        "meta.optimizer": "adam",
        "meta.step": "0.3",
    }
    record = record_of(events_of(tiny(free)))
    decays = [done.hyperparameters["decays"] for done in record.meta_iterations]
    assert all(np.all((one >= 0) & (one <= 1)) for one in decays)
    assert np.all(decays[-1] == 0)
    assert record.finished is not None
    assert record.finished.outcome == "completed"


def test_exact_reversal_keeps_free_decays_where_it_can_undo_them() -> None:
    free = {
        "hyperparameters.decays.initial": "0.1",
        "hyperparameters.decays.domain": "identity",
        "hyperparameters.decays.free": "true",
        "meta.iterations": "6",
        "meta.step": "0.5",
    }
    record = record_of(events_of(tiny(free)))
    decays = np.array([done.hyperparameters["decays"] for done in record.meta_iterations])
    assert decays.min() >= 2.0**-16
    assert all(done.reversed_exactly for done in record.meta_iterations)


def test_a_moment_of_such_a_run_can_be_looked_at() -> None:
    experiment = tiny({**NO_MOMENTUM, "method": "stored-trajectory"})
    record = record_of(events_of(experiment))
    from engine.tasks.catalogue import make_task

    used = record.meta_iterations[0].hyperparameters
    replay = Replay(make_task(experiment), experiment, replay_key(experiment, 0), used)
    replay.seek(5)
    there = replay.w
    replay.seek(8)
    replay.seek(5)
    assert np.array_equal(replay.w, there)


def test_it_can_be_checked_and_compared() -> None:
    experiment = tiny({**NO_MOMENTUM, "method": "stored-trajectory"})
    assert all(found.passed for found in check(experiment))
    assert "exact-reversal" not in {one.method for one in usual_contenders(experiment)}
