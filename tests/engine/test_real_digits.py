from real_data import real_digits_path

from engine.events import MetaIterationDone
from engine.experiments import validate
from engine.meta import optimize


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
    done = [event for event in optimize(experiment) if isinstance(event, MetaIterationDone)]
    assert done[0].hyperparameters.learning_rates.size == 800
    assert all(event.reversed_exactly for event in done)
    assert done[-1].losses.training * 1.5 <= done[0].losses.training
