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


def shown(hall: Hall, key: str) -> TextField:
    """A field, on an experiment in which it counts."""
    ship = list_experiments()
    bounded = {f"hyperparameters.interactions.{name}": value for name, value in BOUNDED.items()}
    others = [
        override(ship["moons"], OTHERS),
        *(
            override(ship["moons"], {"meta.optimizer": name, **STOPPING})
            for name in ("grid", "tpe")
        ),
        override(ship["task-interactions"], bounded),
        *by_other_methods(ship["regression"]),
    ]
    for experiment in (*ship.values(), *others):
        hall.setup.set_experiment(experiment)
        field = hall.setup.field(key)
        assert isinstance(field, TextField)
        if field.line.isEnabled():
            return field
    pytest.fail(f"{key} counts nowhere")


def test_all_kinds_of_entries_are_there(hall: Hall) -> None:
    assert {type(hall.setup.field(key)).__name__ for key in TEXTS} == {
        "TextField",
        "AmountField",
        "ScheduleField",
    }


@pytest.mark.parametrize("key", TEXTS)
def test_a_wrong_entry_is_named_as_it_was_typed(hall: Hall, qtbot: QtBot, key: str) -> None:
    field = shown(hall, key)
    for text in WRONG:
        type_into(qtbot, hall, key, text)
        if "found" in field.complaint.text():
            assert f"found “{text}”" in field.complaint.text()
    type_into(qtbot, hall, key, "1e-3x")
    assert field.complaint.text().endswith("found “1e-3x”.")


def test_a_wrong_part_of_a_list_is_named_alone(hall: Hall, qtbot: QtBot) -> None:
    hall.setup.set_experiment(list_experiments()["schedules"])
    type_into(qtbot, hall, "model.hidden", "50; 030000, 7")
    assert hall.setup.field("model.hidden").complaint.text().endswith("found “030000”.")
