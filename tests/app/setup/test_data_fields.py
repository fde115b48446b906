import hashlib
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from driving import choose_field, click, type_into
from importing import cancel_button, import_dialog, import_it, open_by_clicks, set_role
from PIL import Image
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from setup_hall import Hall

from engine.data.datasets import BUILT_IN, OWN
from engine.data.published import FOLDERS, LIBRARY, PublishedFile, PublishedSet
from engine.experiments.files import list_experiments
from engine.tasks.catalogue import make_task

PATIENCE = 20_000


@pytest.fixture
def hall(fresh_hall: Hall) -> Hall:
    return fresh_hall


def test_numbers_to_predict_bring_a_model_that_fits(hall: Hall, qtbot: QtBot) -> None:
    hall.setup.set_experiment(list_experiments()["pixel-penalties"])
    choose_field(qtbot, hall, "data.source", "diabetes")
    assert hall.setup.experiment().model.kind == "linear regression"
    assert hall.setup.experiment().model.loss == "squared"
    assert hall.setup.is_ready


def test_a_loss_that_does_not_fit_the_data_is_marked(hall: Hall, qtbot: QtBot) -> None:
    choose_field(qtbot, hall, "data.source", "diabetes")
    choose_field(qtbot, hall, "model.loss", "cross-entropy")
    assert "numeric targets" in hall.setup.field("model.loss").complaint.text()
    assert not hall.setup.is_ready


def test_a_csv_file_becomes_the_data_set(hall: Hall, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "rain.csv"
    rows = [f"{i % 7},{i % 5},{i * 0.5}" for i in range(80)]
    path.write_text("month,station,rain\n" + "\n".join(rows) + "\n")
    import_it(qtbot, hall.setup.data, open_by_clicks(qtbot, hall.setup.data, path))
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


def test_what_was_decided_about_a_file_stands_below_it(
    hall: Hall, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "points.csv"
    path.write_text("1,2,<b>x\n3,4,y\n5,6,<b>x\n")
    import_it(qtbot, hall.setup.data, open_by_clicks(qtbot, hall.setup.data, path))
    about = hall.setup.data.about
    assert about.text() == (
        "3 examples, 2 features, 2 classes.\n"
        "points.csv, line 1: taken as an example, because '<b>x' occurs again below."
    )
    assert about.textFormat() == Qt.TextFormat.PlainText


def test_a_target_column_that_cannot_be_predicted_is_named_and_another_one_taken(
    hall: Hall, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "flowers.csv"
    rows = [f"{'ab'[i % 2]},{i % 7},{i * 0.5}" for i in range(40)]
    path.write_text("kind,width,height\n" + "\n".join(rows) + "\n")
    import_it(qtbot, hall.setup.data, open_by_clicks(qtbot, hall.setup.data, path))
    assert hall.setup.data.kind == "classification"
    type_into(qtbot, hall, "data.target", "height")
    complaint = hall.setup.data.target.complaint
    qtbot.keyClick(hall.setup.data.target.line, Qt.Key.Key_Return)
    qtbot.waitUntil(complaint.isVisible, timeout=PATIENCE)
    assert "flowers.csv, line 2, column 'kind'" in complaint.text()
    type_into(qtbot, hall, "data.target", "kind")
    with qtbot.waitSignal(hall.setup.data.edited, timeout=PATIENCE):
        qtbot.keyClick(hall.setup.data.target.line, Qt.Key.Key_Return)
    assert not complaint.isVisible()
    assert hall.setup.data.kind == "classification"


def test_the_error_of_the_last_file_goes_when_the_next_is_opened(
    hall: Hall, qtbot: QtBot, tmp_path: Path
) -> None:
    broken, table = tmp_path / "broken.npz", tmp_path / "table.csv"
    broken.write_bytes(b"not a zip")
    table.write_text("a,kind\n1.5,u\n2.5,v\n")
    complaint = hall.setup.data.source.complaint
    hall.setup.data.open_path(str(broken))
    qtbot.waitUntil(complaint.isVisible, timeout=PATIENCE)
    dialog = open_by_clicks(qtbot, hall.setup.data, table)
    assert not complaint.isVisible()
    click(qtbot, cancel_button(dialog))
    assert not complaint.isVisible()
    assert hall.setup.is_ready
    assert hall.setup.experiment().data.source == "digits"


def test_how_a_table_is_read_can_be_changed_after_it_was_imported(
    hall: Hall, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "flowers.csv"
    rows = [f"{'ab'[i % 2]};{i % 7},5;{i * 0.5:.1f}".replace(".", ",") for i in range(40)]
    path.write_text("kind;width;height\n" + "\n".join(rows) + "\n")
    data = hall.setup.data
    assert not data.columns.isVisible()
    import_it(qtbot, data, open_by_clicks(qtbot, data, path))
    click(qtbot, data.columns)
    dialog = import_dialog(qtbot)
    assert {dialog.roles.of(name) for name in ("width", "height")} == {"feature"}
    assert dialog.roles.of("kind") == "target"
    set_role(qtbot, dialog, "width", "ignored")
    import_it(qtbot, data, dialog)
    told = hall.setup.experiment().data
    assert (told.target, told.decimal, told.ignore) == ("kind", "comma", ("width",))
    click(qtbot, data.columns)
    dialog = import_dialog(qtbot)
    assert dialog.roles.of("width") == "ignored", "it is shown as it was imported"
    assert dialog.choices.boxes["decimal"].currentData() == "comma"
    click(qtbot, cancel_button(dialog))
    assert hall.setup.experiment().data == told
    hall.undo_action.trigger()
    assert hall.setup.experiment().data.ignore is None


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


def test_a_zip_of_drawings_brings_shared_networks(hall: Hall, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "alphabets.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for place in np.ndindex(2, 3, 5):
            ink = io.BytesIO()
            Image.fromarray(np.full((30, 30), 255 - 10 * sum(place), np.uint8)).save(ink, "PNG")
            alphabet, character, drawing = place
            archive.writestr(f"all/{alphabet}/{character}/{drawing}.png", ink.getvalue())
    with qtbot.waitSignal(hall.setup.data.edited, timeout=PATIENCE):
        hall.setup.data.open_path(str(path))
    assert hall.setup.is_ready
    assert hall.setup.data.about.text() == "Several tasks: 2 alphabets, upright and rotated."
    experiment = hall.setup.experiment()
    assert experiment.data.file == str(path)
    assert experiment.model.kind == "shared networks"
    assert make_task(experiment).size > 0


def test_every_set_that_goes_by_a_name_can_be_chosen_and_none_is_loaded_for_it(
    hall: Hall, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[str] = []
    monkeypatch.setattr("app.setup.data_fields.open_dataset", loaded.append)
    monkeypatch.setattr("app.setup.data_fields.open_drawings", loaded.append)
    box = hall.setup.data.source.box
    assert [box.itemData(place) for place in range(box.count())] == list(BUILT_IN)
    for name, entry in BUILT_IN.items():
        choose_field(qtbot, hall, "data.source", name)
        assert hall.setup.is_ready == (name != OWN), "losses of one's own need a file"
        assert hall.setup.data.about.text() == entry.description
        assert not hall.setup.data.is_reading
    assert not loaded


def test_a_set_that_is_not_downloaded_yet_says_how_to_download_it(hall: Hall, qtbot: QtBot) -> None:
    note = hall.setup.data.note
    for name in BUILT_IN:
        choose_field(qtbot, hall, "data.source", name)
        assert note.isVisible() == (name in LIBRARY), name
    assert note.text() == "Not downloaded yet: choose File > Data sets… to download it."


def test_the_note_goes_when_a_person_comes_back_with_the_data(
    hall: Hall, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b"as published"
    digest = hashlib.sha256(content).hexdigest()
    file = PublishedFile("images", "https://example.org/images", len(content), digest)
    monkeypatch.setitem(LIBRARY, "mnist", PublishedSet("mnist", "Somebody", "MIT", (file,)))
    monkeypatch.setenv(FOLDERS, str(tmp_path))
    choose_field(qtbot, hall, "data.source", "mnist")
    assert hall.setup.data.note.isVisible()
    elsewhere = QWidget()
    qtbot.addWidget(elsewhere)
    elsewhere.show()
    elsewhere.activateWindow()
    qtbot.waitUntil(elsewhere.isActiveWindow)
    (tmp_path / "images").write_bytes(content)
    hall.activateWindow()
    qtbot.waitUntil(lambda: not hall.setup.data.note.isVisible(), timeout=PATIENCE)


def test_learning_inputs_for_numbers_is_marked(hall: Hall, qtbot: QtBot) -> None:
    choose_field(qtbot, hall, "data.source", "diabetes")
    hall.setup.change("meta.objective", "validation")
    hall.setup.change("data.learned_per_class", 2)
    assert "no classes" in hall.setup.field("data.learned_per_class").complaint.text()
    assert not hall.setup.is_ready


def test_a_file_that_has_changed_is_read_again_when_the_window_is_active_again(
    hall: Hall, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "rain.csv"
    rows = [f"{i % 7},{i % 5},{i * 0.5}" for i in range(80)]
    path.write_text("month,station,rain\n" + "\n".join(rows) + "\n")
    import_it(qtbot, hall.setup.data, open_by_clicks(qtbot, hall.setup.data, path))
    assert hall.setup.data.about.text().startswith("80 examples")
    path.write_text("month,station,rain\n" + "\n".join(rows[:30]) + "\n")
    QApplication.sendEvent(hall.setup.data, QEvent(QEvent.Type.WindowActivate))
    qtbot.waitUntil(
        lambda: hall.setup.data.about.text().startswith("30 examples"), timeout=PATIENCE
    )
    assert hall.setup.is_ready
    path.unlink()
    hall.setup.data.look_again()
    qtbot.waitUntil(lambda: bool(hall.setup.data.problem), timeout=PATIENCE)
    assert "rain.csv" in hall.setup.data.problem
