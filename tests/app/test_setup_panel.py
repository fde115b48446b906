from pathlib import Path

import pytest
from driving import choose_field, tick, type_into
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from engine.experiments import list_experiments

PATIENCE = 20_000


@pytest.mark.parametrize(
    ("key", "text", "reason"),
    [
        ("training.iterations", "0", "Expected at least 1, found 0."),
        ("training.iterations", "many", "Expected a whole number, found 'many'."),
        ("training.batch_size", "1.5", "Expected a whole number, found '1.5'."),
        ("model.hidden", "50, x", "Expected whole numbers between commas, found '50, x'."),
        ("meta.step", "-1", "Expected more than 0.0, found -1.0."),
        ("meta.step", "nan", "Expected a finite number, found nan."),
        ("hyperparameters.learning_rates.initial", "q", "Expected a number, found 'q'."),
    ],
)
def test_a_wrong_entry_is_marked_with_the_reason_and_run_is_disabled(
    window: MainWindow, qtbot: QtBot, key: str, text: str, reason: str
) -> None:
    type_into(qtbot, window, key, text)
    field = window.setup.field(key)
    assert field.complaint.isVisible()
    assert field.complaint.text() == reason
    assert not window.run_action.isEnabled()
    assert not window.step_action.isEnabled()
    assert window.progress.status.text() == "Mend what is marked, then run."


def test_mending_the_entry_lifts_the_mark(window: MainWindow, qtbot: QtBot) -> None:
    type_into(qtbot, window, "training.iterations", "0")
    type_into(qtbot, window, "training.iterations", "12")
    assert not window.setup.field("training.iterations").complaint.isVisible()
    assert window.run_action.isEnabled()
    assert window.progress.status.text() == "Ready. Press Run."
    assert window.setup.experiment().training.iterations == 12


@pytest.mark.parametrize("name", list(list_experiments()))
def test_every_shipped_experiment_goes_through_the_fields_unchanged(
    window: MainWindow, name: str
) -> None:
    experiment = list_experiments()[name]
    window.setup.set_experiment(experiment)
    assert window.setup.experiment() == experiment
    assert window.setup.is_ready


def test_a_value_outside_its_domain_is_marked(window: MainWindow, qtbot: QtBot) -> None:
    type_into(qtbot, window, "hyperparameters.decays.initial", "1.5")
    field = window.setup.field("hyperparameters.decays.initial")
    assert field.complaint.isVisible()
    assert not window.run_action.isEnabled()


def test_how_finely_is_asked_only_of_what_is_free(window: MainWindow, qtbot: QtBot) -> None:
    granularity = window.setup.field("hyperparameters.l2_penalties.granularity")
    assert not granularity.isVisible()
    type_into(qtbot, window, "hyperparameters.l2_penalties.initial", "0.01")
    tick(qtbot, window, "hyperparameters.l2_penalties.free", True)
    assert granularity.isVisible()


def test_numbers_to_predict_bring_a_model_that_fits(window: MainWindow, qtbot: QtBot) -> None:
    window.setup.set_experiment(list_experiments()["pixel-penalties"])
    choose_field(qtbot, window, "data.source", "diabetes")
    assert window.setup.experiment().model.kind == "linear regression"
    assert window.setup.experiment().model.loss == "squared"
    assert window.setup.is_ready


def test_a_loss_that_does_not_fit_the_data_is_marked(window: MainWindow, qtbot: QtBot) -> None:
    choose_field(qtbot, window, "data.source", "diabetes")
    choose_field(qtbot, window, "model.loss", "cross-entropy")
    assert "numbers to predict" in window.setup.field("model.loss").complaint.text()
    assert not window.run_action.isEnabled()


def test_every_field_has_a_tip_a_name_and_a_unit_or_choices(window: MainWindow) -> None:
    for key in window.setup._fields:
        field = window.setup.field(key)
        assert len(field.toolTip()) > 10, key
        assert field.focusProxy().accessibleName(), key


def test_a_csv_file_becomes_the_data_set(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "rain.csv"
    rows = [f"{i % 7},{i % 5},{i * 0.5}" for i in range(80)]
    path.write_text("month,station,rain\n" + "\n".join(rows) + "\n")
    with qtbot.waitSignal(window.setup.data.edited, timeout=PATIENCE):
        window.setup.data.open_path(str(path))
    assert window.setup.experiment().data.file == str(path)
    assert window.setup.data.kind == "regression"
    assert window.setup.experiment().model.loss == "squared"
    assert window.setup.data.source.box.currentText() == "rain.csv"

    type_into(qtbot, window, "data.target", "station")
    with qtbot.waitSignal(window.setup.data.edited, timeout=PATIENCE):
        qtbot.keyClick(window.setup.data.target.line, Qt.Key.Key_Return)
    assert window.setup.experiment().data.target == "station"
    assert window.setup.data.kind == "classification"
    assert window.setup.is_ready


def test_the_target_column_can_be_named_when_the_last_one_will_not_do(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "flowers.csv"
    rows = [f"{'ab'[i % 2]},{i % 7},{i * 0.5}" for i in range(40)]
    path.write_text("kind,width,height\n" + "\n".join(rows) + "\n")
    window.setup.data.open_path(str(path))
    complaint = window.setup.data.source.complaint
    qtbot.waitUntil(complaint.isVisible, timeout=PATIENCE)
    assert "flowers.csv, line 2, column 'kind'" in complaint.text()
    type_into(qtbot, window, "data.target", "kind")
    with qtbot.waitSignal(window.setup.data.edited, timeout=PATIENCE):
        qtbot.keyClick(window.setup.data.target.line, Qt.Key.Key_Return)
    assert not complaint.isVisible()
    assert window.setup.data.kind == "classification"


def test_a_file_that_cannot_be_read_is_named_with_the_reason(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "broken.npz"
    path.write_bytes(b"not a zip")
    before = window.setup.experiment().data
    window.setup.data.open_path(str(path))
    qtbot.waitUntil(lambda: window.setup.data.source.complaint.isVisible(), timeout=PATIENCE)
    assert "broken.npz" in window.setup.data.source.complaint.text()
    assert window.setup.experiment().data == before
