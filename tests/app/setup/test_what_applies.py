"""Fields that do not count, given what others hold, cannot be changed or have no row."""

import pytest
from driving import choose_field, tick, type_into, unfold
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot
from setup_hall import Hall

from app.setup.fields import TextField
from engine.experiments.experiment import Meta
from engine.experiments.files import list_experiments
from engine.experiments.strategies import STRATEGIES
from engine.experiments.tasks import TASKS
from engine.experiments.what_applies import LAYERED

NOTHING = "No training: "
FORECAST = "A series is forecast from "
SURFACE = "curved surface"
CONSTANTS = {
    name: {f"meta.{constant}" for constant in strategy.constants_with(Meta().update_by)}
    for name, strategy in STRATEGIES.items()
    if not strategy.missing
}
for learns_nothing in ("grid", "random"):  # whose trials may all be done at once, unless some stop
    CONSTANTS[learns_nothing].discard("meta.trials_at_once")


def shown(hall: Hall, keys: tuple[str, ...]) -> list[str]:
    return [key for key in keys if hall.setup.field(key).isVisible()]


def line_of(hall: Hall, key: str) -> QLineEdit:
    field = hall.setup.field(key)
    assert isinstance(field, TextField)
    return field.line


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


def test_what_stopping_asks_for_is_there_where_something_may_be_stopped(
    qtbot: QtBot, hall: Hall
) -> None:
    hall.setup.set_experiment(list_experiments()["moons"])
    unfold(qtbot, hall, "stopping")
    keys = tuple(key for key in hall.setup.fields if key.startswith("stopping."))
    assert set(shown(hall, keys)) == {*keys} - {"stopping.points"}
    assert not line_of(hall, "stopping.threshold").isEnabled()
    assert not line_of(hall, "stopping.patience").isEnabled()
    said = [one.text() for one in hall.setup.findChildren(QLabel) if one.isVisible()]
    assert said.count("Needs stopping early.") == 1
    choose_field(qtbot, hall, "stopping.when", "ask")
    assert line_of(hall, "stopping.threshold").isEnabled()
    choose_field(qtbot, hall, "meta.optimizer", "random")
    assert set(shown(hall, keys)) == {*keys}
    assert hall.setup.field("meta.trials_at_once").isVisible()
    choose_field(qtbot, hall, "meta.optimizer", "sweep")
    assert "stopping.when" not in shown(hall, keys)
    assert hall.setup.experiment().stopping.when == "off"


def test_only_the_constants_of_the_chosen_meta_optimizer_are_shown(
    qtbot: QtBot, hall: Hall
) -> None:
    hall.setup.set_experiment(list_experiments()["moons"])
    unfold(qtbot, hall, "meta")
    everything = tuple({key for keys in CONSTANTS.values() for key in keys})
    for optimizer, constants in CONSTANTS.items():
        choose_field(qtbot, hall, "meta.optimizer", optimizer)
        assert set(shown(hall, everything)) == constants
        if hall.setup.is_ready:  # not all go with learning rates that are free
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
    unfold(qtbot, hall, "meta")
    unfold(qtbot, hall, "hyperparameters")
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


def test_what_does_not_count_is_not_marked(qtbot: QtBot, hall: Hall) -> None:
    type_into(qtbot, hall, "model.hidden", "5")
    choose_field(qtbot, hall, "model.kind", "softmax regression")
    assert hall.setup.form.changed() == ["model.kind"]


def test_where_there_is_one_choice_there_is_no_row(hall: Hall) -> None:
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
    assert not constraint.isVisible()
    assert not bound.isVisible()
    type_into(qtbot, hall, "hyperparameters.l2_penalties.initial", "0.5")
    tick(qtbot, hall, "hyperparameters.l2_penalties.free", True)
    assert constraint.isVisible()
    assert not constraint.box.isEnabled()
    assert constraint.reason.text() == "Needs the domain “value itself”."
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


def test_what_the_method_does_not_give_cannot_be_freed_and_says_why(
    qtbot: QtBot, hall: Hall
) -> None:
    for kind in ("learning_rates", "decays", "initial_scales"):
        hall.setup.change(f"hyperparameters.{kind}.free", False)
    hall.setup.change("hyperparameters.l2_penalties.initial", 0.01)
    hall.setup.change("hyperparameters.l2_penalties.free", True)
    choose_field(qtbot, hall, "method", "implicit-cg")
    assert hall.setup.is_ready, hall.setup.problems
    rates = hall.setup.field("hyperparameters.learning_rates.free")
    unfold(qtbot, hall, "hyperparameters")
    assert not rates.check.isEnabled()
    assert rates.reason.text() == "Implicit, by conjugate gradients gives no derivatives by it."
    entries = {action.data(): action for action in hall.setup.form.free_menu.menu().actions()}
    assert not entries["learning_rates"].isEnabled()
    assert "gives no derivatives" in entries["learning_rates"].toolTip()
    choose_field(qtbot, hall, "method", "forward")
    assert rates.check.isEnabled()
    assert hall.setup.experiment().free == {"l2_penalties"}


def test_a_method_that_does_not_give_what_is_free_is_refused_with_those_that_do(
    qtbot: QtBot, hall: Hall
) -> None:
    hall.setup.change("hyperparameters.learning_rates.free", True)
    choose_field(qtbot, hall, "method", "implicit-cg")
    assert not hall.setup.is_ready
    said = hall.setup.field("method").complaint.text()
    assert said.startswith("Expected one of “Exact reversal”, ")
    assert "the learning rates are free" in said
    assert hall.setup.field("hyperparameters.learning_rates.free").check.isEnabled(), "to untick it"


def test_episodes_are_there_while_they_are_what_is_trained(qtbot: QtBot, hall: Hall) -> None:
    keys = ("episodes.ways", "episodes.shots", "episodes.test_number", "meta.updates")
    assert not shown(hall, keys[:-1])
    hall.setup.set_experiment(list_experiments(stand_in=True)["hyper-representation"])
    assert shown(hall, keys) == list(keys[:2])
    unfold(qtbot, hall, "data")
    unfold(qtbot, hall, "meta")
    assert shown(hall, keys) == list(keys)
    assert hall.setup.is_ready
    type_into(qtbot, hall, "episodes.ways", "3")
    type_into(qtbot, hall, "episodes.shots", "5")
    experiment = hall.setup.experiment()
    assert (experiment.episodes.ways, experiment.episodes.shots) == (3, 5)
    choose_field(qtbot, hall, "meta.optimizer", "none")
    assert not shown(hall, ("meta.updates",))
    assert hall.setup.experiment().meta.updates == 1


def test_episodes_give_way_to_other_data(qtbot: QtBot, hall: Hall) -> None:
    hall.setup.set_experiment(list_experiments(stand_in=True)["hyper-representation"])
    choose_field(qtbot, hall, "data.source", "digits")
    assert not shown(hall, ("episodes.ways", "hyperparameters.representation.free"))
    assert not hall.setup.experiment().hyperparameters["representation"].free
    assert hall.setup.is_ready


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("moons", "log units"),
        ("hyper-cleaning", "as values"),
        ("hyper-representation", "mixed"),
    ],
)
def test_the_step_says_what_it_is_counted_in(name: str, unit: str, hall: Hall) -> None:
    hall.setup.set_experiment(list_experiments()[name])
    assert unit in [label.text() for label in hall.setup.field("meta.step").findChildren(QLabel)]


@pytest.mark.parametrize(
    ("name", "key", "reason"),
    [
        ("hoag", "data.corrupted", "Not offered with logistic regression."),
        ("hoag", "training.batch_size", "Logistic regression learns from all examples at once."),
        (
            "hoag",
            "training.iterations",
            f"{NOTHING}minimised to a tolerance.",
        ),
        ("hoag", "hypergradient.minimise_to", "HOAG has tolerances of its own."),
        (
            "hoag",
            "hyperparameters.learning_rates.free",
            "There is no training that it could change.",
        ),
        ("inputs-pruned", "training.iterations", f"{NOTHING}solved exactly."),
        ("weights-on-the-past", "data.seed", "A series is divided in its own order."),
        (
            "weights-on-the-past",
            "data.noise_inputs",
            "A series is forecast from its own past alone.",
        ),
        ("kernel-ridge", "data.noise_inputs", "Not offered with kernel ridge."),
    ],
)
def test_the_reason_beside_a_field_that_does_not_count_is_the_true_one(
    hall: Hall, name: str, key: str, reason: str
) -> None:
    hall.setup.set_experiment(list_experiments()[name])
    field = hall.setup.field(key)
    assert field.reason.text() == reason
    assert field.focusProxy() is field.question, "it is only looked at"


@pytest.mark.parametrize(
    ("name", "training", "hypergradient", "meta"),
    [
        (
            "hoag",
            "minimised to a tolerance",
            "implicit, by CG",
            "HOAG, 30",
        ),
        ("kernel-ridge", "solved exactly", "implicit, by Cholesky", "Adam, 60 × 0.15"),
    ],
)
def test_sections_say_what_is_done_where_nothing_is_trained(
    hall: Hall, name: str, training: str, hypergradient: str, meta: str
) -> None:
    hall.setup.set_experiment(list_experiments()[name])
    sections = hall.setup.form.sections
    told = [sections[one].summary for one in ("training", "hypergradient", "meta")]
    assert told == [training, hypergradient, meta]


@pytest.mark.parametrize(
    ("optimizer", "label", "summary"),
    [
        ("adam", "Meta-iterations", "Adam, 40 × 0.1"),
        ("random", "Trials", "Random search, 40"),
        ("grid", "Trials at most", "Grid, up to 40"),
    ],
)
def test_what_is_counted_is_called_as_in_the_timeline(
    hall: Hall, optimizer: str, label: str, summary: str
) -> None:
    hall.setup.set_experiment(list_experiments()["moons"])
    hall.setup.change("meta.iterations", 40)
    hall.setup.change("meta.optimizer", optimizer)
    assert hall.setup.field("meta.iterations").label == label
    assert hall.setup.form.sections["meta"].summary.startswith(summary.partition(" ×")[0])
