"""Real digits at full size; `experiments/test_shipped.py` says the same of a stand-in."""

from contextlib import closing

import pytest
from experiments_for_tests import done, finished, run
from real_data import real_digits_path

from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.experiments.problems import validate
from engine.runs.events import MetaIterationDone
from engine.runs.run import optimize

pytestmark = pytest.mark.long


def until_loss_is(share: float, experiment: Experiment) -> list[MetaIterationDone]:
    """The meta-iterations of a run, up to the first with that share of the first's training loss.

    Fails if the run is over before.
    """
    steps: list[MetaIterationDone] = []
    with closing(optimize(experiment)) as events:
        for step in (event for event in events if isinstance(event, MetaIterationDone)):
            steps.append(step)
            if step.losses.training <= share * steps[0].losses.training:
                return steps
    last = steps[-1].losses.training / steps[0].losses.training
    raise AssertionError(f"{last:.3f} of the loss is left after {len(steps)} meta-iterations")


def test_eight_hundred_learning_rates_learn_real_digits_and_every_reversal_is_exact() -> None:
    experiment = validate(
        {
            "data": {
                "file": str(real_digits_path()),
                "train": 9000,
                "validation": 500,
                "test": 500,
                "scaling": "none",
            },
            "model": {"hidden": [50, 50, 50]},
            "training": {"iterations": 100, "batch_size": 200},
            "hyperparameters": {
                "learning_rates": {
                    "initial": 0.36787944117144233,
                    "free": True,
                    "granularity": "iteration and group",
                },
                "decays": {"initial": 0.5, "domain": "logit"},
                "initial_scales": {"initial": 0.049787068367863944},
                "l2_penalties": {"initial": 0.0},
            },
            "meta": {"step": 0.04, "iterations": 20, "objective": "training", "new_seed": True},
        }
    )
    steps = until_loss_is(1 / 1.5, experiment)
    assert steps[0].hyperparameters["learning_rates"].size == 800
    assert all(step.reversed_exactly for step in steps)


@pytest.fixture
def at_full_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real digits are at hand."""
    monkeypatch.setenv("RETROGRADE_DATA", str(real_digits_path().parent))


def full_size(name: str) -> Experiment:
    experiment = load_experiment(name)
    assert experiment.data.source == "mnist-test"
    return experiment


@pytest.mark.usefixtures("at_full_size")
def test_fifteen_meta_iterations_of_the_schedules_halve_the_loss() -> None:
    steps = until_loss_is(1 / 2, override(full_size("schedules"), {"meta.iterations": "15"}))
    assert all(step.reversed_exactly for step in steps)


@pytest.mark.long
@pytest.mark.usefixtures("at_full_size")
def test_fifty_meta_iterations_of_the_schedules_leave_a_third_of_the_loss() -> None:
    events = run(full_size("schedules"))
    assert finished(events).losses.training <= done(events)[0].losses.training / 3
    assert all(step.reversed_exactly for step in done(events))


@pytest.mark.usefixtures("at_full_size")
def test_ten_learned_images_teach_to_read_real_digits_kept_aside() -> None:
    experiment = full_size("learned-data")
    assert experiment.data.test == 2000
    assert finished(run(experiment)).losses.test_accuracy > 0.88


@pytest.mark.long
@pytest.mark.usefixtures("at_full_size")
def test_learned_weights_win_back_most_of_what_wrong_labels_of_real_digits_cost() -> None:
    experiment = full_size("hyper-cleaning")
    assert (experiment.data.train, experiment.meta.seeds) == (2500, 3)
    last = finished(run(experiment))
    assert last.losses["f1"] >= 0.90
    oracle, every = (last.baselines[name].test_accuracy for name in ("oracle", "all examples"))
    assert last.losses.test_accuracy - every >= 0.75 * (oracle - every)
