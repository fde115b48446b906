import numpy as np
import pytest
from driving import choose_field, click, type_into
from pytestqt.qtbot import QtBot
from setup_hall import Hall

from engine.experiments.experiment import Experiment
from engine.experiments.files import list_experiments
from engine.hyperparameters.layout import Layout
from engine.runs.layouts import make_layout
from engine.tasks.catalogue import make_task

T, G = 100, 8  # of the experiment in the hall


def layout(experiment: Experiment) -> Layout:
    """How a run would read the hyperparameters; raises if it could not."""
    return make_layout(experiment, make_task(experiment))


EDITED = [
    ("learning_rates", np.linspace(0.1, 0.2, T), "iteration"),
    ("learning_rates", np.linspace(0.1, 0.2, T)[:, None], "iteration"),
    ("learning_rates", np.linspace(0.1, 0.2, T * G).reshape(T, G), "iteration and group"),
    ("learning_rates", np.linspace(0.1, 0.2, G), "group"),
    ("learning_rates", np.linspace(0.1, 0.2, G)[None, :], "group"),
    ("decays", np.linspace(0.1, 0.2, T), "iteration"),
    ("initial_scales", np.linspace(0.1, 0.2, G), "group"),
    ("l2_penalties", np.linspace(0.1, 0.2, G), "group"),
]


def test_edited_values_become_the_start_as_finely_as_they_are(hall: Hall) -> None:
    before = hall.setup.experiment()
    for kind, values, granularity in EDITED:
        hall.setup.take_hyperparameters({kind: values.tolist()})
        experiment = hall.setup.experiment()
        setting = experiment.hyperparameters[kind]
        assert setting.granularity == granularity, (kind, values.shape)
        assert np.array_equal(np.squeeze(setting.initial), np.squeeze(values))
        assert layout(experiment).shape(kind)
        assert hall.undo_action.text() == "Undo Use as initial schedule"
        hall.undo_action.trigger()
        assert hall.setup.experiment() == before


def test_one_edited_number_is_shown_as_a_number(hall: Hall) -> None:
    hall.setup.take_hyperparameters({"learning_rates": 0.25, "decays": np.float64(0.75)})
    assert hall.setup.field("hyperparameters.learning_rates.initial").line.text() == "0.25"
    assert hall.setup.experiment().hyperparameters["decays"].initial == 0.75
    hall.undo_action.trigger()
    assert not hall.setup.is_modified


def test_a_schedule_is_named_and_can_be_edited_or_typed_over(qtbot: QtBot, hall: Hall) -> None:
    field = hall.setup.field("hyperparameters.learning_rates.initial")
    assert not field.edit.isVisible()
    hall.setup.take_hyperparameters({"learning_rates": [0.1] * T})
    assert field.line.placeholderText() == "schedule"
    own = list_experiments()["schedules"].hyperparameters["learning_rates"].initial
    assert field.toolTip().endswith(f"{own} in the experiment")
    with qtbot.waitSignal(hall.setup.edit_requested) as asked:
        click(qtbot, field.edit)
    assert asked.args == ["learning_rates"]
    type_into(qtbot, hall, field.key, "0.5")
    assert hall.setup.experiment().hyperparameters["learning_rates"].initial == 0.5
    assert not field.edit.isVisible()
    assert field.line.placeholderText() == ""
    hall.undo_action.trigger()
    assert field.edit.isVisible()
    assert hall.setup.experiment().hyperparameters["learning_rates"].initial == (0.1,) * T


@pytest.mark.parametrize("iterations", ["99", "1000"])
def test_a_schedule_of_another_length_is_marked_at_once(
    qtbot: QtBot, hall: Hall, iterations: str
) -> None:
    hall.setup.take_hyperparameters({"learning_rates": [0.1] * T})
    assert hall.setup.is_ready
    type_into(qtbot, hall, "training.iterations", iterations)
    complaint = hall.setup.field("hyperparameters.learning_rates.initial").complaint
    assert complaint.isVisible()
    wanted = f"{int(iterations):,}"
    assert complaint.text() == (
        f"Expected one number or {wanted}, one for each iteration; found 100 numbers."
    )
    assert not hall.setup.is_ready
    assert list(hall.setup.problems) == ["hyperparameters.learning_rates.initial"]
    type_into(qtbot, hall, "training.iterations", "100")
    assert not complaint.isVisible()
    assert hall.setup.is_ready


def test_a_schedule_that_is_set_less_finely_is_marked_at_once(qtbot: QtBot, hall: Hall) -> None:
    hall.setup.take_hyperparameters({"decays": [0.5] * T})
    choose_field(qtbot, hall, "hyperparameters.decays.granularity", "one")
    complaint = hall.setup.field("hyperparameters.decays.initial").complaint
    assert complaint.text() == "Expected one number; found 100 numbers."


def test_scales_of_the_groups_of_another_network_are_marked_at_once(
    qtbot: QtBot, hall: Hall
) -> None:
    hall.setup.take_hyperparameters({"initial_scales": [0.1] * G})
    type_into(qtbot, hall, "model.hidden", "50, 50")
    complaint = hall.setup.field("hyperparameters.initial_scales.initial").complaint
    assert complaint.text() == "Expected one number or 6, one for each group; found 8 numbers."
