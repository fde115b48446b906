from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from driving import choose_field, click, tick, type_into
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from setup_hall import Hall, opened

from engine.experiments import Experiment, list_experiments, load_experiment, save_experiment
from engine.hyperparameters import Layout
from engine.meta import make_layout
from engine.scripts import to_python
from engine.tasks.task import make_task

PATIENCE = 20_000
T, G = 100, 8  # of the experiment in the hall


@pytest.fixture
def hall(qtbot: QtBot) -> Iterator[Hall]:
    with opened(qtbot) as made:
        yield made


def layout(experiment: Experiment) -> Layout:
    """How a run would read the hyperparameters; raises if it could not."""
    return make_layout(experiment, make_task(experiment))


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
def test_a_wrong_entry_is_marked_with_the_reason_and_may_not_run(
    hall: Hall, qtbot: QtBot, key: str, text: str, reason: str
) -> None:
    type_into(qtbot, hall, key, text)
    field = hall.setup.field(key)
    assert field.complaint.isVisible()
    assert field.complaint.text() == reason
    assert not hall.setup.is_ready


def test_mending_the_entry_lifts_the_mark(hall: Hall, qtbot: QtBot) -> None:
    type_into(qtbot, hall, "training.iterations", "0")
    type_into(qtbot, hall, "training.iterations", "12")
    assert not hall.setup.field("training.iterations").complaint.isVisible()
    assert hall.setup.is_ready
    assert hall.setup.experiment().training.iterations == 12


@pytest.mark.parametrize("name", list(list_experiments()))
def test_every_shipped_experiment_goes_through_the_fields_unchanged(hall: Hall, name: str) -> None:
    experiment = list_experiments()[name]
    hall.setup.set_experiment(experiment)
    assert hall.setup.experiment() == experiment
    assert hall.setup.is_ready


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


def test_numbers_to_predict_bring_a_model_that_fits(hall: Hall, qtbot: QtBot) -> None:
    hall.setup.set_experiment(list_experiments()["pixel-penalties"])
    choose_field(qtbot, hall, "data.source", "diabetes")
    assert hall.setup.experiment().model.kind == "linear regression"
    assert hall.setup.experiment().model.loss == "squared"
    assert hall.setup.is_ready


def test_a_loss_that_does_not_fit_the_data_is_marked(hall: Hall, qtbot: QtBot) -> None:
    choose_field(qtbot, hall, "data.source", "diabetes")
    choose_field(qtbot, hall, "model.loss", "cross-entropy")
    assert "numbers to predict" in hall.setup.field("model.loss").complaint.text()
    assert not hall.setup.is_ready


def test_every_field_has_a_tip_a_name_and_a_unit_or_choices(hall: Hall) -> None:
    for key in hall.setup.fields:
        field = hall.setup.field(key)
        assert len(field.toolTip()) > 10, key
        assert field.focusProxy().accessibleName(), key


def test_a_csv_file_becomes_the_data_set(hall: Hall, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "rain.csv"
    rows = [f"{i % 7},{i % 5},{i * 0.5}" for i in range(80)]
    path.write_text("month,station,rain\n" + "\n".join(rows) + "\n")
    with qtbot.waitSignal(hall.setup.data.edited, timeout=PATIENCE):
        hall.setup.data.open_path(str(path))
    assert hall.setup.experiment().data.file == str(path)
    assert hall.setup.data.kind == "regression"
    assert hall.setup.experiment().model.loss == "squared"
    assert hall.setup.data.source.box.currentText() == "rain.csv"

    type_into(qtbot, hall, "data.target", "station")
    with qtbot.waitSignal(hall.setup.data.edited, timeout=PATIENCE):
        qtbot.keyClick(hall.setup.data.target.line, Qt.Key.Key_Return)
    assert hall.setup.experiment().data.target == "station"
    assert hall.setup.data.kind == "classification"
    assert hall.setup.is_ready


def test_the_target_column_can_be_named_when_the_last_one_will_not_do(
    hall: Hall, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "flowers.csv"
    rows = [f"{'ab'[i % 2]},{i % 7},{i * 0.5}" for i in range(40)]
    path.write_text("kind,width,height\n" + "\n".join(rows) + "\n")
    hall.setup.data.open_path(str(path))
    complaint = hall.setup.data.source.complaint
    qtbot.waitUntil(complaint.isVisible, timeout=PATIENCE)
    assert "flowers.csv, line 2, column 'kind'" in complaint.text()
    type_into(qtbot, hall, "data.target", "kind")
    with qtbot.waitSignal(hall.setup.data.edited, timeout=PATIENCE):
        qtbot.keyClick(hall.setup.data.target.line, Qt.Key.Key_Return)
    assert not complaint.isVisible()
    assert hall.setup.data.kind == "classification"


def test_a_file_that_cannot_be_read_is_named_with_the_reason(
    hall: Hall, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "broken.npz"
    path.write_bytes(b"not a zip")
    before = hall.setup.experiment().data
    hall.setup.data.open_path(str(path))
    qtbot.waitUntil(lambda: hall.setup.data.source.complaint.isVisible(), timeout=PATIENCE)
    assert "broken.npz" in hall.setup.data.source.complaint.text()
    assert hall.setup.experiment().data == before


def test_reset_brings_every_field_back_and_can_be_undone(qtbot: QtBot, hall: Hall) -> None:
    panel = hall.setup
    assert not panel.reset_button.isEnabled()
    type_into(qtbot, hall, "training.iterations", "ten")
    tick(qtbot, hall, "hyperparameters.decays.free", True)
    choose_field(qtbot, hall, "data.source", "diabetes")
    assert panel.is_modified
    click(qtbot, panel.reset_button)
    assert panel.experiment() == list_experiments()["schedules"]
    assert not panel.is_modified
    assert not panel.reset_button.isEnabled()
    assert hall.undo_action.text() == "Undo Reset to the experiment's own"
    hall.undo_action.trigger()
    assert panel.field("training.iterations").value() == "ten"
    assert panel.experiment_box.value() == "schedules"
    assert panel.data.given.source == "diabetes"
    assert panel.reset_button.isEnabled()


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


def test_an_experiment_is_saved_and_opened_again(qtbot: QtBot, hall: Hall, tmp_path: Path) -> None:
    panel = hall.setup
    type_into(qtbot, hall, "training.iterations", "60")
    expected = panel.experiment()
    with qtbot.waitSignal(panel.said) as said:
        panel.save_experiment(tmp_path / "mine.toml")
    assert said.args == ["Saved as mine.toml."]
    assert load_experiment(tmp_path / "mine.toml") == expected
    assert not panel.is_modified
    assert panel.experiment_box.box.currentText() == f"{expected.title} (file)"

    panel.set_experiment(list_experiments()["spirals"])
    with qtbot.waitSignal(panel.said) as said:
        panel.open_experiment(str(tmp_path / "mine.toml"))
    assert said.args == ["Opened mine.toml."]
    assert panel.experiment() == expected
    assert panel.experiment_box.value() == str(tmp_path / "mine.toml")
    assert not panel.is_modified


def test_an_opened_experiment_stays_in_the_box_and_is_what_reset_goes_back_to(
    qtbot: QtBot, hall: Hall, quick: Experiment, tmp_path: Path
) -> None:
    path = tmp_path / "mine.toml"
    save_experiment(quick, path)
    hall.setup.open_experiment(path)
    type_into(qtbot, hall, "training.iterations", "99")
    click(qtbot, hall.setup.reset_button)
    assert hall.setup.experiment() == quick

    hall.setup.set_experiment(list_experiments()["schedules"])
    box = hall.setup.experiment_box.box
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_End)
    assert hall.setup.experiment_box.value() == str(path)
    assert hall.setup.experiment() == quick


def test_changes_made_before_saving_can_still_be_undone(
    qtbot: QtBot, hall: Hall, tmp_path: Path
) -> None:
    type_into(qtbot, hall, "training.iterations", "60")
    hall.setup.save_experiment(tmp_path / "mine")
    assert (tmp_path / "mine.toml").exists()
    hall.undo_action.trigger()
    assert hall.setup.field("training.iterations").value() == T
    assert hall.setup.is_modified
    assert hall.setup.experiment_box.value() == str(tmp_path / "mine.toml")
    assert hall.setup.field("training.iterations").toolTip().endswith("60 in the experiment")


def test_a_wrong_entry_is_not_saved(qtbot: QtBot, hall: Hall, tmp_path: Path) -> None:
    type_into(qtbot, hall, "training.iterations", "ten")
    with qtbot.waitSignal(hall.setup.said_problem) as said:
        hall.setup.save_experiment(tmp_path / "mine.toml")
    assert "training.iterations: expected a whole number, found 'ten'." in said.args[0]
    assert not (tmp_path / "mine.toml").exists()


def test_a_place_that_cannot_be_written_to_is_named(
    qtbot: QtBot, hall: Hall, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with qtbot.waitSignal(hall.setup.said_problem) as said:
        hall.setup.save_experiment(tmp_path / "file" / "mine.toml")
    assert str(tmp_path / "file" / "mine.toml") in said.args[0]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[data", "expected TOML"),
        (b"\xff\xfe", "UTF-8"),
        (b"[data]\nsource = 'iris'\n[model]\nkind = 'tree'\n", "model.kind"),
        (None, "expected a readable TOML file"),
    ],
)
def test_a_file_that_is_no_experiment_is_named_with_the_reason(
    qtbot: QtBot, hall: Hall, tmp_path: Path, content: bytes | None, reason: str
) -> None:
    path = tmp_path / "broken.toml"
    if content is not None:
        path.write_bytes(content)
    with qtbot.waitSignal(hall.setup.said_problem) as said:
        hall.setup.open_experiment(path)
    assert "broken.toml" in said.args[0]
    assert reason in said.args[0]
    assert hall.setup.experiment() == list_experiments()["schedules"]
    assert hall.setup.history.count() == 0


def test_an_experiment_with_data_that_are_not_there_is_marked(
    qtbot: QtBot, hall: Hall, tmp_path: Path
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[data]\nsource = 'nowhere'\n[model]\nkind = 'softmax regression'\n")
    hall.setup.open_experiment(path)
    assert "found 'nowhere'" in hall.setup.data.source.complaint.text()
    assert not hall.setup.is_ready
    choose_field(qtbot, hall, "data.source", "iris")
    assert hall.setup.is_ready

    path.write_text("[data]\nfile = 'gone.csv'\n[model]\nkind = 'softmax regression'\n")
    hall.setup.open_experiment(path)
    qtbot.waitUntil(hall.setup.data.source.complaint.isVisible, timeout=PATIENCE)
    assert "gone.csv" in hall.setup.data.source.complaint.text()
    assert not hall.setup.is_ready


def test_an_opened_experiment_keeps_its_loss_once_its_file_is_read(
    qtbot: QtBot, hall: Hall, tmp_path: Path
) -> None:
    rows = "".join(f"{i % 5},{i % 7},{'ab'[i % 2]}\n" for i in range(60))
    (tmp_path / "flowers.csv").write_text("width,height,kind\n" + rows)
    path = tmp_path / "mine.toml"
    path.write_text(
        "[data]\nfile = 'flowers.csv'\n[model]\nkind = 'softmax regression'\nloss = 'squared'\n"
    )
    hall.setup.open_experiment(path)
    qtbot.waitUntil(lambda: not hall.setup.data.is_reading, timeout=PATIENCE)
    assert hall.setup.is_ready
    assert not hall.setup.is_modified
    assert hall.setup.experiment() == load_experiment(path)
    assert hall.setup.history.count() == 1


def test_the_dialogs_ask_for_toml_files(qtbot: QtBot, hall: Hall, tmp_path: Path) -> None:
    panel = hall.setup
    panel.save_experiment_file()
    dialog = panel.findChild(QFileDialog)
    assert dialog.defaultSuffix() == "toml"
    dialog.fileSelected.emit(str(tmp_path / "mine.toml"))
    dialog.reject()
    dialog.deleteLater()
    qtbot.waitUntil(lambda: panel.findChild(QFileDialog) is None)
    assert (tmp_path / "mine.toml").exists()

    type_into(qtbot, hall, "training.iterations", "7")
    panel.open_experiment_file()
    dialog = panel.findChild(QFileDialog)
    assert dialog.nameFilters() == ["Experiments (*.toml)"]
    dialog.fileSelected.emit(str(tmp_path / "mine.toml"))
    dialog.reject()
    qtbot.waitUntil(lambda: panel.findChild(QFileDialog) is None)
    assert panel.experiment().training.iterations == T


def test_the_script_of_the_fields_is_put_on_the_clipboard(qtbot: QtBot, hall: Hall) -> None:
    type_into(qtbot, hall, "training.iterations", "60")
    with qtbot.waitSignal(hall.setup.said) as said:
        hall.setup.copy_as_python()
    assert "Python" in said.args[0]
    text = QGuiApplication.clipboard().text()
    assert text == to_python(hall.setup.experiment())
    assert "iterations = 60" in text

    type_into(qtbot, hall, "training.iterations", "ten")
    with qtbot.waitSignal(hall.setup.said_problem) as problem:
        hall.setup.copy_as_python()
    assert "training.iterations" in problem.args[0]
    assert QGuiApplication.clipboard().text() == text


@pytest.mark.parametrize(
    ("kind", "values", "granularity"),
    [
        ("learning_rates", np.linspace(0.1, 0.2, T), "iteration"),
        ("learning_rates", np.linspace(0.1, 0.2, T)[:, None], "iteration"),
        ("learning_rates", np.linspace(0.1, 0.2, T * G).reshape(T, G), "iteration and group"),
        ("learning_rates", np.linspace(0.1, 0.2, G), "group"),
        ("learning_rates", np.linspace(0.1, 0.2, G)[None, :], "group"),
        ("decays", np.linspace(0.1, 0.2, T), "iteration"),
        ("initial_scales", np.linspace(0.1, 0.2, G), "group"),
        ("l2_penalties", np.linspace(0.1, 0.2, G), "group"),
    ],
)
def test_edited_values_become_the_start_as_finely_as_they_are(
    hall: Hall, kind: str, values: np.ndarray, granularity: str
) -> None:
    before = hall.setup.experiment()
    hall.setup.take_hyperparameters({kind: values.tolist()})
    experiment = hall.setup.experiment()
    setting = getattr(experiment.hyperparameters, kind)
    assert setting.granularity == granularity
    assert np.array_equal(np.squeeze(setting.initial), np.squeeze(values))
    assert layout(experiment).shape(kind)
    assert hall.undo_action.text() == "Undo Take the edited schedule as the start"
    hall.undo_action.trigger()
    assert hall.setup.experiment() == before


def test_one_edited_number_is_shown_as_a_number(hall: Hall) -> None:
    hall.setup.take_hyperparameters({"learning_rates": 0.25, "decays": np.float64(0.75)})
    assert hall.setup.field("hyperparameters.learning_rates.initial").line.text() == "0.25"
    assert hall.setup.experiment().hyperparameters.decays.initial == 0.75
    hall.undo_action.trigger()
    assert not hall.setup.is_modified


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("meta.step", 0.02),
        ("meta.beta2", 0.99),
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
    assert hall.undo_action.text() == f"Undo {field.label}"
    hall.undo_action.trigger()
    assert field.value() == before


def test_a_schedule_is_named_and_can_be_edited_or_typed_over(qtbot: QtBot, hall: Hall) -> None:
    field = hall.setup.field("hyperparameters.learning_rates.initial")
    assert not field.edit.isVisible()
    hall.setup.take_hyperparameters({"learning_rates": [0.1] * T})
    assert field.line.placeholderText() == "a schedule"
    assert field.toolTip().endswith("0.3 in the experiment")
    with qtbot.waitSignal(hall.setup.edit_requested) as asked:
        click(qtbot, field.edit)
    assert asked.args == ["learning_rates"]
    type_into(qtbot, hall, field.key, "0.5")
    assert hall.setup.experiment().hyperparameters.learning_rates.initial == 0.5
    assert not field.edit.isVisible()
    assert field.line.placeholderText() == ""
    hall.undo_action.trigger()
    assert field.edit.isVisible()
    assert hall.setup.experiment().hyperparameters.learning_rates.initial == (0.1,) * T


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
