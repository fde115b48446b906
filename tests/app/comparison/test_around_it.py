"""What goes on in the window beside a comparison, before it and after it."""

import pytest
from driving import click
from on_compare import PATIENCE, compare, tick
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from engine.runs.comparison import STUDIES


def begun(window: MainWindow, qtbot: QtBot) -> None:
    """A comparison that takes long has measured something."""
    control = window.comparing
    window.setup.change("training.iterations", 400)
    tick(qtbot, control.panel, "finite-differences", "stored-trajectory", studies=STUDIES)
    click(qtbot, control.panel.button)
    qtbot.waitUntil(lambda: bool(control.record and control.record.measured), timeout=PATIENCE)


@pytest.mark.parametrize("name", ["presentation", "setup_panel"])
def test_a_comparison_that_ends_while_its_panel_is_hidden_can_be_repeated(
    name: str, comparing: MainWindow, qtbot: QtBot
) -> None:
    control, panel = comparing.comparing, comparing.comparing.panel
    begun(comparing, qtbot)
    assert panel.button.text() == "Pause"
    comparing.actions_[name].trigger()
    assert not panel.isVisible()
    control.stop()
    qtbot.waitUntil(lambda: control.runner.state == "idle", timeout=PATIENCE)
    comparing.actions_[name].trigger()
    assert (panel.button.text(), panel.button.isEnabled()) == ("Compare", True)
    assert not panel.stop_button.isEnabled()
    assert panel.rows["forward"].isEnabled()


def test_what_is_compared_is_what_is_set_up_whatever_was_hidden_meanwhile(
    comparing: MainWindow, qtbot: QtBot
) -> None:
    tick(qtbot, comparing.comparing.panel, "stored-trajectory")
    comparing.setup.change("training.iterations", 9)
    comparing.actions_["setup_panel"].trigger()
    comparing.setup.history.undo()
    comparing.actions_["setup_panel"].trigger()
    compare(qtbot, comparing)
    record = comparing.comparing.record
    assert record is not None
    assert record.experiment == comparing.setup.experiment()


def test_f5_starts_what_is_shown(comparing: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(comparing, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: comparing.comparing.runner.state == "running", timeout=PATIENCE)
    assert comparing.body.page == "compare"
    assert comparing.runner.state == "idle"


def test_a_run_and_a_comparison_do_not_go_on_together(comparing: MainWindow, qtbot: QtBot) -> None:
    control = comparing.comparing
    begun(comparing, qtbot)
    click(qtbot, control.panel.button)
    qtbot.waitUntil(lambda: control.runner.state == "paused", timeout=PATIENCE)
    comparing.setup.change("meta.iterations", 1000)
    comparing.run()
    qtbot.waitUntil(lambda: comparing.runner.state == "running", timeout=PATIENCE)
    comparing.show_comparison()
    assert control.panel.button.text() == "Resume"
    assert not control.panel.button.isEnabled()
    assert control.panel.complaint.text().startswith("A run is going on")
    control.pause_or_resume()
    assert control.runner.state == "paused"
    comparing.control.pause_or_resume()
    qtbot.waitUntil(lambda: comparing.runner.state == "paused", timeout=PATIENCE)
    click(qtbot, control.panel.button)
    qtbot.waitUntil(lambda: control.runner.state == "running", timeout=PATIENCE)
    assert not comparing.actions_["pause"].isEnabled()
    assert not comparing.actions_["step"].isEnabled()
    control.stop()
    qtbot.waitUntil(lambda: control.runner.state == "idle", timeout=PATIENCE)
    assert comparing.actions_["pause"].isEnabled()


def test_plots_of_another_set_up_say_whose_they_are(comparing: MainWindow, qtbot: QtBot) -> None:
    control = comparing.comparing
    tick(qtbot, control.panel, "stored-trajectory")
    compare(qtbot, comparing)
    compared = control.progress.status.text()
    assert compared == "Compared 2 methods."
    comparing.setup.change("training.iterations", 9)
    title = comparing.setup.experiment().title
    assert control.progress.status.text() == (
        f"Of “{title}”, as it was: the set-up has changed since."
    )
    comparing.setup.history.undo()
    assert control.progress.status.text() == compared
    tick(qtbot, control.panel, "stored-trajectory", "forward")
    assert "has changed since" in control.progress.status.text()


def test_the_keyboard_starts_it_and_keeps_its_place_when_it_is_stopped(
    comparing: MainWindow, qtbot: QtBot
) -> None:
    control = comparing.comparing
    comparing.setup.change("training.iterations", 400)
    tick(qtbot, control.panel, "finite-differences", studies=STUDIES)
    qtbot.keyClick(comparing, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: control.runner.state == "running", timeout=PATIENCE)
    control.panel.stop_button.setFocus()
    qtbot.keyClick(control.panel.stop_button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: control.runner.state == "idle", timeout=PATIENCE)
    assert control.panel.button.hasFocus()


def test_nothing_is_left_of_the_last_comparison_when_the_next_is_stopped_at_once(
    comparing: MainWindow, qtbot: QtBot
) -> None:
    control = comparing.comparing
    tick(qtbot, control.panel, "stored-trajectory")
    compare(qtbot, comparing)
    click(qtbot, control.panel.button)
    control.stop()
    qtbot.waitUntil(lambda: control.runner.state == "idle", timeout=PATIENCE)
    assert control.progress.status.text() in (
        "Tick methods, then press Compare.",
        "Stopped after 0 of 2.",
    )
    assert control.progress.where.text() in ("", "0 of 2 measured")


def test_options_that_an_experiment_gives_are_kept_and_several_values_are_typed(
    comparing: MainWindow, qtbot: QtBot
) -> None:
    panel = comparing.comparing.panel
    told = ("truncated:last=3", "truncated:last=5", "finite-differences:step=0.01")
    experiment = comparing.setup.experiment().model_copy(update={"compares": told})
    comparing.setup.set_experiment(experiment)
    assert [one.name for one in panel.contenders()] == [
        "Exact reversal",
        "Truncated, last 3",
        "Truncated, last 5",
        "Finite differences, step 0.01",
    ]
    line = panel.rows["truncated"].line
    assert line is not None
    assert line.text() == "3, 5"
    line.clear()
    qtbot.keyClicks(line, "2, 4, 6")
    assert [one.name for one in panel.contenders()][1:4] == [
        "Truncated, last 2",
        "Truncated, last 4",
        "Truncated, last 6",
    ]
    line.clear()
    qtbot.keyClicks(line, "0")
    assert panel.complaint.text().startswith("Truncated: expected")


def test_a_set_up_that_cannot_be_run_says_why(comparing: MainWindow, qtbot: QtBot) -> None:
    comparing.setup.change("training.iterations", "many")
    panel = comparing.comparing.panel
    assert panel.title.text().startswith("The set-up cannot be run.")
    assert "many" in panel.title.text()
    assert not panel.button.isEnabled()


def test_the_page_turns_to_what_a_card_compares_and_then_to_what_one_chooses(
    comparing: MainWindow, qtbot: QtBot
) -> None:
    left, setup = comparing.comparing.left, comparing.setup
    assert left.subject == "methods"
    setup.set_experiment(setup.shipped["with-or-without"])
    assert left.subject == "strategies"
    assert comparing.comparing.progress.status.text() == "Tick strategies, then press Compare."
    qtbot.mouseClick(left.buttons["methods"], Qt.MouseButton.LeftButton)
    setup.change("training.iterations", 12)
    assert left.subject == "methods"
    setup.set_experiment(setup.shipped["regression"])
    assert left.subject == "methods", "which compares nothing of its own"
