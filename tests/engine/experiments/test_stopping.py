"""What an experiment says of stopping early."""

import pytest
from experiments_for_tests import FIXED, sentence, tiny

from engine.errors import InputError
from engine.experiments.changeable import changeable
from engine.experiments.changes import in_words
from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override, parse_experiment, to_toml
from engine.experiments.stopping import Stopping
from engine.forecasting.models import FORECASTERS

TRIALS = {**FIXED, "hyperparameters.learning_rates.free": "true", "meta.optimizer": "random"}


def test_it_is_off_and_not_written() -> None:
    experiment = tiny()
    assert experiment.stopping.when == "off"
    assert "stopping" not in to_toml(experiment)


def test_it_is_written_and_read_back() -> None:
    told = {"stopping.when": "ask", "stopping.by_hand": '["7:120", "9"]'}
    experiment = tiny(told)
    assert parse_experiment(to_toml(experiment), "again") == experiment
    assert experiment.stopping.places == {7: 120, 9: 0}
    assert Stopping().with_place(7, 120) == ("7:120",)
    assert Stopping(by_hand=("1",)).with_place(9) == ("1", "9")


def test_the_models_are_those_of_the_catalogue() -> None:
    for name in FORECASTERS:
        assert Stopping(model=name).model == name  # type: ignore[arg-type]
    choices = Stopping.model_fields["model"].annotation.__args__  # type: ignore[union-attr]
    assert set(choices) == set(FORECASTERS)


@pytest.mark.parametrize(
    ("changes", "field", "part"),
    [
        ({"meta.optimizer": "sweep"}, "stopping.when", "do not compete"),
        ({"meta.optimizer": "none"}, "stopping.when", "do not compete"),
        ({**TRIALS, "stopping.points": "5"}, "stopping.least", "at most 5"),
        ({"stopping.by_hand": '["7-9"]'}, "stopping.by_hand", "7-9"),
        ({"stopping.threshold": "1.0"}, "stopping.threshold", "less than 1"),
    ],
)
def test_what_cannot_be_is_answered_in_one_sentence(
    changes: dict[str, str], field: str, part: str
) -> None:
    with pytest.raises(InputError) as error:
        tiny({"stopping.when": "automatic", **changes})
    assert field in str(error.value)
    assert part in sentence(error)


def test_real_time_is_never_stopped() -> None:
    with pytest.raises(InputError, match="one training run") as error:
        override(load_experiment("real-time"), {"stopping.when": "automatic"})
    assert error.value.field == "stopping.when"


def test_there_is_no_accuracy_of_numbers() -> None:
    with pytest.raises(InputError, match="whose accuracy is not measured"):
        override(load_experiment("kernel-ridge"), {"stopping.judged_by": "accuracy"})


@pytest.mark.parametrize("optimizer", ["adam", "random", "grid"])
def test_it_may_change_during_a_run(optimizer: str) -> None:
    experiment: Experiment = tiny({**TRIALS, "meta.optimizer": optimizer})
    assert "stopping.when" in changeable(experiment)
    told = in_words({"stopping.when": "automatic", "stopping.threshold": 0.1}, experiment)
    assert "automatic" in told
    assert "0.1" in told
