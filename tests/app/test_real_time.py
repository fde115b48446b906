"""A run in real time in the window: its updates are what the timeline counts."""

import pytest
from driving import choose_field, lines_of, press, type_into
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from app.setup.during_a_run import RestartBar
from engine.experiments.changeable import IN_REAL_TIME
from engine.experiments.files import list_experiments, override
from engine.runs.moments import Moment

PATIENCE = 60_000
QUICK = override(
    list_experiments()["real-time"],
    {
        "training.iterations": "23",
        "meta.random_runs": "2",
        "data.train": "60",
        "data.validation": "40",
        "data.test": "40",
        "model.hidden": "[4]",
        "meta.objective_batch": "20",
    },
)


@pytest.fixture
def at_its_end(window: MainWindow, qtbot: QtBot) -> MainWindow:
    window.setup.set_experiment(QUICK)
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    assert window.record is not None
    assert window.record.finished is not None
    return window


def test_the_timeline_counts_updates_of_one_run(at_its_end: MainWindow) -> None:
    timeline = at_its_end.timeline
    assert timeline.where.text() == "update 5 of 5"
    assert timeline.when.text() == "iteration 23 of 23, training"
    assert timeline.step.slider.maximum() == 5
    assert timeline.status.status.text() == "Completed 5 updates."


def test_what_is_learned_stands_in_front(at_its_end: MainWindow) -> None:
    docks = at_its_end.plot_area.docks
    for key in ("real_time", "real_time_losses", "same_budget"):
        assert docks[key].is_seen, key
    assert set(lines_of(at_its_end, "real_time")) == {"learning rate α", "momentum decay γ"}
    assert "never updated" in lines_of(at_its_end, "same_budget")


def test_a_moment_within_the_run_is_shown_as_far_as_it_was(
    at_its_end: MainWindow, qtbot: QtBot
) -> None:
    window = at_its_end
    for slider, place in (
        (window.timeline.meta_iteration.slider, 2),
        (window.timeline.step.slider, 3),
    ):
        qtbot.keyClick(slider, Qt.Key.Key_Home)
        for _ in range(place):
            qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert window.timeline.moment == Moment(2, 3)
    assert window.timeline.where.text() == "update 2 of 5"
    assert window.timeline.when.text() == "iteration 13 of 23, training"
    assert len(lines_of(window, "real_time")["learning rate α"][0]) == 13


def test_a_click_on_an_iteration_goes_to_the_update_before_it(at_its_end: MainWindow) -> None:
    at_its_end.plot_area.reading.chosen.emit("iterations", 17)
    assert at_its_end.timeline.moment == Moment(3, 2)


def test_choosing_it_in_the_set_up_is_all_that_there_is_to_do(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.setup.set_experiment(list_experiments()["moons"])
    choose_field(qtbot, window, "meta.optimizer", "real-time")
    assert window.setup.is_ready
    experiment = window.setup.experiment()
    assert (experiment.method, experiment.units) == ("forward", 16)
    for key, is_there in (
        ("meta.update_every", True),
        ("meta.iterations", False),
        ("method", False),
        ("meta.beta1", True),
        ("meta.momentum", False),
    ):
        assert window.setup.field(key).isHidden() != is_there, key
    choose_field(qtbot, window, "meta.update_by", "sgd")
    assert not window.setup.field("meta.momentum").isHidden()
    type_into(qtbot, window, "meta.update_every", "8")
    assert window.setup.experiment().units == 10


def test_the_set_up_says_why_nothing_can_change_on_the_way(
    window: MainWindow, qtbot: QtBot
) -> None:
    longer = {"training.iterations": "2000", "meta.random_runs": "0"}
    window.setup.set_experiment(override(QUICK, longer))
    press(qtbot, window, "step")
    qtbot.waitUntil(lambda: window.runner.state == "paused", timeout=PATIENCE)
    [bar] = window.setup.findChildren(RestartBar)
    assert bar.isVisibleTo(window)
    assert bar.text.text() == IN_REAL_TIME
    assert not bar.button.isVisibleTo(window)
    type_into(qtbot, window, "meta.step", "0.02")
    assert bar.text.text() == "Not in this run: Step size."
    assert bar.button.isVisibleTo(window)
    press(qtbot, window, "stop")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
