"""Experiments that are opened from files, saved into them, and copied as scripts."""

from pathlib import Path

import pytest
from driving import choose_field, click, type_into
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from setup_hall import Hall

from engine.experiments.experiment import Experiment
from engine.experiments.files import list_experiments, load_experiment, save_experiment
from engine.output.scripts import to_python

PATIENCE = 20_000
T = 100  # of the experiment in the hall


@pytest.fixture
def hall(fresh_hall: Hall) -> Hall:
    return fresh_hall


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
    click(qtbot, hall.setup.head.reset_button)
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
    assert (
        "training.iterations: expected a whole number from 1 to 1,000,000, found 'ten'."
        in said.args[0]
    )
    assert not (tmp_path / "mine.toml").exists()


def test_a_place_that_cannot_be_written_to_is_named(
    qtbot: QtBot, hall: Hall, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with qtbot.waitSignal(hall.setup.said_problem) as said:
        hall.setup.save_experiment(tmp_path / "file" / "mine.toml")
    assert str(tmp_path / "file" / "mine.toml") in said.args[0]


BROKEN = [
    (b"[data", "expected TOML"),
    (b"\xff\xfe", "UTF-8"),
    (b"[data]\nsource = 'iris'\n[model]\nkind = 'tree'\n", "model.kind"),
    (None, "expected a readable TOML file"),
]


def test_a_file_that_is_no_experiment_is_named_with_the_reason(
    qtbot: QtBot, hall: Hall, tmp_path: Path
) -> None:
    for content, reason in BROKEN:
        path = tmp_path / "broken.toml"
        path.unlink(missing_ok=True)
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


def test_all_mistakes_of_a_file_are_named_when_it_is_opened(
    qtbot: QtBot, hall: Hall, quick: Experiment, tmp_path: Path
) -> None:
    path = tmp_path / "mine.toml"
    save_experiment(quick, path)
    text = path.read_text().replace("iterations = 10", "iterations = -1")
    path.write_text(text.replace("step = ", "stepp = ").replace('"validation"', '"valid"'))
    before = hall.setup.experiment()
    with qtbot.waitSignal(hall.setup.said_problem) as said:
        hall.setup.open_experiment(path)
    lines = said.args[0].split("\n")
    for field in ("training.iterations", "meta.objective", "meta.stepp"):
        assert any(line.startswith(f"mine.toml: {field}: ") for line in lines), lines
    assert hall.setup.experiment() == before
