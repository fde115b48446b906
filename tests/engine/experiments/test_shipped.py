"""What the gallery offers keeps what its cards promise."""

import tomllib
from importlib import resources
from typing import Any

import pytest
from experiments_for_tests import done, finished, run

from engine.experiments import files
from engine.experiments.experiment import Experiment
from engine.experiments.files import list_experiments, load_experiment, override
from engine.experiments.shipped import shipped_texts
from engine.hypergradients.catalogue import METHODS

NAMES = list(list_experiments())
PAPER = (
    "toy",
    "schedules",
    "initial-hypergradient",
    "pixel-penalties",
    "learned-data",
    "weight-sharing",
    "chaos",
)
KEPT = (*PAPER, "one-number", "regression", "moons", "momentum", "spirals", "long-way-back")
UNLIKE = ("weight-sharing", "hyper-representation", "real-time")
"""They draw anew each time, or are not reversed."""
MOVING = [
    name
    for name, experiment in list_experiments().items()
    if experiment.meta.optimizer not in ("sweep", "none") and name not in UNLIKE
]


def test_names_that_were_released_stay() -> None:
    assert set(KEPT) <= set(NAMES)


def test_the_first_paper_goes_from_two_weights_to_eight_hundred_learning_rates() -> None:
    assert NAMES[0] == "toy"
    assert NAMES.index("schedules") >= 8


def test_files_are_named_after_the_experiments_in_them() -> None:
    for file in (resources.files("resources") / "experiments").iterdir():
        name = tomllib.loads(file.read_text(encoding="utf-8"))["name"]
        assert file.name[2:] == f"-{name}.toml"


@pytest.mark.parametrize("name", NAMES)
def test_title_and_description_fit_on_a_card(name: str) -> None:
    [own] = [text for text in map(tomllib.loads, shipped_texts().values()) if text["name"] == name]
    assert len(own["title"]) <= 42
    assert 40 < len(own["description"]) < 230
    assert own["description"].endswith(".")


def test_the_initial_scales_are_tuned_with_the_schedules() -> None:
    """One run, of which two figures of the paper show two sides; it once had two names."""
    assert load_experiment("initial-scales") == load_experiment("schedules")
    settings = load_experiment("schedules").hyperparameters
    assert {kind for kind, setting in settings.items() if setting.free} == {
        "learning_rates",
        "decays",
        "initial_scales",
    }


@pytest.mark.parametrize("name", MOVING)
def test_seven_meta_iterations_improve_the_objective_and_come_back_bit_for_bit_if_they_reverse(
    name: str,
) -> None:
    experiment = override(list_experiments()[name], {"meta.iterations": "7"})
    events = run(experiment)
    objective = experiment.meta.objective
    last = finished(events)
    assert last.outcome == "completed"
    before = getattr(done(events)[0].losses, objective)
    after = getattr(last.losses, objective)
    if after is None:  # the final model is trained on the validation part, too
        after = getattr(done(events)[-1].losses, objective)
    assert after < 0.97 * before
    came_back = True if "reversible" in METHODS[experiment.method].needs else None
    assert {step.reversed_exactly for step in done(events)} == {came_back}


def test_a_representation_is_learned_that_makes_more_of_one_drawing() -> None:
    changes = {"meta.iterations": "8", "episodes.test_number": "40"}
    shipped = load_experiment("hyper-representation", stand_in=True)
    last = finished(run(override(shipped, changes)))
    assert last.measures is not None
    learned = last.measures["test_accuracy"]
    error = 3 * last.measures["test_accuracy_error"]
    for name in ("raw pixels", "random representation"):
        assert learned > last.baselines[name]["test_accuracy"] + error


def test_what_ships_is_parsed_once_and_one_that_is_named_is_checked_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wanted = list_experiments()["regression"]
    parsed, checked = [], []
    monkeypatch.setattr(files, "read_toml", parsed.append)
    honest = files.validate

    def counting(tables: dict[str, Any]) -> Experiment:
        checked.append(tables["name"])
        return honest(tables)

    monkeypatch.setattr(files, "validate", counting)
    assert load_experiment("regression") == wanted
    assert checked == ["regression"]
    assert len(list_experiments()) > 20
    assert parsed == []
