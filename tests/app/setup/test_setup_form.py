import pytest
from driving import choose_field, click, tick, type_into
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from setup_hall import Hall

from app import dress
from app import theme as themes
from app.setup.fields import ChoiceField, TextField
from app.setup.what_applies import LAYERED
from engine.dynamics.catalogue import DYNAMICS
from engine.errors import InputError
from engine.experiments.files import list_experiments
from engine.experiments.problems import validate
from engine.experiments.strategies import STRATEGIES
from engine.experiments.tasks import TASKS, all_models
from engine.tasks.catalogue import make_task

SURFACE = "curved surface"
CONSTANTS = {
    name: tuple(f"meta.{constant}" for constant in strategy.constants)
    for name, strategy in STRATEGIES.items()
}


def unfold(qtbot: QtBot, hall: Hall, name: str) -> None:
    click(qtbot, hall.setup.form.sections[name].button)


def shown(hall: Hall, keys: tuple[str, ...]) -> list[str]:
    return [key for key in keys if hall.setup.field(key).isVisible()]


def test_a_surface_brings_two_weights_and_the_training_loss(qtbot: QtBot, hall: Hall) -> None:
    choose_field(qtbot, hall, "data.source", SURFACE)
    experiment = hall.setup.experiment()
    assert hall.setup.is_ready
    assert experiment.model.kind == "two weights"
    assert experiment.model.hidden == ()
    assert experiment.meta.objective == "training"
    assert experiment.training.batch_size is None


def test_what_means_nothing_on_a_surface_cannot_be_changed(qtbot: QtBot, hall: Hall) -> None:
    keys = ["model.hidden", "model.activation", *TASKS["surface"].ignores]
    editors = {key: hall.setup.field(key).focusProxy() for key in keys}

    def can_be_changed() -> list[str]:
        return [key for key, editor in editors.items() if editor.isEnabled()]

    assert can_be_changed() == keys
    choose_field(qtbot, hall, "data.source", SURFACE)
    assert can_be_changed() == []
    choose_field(qtbot, hall, "data.source", "digits")
    assert can_be_changed() == keys


def test_the_model_comes_back_when_there_are_examples_again(qtbot: QtBot, hall: Hall) -> None:
    choose_field(qtbot, hall, "data.source", SURFACE)
    choose_field(qtbot, hall, "data.source", "digits")
    assert hall.setup.experiment() == list_experiments()["schedules"]
    assert not hall.setup.is_modified


@pytest.mark.parametrize("data", ["iris", "diabetes"])
def test_from_a_surface_of_its_own_a_simple_model_is_taken(
    qtbot: QtBot, hall: Hall, data: str
) -> None:
    surface = {
        "data": {"source": SURFACE},
        "model": {"kind": "two weights"},
        "meta": {"objective": "training"},
    }
    hall.setup.set_experiment(validate(surface))
    choose_field(qtbot, hall, "data.source", data)
    assert hall.setup.is_ready
    assert "regression" in hall.setup.experiment().model.kind
    assert hall.setup.experiment().meta.objective == "validation"


def test_another_model_on_a_surface_is_marked(qtbot: QtBot, hall: Hall) -> None:
    choose_field(qtbot, hall, "data.source", SURFACE)
    choose_field(qtbot, hall, "model.kind", "softmax regression")
    assert "two weights" in hall.setup.field("model.kind").complaint.text()
    assert not hall.setup.is_ready


def test_every_kind_of_model_can_be_chosen_once(hall: Hall) -> None:
    field = hall.setup.field("model.kind")
    assert isinstance(field, ChoiceField)
    offered = [field.box.itemData(place) for place in range(field.box.count())]
    assert sorted(offered) == sorted(all_models())
    assert len(offered) == len(set(offered))


def test_other_data_of_the_same_kind_leave_the_loss_alone(qtbot: QtBot, hall: Hall) -> None:
    choose_field(qtbot, hall, "model.loss", "squared")
    choose_field(qtbot, hall, "data.source", "breast-cancer")
    assert hall.setup.experiment().model.loss == "squared"


def test_more_is_folded_until_its_button_is_pressed(qtbot: QtBot, hall: Hall) -> None:
    for name, key in (
        ("data", "data.train"),
        ("hyperparameters", "hyperparameters.decays.domain"),
        ("meta", "meta.beta1"),
    ):
        field = hall.setup.field(key)
        assert not field.isVisible()
        button = hall.setup.form.sections[name].button
        button.setFocus()
        qtbot.keyClick(button, Qt.Key.Key_Space)
        assert field.isVisible()
        qtbot.keyClick(button, Qt.Key.Key_Space)
        assert not field.isVisible()


def test_a_part_of_the_data_is_a_count_or_a_fraction(qtbot: QtBot, hall: Hall) -> None:
    unfold(qtbot, hall, "data")
    type_into(qtbot, hall, "data.train", "500")
    assert hall.setup.experiment().data.train == 500
    assert hall.setup.field("data.train")._unit.text() == "examples"
    type_into(qtbot, hall, "data.train", "0.5")
    assert hall.setup.experiment().data.train == 0.5
    assert hall.setup.field("data.train")._unit.text() == "of all"
    type_into(qtbot, hall, "data.validation", "2.5")
    assert "a fraction from 0.0 to 1.0" in hall.setup.field("data.validation").complaint.text()
    choose_field(qtbot, hall, "data.scaling", "none")
    type_into(qtbot, hall, "data.validation", "100")
    assert hall.setup.experiment().data.scaling == "none"


def test_one_example_and_all_of_them_are_told_apart(qtbot: QtBot, hall: Hall) -> None:
    unfold(qtbot, hall, "data")
    for text, value in (("1", 1), ("1.0", 1.0)):
        type_into(qtbot, hall, "data.train", text)
        train = hall.setup.experiment().data.train
        assert (train, type(train)) == (value, type(value))
        hall.setup.set_experiment(hall.setup.experiment())
        field = hall.setup.field("data.train")
        assert isinstance(field, TextField)
        assert field.line.text() == text


def test_other_data_are_divided_in_the_usual_way(qtbot: QtBot, hall: Hall) -> None:
    assert hall.setup.experiment().data.train == 1200
    choose_field(qtbot, hall, "data.source", "iris")
    assert hall.setup.experiment().data.train == 0.6
    choose_field(qtbot, hall, "data.source", "digits")
    assert hall.setup.experiment().data.train == 1200


def test_the_domain_of_each_kind_can_be_chosen(qtbot: QtBot, hall: Hall) -> None:
    unfold(qtbot, hall, "hyperparameters")
    choose_field(qtbot, hall, "hyperparameters.decays.domain", "identity")
    assert hall.setup.experiment().hyperparameters["decays"].domain == "identity"


def test_only_the_constants_of_the_chosen_meta_optimizer_are_shown(
    qtbot: QtBot, hall: Hall
) -> None:
    unfold(qtbot, hall, "meta")
    everything = tuple(key for keys in CONSTANTS.values() for key in keys)
    for optimizer, constants in CONSTANTS.items():
        choose_field(qtbot, hall, "meta.optimizer", optimizer)
        assert shown(hall, everything) == list(constants)
        assert hall.setup.form.sections["meta"].isVisible() == bool(constants)
        assert hall.setup.experiment().meta.optimizer == optimizer


@pytest.mark.parametrize(
    ("optimizer", "has_steps"), [("adam", True), ("sweep", True), ("none", False)]
)
def test_a_step_is_asked_for_where_there_are_steps(
    qtbot: QtBot, hall: Hall, optimizer: str, has_steps: bool
) -> None:
    type_into(qtbot, hall, "meta.step", "-1")
    choose_field(qtbot, hall, "meta.optimizer", optimizer)
    assert hall.setup.field("meta.step").isVisible() == has_steps
    assert hall.setup.is_ready != has_steps


def test_a_weight_of_the_penalties_is_asked_for_while_they_are_free(
    qtbot: QtBot, hall: Hall
) -> None:
    hall.setup.set_experiment(list_experiments()["pixel-penalties"])
    field = hall.setup.field("meta.penalty")
    assert field.isVisible()
    type_into(qtbot, hall, "meta.penalty", "0.5")
    assert hall.setup.experiment().meta.penalty == 0.5
    tick(qtbot, hall, "hyperparameters.l2_penalties.free", False)
    assert not field.isVisible()
    assert hall.setup.experiment().meta.penalty == 0.0
    assert hall.setup.is_ready
    tick(qtbot, hall, "hyperparameters.l2_penalties.free", True)
    assert hall.setup.experiment().meta.penalty == 0.5


def test_training_inputs_are_there_while_some_are_learned(qtbot: QtBot, hall: Hall) -> None:
    keys = ("hyperparameters.training_inputs.free", "hyperparameters.training_inputs.initial")
    assert not shown(hall, keys)
    hall.setup.set_experiment(list_experiments()["learned-data"])
    assert shown(hall, keys) == list(keys)
    unfold(qtbot, hall, "data")
    type_into(qtbot, hall, "data.learned_per_class", "")
    assert not shown(hall, keys)
    assert hall.setup.experiment().data.learned_per_class is None
    assert not hall.setup.experiment().hyperparameters["training_inputs"].free
    type_into(qtbot, hall, "data.learned_per_class", "2")
    type_into(qtbot, hall, "hyperparameters.training_inputs.initial", "0.25")
    experiment = hall.setup.experiment()
    assert experiment.data.learned_per_class == 2
    assert experiment.hyperparameters["training_inputs"].free
    assert experiment.hyperparameters["training_inputs"].initial == 0.25


def test_sharing_is_there_while_networks_are_shared(qtbot: QtBot, hall: Hall) -> None:
    keys = ("hyperparameters.sharing.free", "hyperparameters.sharing.initial")
    assert not shown(hall, keys)
    hall.setup.set_experiment(list_experiments(stand_in=True)["weight-sharing"])
    assert shown(hall, keys) == list(keys)
    for key in LAYERED:
        assert hall.setup.field(key).focusProxy().isEnabled()
    type_into(qtbot, hall, "hyperparameters.sharing.initial", "0.75")
    assert hall.setup.experiment().hyperparameters["sharing"].initial == 0.75
    choose_field(qtbot, hall, "data.source", "digits")
    assert not shown(hall, keys)
    assert not hall.setup.experiment().hyperparameters["sharing"].free
    assert hall.setup.is_ready


def test_several_tasks_bring_networks_that_can_be_trained_on_them(qtbot: QtBot, hall: Hall) -> None:
    choose_field(qtbot, hall, "data.source", "rotated digits")
    experiment = hall.setup.experiment()
    assert hall.setup.is_ready
    assert experiment.model.kind == "shared networks"
    assert experiment.data.scaling == "none"
    assert experiment.training.batch_size is None
    assert make_task(experiment).size > 0
    choose_field(qtbot, hall, "data.source", "digits")
    assert hall.setup.experiment() == list_experiments()["schedules"]


@pytest.mark.parametrize("name", ["toy", "one-number"])
def test_several_tasks_bring_hidden_layers_where_there_were_none(
    qtbot: QtBot, hall: Hall, name: str
) -> None:
    hall.setup.set_experiment(list_experiments()[name])
    choose_field(qtbot, hall, "data.source", "rotated digits")
    assert hall.setup.is_ready
    assert hall.setup.experiment().model.hidden == (20,)
    choose_field(qtbot, hall, "data.source", list_experiments()[name].data.source)
    assert hall.setup.experiment() == list_experiments()[name]


def test_examples_can_be_taken_in_order(qtbot: QtBot, hall: Hall) -> None:
    choose_field(qtbot, hall, "training.order", "in order")
    assert hall.setup.experiment().training.order == "in order"


@pytest.mark.parametrize(
    ("optimizer", "key", "text"),
    [
        ("sgd", "meta.momentum", "0.5"),
        ("rmsprop", "meta.memory", "0.8"),
        ("adam", "meta.beta1", "0.7"),
        ("adam", "meta.beta2", "0.99"),
        ("adam", "meta.epsilon", "1e-4"),
        ("adam", "meta.beta1_decay", "1e-4"),
    ],
)
def test_the_constants_of_the_meta_optimizer_are_set_and_checked(
    qtbot: QtBot, hall: Hall, optimizer: str, key: str, text: str
) -> None:
    choose_field(qtbot, hall, "meta.optimizer", optimizer)
    unfold(qtbot, hall, "meta")
    type_into(qtbot, hall, key, text)
    assert getattr(hall.setup.experiment().meta, key.removeprefix("meta.")) == float(text)
    type_into(qtbot, hall, key, "-1")
    assert hall.setup.field(key).complaint.isVisible()


def test_a_wrong_constant_of_another_meta_optimizer_stands_in_nobodys_way(
    qtbot: QtBot, hall: Hall
) -> None:
    unfold(qtbot, hall, "meta")
    type_into(qtbot, hall, "meta.beta1", "2")
    assert not hall.setup.is_ready
    choose_field(qtbot, hall, "meta.optimizer", "sgd")
    assert hall.setup.is_ready
    choose_field(qtbot, hall, "meta.optimizer", "adam")
    assert not hall.setup.is_ready


def test_what_is_wrong_is_unfolded(hall: Hall) -> None:
    assert not hall.setup.form.sections["data"].is_open
    fields = "data.train + data.validation + data.test"
    hall.setup.show_problem(InputError(fields, "expected at most 1797 examples, found 2000."))
    assert hall.setup.field("data.train").complaint.isVisible()


def test_changed_fields_are_marked_with_the_value_of_the_experiment(
    qtbot: QtBot, hall: Hall
) -> None:
    field = hall.setup.field("hyperparameters.decays.initial")
    assert not field.is_changed
    type_into(qtbot, hall, field.key, "0.7")
    assert field.is_changed
    own = list_experiments()["schedules"].hyperparameters["decays"].initial
    assert field.toolTip().endswith(f"\n{own} in the experiment")
    assert f"{own} in the experiment" in field.line.accessibleDescription()
    type_into(qtbot, hall, field.key, str(own))
    assert not field.is_changed
    assert "in the experiment" not in field.toolTip()


def test_a_bar_stands_beside_a_changed_field_or_the_button_that_hides_it(
    qtbot: QtBot, hall: Hall
) -> None:
    dress.apply_to_application(QApplication.instance(), themes.LIGHT)
    form, field = hall.setup.form, hall.setup.field("data.seed")
    button = form.sections["data"].button
    accent = QColor(themes.LIGHT.accent)

    def colour_beside(widget: object) -> QColor:
        middle = widget.mapTo(form, QPoint(0, widget.height() // 2)).y()
        return form.grab().toImage().pixelColor(5, middle)

    click(qtbot, button)
    assert colour_beside(field) != accent
    type_into(qtbot, hall, "data.seed", "5")
    assert colour_beside(field) == accent
    assert colour_beside(button) != accent
    click(qtbot, button)
    assert colour_beside(button) == accent


def test_what_does_not_count_is_not_marked(qtbot: QtBot, hall: Hall) -> None:
    type_into(qtbot, hall, "model.hidden", "5")
    choose_field(qtbot, hall, "model.kind", "softmax regression")
    assert hall.setup.form.changed() == ["model.kind"]


def test_the_tab_key_walks_from_top_to_bottom(qtbot: QtBot, hall: Hall) -> None:
    for section in hall.setup.form.sections.values():
        section.open()
    tick(qtbot, hall, "hyperparameters.decays.free", True)
    hall.setup.experiment_box.box.setFocus()
    places = []
    for _ in range(80):
        now = hall.focusWidget()
        if not hall.setup.widget().isAncestorOf(now):
            break
        place = now.mapTo(hall.setup.widget(), QPoint(0, 0))
        if places and place.y() < places[-1].y() - 12:
            break
        places.append(place)
        qtbot.keyClick(now, Qt.Key.Key_Tab)
    last = hall.setup.field("meta.beta1_decay")
    assert places[-1].y() == last.mapTo(hall.setup.widget(), QPoint(0, 0)).y()
    assert len(places) > 35


def test_an_experiment_with_everything_set_goes_through_the_fields_unchanged(hall: Hall) -> None:
    tables = list_experiments()["schedules"].model_dump(exclude_none=True)
    tables["data"] |= {"train": 1.0, "validation": 0, "test": 0.0, "scaling": "none", "seed": 4}
    tables["meta"] |= {"optimizer": "rmsprop", "memory": 0.5, "momentum": 0.25, "beta1": 0.125}
    tables["meta"] |= {"objective": "training", "epsilon": 1e-5, "penalty": 0.25}
    tables["training"]["order"] = "in order"
    tables["hyperparameters"]["l2_penalties"] |= {"initial": 0.5, "free": True}
    tables["hyperparameters"]["sharing"] |= {"initial": 0.25}
    tables["hyperparameters"]["learning_rates"] |= {
        "domain": "identity",
        "granularity": "group",
        "initial": [0.1] * 8,
    }
    experiment = validate(tables)
    hall.setup.set_experiment(experiment)
    assert hall.setup.experiment() == experiment
    assert not hall.setup.is_modified


def test_where_there_is_one_choice_there_is_no_row(hall: Hall) -> None:
    assert len(DYNAMICS) == 1
    assert "training.dynamics" not in hall.setup.fields
    assert "hyperparameters.sharing.domain" not in hall.setup.fields
    assert "hyperparameters.decays.constraint" not in hall.setup.fields
    assert "hyperparameters.learning_rates.bound" not in hall.setup.fields


def test_a_constraint_counts_while_its_kind_is_free_and_moves_by_its_values(
    qtbot: QtBot, hall: Hall
) -> None:
    unfold(qtbot, hall, "hyperparameters")
    constraint, bound = (
        hall.setup.field(f"hyperparameters.l2_penalties.{name}") for name in ("constraint", "bound")
    )
    assert constraint.isVisible()
    assert not constraint.box.isEnabled()
    assert not bound.isVisible()
    type_into(qtbot, hall, "hyperparameters.l2_penalties.initial", "0.5")
    tick(qtbot, hall, "hyperparameters.l2_penalties.free", True)
    choose_field(qtbot, hall, "hyperparameters.l2_penalties.domain", "identity")
    assert constraint.box.isEnabled()
    choose_field(qtbot, hall, constraint.key, "L1 ball")
    assert "expected a number" in bound.complaint.text().lower()
    type_into(qtbot, hall, bound.key, "2.5")
    setting = hall.setup.experiment().hyperparameters["l2_penalties"]
    assert (setting.constraint, setting.bound) == ("L1 ball", 2.5)
    choose_field(qtbot, hall, constraint.key, "non-negative")
    assert not bound.isVisible()
    assert hall.setup.experiment().hyperparameters["l2_penalties"].bound is None
    choose_field(qtbot, hall, "hyperparameters.l2_penalties.domain", "log")
    assert not constraint.box.isEnabled()
    assert hall.setup.experiment().hyperparameters["l2_penalties"].constraint is None


@pytest.mark.parametrize("free", [False, True])
def test_a_constraint_of_an_experiment_goes_through_the_fields_unchanged(
    hall: Hall, free: bool
) -> None:
    tables = list_experiments()["schedules"].model_dump(exclude_none=True)
    tables["hyperparameters"]["l2_penalties"] = {
        "initial": 0.5,
        "free": free,
        "domain": "identity",
        "constraint": "simplex",
        "bound": 4.0,
    }
    experiment = validate(tables)
    hall.setup.set_experiment(experiment)
    assert hall.setup.experiment() == experiment
    assert not hall.setup.is_modified
