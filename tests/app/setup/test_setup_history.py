from pathlib import Path
from types import SimpleNamespace

import pytest
from driving import choose_field, click, tick, type_into
from importing import import_it, open_by_clicks
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot
from setup_hall import Hall

from app.application import make_application
from app.setup import setup_history
from app.setup.setup_panel import SetupPanel
from engine.experiments.experiment import Experiment
from engine.experiments.files import list_experiments, load_experiment, save_experiment

T = "training.iterations"
PATIENCE = 20_000


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    standing = Clock()
    monkeypatch.setattr(setup_history, "monotonic", standing)
    return standing


@pytest.fixture
def hall(clock: Clock, hall: Hall) -> Hall:
    return hall


def text(panel: SetupPanel, key: str) -> str:
    return panel.field(key).line.text()


def undo(qtbot: QtBot, hall: Hall) -> None:
    qtbot.keyClick(hall.focusWidget() or hall, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def redo(qtbot: QtBot, hall: Hall) -> None:
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(hall.focusWidget() or hall, Qt.Key.Key_Z, both)


def test_nothing_can_be_undone_at_first(hall: Hall) -> None:
    assert not hall.undo_action.isEnabled()
    assert not hall.redo_action.isEnabled()


def test_keys_typed_within_a_moment_are_undone_together_by_name(qtbot: QtBot, hall: Hall) -> None:
    type_into(qtbot, hall, T, "345")
    assert hall.setup.history.count() == 1
    assert hall.undo_action.text() == "Undo Iterations T"
    undo(qtbot, hall)
    assert text(hall.setup, T) == "100"
    assert hall.redo_action.text() == "Redo Iterations T"
    redo(qtbot, hall)
    assert text(hall.setup, T) == "345"
    assert hall.setup.experiment().training.iterations == 345


def test_keys_typed_later_are_undone_apart(qtbot: QtBot, hall: Hall, clock: Clock) -> None:
    line = hall.setup.field(T).line
    line.setFocus()
    line.end(False)
    qtbot.keyClicks(line, "0")
    clock.now += 1.5
    qtbot.keyClicks(line, "7")
    assert line.text() == "10007"
    undo(qtbot, hall)
    assert line.text() == "1000"
    undo(qtbot, hall)
    assert line.text() == "100"


def test_two_fields_typed_in_within_a_moment_are_undone_apart(qtbot: QtBot, hall: Hall) -> None:
    type_into(qtbot, hall, T, "7")
    type_into(qtbot, hall, "meta.step", "0.5")
    undo(qtbot, hall)
    assert text(hall.setup, "meta.step") == "0.04"
    assert text(hall.setup, T) == "7"


def test_typing_that_leads_back_leaves_nothing_to_undo(qtbot: QtBot, hall: Hall) -> None:
    line = hall.setup.field(T).line
    line.setFocus()
    line.end(False)
    qtbot.keyClicks(line, "5")
    qtbot.keyClick(line, Qt.Key.Key_Backspace)
    assert line.text() == "100"
    assert hall.setup.history.count() == 0


def test_text_that_is_no_value_comes_back_to_the_letter_with_its_mark(
    qtbot: QtBot, hall: Hall, clock: Clock
) -> None:
    type_into(qtbot, hall, T, "ten")
    clock.now += 2
    type_into(qtbot, hall, T, "10")
    assert hall.setup.is_ready
    undo(qtbot, hall)
    assert text(hall.setup, T) == "ten"
    assert hall.setup.field(T).complaint.isVisible()
    assert not hall.setup.is_ready
    undo(qtbot, hall)
    assert hall.setup.is_ready


def test_ticks_choices_and_loaded_experiments_are_undone_one_by_one(
    qtbot: QtBot, hall: Hall
) -> None:
    panel = hall.setup
    tick(qtbot, hall, "hyperparameters.decays.free", False)
    choose_field(qtbot, hall, "model.activation", "ReLU")
    panel.experiment_box.box.setFocus()
    names = list(list_experiments())
    step = Qt.Key.Key_Down if names.index("spirals") > names.index("schedules") else Qt.Key.Key_Up
    qtbot.keyClick(panel.experiment_box.box, step)
    assert panel.experiment_box.value() != "schedules"
    assert hall.undo_action.text() == "Undo Experiment"

    undo(qtbot, hall)
    assert panel.experiment_box.value() == "schedules"
    assert panel.experiment().name == "schedules"
    assert panel.field("model.activation").value() == "ReLU"
    assert hall.undo_action.text() == "Undo Activation"
    undo(qtbot, hall)
    assert panel.field("model.activation").value() == "tanh"
    assert hall.undo_action.text() == "Undo Momentum decays: free"
    undo(qtbot, hall)
    assert panel.experiment() == list_experiments()["schedules"]
    redo(qtbot, hall)
    assert not panel.experiment().hyperparameters["decays"].free


OF_SOME = [
    ("learned-data", "data.learned_per_class", 3),
    ("learned-data", "data.learned_per_class", None),
    ("learned-data", "training.order", "in order"),
    ("learned-data", "meta.penalty", 0.5),
    ("learned-data", "hyperparameters.training_inputs.free", False),
    ("learned-data", "hyperparameters.training_inputs.initial", 0.25),
    ("weight-sharing", "hyperparameters.sharing.free", False),
    ("weight-sharing", "hyperparameters.sharing.initial", 0.25),
    ("weight-sharing", "meta.optimizer", "none"),
    ("chaos", "meta.optimizer", "sgd"),
]


def test_what_only_some_experiments_have_is_undone_redone_and_saved(
    hall: Hall, tmp_path: Path
) -> None:
    panel = hall.setup
    for name, key, value in OF_SOME:
        panel.set_experiment(list_experiments()[name])
        before = panel.experiment()
        panel.change(key, value)
        after = panel.experiment()
        assert after != before, key
        assert panel.is_ready, key
        panel.history.undo()
        assert panel.experiment() == before, key
        assert not panel.is_modified, key
        panel.history.redo()
        assert panel.experiment() == after, key
        panel.save_experiment(tmp_path / "saved.toml")
        assert load_experiment(tmp_path / "saved.toml") == after, key


def test_the_undo_keys_in_a_field_undo_in_the_panel_and_not_in_the_field_alone(
    qtbot: QtBot, hall: Hall
) -> None:
    tick(qtbot, hall, "meta.new_seed", False)
    hall.setup.field(T).line.setFocus()
    undo(qtbot, hall)
    assert hall.setup.field("meta.new_seed").value() is True
    assert hall.setup.history.index() == 0


def test_without_a_window_the_panel_undoes_by_itself(qtbot: QtBot, clock: Clock) -> None:
    make_application()
    panel = SetupPanel(list_experiments())
    qtbot.addWidget(panel)
    panel.show()
    before = text(panel, T)
    type_into(qtbot, SimpleNamespace(setup=panel), T, "77")
    qtbot.keyClick(panel.field(T).line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert text(panel, T) == before
    panel.close()


def test_undo_goes_to_the_field_that_changes(qtbot: QtBot, hall: Hall) -> None:
    panel = hall.setup
    hall.resize(350, 400)
    field = panel.field("meta.seeds")
    type_into(qtbot, hall, "meta.seeds", "3")
    panel.field(T).line.setFocus()
    view = panel.findChild(QScrollArea)
    view.verticalScrollBar().setValue(0)
    hall.undo_action.trigger()
    assert field.line.hasFocus()
    top = field.mapTo(view.viewport(), QPoint(0, 0)).y()
    assert 0 <= top <= view.viewport().height() - field.height()


def test_undo_unfolds_what_it_changes(qtbot: QtBot, hall: Hall) -> None:
    section = hall.setup.form.sections["data"]
    type_into(qtbot, hall, "data.seed", "9")
    click(qtbot, section.button)
    assert not section.is_open
    hall.undo_action.trigger()
    assert section.is_open
    assert hall.setup.field("data.seed").line.hasFocus()


def test_choosing_data_is_undone_with_all_that_went_with_it(qtbot: QtBot, hall: Hall) -> None:
    own = hall.setup.experiment()
    choose_field(qtbot, hall, "data.source", "diabetes")
    while hall.undo_action.isEnabled():
        assert hall.setup.is_ready
        hall.undo_action.trigger()
    assert hall.setup.experiment() == own


def test_an_opened_data_file_is_undone_and_redone_without_reading_it_again(
    qtbot: QtBot, hall: Hall, tmp_path: Path
) -> None:
    path = tmp_path / "rain.csv"
    path.write_text("month,rain\n" + "".join(f"{i % 7},{i * 0.5}\n" for i in range(80)))
    import_it(qtbot, hall.setup.data, open_by_clicks(qtbot, hall.setup.data, path))
    path.unlink()
    assert hall.undo_action.text() == "Undo Data set"
    hall.undo_action.trigger()
    assert hall.setup.experiment() == list_experiments()["schedules"]
    hall.redo_action.trigger()
    assert hall.setup.is_ready
    assert hall.setup.experiment().data.file == str(path)
    assert hall.setup.experiment().model.loss == "squared"


def test_a_file_that_could_not_be_read_is_undone_too(
    qtbot: QtBot, hall: Hall, tmp_path: Path
) -> None:
    path = tmp_path / "broken.npz"
    path.write_bytes(b"not a zip")
    complaint = hall.setup.data.source.complaint
    hall.setup.data.open_path(str(path))
    qtbot.waitUntil(complaint.isVisible, timeout=PATIENCE)
    hall.undo_action.trigger()
    assert not complaint.isVisible()
    hall.redo_action.trigger()
    assert complaint.isVisible()


def test_opening_an_experiment_file_is_undone(
    qtbot: QtBot, hall: Hall, tmp_path: Path, quick: Experiment
) -> None:
    path = tmp_path / "mine.toml"
    save_experiment(quick, path)
    hall.setup.open_experiment(path)
    assert hall.undo_action.text() == "Undo Open mine.toml"
    hall.undo_action.trigger()
    assert hall.setup.experiment_box.value() == "schedules"
    assert not hall.setup.is_modified
    hall.redo_action.trigger()
    assert hall.setup.experiment() == quick
    assert hall.setup.experiment_box.value() == str(path)


def test_nothing_is_undone_while_a_run_goes_on(qtbot: QtBot, hall: Hall) -> None:
    type_into(qtbot, hall, T, "7")
    hall.setup.set_editable(False)
    assert not hall.undo_action.isEnabled()
    hall.setup.history.undo()
    undo(qtbot, hall)
    assert text(hall.setup, T) == "7"
    hall.setup.set_editable(True)
    assert hall.undo_action.isEnabled()
    hall.undo_action.trigger()
    assert text(hall.setup, T) == "100"
    assert not hall.undo_action.isEnabled()


def test_a_new_change_forgets_what_was_undone(qtbot: QtBot, hall: Hall) -> None:
    type_into(qtbot, hall, T, "7")
    hall.undo_action.trigger()
    type_into(qtbot, hall, "meta.step", "1")
    assert not hall.redo_action.isEnabled()
    hall.undo_action.trigger()
    assert hall.setup.experiment() == list_experiments()["schedules"]
