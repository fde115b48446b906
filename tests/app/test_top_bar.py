import pytest
from driving import press
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow

PATIENCE = 30_000


def test_one_button_runs_pauses_and_resumes_in_its_place(window: MainWindow, qtbot: QtBot) -> None:
    bar = window.actions_.bar
    window.setup.change("meta.iterations", 1000)
    place = bar.run_button.geometry()
    assert bar.run_button.text() == "Run"
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: bool(window.record and window.record.meta_iterations), timeout=PATIENCE)
    assert bar.run_button.text() == "Pause"
    press(qtbot, window, "pause")
    qtbot.waitUntil(lambda: window.runner.state == "paused", timeout=PATIENCE)
    assert bar.run_button.text() == "Resume"
    assert bar.run_button.geometry() == place
    press(qtbot, window, "pause")
    qtbot.waitUntil(lambda: window.runner.state == "running", timeout=PATIENCE)
    press(qtbot, window, "stop")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    assert bar.run_button.text() == "Run"
    assert bar.run_button.geometry() == place


def test_a_step_is_in_the_menu_of_that_button(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, window, "step")
    qtbot.waitUntil(lambda: window.runner.state == "paused", timeout=PATIENCE)
    assert window.record is not None
    assert len(window.record.meta_iterations) == 1


@pytest.mark.parametrize(
    ("key", "page"), [("1", "gallery"), ("2", "ready"), ("3", "compare"), ("G", "gallery")]
)
def test_keys_choose_the_page(
    lasting_window: MainWindow, qtbot: QtBot, key: str, page: str
) -> None:
    window = lasting_window
    window.activateWindow()
    (window.show_run if page == "gallery" else window.show_gallery)()
    qtbot.keyClick(window, getattr(Qt.Key, f"Key_{key}"), Qt.KeyboardModifier.ControlModifier)
    assert window.body.page == page
    for name, button in window.actions_.bar.pages.items():
        assert button.isChecked() == (name == {"ready": "explore"}.get(page, page))


def test_it_names_the_run_whose_plots_are_shown(window: MainWindow, qtbot: QtBot) -> None:
    title = window.actions_.bar.title
    window.show_run()
    assert title.text() == ""
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    assert title.text() == "Learning rate and momentum over time"
    window.setup.set_experiment(window.setup.shipped["toy"])
    assert title.text() == "Learning rate and momentum over time"
    window.show_gallery()
    assert title.text() == ""


def test_every_button_can_be_reached_and_is_named(window: MainWindow, qtbot: QtBot) -> None:
    bar = window.actions_.bar
    buttons = [bar.run_button, bar.stop_button, *bar.pages.values(), bar.export_button]
    press(qtbot, window, "step")
    qtbot.waitUntil(lambda: window.runner.state == "paused", timeout=PATIENCE)
    window.activateWindow()
    bar.run_button.setFocus()
    for button in buttons:
        assert window.focusWidget() is button
        assert button.accessibleName()
        assert button.accessibleDescription()
        qtbot.keyClick(button, Qt.Key.Key_Tab)
