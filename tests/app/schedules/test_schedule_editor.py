from itertools import product

import numpy as np
import pytest
from editor_driving import CONTROL, GROUPS, T, click, draw, mark, outcome, told
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.plots.pens import STROKE
from app.schedules.schedule_editor import ScheduleEditor
from app.schedules.try_out import TryOuts
from app.schedules.try_out_panel import TryOutPanel
from app.theme import DARK, LIGHT
from engine.arrays import Floats
from engine.experiments.experiment import Experiment
from engine.hyperparameters.schedules import with_schedule
from engine.runs.layouts import make_layout
from engine.tasks.catalogue import make_task


def test_it_asks_about_the_original_first_and_shows_it_twice(editor, asked) -> None:
    assert len(asked) == 1
    np.testing.assert_array_equal(asked[0], np.full((T, 2), 0.3))
    editor.show_tried(outcome(0.5))
    assert told(editor)[0] == ["training loss", "0.5", "0.5", "the same"]
    assert told(editor)[3] == ["test accuracy", "50.0%", "50.0%", "the same"]


def test_an_edit_is_tried_and_set_beside_the_original_in_words(qtbot, editor, asked) -> None:
    editor.show_tried(outcome(0.5))
    draw(qtbot, editor, 3, 8, 0.5)
    np.testing.assert_array_equal(asked[-1], editor.values)
    editor.show_tried(outcome(0.4))
    assert told(editor)[0] == ["training loss", "0.5", "0.4", "−20.0%, better"]
    assert set(editor.panel.view.lines) == {"original", "edited"}
    click(qtbot, editor.scale)
    editor.show_tried(outcome(0.6))
    assert told(editor)[0] == ["training loss", "0.5", "0.6", "+20.0%, worse"]


def test_an_edit_made_before_the_original_is_judged_waits_for_it(qtbot, editor, asked) -> None:
    click(qtbot, editor.scale)
    assert len(asked) == 1
    editor.show_tried(outcome(0.5))
    assert len(asked) == 2
    np.testing.assert_allclose(asked[1], 0.15)
    editor.show_tried(outcome(0.25))
    assert told(editor)[0] == ["training loss", "0.5", "0.25", "−50.0%, better"]


def test_an_edit_is_asked_about_at_once_even_while_an_older_one_is_tried(
    qtbot, editor, asked
) -> None:
    editor.show_tried(outcome(0.5))
    click(qtbot, editor.scale)
    click(qtbot, editor.scale)
    assert len(asked) == 3
    np.testing.assert_allclose(asked[2], 0.075)


def test_training_that_diverges_is_said_and_the_next_edit_clears_it(qtbot, editor) -> None:
    editor.show_tried(outcome(0.5))
    click(qtbot, editor.scale)
    editor.show_failure("Training diverged at iteration 3 in layer 1 weights: it is too far.")
    assert editor.panel.problem.isVisible()
    assert told(editor)[0] == ["training loss", "0.5", "–", ""]
    click(qtbot, editor.undo)
    editor.show_tried(outcome(0.5))
    assert not editor.panel.problem.isVisible()


def test_the_buttons_change_what_is_marked_in_the_group_chosen(qtbot, editor) -> None:
    editor.group.setFocus()
    qtbot.keyClick(editor.group, Qt.Key.Key_Down)
    mark(qtbot, editor, 3, 6)
    assert "iterations 3 to 6" in editor.scope.text()
    editor.factor.setText("2")
    click(qtbot, editor.scale)
    expected = np.full((T, 2), 0.3)
    expected[3:7, 0] = 0.6
    np.testing.assert_allclose(editor.values, expected)
    click(qtbot, editor.smooth)
    assert 0.3 < editor.values[3, 0] < 0.6
    assert editor.values[2, 0] == 0.3, "smoothing stays within the mark"
    click(qtbot, editor.flatten)
    assert np.ptp(editor.values[3:7, 0]) == 0
    assert (editor.values[:, 1] == 0.3).all()


def test_mark_and_selection_follow_each_other(qtbot, editor) -> None:
    mark(qtbot, editor, 3, 6)
    assert {index.row() for index in editor.table.selectedIndexes()} == {3, 4, 5, 6}
    editor.table.setFocus()
    editor.table.setCurrentIndex(editor.table.numbers.index(8, 0))
    assert editor.canvas.stretch is None
    assert editor.canvas.current == 8
    qtbot.keyClick(editor.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert editor.canvas.stretch == (8, 9)


def test_scaling_out_of_range_is_refused(qtbot, editor) -> None:
    editor.factor.setText("1000")
    click(qtbot, editor.scale)
    click(qtbot, editor.scale)
    np.testing.assert_allclose(editor.values, 300.0)
    assert "at most 2048" in editor.problem.text()
    click(qtbot, editor.undo)
    assert editor.problem.text() == ""


def test_undo_and_redo_by_keys_and_reset(qtbot, editor) -> None:
    click(qtbot, editor.scale)
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Z, CONTROL)
    assert (editor.values == 0.3).all()
    assert not editor.take.isEnabled()
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    np.testing.assert_allclose(editor.values, 0.15)
    click(qtbot, editor.reset)
    assert (editor.values == 0.3).all()
    click(qtbot, editor.undo)
    np.testing.assert_allclose(editor.values, 0.15)


def test_the_tools_change_by_mouse_and_keys(qtbot, editor) -> None:
    buttons = editor.tools.buttons
    click(qtbot, buttons["move"])
    assert editor.canvas.tool == "move"
    assert [tool for tool, button in buttons.items() if button.isChecked()] == ["move"]
    qtbot.keyClick(buttons["move"], Qt.Key.Key_Right)
    assert editor.canvas.tool == "mark"
    qtbot.keyClick(buttons["mark"], Qt.Key.Key_Left)
    assert editor.canvas.tool == "move"


def test_taking_tells_kind_and_values(qtbot, editor) -> None:
    click(qtbot, editor.scale)
    with qtbot.waitSignal(editor.taken) as blocker:
        click(qtbot, editor.take)
    kind, values = blocker.args
    assert kind == "learning_rates"
    np.testing.assert_allclose(values, np.full((T, 2), 0.15))
    assert not values.flags.writeable
    assert editor.isVisible()


def test_what_is_said_of_an_edit_goes_with_it_and_comes_back_with_it(qtbot, editor, asked) -> None:
    editor.show_tried(outcome(0.5))
    click(qtbot, editor.scale)
    editor.show_tried(outcome(0.4))
    click(qtbot, editor.take)
    assert editor.scope.text() == "The next run starts from this schedule."
    assert told(editor)[0][3] == "−20.0%, better"
    count = len(asked)
    click(qtbot, editor.undo)
    assert editor.scope.text() == "Smooth, Flatten and Scale change all iterations"
    assert told(editor)[0] == ["training loss", "0.5", "0.5", "the same"]
    click(qtbot, editor.redo)
    assert editor.scope.text() == "The next run starts from this schedule."
    assert told(editor)[0] == ["training loss", "0.5", "0.4", "−20.0%, better"]
    assert len(asked) == count, "what is known is not asked again"


def test_an_answer_about_an_edit_that_is_undone_is_not_taken_for_the_one_before(
    qtbot, editor
) -> None:
    editor.show_tried(outcome(0.5))
    click(qtbot, editor.scale)
    click(qtbot, editor.undo)
    editor.show_tried(outcome(0.1))
    assert told(editor)[0] == ["training loss", "0.5", "0.5", "the same"]


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (8123.4, "16,000 ×, worse"),
        (5.0, "10 ×, worse"),
        (4.9, "+880.0%, worse"),
        (0.25, "−50.0%, better"),
        (4e19, "8e+19 ×, worse"),
    ],
)
def test_a_loss_that_is_many_times_as_large_is_said_in_times(qtbot, editor, after, words) -> None:
    editor.show_tried(outcome(0.5))
    click(qtbot, editor.scale)
    editor.show_tried(outcome(after))
    assert told(editor)[0][3] == words


def test_the_current_value_is_read_out(qtbot, editor) -> None:
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Right)
    assert editor.readout.text() == "iteration 1: 0.3"
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Down)
    assert editor.readout.text() == "iteration 1: 0.2865 (0.3 originally)"
    assert editor.canvas.accessibleDescription().startswith("all groups at once, iteration 1")


@pytest.mark.parametrize("shape", [(T,), (T, 1), (T, 2)])
def test_what_comes_back_has_the_shape_of_what_was_given(qtbot, shape) -> None:
    make_application()
    asked: list[Floats] = []
    made = ScheduleEditor("decays", GROUPS, np.full(shape, 0.9), asked.append, DARK)
    qtbot.addWidget(made)
    assert made.values.shape == asked[0].shape == shape
    assert made.group.isHidden() == (shape != (T, 2))


def test_the_tab_key_goes_from_top_to_bottom(qtbot, editor) -> None:
    click(qtbot, editor.scale)
    click(qtbot, editor.scale)
    click(qtbot, editor.undo)
    editor.activateWindow()
    editor.group.setFocus()
    expected = [editor.group, editor.tools.buttons["draw"]]  # the arrow keys lead to the other two
    expected += [editor.smooth, editor.flatten, editor.scale, editor.factor]
    expected += [editor.undo, editor.redo, editor.canvas, editor.table]
    expected += [editor.reset, editor.close_button, editor.take]
    visited = []
    for _ in expected:
        visited.append(editor.focusWidget())
        qtbot.keyClick(editor.focusWidget(), Qt.Key.Key_Tab)
    assert visited == expected


def test_a_fixed_rate_outside_its_domain_can_still_be_edited(qtbot) -> None:
    make_application()
    rates = np.full((T, 1), -0.1)
    made = ScheduleEditor("learning_rates", GROUPS, rates, lambda _: None, DARK, domain="log")
    qtbot.addWidget(made)
    made.show()
    click(qtbot, made.scale)
    np.testing.assert_allclose(made.values, -0.05)


def test_every_control_has_a_name_and_a_tip(editor) -> None:
    buttons = (editor.smooth, editor.flatten, editor.scale, editor.take, editor.reset)
    controls = (*buttons, *editor.tools.buttons.values(), editor.undo, editor.redo, editor.group)
    for control in (*controls, editor.factor, editor.table, editor.canvas):
        assert control.accessibleName()
        assert control.toolTip()


def test_with_the_worker_an_edit_comes_to_what_training_with_it_comes_to(
    qtbot: QtBot, quick: Experiment
) -> None:
    make_application()
    layout = make_layout(quick, make_task(quick))
    hyperparameters = layout.values(layout.initial_vector())
    worker = TryOuts()

    def ask(values: Floats) -> None:
        worker.ask(quick, with_schedule(hyperparameters, "learning_rates", values))

    made = ScheduleEditor(
        "learning_rates", GROUPS, hyperparameters["learning_rates"][:, :1], ask, LIGHT
    )
    qtbot.addWidget(made)
    worker.tried.connect(made.show_tried)
    worker.failed.connect(made.show_failure)
    made.show()
    qtbot.waitUntil(lambda: len(told(made)) == 4, timeout=60_000)
    click(qtbot, made.scale)
    qtbot.waitUntil(lambda: told(made)[0][3] != "the same", timeout=60_000)
    assert told(made)[0][3].endswith((", better", ", worse"))
    made.close()
    worker.shut_down()


def test_another_theme_changes_what_names_the_curves_with_the_curves(editor) -> None:
    editor.show_tried(outcome(0.5))
    editor.set_theme(DARK)
    results = editor.findChild(TryOutPanel)
    drawn = {line.name: results.view.pen(line).color() for line in results.view.plot.lines}
    named = {button.entry.name: button.entry.pen.color() for button in results.legend.buttons}
    assert named == drawn


def test_the_names_of_groups_stand_beside_what_their_curves_look_like(editor) -> None:
    def colours(picture: QPixmap) -> set[str]:
        image = picture.toImage()
        places = product(range(image.width()), range(image.height()))
        pixels = [image.pixelColor(x, y) for x, y in places]
        return {pixel.name() for pixel in pixels if pixel.alpha() == 255}

    def drawn(section: int) -> QPixmap:
        role = Qt.ItemDataRole.DecorationRole
        return editor.table.model().headerData(section, Qt.Orientation.Horizontal, role)

    for theme in (LIGHT, DARK):
        editor.set_theme(theme)
        for group, strand in enumerate(editor.edits.strands):
            colour = theme.line_colour(strand.colour).name()
            assert colours(drawn(group)) == {colour}
            listed = editor.group.itemIcon(group + 1).pixmap(STROKE)
            assert colours(listed) == {colour}
    assert drawn(0).toImage() != drawn(1).toImage(), "weights are solid, biases dashed"


def test_a_single_curve_needs_no_sample(qtbot: QtBot) -> None:
    make_application()
    made = ScheduleEditor("decays", GROUPS, np.full((T, 1), 0.9), lambda _: None, LIGHT)
    qtbot.addWidget(made)
    role = Qt.ItemDataRole.DecorationRole
    assert made.table.model().headerData(0, Qt.Orientation.Horizontal, role) is None
