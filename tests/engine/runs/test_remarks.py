from experiments_for_tests import events_of, record_of, tiny

from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.runs.remarks import remarks
from engine.tasks.catalogue import make_task


def without_effect() -> Experiment:
    """Momentum decays are free, and with learning rates of zero nothing moves."""
    return tiny(
        {
            "hyperparameters.learning_rates.free": "false",
            "hyperparameters.learning_rates.initial": "0",
            "hyperparameters.decays.free": "true",
        }
    )


def test_a_hypergradient_that_stays_zero_is_remarked_on() -> None:
    [remark] = remarks(record_of(events_of(without_effect())))
    assert remark.startswith("The hypergradient has been zero since meta-iteration 0: ")
    assert "validation loss" in remark


def test_nothing_is_remarked_while_there_is_something_to_learn_or_of_a_sweep() -> None:
    assert not [*remarks(record_of(events_of(tiny())))]
    sweep = override(load_experiment("chaos"), {"meta.iterations": "2", "training.iterations": "3"})
    assert not [*remarks(record_of(events_of(sweep)))]


def test_a_minibatch_larger_than_the_data_is_told_with_what_is_used() -> None:
    task = make_task(tiny({"training.batch_size": "100000"}))
    count = len(task.split.train.targets)
    [note] = task.data.notes
    assert note == (
        f"A minibatch of 100,000 would be more than the {count:,} examples to train on; every "
        "iteration uses all of them."
    )
    assert not make_task(tiny({"training.batch_size": str(count)})).data.notes
