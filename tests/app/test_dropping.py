from pathlib import Path

import pytest
from importing import import_dialog, import_it
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.data.data_dialog import DataDialog
from app.main_window import MainWindow
from engine.experiments.files import load_experiment, save_experiment


def drop(window: MainWindow, *urls: QUrl) -> bool:
    """Drag over the window and let go; returns whether the window would take it."""
    dragged = QMimeData()
    dragged.setUrls(urls)
    where, action = QPointF(300, 300), Qt.DropAction.CopyAction
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where.toPoint(), action, dragged, button, keys)
    QApplication.sendEvent(window, enter)
    if enter.isAccepted():
        QApplication.sendEvent(window, QDropEvent(where, action, dragged, button, keys))
    return enter.isAccepted()


def local(*paths: Path) -> list[QUrl]:
    return [QUrl.fromLocalFile(str(path)) for path in paths]


@pytest.fixture
def experiment_file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.TOML"
    mine = load_experiment("moons").model_copy(update={"title": "My moons"})
    save_experiment(mine, path)
    return path


def test_an_experiment_that_is_dropped_is_opened(window: MainWindow, experiment_file: Path) -> None:
    assert drop(window, *local(experiment_file))
    assert window.setup.experiment().title == "My moons"
    assert window.progress.status.text() == "Opened mine.TOML."
    assert window.body.page == "ready"


def test_data_that_are_dropped_become_the_data_set(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("a,b\n" + "1.5,x\n2.5,y\n" * 20)
    assert drop(window, *local(path))
    assert window.body.page == "ready"
    import_it(qtbot, window.setup.data, import_dialog(qtbot))
    assert window.setup.experiment().data.file == str(path)


def test_a_folder_that_is_dropped_is_searched_for_data_sets(
    window: MainWindow, tmp_path: Path
) -> None:
    assert drop(window, *local(tmp_path))
    dialog = window.findChild(DataDialog)
    assert dialog.isVisible()
    assert str(tmp_path) in dialog.problem.text()
    dialog.close()


def test_what_is_no_file_or_not_one_is_not_taken(window: MainWindow, tmp_path: Path) -> None:
    before = window.setup.experiment()
    assert not drop(window, QUrl("https://example.org/data.csv"))
    assert drop(window, *local(tmp_path / "a.csv", tmp_path / "b.csv"))
    assert window.progress.status.text() == "Drop one file at a time."
    assert window.setup.experiment() == before


def test_nothing_is_dropped_into_a_run(
    window: MainWindow, qtbot: QtBot, experiment_file: Path
) -> None:
    before = window.setup.experiment()
    window.run()
    drop(window, *local(experiment_file))
    drop(window, *local(experiment_file.with_name("a.csv")))
    assert window.setup.experiment() == before
    window.control.stop()
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=30_000)
