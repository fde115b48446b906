"""What is said of a wrong entry names it as it was typed, in every field."""

import pytest
from driving import type_into
from pytestqt.qtbot import QtBot
from setup_hall import Hall

from app.setup.fields import TextField
from engine.experiments.experiment import Experiment
from engine.experiments.fields import descriptions
from engine.experiments.files import list_experiments, override
from engine.experiments.method_options import options_of
from engine.experiments.problems import validate
from engine.hypergradients.catalogue import METHODS

TEXTS = [
    key
    for key, what in descriptions().items()
    if not what.choices and not {bool, str} & {*what.values.types}
]
WRONG = ("1e-3x", "1,5 0", "O'Neill\\", "1_000", "-1e-2", "-0.10", "1e400")
OTHERS = {  # in which fields count that count in no experiment that ships
    "meta.optimizer": "rmsprop",
    "hyperparameters.l2_penalties.free": "true",
    "hyperparameters.l2_penalties.domain": "identity",
    "hyperparameters.l2_penalties.constraint": "L1 ball",
    "hyperparameters.l2_penalties.bound": "3.0",
}


STOPPING = {"stopping.when": "automatic"}
BOUNDED = {"constraint": "L1 ball", "bound": "1"}


def by_other_methods(experiment: Experiment) -> list[Experiment]:
    """The same with each of the methods that are told something."""
    free = {
        "hyperparameters.learning_rates.free": "false",
        "hyperparameters.decays.free": "false",
    }
    return [override(experiment, {"method": name, **free}) for name in METHODS if options_of(name)]


def of_one_s_own() -> Experiment:
    """An experiment with a file that declares as many hyperparameters as it may."""
    theta = [{"name": name, "least": 1.0, "greatest": 1.0} for name in "abcd"]
    groups = [{"name": "all", "start": 0, "stop": 3}]
    return validate({"problem": {"file": "mine.py", "groups": groups, "theta": theta}})


def where_each_counts(hall: Hall) -> dict[str, Experiment]:
    """For each field an experiment in which it counts."""
    ship = hall.setup.shipped
    bounded = {f"hyperparameters.interactions.{name}": value for name, value in BOUNDED.items()}
    others = [
        override(ship["moons"], OTHERS),
        *(
            override(ship["moons"], {"meta.optimizer": name, **STOPPING})
            for name in ("grid", "tpe")
        ),
        override(ship["task-interactions"], bounded),
        *by_other_methods(ship["regression"]),
        of_one_s_own(),
    ]
    found: dict[str, Experiment] = {}
    for experiment in (*ship.values(), *others):
        hall.setup.set_experiment(experiment)
        for key in TEXTS:
            field = hall.setup.field(key)
            assert isinstance(field, TextField)
            if field.line.isEnabled():
                found.setdefault(key, experiment)
    return found


@pytest.fixture(scope="module")
def known() -> dict[str, Experiment]:
    """What `where_each_counts` found, once it was asked."""
    return {}


def test_all_kinds_of_entries_are_there(hall: Hall) -> None:
    assert {type(hall.setup.field(key)).__name__ for key in TEXTS} == {
        "TextField",
        "AmountField",
        "ScheduleField",
    }


@pytest.mark.parametrize("key", TEXTS)
def test_a_wrong_entry_is_named_as_it_was_typed(
    hall: Hall, qtbot: QtBot, known: dict[str, Experiment], key: str
) -> None:
    known.update(known or where_each_counts(hall))
    assert key in known, "it counts nowhere"
    hall.setup.set_experiment(known[key])
    field = hall.setup.field(key)
    assert isinstance(field, TextField)
    first_of_its_kind = next(one for one in TEXTS if type(hall.setup.field(one)) is type(field))
    place = TEXTS.index(key) % len(WRONG)
    for text in WRONG if key == first_of_its_kind else WRONG[place : place + 1]:
        type_into(qtbot, hall, key, text)
        if "found" in field.complaint.text():
            assert f"found “{text}”" in field.complaint.text()
    type_into(qtbot, hall, key, "1e-3x")
    assert field.complaint.text().endswith("found “1e-3x”.")


def test_a_wrong_part_of_a_list_is_named_alone(hall: Hall, qtbot: QtBot) -> None:
    hall.setup.set_experiment(list_experiments()["schedules"])
    type_into(qtbot, hall, "model.hidden", "50; 030000, 7")
    assert hall.setup.field("model.hidden").complaint.text().endswith("found “030000”.")
