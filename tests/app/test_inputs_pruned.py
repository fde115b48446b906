"""A run with a penalty for each input in the window."""

import pytest
from driving import choose_field, lines_of, press, type_into
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from engine.experiments.files import list_experiments, override

PATIENCE = 60_000
SHIPPED = list_experiments()["inputs-pruned"]


@pytest.fixture
def at_its_end(window: MainWindow, qtbot: QtBot) -> MainWindow:
    window.setup.set_experiment(override(SHIPPED, {"meta.iterations": "5"}))
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    assert window.record is not None
    assert window.record.finished is not None
    return window


def test_noise_is_told_apart_and_nothing_speaks_of_training(
    at_its_end: MainWindow, qtbot: QtBot
) -> None:
    docks = at_its_end.plot_area.docks
    qtbot.waitUntil(lambda: docks["input_weights"].is_seen, timeout=PATIENCE)
    for key in ("input_penalties", "comparison"):
        assert docks[key].is_seen, key
    for key in ("input_penalties", "input_weights"):
        assert set(lines_of(at_its_end, key)) == {"real inputs", "noise"}
    assert at_its_end.timeline.when.text() == "solved exactly"
    assert not {"learning_curves", "learning_rates", "memory"} & {
        key for key, dock in docks.items() if dock.is_seen
    }


def test_bars_go_back_to_an_earlier_meta_iteration(at_its_end: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(at_its_end.timeline.meta_iteration.slider, Qt.Key.Key_Home)

    def ends_at_the_start() -> bool:
        _, penalties = lines_of(at_its_end, "input_penalties")["noise"]
        return len(set(penalties)) == 1

    qtbot.waitUntil(ends_at_the_start, timeout=PATIENCE)


def test_it_can_be_set_up_by_hand(window: MainWindow, qtbot: QtBot) -> None:
    window.setup.set_experiment(override(list_experiments()["moons"], {"method": "forward"}))
    field = window.setup.field("hyperparameters.l2_penalties.free")
    qtbot.mouseClick(field.focusProxy(), Qt.MouseButton.LeftButton)
    choose_field(qtbot, window, "hyperparameters.l2_penalties.granularity", "input")
    type_into(qtbot, window, "hyperparameters.l2_penalties.initial", "0.01")
    type_into(qtbot, window, "data.noise_inputs", "4")
    assert window.setup.is_ready
    experiment = window.setup.experiment()
    assert experiment.data.noise_inputs == 4
    assert experiment.hyperparameters["l2_penalties"].granularity == "input"
