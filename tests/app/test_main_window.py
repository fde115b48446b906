from collections.abc import Iterator
from pathlib import Path

import pytest
from driving import card_of, choose_field, click, lines_of, press, tick, type_into
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.data.data_dialog import DataDialog
from app.exporting.export_dialog import ExportDialog
from app.main_window import MainWindow
from engine.errors import InputError
from engine.experiments.files import list_experiments
from engine.runs.events import Event

PATIENCE = 20_000


def run_to_the_end(qtbot: QtBot, window: MainWindow) -> None:
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)


def test_a_run_goes_to_its_end_and_says_so(window: MainWindow, qtbot: QtBot) -> None:
    run_to_the_end(qtbot, window)
    assert window.record is not None
    assert len(window.record.meta_iterations) == 3
    assert window.progress.status.text() == "Completed 3 meta-iterations."
    assert window.actions_["run"].isEnabled()
    assert not window.actions_["pause"].isEnabled()


def test_only_the_free_hyperparameters_can_be_shown(window: MainWindow, qtbot: QtBot) -> None:
    tick(qtbot, window, "hyperparameters.decays.free", False)
    run_to_the_end(qtbot, window)
    keys = [plot.key for plot in window.plot_area.shown]
    assert keys == ["learning_rates", "losses", "learning_curves", "memory", "hypergradient"]


def test_a_plot_behind_others_is_drawn_when_it_is_brought_to_the_front(
    window: MainWindow, qtbot: QtBot
) -> None:
    run_to_the_end(qtbot, window)
    assert window.record is not None
    norms = [done.hypergradient_norm for done in window.record.meta_iterations]
    assert lines_of(window, "hypergradient")["hypergradient"][1].tolist() == norms


def test_stop_keeps_what_was_done(window: MainWindow, qtbot: QtBot) -> None:
    type_into(qtbot, window, "meta.iterations", "1000")
    press(qtbot, window, "run")
    qtbot.waitUntil(
        lambda: window.record is not None and len(window.record.meta_iterations) >= 2,
        timeout=PATIENCE,
    )
    press(qtbot, window, "stop")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    assert window.record is not None
    kept = len(window.record.meta_iterations)
    assert 2 <= kept < 1000
    assert window.progress.status.text() == f"Stopped after {kept} of 1,000 meta-iterations."
    assert window.actions_["export"].isEnabled()


def test_step_from_rest_does_one_meta_iteration_and_pauses(
    window: MainWindow, qtbot: QtBot
) -> None:
    press(qtbot, window, "step")
    qtbot.waitUntil(lambda: window.runner.state == "paused", timeout=PATIENCE)
    assert window.record is not None
    assert len(window.record.meta_iterations) == 1
    assert window.actions_["pause"].text() == "Resume"


def test_a_run_can_be_cleared_in_its_middle(window: MainWindow, qtbot: QtBot) -> None:
    type_into(qtbot, window, "meta.iterations", "1000")
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.record is not None, timeout=PATIENCE)
    window.control.clear()
    assert window.record is None
    assert window.runner.state == "idle"
    assert not window.actions_["export"].isEnabled()


def test_every_switch_has_an_icon_a_shortcut_and_a_tip_that_names_it(window: MainWindow) -> None:
    for name in ("run", "pause", "step", "stop", "gallery", "explore", "export"):
        action = window.actions_[name]
        assert not action.icon().isNull() or name in window.actions_.bar.pages
        assert action.shortcut().toString() in action.toolTip()


def test_the_keyboard_stays_on_what_can_be_done_next_with_the_run(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.activateWindow()
    window.setup.change("meta.iterations", 1000)
    button = window.actions_.button
    button("run").setFocus()
    qtbot.waitUntil(button("run").hasFocus)
    qtbot.keyClick(button("run"), Qt.Key.Key_Space)
    qtbot.waitUntil(button("pause").hasFocus)
    button("stop").setFocus()
    qtbot.keyClick(button("stop"), Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    qtbot.waitUntil(button("run").hasFocus)
    window.setup.change("meta.iterations", 1)
    button("run").setFocus()
    qtbot.keyClick(button("run"), Qt.Key.Key_Space)
    qtbot.waitUntil(button("pause").hasFocus)
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    qtbot.waitUntil(button("run").hasFocus)


def test_keys_run_and_stop(window: MainWindow, qtbot: QtBot) -> None:
    type_into(qtbot, window, "meta.iterations", "1000")
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: window.runner.state == "running", timeout=PATIENCE)
    qtbot.keyClick(window, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)


def test_the_experiment_cannot_be_exchanged_during_a_run(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, window, "step")
    assert not window.setup.experiment_box.box.isEnabled()
    press(qtbot, window, "stop")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    assert window.setup.experiment_box.box.isEnabled()


def test_the_set_up_panel_goes_and_comes_by_its_key(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    window.show_run()
    assert window.setup.isVisible()
    for visible in (False, True):
        qtbot.keyClick(window, Qt.Key.Key_F9)
        assert window.setup.isVisible() == visible
        assert window.actions_["setup_panel"].isChecked() == visible


def test_the_data_sets_open_from_the_menu(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_["data_sets"].trigger()
    dialog = window.findChild(DataDialog)
    assert dialog is not None
    assert dialog.isVisible()
    dialog.close()


def test_divergence_is_explained_and_what_was_done_stays(window: MainWindow, qtbot: QtBot) -> None:
    window.setup.set_experiment(list_experiments()["regression"])
    choose_field(qtbot, window, "meta.optimizer", "adam")
    type_into(qtbot, window, "meta.step", "5")
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    assert window.record is not None
    assert window.record.diverged
    assert window.record.meta_iterations
    assert window.message_bar.isVisible()
    assert window.message_bar.text.text().startswith("Training diverged in meta-iteration")
    assert window.actions_["export"].isEnabled()
    assert len(lines_of(window, "losses")["training"][1]) == len(window.record.meta_iterations)
    before = window.setup.experiment()
    click(qtbot, window.message_bar.tries[0])
    assert window.setup.experiment() != before
    assert not window.message_bar.tries[0].isEnabled()
    assert window.message_bar.tries[1].isEnabled()
    window.setup.history.undo()
    assert window.message_bar.tries[0].isEnabled()
    assert not window.message_bar.tries[0].text().startswith("✓")
    window.setup.change("meta.step", 0.5)  # by hand: no part of what ran any more
    assert not window.message_bar.tries[0].isEnabled()


def test_what_would_have_helped_one_experiment_is_not_offered_to_another(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.setup.set_experiment(list_experiments()["regression"])
    window.setup.change("meta.optimizer", "adam")
    window.setup.change("meta.step", 5)
    run_to_the_end(qtbot, window)
    assert window.message_bar.tries
    window.gallery.chosen.emit("spirals")
    assert not window.message_bar.tries
    assert window.message_bar.text.text().startswith("The plots are of the last run")


def test_what_the_engine_refuses_is_named_as_the_set_up_does(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(*_: object, **__: object) -> Iterator[Event]:
        yield from ()
        raise InputError("training.iterations", "expected fewer.")

    monkeypatch.setattr("engine.runs.run.optimize", refusing)
    window.actions_["setup_panel"].trigger()  # out of sight
    run_to_the_end(qtbot, window)
    title = window.setup.field("training.iterations").title
    assert window.message_bar.text.text() == f"{title}: expected fewer."


def test_what_failed_in_one_experiment_is_not_said_of_another(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> Iterator[Event]:
        yield from ()
        raise ZeroDivisionError("by hand")

    monkeypatch.setattr("engine.runs.run.optimize", broken)
    run_to_the_end(qtbot, window)
    window.gallery.chosen.emit("regression")
    assert not window.message_bar.isVisible()


def test_an_unexpected_error_is_shown_and_the_window_stays_usable(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> Iterator[Event]:
        yield from ()
        raise ZeroDivisionError("by hand")

    with monkeypatch.context() as patch:
        patch.setattr("engine.runs.run.optimize", broken)
        run_to_the_end(qtbot, window)
    assert "ZeroDivisionError: by hand" in window.message_bar.text.text()
    assert window.progress.status.text() == "The run failed."
    assert "Traceback" in window.message_bar.text.toolTip()
    run_to_the_end(qtbot, window)
    assert not window.message_bar.isVisible()
    assert window.record is not None
    assert window.record.finished is not None


def test_both_themes_dress_plots_and_widgets(window: MainWindow, qtbot: QtBot) -> None:
    run_to_the_end(qtbot, window)
    seen = []
    for choice in ("light", "dark"):
        window.set_theme(choice)
        picture = card_of(window, "learning_rates").view.grab().toImage()
        seen.append(picture.pixelColor(3, 3).lightness())
        assert picture.pixelColor(3, 3).name() == window.appearance.theme.card.lower()
    assert seen[0] > 200 > 60 > seen[1]


def test_export_of_one_plot_ticks_that_plot_only(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    run_to_the_end(qtbot, window)
    card_of(window, "memory").head.export_action.trigger()
    dialog = window.findChild(ExportDialog)
    dialog.folder.setText(str(tmp_path / "one"))
    with qtbot.waitSignal(dialog.exported, timeout=PATIENCE):
        click(qtbot, dialog.write)
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == ["memory.csv", "memory.pdf", "memory.png", "memory.svg"]


def test_export_into_a_file_says_what_is_wrong_and_stays_open(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    run_to_the_end(qtbot, window)
    in_the_way = tmp_path / "file"
    in_the_way.write_text("here")
    press(qtbot, window, "export")
    dialog = window.findChild(ExportDialog)
    dialog.folder.setText(str(in_the_way))
    click(qtbot, dialog.write)
    qtbot.waitUntil(lambda: bool(dialog.problem.text()), timeout=PATIENCE)
    assert dialog.isVisible()
    assert str(in_the_way) in dialog.problem.text()
    dialog.reject()


def test_closing_in_the_middle_of_a_run_ends_the_thread(window: MainWindow, qtbot: QtBot) -> None:
    type_into(qtbot, window, "meta.iterations", "1000")
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.record is not None, timeout=PATIENCE)
    window.close()
    assert window.runner.state == "idle"


def test_closing_while_paused_ends_the_thread(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, window, "step")
    qtbot.waitUntil(lambda: window.runner.state == "paused", timeout=PATIENCE)
    window.close()
    assert window.runner.state == "idle"


def test_plots_can_be_exported_while_the_run_goes_on(window: MainWindow, qtbot: QtBot) -> None:
    type_into(qtbot, window, "meta.iterations", "1000")
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.record is not None, timeout=PATIENCE)
    assert window.actions_["export"].isEnabled()
    press(qtbot, window, "stop")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)


def test_an_export_can_be_broken_off(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    run_to_the_end(qtbot, window)
    press(qtbot, window, "export")
    dialog = window.findChild(ExportDialog)
    dialog.folder.setText(str(tmp_path / "broken off"))
    with qtbot.waitSignal(dialog.finished, timeout=PATIENCE):
        click(qtbot, dialog.write)
        dialog.reject()
    assert not dialog.isVisible()
