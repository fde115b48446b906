"""A run of HOAG in the window."""

import pytest
from driving import choose_field, lines_of, press
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from engine.experiments.files import list_experiments, override

PATIENCE = 60_000


def run(window: MainWindow, qtbot: QtBot, name: str, iterations: int) -> None:
    experiment = override(list_experiments()[name], {"meta.iterations": str(iterations)})
    window.setup.set_experiment(experiment)
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)


def test_what_it_takes_and_how_near_it_is_stands_in_front(window: MainWindow, qtbot: QtBot) -> None:
    run(window, qtbot, "hoag", 8)
    docks = window.plot_area.docks
    for key in ("l2_penalties", "distance_by_seconds", "inner_iterations", "tolerance"):
        assert docks[key].is_seen, key
    assert set(lines_of(window, "inner_iterations")) == {"L-BFGS", "linear solver"}
    assert {"validation", "test"} <= set(lines_of(window, "losses"))
    assert window.timeline.where.text() == "meta-iteration 8 of 8"
    assert window.timeline.when.text() == "minimised to a tolerance"


def test_an_overfitted_validation_set_is_said_above_the_plots(
    window: MainWindow, qtbot: QtBot
) -> None:
    run(window, qtbot, "hoag-per-input", 15)
    assert "The validation set is overfitted" in window.message_bar.text.text()


def test_choosing_it_for_penalties_is_all_that_there_is_to_do(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.setup.set_experiment(list_experiments()["pixel-penalties"])
    choose_field(qtbot, window, "meta.optimizer", "hoag")
    assert window.setup.is_ready
    experiment = window.setup.experiment()
    assert experiment.method == "implicit-cg"
    for key, is_there in (
        ("meta.tolerances", True),
        ("meta.step", False),
        ("meta.new_seed", False),
        ("method", False),
    ):
        assert window.setup.field(key).isHidden() != is_there, key
    choose_field(qtbot, window, "meta.optimizer", "adam")
    assert window.setup.is_ready


@pytest.mark.parametrize("name", ["moons"])
def test_what_training_alone_depends_on_cannot_be_free_with_it(
    window: MainWindow, qtbot: QtBot, name: str
) -> None:
    window.setup.set_experiment(list_experiments()[name])
    choose_field(qtbot, window, "meta.optimizer", "hoag")
    assert not window.setup.is_ready


def test_an_indefinite_hessian_is_said_above_the_plots(window: MainWindow, qtbot: QtBot) -> None:
    bent = {
        "hyperparameters.learning_rates.free": "false",
        "hyperparameters.decays.free": "false",
        "hyperparameters.l2_penalties.free": "true",
        "hyperparameters.l2_penalties.initial": "0.001",
        "method": "implicit-cg",
        "training.iterations": "3",
        "meta.iterations": "2",
    }
    window.setup.set_experiment(override(list_experiments()["moons"], bent))
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    assert "The Hessian is not positive definite" in window.message_bar.text.text()


def test_only_trials_that_minimise_are_asked_whether_they_start_warm(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.setup.set_experiment(list_experiments()["hoag"])
    warm = window.setup.field("meta.trials_warm")
    assert warm.isHidden()
    choose_field(qtbot, window, "meta.optimizer", "grid")
    assert not warm.isHidden()
    warm.check.setFocus()
    qtbot.keyClick(warm.check, Qt.Key.Key_Space)
    assert window.setup.is_ready
    assert window.setup.experiment().meta.trials_warm
    choose_field(qtbot, window, "method", "stored-trajectory")
    assert not warm.check.isEnabled()
    assert window.setup.is_ready
    assert not window.setup.experiment().meta.trials_warm
