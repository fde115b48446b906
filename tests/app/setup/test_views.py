"""Few fields or all of them, and what is found."""

import pytest
from driving import choose_field, click, tick, type_into, unfold
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot
from setup_hall import Hall

from engine.errors import InputError
from engine.experiments.files import list_experiments


def shown(hall: Hall) -> list[str]:
    return [key for key, field in hall.setup.fields.items() if field.isVisible()]


ESSENTIAL = [
    "data.source",
    "model.kind",
    "model.hidden",
    "training.iterations",
    "hyperparameters.learning_rates.free",
    "hyperparameters.learning_rates.initial",
    "hyperparameters.learning_rates.granularity",
    "method",
    "meta.step",
    "meta.iterations",
    "meta.seed",
]


def test_at_first_there_are_the_fields_that_everyone_needs(hall: Hall) -> None:
    hall.setup.set_experiment(list_experiments()["moons"])
    assert shown(hall) == ESSENTIAL


def test_no_method_is_among_them_where_trials_need_no_hypergradient(hall: Hall) -> None:
    hall.setup.set_experiment(list_experiments()["moons"])
    hall.setup.change("meta.optimizer", "random")
    assert "method" not in shown(hall)
    hall.setup.change("meta.optimizer", "adam")
    assert "method" in shown(hall)


@pytest.mark.parametrize("name", list_experiments())
def test_what_an_experiment_frees_is_among_them(hall: Hall, name: str) -> None:
    experiment = list_experiments()[name]
    hall.setup.set_experiment(experiment)
    free = [kind for kind, one in experiment.hyperparameters.root.items() if one.free]
    ticks = [key for key in shown(hall) if key.endswith(".free")]
    assert ticks == [f"hyperparameters.{kind}.free" for kind in free]


def test_what_means_nothing_here_has_no_row(hall: Hall) -> None:
    hall.setup.set_experiment(list_experiments()["toy"])
    assert "model.hidden" not in shown(hall)


def test_a_changed_field_joins_them_and_stays_until_another_experiment_comes(
    qtbot: QtBot, hall: Hall
) -> None:
    type_into(qtbot, hall, "training.batch_size", "50")
    click(qtbot, hall.setup.head.essential_button)
    assert "training.batch_size" in shown(hall)
    type_into(qtbot, hall, "training.batch_size", "200")
    assert "training.batch_size" in shown(hall), "nothing moves under the hand"
    hall.setup.set_experiment(list_experiments()["spirals"])
    assert "training.batch_size" not in shown(hall)


def test_a_wrong_field_joins_them(hall: Hall) -> None:
    assert "data.train" not in shown(hall)
    hall.setup.show_problem(InputError("data.train", "expected less."))
    assert "data.train" in shown(hall)


def test_all_are_in_sections_that_are_summed_up(qtbot: QtBot, hall: Hall) -> None:
    click(qtbot, hall.setup.head.all_button)
    assert shown(hall) == []
    summaries = {name: one.summary for name, one in hall.setup.form.sections.items()}
    assert summaries == {
        "data": "Handwritten digits",
        "model": "50, 50, 50 tanh",
        "training": "100 iterations, batch 200",
        "hyperparameters": "free: α, γ, s",
        "hypergradient": "exact reversal",
        "meta": "Adam, 50 × 0.04",
        "stopping": "off",
    }
    type_into(qtbot, hall, "training.iterations", "7")
    assert hall.setup.form.sections["training"].summary == "7 iterations, batch 200"


def test_stopping_is_summed_up_with_its_threshold(qtbot: QtBot, hall: Hall) -> None:
    click(qtbot, hall.setup.head.all_button)
    section = hall.setup.form.sections["stopping"]
    choose_field(qtbot, hall, "stopping.when", "automatic")
    assert section.summary == "automatic, below 5 %"
    choose_field(qtbot, hall, "stopping.when", "ask")
    type_into(qtbot, hall, "stopping.threshold", "0.125")
    assert section.summary == "ask, below 12.5 %"
    type_into(qtbot, hall, "stopping.threshold", "7")
    assert section.summary == "ask", "a wrong value is not summed up"
    type_into(qtbot, hall, "training.iterations", "many")
    assert hall.setup.form.sections["training"].summary.startswith("? iterations")


def test_every_field_is_in_a_section(qtbot: QtBot, hall: Hall) -> None:
    sections = hall.setup.form.sections.values()
    held = [field.key for section in sections for field in section.fields]
    assert sorted(held) == sorted(hall.setup.fields)


def test_a_search_shows_the_fields_with_these_words_wherever_they_are(
    qtbot: QtBot, hall: Hall
) -> None:
    hall.setup.head.start_search()
    search = hall.setup.head.search
    assert search.hasFocus()
    qtbot.keyClicks(search, "batch")
    assert "training.batch_size" in shown(hall)
    assert "meta.step" not in shown(hall)
    assert not hall.setup.form.nothing_found.isVisible()
    qtbot.keyClicks(search, " zzz")
    assert shown(hall) == []
    assert hall.setup.form.nothing_found.isVisible()
    assert "“batch zzz”" in hall.setup.form.nothing_found.text()
    assert "Esc" in hall.setup.form.nothing_found.text()
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert search.text() == ""
    assert all(section.button.isVisible() for section in hall.setup.form.sections.values())
    qtbot.keyClicks(search, "batch")
    click(qtbot, hall.setup.head.essential_button)
    assert not search.isVisible()
    assert "meta.step" in shown(hall)


def test_another_hyperparameter_is_freed_from_the_menu(qtbot: QtBot, hall: Hall) -> None:
    hall.setup.set_experiment(list_experiments()["spirals"])
    menu = hall.setup.form.free_menu.findChild(QMenu)
    names = [action.text() for action in menu.actions()]
    assert names == ["Initial scales", "L2 penalties", "Example weights"]
    menu.actions()[0].trigger()
    key = "hyperparameters.initial_scales.free"
    assert hall.setup.experiment().hyperparameters["initial_scales"].free
    assert key in shown(hall)
    assert hall.setup.field(key).check.hasFocus()
    hall.undo_action.trigger()
    assert not hall.setup.experiment().hyperparameters["initial_scales"].free


def test_a_kind_that_is_not_free_any_more_can_be_freed_again(qtbot: QtBot, hall: Hall) -> None:
    tick(qtbot, hall, "hyperparameters.decays.free", False)
    menu = hall.setup.form.free_menu.findChild(QMenu)
    assert "Momentum decays" in [action.text() for action in menu.actions()]
    assert "hyperparameters.decays.free" in shown(hall)


def test_what_the_experiment_is_about_is_told_on_request(qtbot: QtBot, hall: Hall) -> None:
    head = hall.setup.head
    assert not head.about.isVisible()
    click(qtbot, head.about_button)
    assert head.about.isVisible()
    assert head.about.text() == list_experiments()["schedules"].description


def test_a_section_that_was_unfolded_stays_so(qtbot: QtBot, hall: Hall) -> None:
    unfold(qtbot, hall, "meta")
    click(qtbot, hall.setup.head.essential_button)
    click(qtbot, hall.setup.head.all_button)
    assert hall.setup.field("meta.objective").isVisible()


def test_tab_goes_from_the_words_looked_for_to_the_first_field_found(
    qtbot: QtBot, hall: Hall
) -> None:
    hall.setup.head.start_search()
    search = hall.setup.head.search
    qtbot.waitUntil(search.hasFocus)
    qtbot.keyClicks(search, "meta-iterations")
    field = hall.setup.field("meta.iterations")
    qtbot.waitUntil(field.isVisible)
    qtbot.keyClick(search, Qt.Key.Key_Tab)
    assert field.focusProxy().hasFocus()
    qtbot.keyClick(field.focusProxy(), Qt.Key.Key_Backtab)
    assert search.hasFocus()


def test_cleaning_shows_what_it_is_about_at_once(qtbot: QtBot, hall: Hall) -> None:
    hall.setup.set_experiment(list_experiments()["hyper-cleaning"])
    wanted = {"data.corrupted", "hyperparameters.example_weights.bound", "training.iterations"}
    assert wanted <= set(shown(hall))
    hall.setup.set_experiment(list_experiments()["spirals"])
    assert not set(shown(hall)) & {"data.corrupted", "hyperparameters.example_weights.bound"}


def test_noise_is_shown_at_once_where_there_is_some(qtbot: QtBot, hall: Hall) -> None:
    hall.setup.set_experiment(list_experiments()["inputs-pruned"])
    assert {"data.noise_inputs", "hyperparameters.l2_penalties.granularity"} <= set(shown(hall))
    hall.setup.set_experiment(list_experiments()["regression"])
    assert "data.noise_inputs" not in shown(hall)
