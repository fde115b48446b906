import pytest
from driving import choose_field, click, go_round, tick, type_into, unfold, unfold_all
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from setup_hall import Hall

from app import dress
from app import theme as themes
from app.setup.fields import ChoiceField, TextField
from engine.errors import InputError
from engine.experiments.files import list_experiments
from engine.experiments.problems import validate
from engine.experiments.tasks import all_models
from engine.tasks.catalogue import make_task

SURFACE = "curved surface"


def test_a_surface_brings_two_weights_and_the_training_loss(qtbot: QtBot, hall: Hall) -> None:
    choose_field(qtbot, hall, "data.source", SURFACE)
    experiment = hall.setup.experiment()
    assert hall.setup.is_ready
    assert experiment.model.kind == "two weights"
    assert experiment.model.hidden == ()
    assert experiment.meta.objective == "training"
    assert experiment.training.batch_size is None


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


def test_a_section_is_folded_until_its_heading_is_pressed(qtbot: QtBot, hall: Hall) -> None:
    click(qtbot, hall.setup.head.all_button)
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

    unfold(qtbot, hall, "data")
    assert colour_beside(field) != accent
    type_into(qtbot, hall, "data.seed", "5")
    assert colour_beside(field) == accent
    assert colour_beside(button) != accent
    click(qtbot, button)
    assert colour_beside(button) == accent


def test_the_tab_key_walks_from_top_to_bottom(qtbot: QtBot, hall: Hall) -> None:
    unfold_all(qtbot, hall)
    tick(qtbot, hall, "hyperparameters.decays.free", True)
    go_round(qtbot)
    hall.setup.head.search.setFocus()
    qtbot.keyClick(hall.setup.head.search, Qt.Key.Key_Tab)
    places = []
    for _ in range(80):
        now = hall.focusWidget()
        if not hall.setup.form.isAncestorOf(now):
            break
        place = now.mapTo(hall.setup.form, QPoint(0, 0))
        if places and place.y() < places[-1].y() - 12:
            break
        places.append(place)
        qtbot.keyClick(now, Qt.Key.Key_Tab)
    last = hall.setup.field("stopping.judged_by")
    assert places[-1].y() == last.mapTo(hall.setup.form, QPoint(0, 0)).y()
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
