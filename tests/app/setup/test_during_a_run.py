"""The set-up while a run goes on."""

import pytest
from driving import choose_field, click, go_round, lines_of, press, tick, type_into, unfold
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from engine.experiments.changeable import changeable

PATIENCE = 20_000


@pytest.fixture
def paused(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """A run of three meta-iterations, after the first one."""
    press(qtbot, window, "step")
    qtbot.waitUntil(lambda: window.runner.state == "paused", timeout=PATIENCE)
    return window


def enter(qtbot: QtBot, window: MainWindow, key: str, text: str) -> None:
    """Type, and press Enter."""
    type_into(qtbot, window, key, text)
    qtbot.keyClick(window.setup.field(key).line, Qt.Key.Key_Return)


def go_on(qtbot: QtBot, window: MainWindow) -> None:
    press(qtbot, window, "pause")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)


def state_line(window: MainWindow) -> str:
    return window.progress.status.text()


def test_a_number_reaches_the_run_when_enter_is_pressed_and_not_before(
    paused: MainWindow, qtbot: QtBot
) -> None:
    before = paused.runner.experiment
    type_into(qtbot, paused, "meta.step", "0.02")
    assert paused.runner.experiment == before
    qtbot.keyClick(paused.setup.field("meta.step").line, Qt.Key.Key_Return)
    assert state_line(paused) == "From meta-iteration 1: step size 0.02."
    go_on(qtbot, paused)
    assert paused.record is not None
    assert [dict(change.settings) for change in paused.record.changes] == [{"meta.step": 0.02}]
    assert paused.record.experiment == paused.setup.experiment()


def test_a_number_reaches_the_run_when_the_keyboard_leaves_the_field(
    paused: MainWindow, qtbot: QtBot
) -> None:
    paused.activateWindow()
    qtbot.waitUntil(paused.isActiveWindow)
    type_into(qtbot, paused, "meta.step", "0.02")
    qtbot.keyClick(paused.setup.field("meta.step").line, Qt.Key.Key_Tab)
    assert state_line(paused) == "From meta-iteration 1: step size 0.02."


def test_more_meta_iterations_lengthen_timeline_plots_and_what_remains(
    paused: MainWindow, qtbot: QtBot
) -> None:
    enter(qtbot, paused, "meta.iterations", "5")
    assert state_line(paused) == "From meta-iteration 1: 5 meta-iterations."
    go_on(qtbot, paused)
    assert state_line(paused) == "Completed 5 meta-iterations."
    assert paused.timeline.meta_iteration.slider.maximum() == 5
    assert paused.timeline.where.text() == "meta-iteration 5 of 5"
    x, _ = lines_of(paused, "losses")["validation"]
    assert x[-1] == 5


def test_fewer_meta_iterations_than_are_done_are_refused_beside_the_field(
    paused: MainWindow, qtbot: QtBot
) -> None:
    press(qtbot, paused, "step")
    qtbot.waitUntil(lambda: len(paused.record.meta_iterations) == 2, timeout=PATIENCE)
    qtbot.waitUntil(lambda: paused.runner.state == "paused", timeout=PATIENCE)
    enter(qtbot, paused, "meta.iterations", "1")
    said = "xpected at least 2, which are done by then, found 1."
    assert paused.setup.field("meta.iterations").complaint.text() == f"E{said}"
    assert state_line(paused) == f"Meta-iterations: e{said}"
    assert "Meta-iterations" in paused.during.bar.text.text()
    click_stop(qtbot, paused)
    assert paused.setup.field("meta.iterations").complaint.text() == "", "the next run can have 1"


def test_as_many_meta_iterations_as_are_done_end_the_run(paused: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, paused, "step")
    qtbot.waitUntil(lambda: len(paused.record.meta_iterations) == 2, timeout=PATIENCE)
    qtbot.waitUntil(lambda: paused.runner.state == "paused", timeout=PATIENCE)
    enter(qtbot, paused, "meta.iterations", "1")
    enter(qtbot, paused, "meta.iterations", "2")
    assert paused.setup.field("meta.iterations").complaint.text() == ""
    go_on(qtbot, paused)
    assert state_line(paused) == "Completed 2 meta-iterations."


def test_a_kind_is_fixed_and_freed_by_its_tick(paused: MainWindow, qtbot: QtBot) -> None:
    key = "hyperparameters.decays.free"
    tick(qtbot, paused, key, False)
    assert state_line(paused) == "From meta-iteration 1: momentum decays fixed."
    tick(qtbot, paused, key, True)
    tick(qtbot, paused, key, False)
    go_on(qtbot, paused)
    assert paused.record is not None
    assert [dict(change.settings) for change in paused.record.changes] == [{key: False}]
    assert "decays" in {plot.key for plot in paused.plot_area.shown}


def test_penalties_are_fixed_together_with_their_weight_in_the_objective(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.setup.change("hyperparameters.l2_penalties.initial", 0.01)
    tick(qtbot, window, "hyperparameters.l2_penalties.free", True)
    unfold(qtbot, window, "meta") if not window.setup.field("meta.penalty").isVisible() else None
    type_into(qtbot, window, "meta.penalty", "0.5")
    press(qtbot, window, "step")
    qtbot.waitUntil(lambda: window.runner.state == "paused", timeout=PATIENCE)
    tick(qtbot, window, "hyperparameters.l2_penalties.free", False)
    assert window.runner.experiment == window.setup.experiment()
    tick(qtbot, window, "hyperparameters.l2_penalties.free", True)
    assert window.runner.experiment == window.setup.experiment()
    assert window.setup.experiment().meta.penalty == 0.5


def test_what_cannot_change_counts_for_the_next_run_and_is_named(
    paused: MainWindow, qtbot: QtBot
) -> None:
    bar, before = paused.during.bar, paused.runner.experiment
    assert not bar.isVisible()
    field = paused.setup.field("training.iterations")
    assert "a change counts for the next one" in field.line.toolTip()
    place = field.mapTo(paused, QPoint(0, 0))
    enter(qtbot, paused, "training.iterations", "7")
    assert bar.isVisible()
    go_round(qtbot)
    assert field.mapTo(paused, QPoint(0, 0)) == place
    choose_field(qtbot, paused, "model.activation", "ReLU")
    assert paused.runner.experiment == before
    assert bar.text.text() == "Not in this run: Activation, Iterations T."
    assert bar.button.isEnabled()
    enter(qtbot, paused, "training.iterations", "10")
    choose_field(qtbot, paused, "model.activation", "tanh")
    assert not bar.isVisible()
    enter(qtbot, paused, "training.iterations", "7")
    click_stop(qtbot, paused)
    assert not bar.isVisible()


def click_stop(qtbot: QtBot, window: MainWindow) -> None:
    press(qtbot, window, "stop")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)


def test_what_is_wrong_reaches_no_run(paused: MainWindow, qtbot: QtBot) -> None:
    before = paused.runner.experiment
    enter(qtbot, paused, "meta.step", "-1")
    assert paused.runner.experiment == before
    assert paused.during.bar.text.text() == "Fix the marked fields, then run."
    assert not paused.during.bar.button.isEnabled()


def test_fields_look_editable_where_the_run_follows_and_like_text_elsewhere(
    paused: MainWindow, qtbot: QtBot
) -> None:
    experiment = paused.runner.experiment
    assert experiment is not None
    for key, field in paused.setup.fields.items():
        editor = field.focusProxy()
        assert editor is not None
        if editor is not field.question:
            is_quiet = editor.property("quiet") == "true"
            assert is_quiet == (key not in changeable(experiment)), key
            assert editor.isEnabled(), key
    click_stop(qtbot, paused)
    line = paused.setup.field("training.iterations").line
    assert line.property("quiet") == "false"


def test_an_edited_schedule_waits_for_the_next_run(paused: MainWindow, qtbot: QtBot) -> None:
    before = paused.runner.experiment
    paused.dialogs.schedule_taken.emit("decays", 0.5)
    assert paused.setup.experiment().hyperparameters["decays"].initial == 0.5
    assert paused.runner.experiment == before
    assert "Initial momentum decays" in paused.during.bar.text.text()


def test_a_schedule_can_be_tried_out_during_a_run_as_it_is_now(
    paused: MainWindow, qtbot: QtBot
) -> None:
    enter(qtbot, paused, "meta.step", "0.02")
    press(qtbot, paused, "step")
    qtbot.waitUntil(
        lambda: paused.runner.state == "paused" and len(paused.record.meta_iterations) == 2,
        timeout=PATIENCE,
    )
    paused.dialogs.edit_learning_rates()
    assert paused.dialogs.editing is not None
    editor = paused.dialogs.editing.editor
    assert editor is not None
    current = paused.record.current["learning_rates"]
    assert (editor.values == current[:, : editor.values.shape[1]]).all()
    qtbot.waitUntil(lambda: editor.panel.rows[0][1].text() not in ("", "–"), timeout=PATIENCE)
    click(qtbot, editor.close_button)
