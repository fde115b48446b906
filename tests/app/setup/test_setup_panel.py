from pathlib import Path

import pytest
from driving import choose_field, click, tick, type_into
from pytestqt.qtbot import QtBot
from setup_hall import Hall

from engine.experiments.experiment import Experiment
from engine.experiments.files import list_experiments, load_experiment

WRONG = [
    ("training.iterations", "0", "Expected a whole number from 1 to 1,000,000, found “0”."),
    (
        "training.iterations",
        "many",
        "Expected a whole number from 1 to 1,000,000, found “many”.",
    ),
    ("training.batch_size", "1.5", "Expected a whole number of at least 1, found “1.5”."),
    (
        "model.hidden",
        "50, x",
        "Expected a list of at most 20 whole numbers from 1 to 10,000, found “50, x”.",
    ),
    ("meta.epsilon", "-1", "Expected a number of more than 0, found “-1”."),
    ("meta.step", "nan", "Expected a finite number, found “nan”."),
    (
        "hyperparameters.learning_rates.initial",
        "q",
        "Expected a number, or a list of them, found “q”.",
    ),
]


def test_a_wrong_entry_is_marked_with_the_reason_and_may_not_run(hall: Hall, qtbot: QtBot) -> None:
    for key, text, reason in WRONG:
        hall.setup.set_experiment(list_experiments()["schedules"])
        type_into(qtbot, hall, key, text)
        field = hall.setup.field(key)
        assert field.complaint.isVisible(), key
        assert field.complaint.text() == reason
        assert not hall.setup.is_ready, key


def test_fixing_the_entry_removes_the_mark(hall: Hall, qtbot: QtBot) -> None:
    type_into(qtbot, hall, "training.iterations", "0")
    type_into(qtbot, hall, "training.iterations", "12")
    assert not hall.setup.field("training.iterations").complaint.isVisible()
    assert hall.setup.is_ready
    assert hall.setup.experiment().training.iterations == 12


@pytest.mark.parametrize("at_hand", [False, True])
def test_every_shipped_experiment_goes_through_the_fields_unchanged(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, at_hand: bool
) -> None:
    monkeypatch.setattr("engine.experiments.full_size.is_at_hand", lambda _: at_hand)
    changed = []
    for name, experiment in list_experiments().items():
        hall.setup.set_experiment(experiment)
        hall.setup.save_experiment(tmp_path / "saved.toml")
        told = (hall.setup.experiment(), hall.setup.is_ready, hall.setup.is_modified)
        if (*told, load_experiment(tmp_path / "saved.toml")) != (
            experiment,
            True,
            False,
            experiment,
        ):
            changed.append(name)
    assert changed == []


def test_a_value_outside_its_domain_is_marked(hall: Hall, qtbot: QtBot) -> None:
    type_into(qtbot, hall, "hyperparameters.decays.initial", "1.5")
    field = hall.setup.field("hyperparameters.decays.initial")
    assert field.complaint.isVisible()
    assert not hall.setup.is_ready


def test_how_finely_is_asked_only_of_what_is_free(hall: Hall, qtbot: QtBot) -> None:
    granularity = hall.setup.field("hyperparameters.l2_penalties.granularity")
    assert not granularity.isVisible()
    type_into(qtbot, hall, "hyperparameters.l2_penalties.initial", "0.01")
    tick(qtbot, hall, "hyperparameters.l2_penalties.free", True)
    assert granularity.isVisible()


def test_every_field_has_a_tip_a_name_and_a_unit_or_choices(hall: Hall) -> None:
    for key in hall.setup.fields:
        field = hall.setup.field(key)
        assert len(field.toolTip()) > 10, key
        assert field.focusProxy().accessibleName(), key


def test_reset_brings_every_field_back_and_can_be_undone(qtbot: QtBot, hall: Hall) -> None:
    panel = hall.setup
    assert not panel.head.reset_button.isEnabled()
    type_into(qtbot, hall, "training.iterations", "ten")
    tick(qtbot, hall, "hyperparameters.decays.free", True)
    choose_field(qtbot, hall, "data.source", "diabetes")
    assert panel.is_modified
    click(qtbot, panel.head.reset_button)
    assert panel.experiment() == list_experiments()["schedules"]
    assert not panel.is_modified
    assert not panel.head.reset_button.isEnabled()
    assert hall.undo_action.text() == "Undo Restore defaults"
    hall.undo_action.trigger()
    assert panel.field("training.iterations").value() == "ten"
    assert panel.experiment_box.value() == "schedules"
    assert panel.data.given.source == "diabetes"
    assert panel.head.reset_button.isEnabled()


def test_choosing_the_same_experiment_again_brings_its_own_values_back(
    qtbot: QtBot, hall: Hall
) -> None:
    type_into(qtbot, hall, "training.iterations", "7")
    hall.setup.experiment_box.box.activated.emit(hall.setup.experiment_box.box.currentIndex())
    assert hall.setup.experiment() == list_experiments()["schedules"]
    hall.undo_action.trigger()
    assert hall.setup.field("training.iterations").value() == 7


def test_a_shipped_name_in_the_box_means_the_shipped_experiment(
    qtbot: QtBot, hall: Hall, quick: Experiment
) -> None:
    hall.setup.set_experiment(quick)
    assert hall.setup.experiment_box.value() == quick.name
    hall.setup.experiment_box.box.activated.emit(hall.setup.experiment_box.box.currentIndex())
    assert hall.setup.experiment() == list_experiments()[quick.name]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("meta.step", 0.02),
        ("meta.beta2", 0.95),
        ("hyperparameters.learning_rates.initial", 0.15),
        ("hyperparameters.initial_scales.initial", [0.1, 0.2]),
    ],
)
def test_another_part_of_the_window_changes_a_field_as_a_person_would(
    hall: Hall, key: str, value: object
) -> None:
    field = hall.setup.field(key)
    before = field.value()
    hall.setup.change(key, value)
    assert field.value() == (tuple(value) if isinstance(value, list) else value)
    assert field.line.hasFocus()
    assert hall.undo_action.text() == f"Undo {field.title}"
    hall.undo_action.trigger()
    assert field.value() == before


def test_nothing_is_taken_opened_or_reset_while_a_run_goes_on(
    qtbot: QtBot, hall: Hall, tmp_path: Path
) -> None:
    panel = hall.setup
    type_into(qtbot, hall, "training.iterations", "7")
    before = panel.experiment()
    panel.set_editable(False)
    for change in (
        panel.reset_to_own,
        lambda: panel.take_hyperparameters({"decays": 0.5}),
        lambda: panel.open_experiment(tmp_path / "any.toml"),
    ):
        with qtbot.waitSignal(panel.said_problem) as said:
            change()
        assert said.args[0].startswith("Stop the run first")
    assert panel.experiment() == before


def test_an_experiment_that_is_set_up_is_looked_through_once(hall: Hall) -> None:
    told: list[bool] = []
    hall.setup.edited.connect(lambda: told.append(hall.setup.is_ready))
    hall.setup.set_experiment(hall.setup.shipped["moons"])
    assert told == [True]
    hall.setup.history.undo()
    assert told == [True, True]
