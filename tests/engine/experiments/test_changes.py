import json
import pickle

import pytest
from experiments_for_tests import sentence, tiny, tiny_with_everything_free

from engine.errors import InputError
from engine.experiments.changeable import changeable
from engine.experiments.changes import Change, changed, differences, in_words
from engine.experiments.fields import descriptions
from engine.experiments.files import load_experiment

CHANGES = {
    "meta.step": 0.25,
    "meta.iterations": 1200,
    "meta.seeds": 2,
    "hyperparameters.decays.free": False,
    "hyperparameters.learning_rates.free": True,
    "meta.beta1_decay": 0.5,
}


def test_a_change_makes_another_experiment_and_differs_by_its_own_fields_alone() -> None:
    before = tiny({"hyperparameters.learning_rates.free": "false"})
    after = changed(before, CHANGES)
    assert differences(before, after) == CHANGES
    assert changed(after, differences(after, before)) == before


def test_a_change_in_words_has_names_that_the_set_up_has() -> None:
    assert in_words(CHANGES, tiny()) == (
        "step size 0.25, 1,200 meta-iterations, seeds averaged 2, momentum decays fixed, "
        "learning rates free, decay of β₁ 0.5"
    )
    assert in_words({"hyperparameters.l2_penalties.free": True}, tiny()) == "L2 penalties free"


def test_the_help_and_the_tip_of_a_field_say_whether_it_can_be_changed_during_a_run() -> None:
    said = "Can be changed during a run."
    for key, what in descriptions().items():
        assert what.may_change == (key in changeable())
        assert (said in what.full_tip) == (said in what.full_text) == what.may_change


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"training.iterations": 9}, "training.iterations: expected no change during a run"),
        ({"meta.new_seed": True}, "meta.new_seed: expected no change during a run"),
        ({"meta.stepp": 0.1}, "meta.stepp: there is no such field; did you mean meta.step?"),
        ({"meta.step": 0}, "meta.step: expected a number of more than 0"),
        ({"meta.step": "0.1"}, "meta.step: expected a number of more than 0"),
        ({"meta.iterations": 0}, "meta.iterations: expected a whole number from 1"),
        ({"hyperparameters.l2_penalties.free": False}, "meta.penalty: expected 0"),
        ({"hyperparameters.sharing.free": True}, "hyperparameters.sharing.free: expected false"),
    ],
)
def test_what_may_not_change_is_refused_in_one_sentence(
    settings: dict[str, object], expected: str
) -> None:
    with pytest.raises(InputError) as error:
        changed(tiny_with_everything_free({"meta.penalty": "0.5"}), settings)
    assert sentence(error).startswith(expected)


@pytest.mark.parametrize("name", ["chaos", "initial-hypergradient"])
def test_a_sweep_and_an_average_change_only_in_length(name: str) -> None:
    experiment = load_experiment(name)
    assert changed(experiment, {"meta.iterations": 3}).meta.iterations == 3
    with pytest.raises(InputError) as error:
        changed(experiment, {"hyperparameters.decays.free": True})
    assert "have to be alike" in sentence(error)


def test_a_change_cannot_be_changed_and_travels() -> None:
    given = {"meta.step": 0.1}
    change = Change(3, given)
    given["meta.step"] = 0.2
    assert dict(change.settings) == {"meta.step": 0.1}
    with pytest.raises(TypeError):
        change.settings["meta.step"] = 0.3  # type: ignore[index]
    assert pickle.loads(pickle.dumps(change)) == change
    assert json.loads(json.dumps(dict(change.settings))) == {"meta.step": 0.1}
