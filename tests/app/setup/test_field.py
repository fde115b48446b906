import pytest
from driving import choose_field, click, go_round, tick, type_into, unfold_all
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QCursor, QEnterEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot
from setup_hall import Hall

from app import dress
from app.setup.box import Box
from app.setup.field import Field
from app.setup.question import Question
from app.theme import LIGHT
from engine.experiments.files import list_experiments

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # menus, offscreen


def hover(widget: QWidget, inside: bool) -> None:
    where = QPointF(2, 2)
    event = QEnterEvent(where, where, where) if inside else QEvent(QEvent.Type.Leave)
    QApplication.sendEvent(widget, event)


def menu_of(field: Field) -> QMenu:
    """The menu that a right click opens."""
    editor = getattr(field, "line", None) or field.focusProxy()
    place = editor.rect().center()
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, place, editor.mapToGlobal(place), Qt.NoModifier
    )
    QApplication.sendEvent(editor, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def pick(qtbot: QtBot, menu: QMenu, text: str) -> None:
    actions = {action.text(): action for action in menu.actions()}
    qtbot.mouseClick(
        menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(actions[text]).center()
    )


def test_f1_asks_what_the_field_with_the_keyboard_is(qtbot: QtBot, hall: Hall) -> None:
    for key in ("training.iterations", "meta.optimizer", "meta.new_seed", "data.source"):
        editor = hall.setup.field(key).focusProxy()
        editor.setFocus()
        for modifier in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
            with qtbot.waitSignal(hall.setup.help_requested) as asked:
                qtbot.keyClick(editor, Qt.Key.Key_F1, modifier)
            assert asked.args == [key]


def test_the_experiment_box_can_be_asked_about_too(qtbot: QtBot, hall: Hall) -> None:
    with qtbot.waitSignal(hall.setup.help_requested) as asked:
        qtbot.keyClick(hall.setup.experiment_box.box, Qt.Key.Key_F1)
    assert asked.args == ["experiment"]


def test_a_question_mark_appears_on_focus_and_asks_when_clicked(qtbot: QtBot, hall: Hall) -> None:
    field = hall.setup.field("hyperparameters.decays.initial")
    hall.setup.field("training.iterations").setFocus()
    assert not field.question.is_offered
    field.setFocus()
    assert field.question.is_offered
    with qtbot.waitSignal(hall.setup.help_requested) as asked:
        click(qtbot, field.question)
    assert asked.args == ["hyperparameters.decays.initial"]
    hall.setup.field("training.iterations").setFocus()
    assert not field.question.is_offered


def test_a_question_mark_appears_while_the_mouse_is_over_the_field(hall: Hall) -> None:
    field = hall.setup.field("meta.step")
    assert not field.question.is_offered
    hover(field, True)
    assert field.question.is_offered
    hover(field, False)
    assert not field.question.is_offered


def test_the_question_mark_moves_nothing_when_it_appears(hall: Hall) -> None:
    field = hall.setup.field("meta.step")
    before = field.line.geometry()
    hover(field, True)
    assert field.line.geometry() == before


def test_a_field_that_does_not_count_now_can_still_be_asked_about(qtbot: QtBot, hall: Hall) -> None:
    choose_field(qtbot, hall, "model.kind", "softmax regression")
    field = hall.setup.field("model.hidden")
    assert not field.line.isEnabled()
    hover(field, True)
    with qtbot.waitSignal(hall.setup.help_requested):
        click(qtbot, field.question)
    hover(field, False)


def test_a_tick_can_be_asked_about_by_mouse(qtbot: QtBot, hall: Hall) -> None:
    for kind in ("learning_rates", "decays", "initial_scales", "l2_penalties"):
        field = hall.setup.field(f"hyperparameters.{kind}.free")
        hover(field, True)
        assert field.question.is_offered
        with qtbot.waitSignal(hall.setup.help_requested) as asked:
            click(qtbot, field.question)
        assert asked.args == [field.key]
        hover(field, False)


def test_while_a_run_goes_on_the_mouse_asks_about_every_field(qtbot: QtBot, hall: Hall) -> None:
    unfold_all(qtbot, hall)
    hall.setup.set_editable(False)
    for key, field in hall.setup.fields.items():
        if field.isVisible():
            hover(field, True)
            assert field.question.is_offered, key
            with qtbot.waitSignal(hall.setup.help_requested) as asked:
                click(qtbot, field.question)
            assert asked.args == [key]
            hover(field, False)


def test_the_keyboard_passes_by_what_cannot_be_changed(qtbot: QtBot, hall: Hall) -> None:
    unfold_all(qtbot, hall)
    choose_field(qtbot, hall, "model.kind", "softmax regression")
    rested = [field for field in hall.setup.fields.values() if field.reason.text()]
    assert {"model.hidden", "model.activation"} <= {field.key for field in rested}
    start = hall.focusWidget()
    seen = []
    while hall.focusWidget() is not start or not seen:
        seen.append(hall.focusWidget())
        qtbot.keyClick(hall.focusWidget(), Qt.Key.Key_Tab)
    assert len(seen) > 30
    assert not any(field.isAncestorOf(widget) for field in rested for widget in seen)
    assert not any(isinstance(widget, Question) for widget in seen)


def test_what_cannot_be_changed_says_what_it_needs(qtbot: QtBot, hall: Hall) -> None:
    unfold_all(qtbot, hall)
    choose_field(qtbot, hall, "model.kind", "softmax regression")
    field = hall.setup.field("model.hidden")
    assert field.reason.isVisible()
    assert field.reason.text() == "Needs a model with hidden layers."
    choose_field(qtbot, hall, "model.kind", "dense network")
    assert not field.reason.isVisible()


def test_nothing_but_help_can_be_reached_while_a_run_goes_on(qtbot: QtBot, hall: Hall) -> None:
    before = hall.setup.experiment()
    type_into(qtbot, hall, "meta.step", "0.5")
    hall.setup.set_editable(False)
    field = hall.setup.field("meta.step")
    for editor in (field.line, hall.setup.field("meta.new_seed").check, hall.setup.data.open_file):
        assert not editor.isEnabled()
    menu = menu_of(field)
    names = [action.text() for action in menu.actions() if action.isEnabled()]
    assert [name for name in names if name] == ["What is this?"]
    menu.close()
    hall.setup.set_editable(True)
    assert field.value() == 0.5
    assert hall.setup.field("meta.new_seed").value() == before.meta.new_seed


def test_the_keyboard_stays_in_its_field_when_a_run_starts_and_ends(hall: Hall) -> None:
    field = hall.setup.field("meta.step")
    field.setFocus()
    hall.setup.set_editable(False)
    assert hall.focusWidget() is field.question
    hall.setup.set_editable(True)
    assert hall.focusWidget() is field.line
    assert field.question.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_a_long_number_shows_its_first_digits(qtbot: QtBot, hall: Hall) -> None:
    field = hall.setup.field("hyperparameters.learning_rates.initial")
    assert field.line.cursorPosition() == 0
    type_into(qtbot, hall, field.key, "0.123456789123456789")
    assert field.line.cursorPosition() > 0
    hall.setup.field("meta.step").setFocus()
    assert field.line.cursorPosition() == 0


def test_the_menu_asks_what_this_is(qtbot: QtBot, hall: Hall) -> None:
    menu = menu_of(hall.setup.field("meta.optimizer"))
    with qtbot.waitSignal(hall.setup.help_requested) as asked:
        pick(qtbot, menu, "What is this?")
    assert asked.args == ["meta.optimizer"]


def test_the_menu_undoes_in_the_panel_and_keeps_cut_and_paste(qtbot: QtBot, hall: Hall) -> None:
    tick(qtbot, hall, "meta.new_seed", False)
    menu = menu_of(hall.setup.field("training.iterations"))
    names = [action.text() for action in menu.actions()]
    assert len([name for name in names if "Undo" in name]) == 1
    assert any("Paste" in name for name in names)
    pick(qtbot, menu, "Undo New weights and minibatches each time")
    assert hall.setup.field("meta.new_seed").value() is True


def test_the_menu_of_a_changed_field_brings_its_own_value_back(qtbot: QtBot, hall: Hall) -> None:
    type_into(qtbot, hall, "training.iterations", "7")
    choose_field(qtbot, hall, "model.activation", "ReLU")
    pick(qtbot, menu_of(hall.setup.field("training.iterations")), "Back to 100")
    assert hall.setup.field("training.iterations").value() == 100
    assert hall.setup.field("model.activation").value() == "ReLU"
    hall.undo_action.trigger()
    assert hall.setup.field("training.iterations").value() == 7


def test_the_data_come_back_with_their_split_and_their_model(qtbot: QtBot, hall: Hall) -> None:
    choose_field(qtbot, hall, "data.source", "curved surface")
    pick(qtbot, menu_of(hall.setup.field("data.source")), "Back to Handwritten digits")
    assert hall.setup.experiment() == list_experiments()["schedules"]


def test_the_wheel_scrolls_the_panel_over_a_box_that_was_not_clicked(hall: Hall) -> None:
    box = hall.setup.field("model.activation").box
    middle = QPointF(box.rect().center())
    turn = QWheelEvent(
        middle,
        QPointF(box.mapToGlobal(middle.toPoint())),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    hall.setup.field("training.iterations").setFocus()
    QApplication.sendEvent(box, turn)
    assert box.currentData() == "tanh"


def test_tips_and_screen_readers_tell_what_is_wrong(qtbot: QtBot, hall: Hall) -> None:
    type_into(qtbot, hall, "training.iterations", "ten")
    field = hall.setup.field("training.iterations")
    assert "found “ten”" in field.line.accessibleDescription()
    assert "1 to 1,000,000" in field.toolTip()


def test_a_message_of_three_rows_that_comes_at_once_is_whole(qtbot: QtBot, hall: Hall) -> None:
    hall.resize(330, 800)
    hall.show()
    field = hall.setup.field("training.iterations")
    QApplication.clipboard().setText("a hundred or so")
    field.line.setFocus()
    field.line.selectAll()
    qtbot.keyClick(field.line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    message = field.complaint
    three_rows = 3 * message.fontMetrics().height()
    qtbot.waitUntil(lambda: message.height() >= three_rows)
    assert message.height() >= message.heightForWidth(message.width())
    qtbot.waitUntil(lambda: field.height() > message.geometry().bottom())


def test_what_has_no_unit_is_as_wide_as_what_has_one(qtbot: QtBot, hall: Hall) -> None:
    hall.resize(330, 800)
    hall.show()
    steps, seed = (hall.setup.field(key) for key in ("meta.iterations", "meta.seed"))
    qtbot.waitUntil(lambda: steps.line.width() == seed.line.width())
    assert seed.line.geometry().left() == steps.line.geometry().left()


@pytest.mark.parametrize("key", ["training.order", "model.kind", "experiment"])
def test_a_list_of_choices_opens_whole(qtbot: QtBot, hall: Hall, key: str) -> None:
    dress.apply_to_application(QApplication.instance(), LIGHT)
    hall.resize(330, 780)
    hall.show()
    is_experiment = key == "experiment"
    field = hall.setup.experiment_box if is_experiment else hall.setup.field(key)
    field.box.showPopup()
    view = field.box.view()
    qtbot.waitUntil(view.isVisible)
    assert view.verticalScrollBar().maximum() == 0
    last = view.visualRect(field.box.model().index(field.box.count() - 1, 0))
    assert last.bottom() <= view.viewport().height()
    field.box.hidePopup()


def test_what_is_below_a_field_stays_where_it_is_when_its_error_is_mended(
    qtbot: QtBot, hall: Hall
) -> None:
    field, below = (hall.setup.field(f"meta.{name}") for name in ("iterations", "seed"))
    type_into(qtbot, hall, "meta.iterations", "0.2")
    go_round(qtbot)
    assert field.complaint.text()
    place = below.mapTo(hall.setup, QPoint(0, 0))
    type_into(qtbot, hall, "meta.iterations", "20")
    go_round(qtbot)
    assert not field.complaint.text()
    assert below.mapTo(hall.setup, QPoint(0, 0)) == place
    high = field.height()
    hall.setup.set_experiment(list_experiments()["toy"])
    go_round(qtbot)
    assert field.height() < high, "another experiment needs no gaps"


def test_a_box_whose_list_was_left_elsewhere_is_not_under_the_mouse(
    qtbot: QtBot, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    field = hall.setup.field("method")
    box = field.findChild(Box)
    assert isinstance(box, Box)
    hall.setup.field("meta.seed").setFocus()
    for part in (field, box):
        hover(part, True)
    assert field.question.is_offered
    box.showPopup()
    monkeypatch.setattr(QCursor, "pos", lambda: hall.mapToGlobal(QPoint(-50, -50)))
    box.hidePopup()
    assert not box.underMouse()
    assert not field.question.is_offered


def test_what_gets_the_keyboard_from_outside_is_scrolled_into_sight(
    qtbot: QtBot, hall: Hall
) -> None:
    hall.resize(340, 400)
    unfold_all(qtbot, hall)
    go_round(qtbot)
    hall.setup.field("meta.seed").setFocus()
    go_round(qtbot)
    first = hall.setup.field("data.source").focusProxy()
    assert first.visibleRegion().isEmpty()
    hall.setup.head.all_button.setFocus()
    first.setFocus(Qt.FocusReason.TabFocusReason)
    go_round(qtbot)
    assert not first.visibleRegion().isEmpty()


@pytest.mark.parametrize("how", ["pointer", "Tab"])
def test_the_gap_of_a_mended_error_closes_once_nobody_points_at_what_is_below(
    qtbot: QtBot, hall: Hall, how: str
) -> None:
    field = hall.setup.field("meta.iterations")
    go_round(qtbot)
    usual = field.height()
    type_into(qtbot, hall, "meta.iterations", "0.2")
    go_round(qtbot)
    type_into(qtbot, hall, "meta.iterations", "20")
    go_round(qtbot)
    assert field.height() > usual
    if how == "Tab":
        qtbot.keyClick(field.line, Qt.Key.Key_Tab)
    else:
        QApplication.sendEvent(hall.setup.form, QEvent(QEvent.Type.Leave))
    qtbot.waitUntil(lambda: field.height() == usual)


def test_a_tick_stays_beside_its_line_whatever_is_said_below(qtbot: QtBot, hall: Hall) -> None:
    kind = "hyperparameters.learning_rates"
    flag, field = hall.setup.field(f"{kind}.free"), hall.setup.field(f"{kind}.initial")

    def apart() -> int:
        return middle_of(flag.check).y() - middle_of(field.line).y()

    def middle_of(part: QWidget) -> QPoint:
        return part.mapTo(hall.setup, part.rect().center())

    go_round(qtbot)
    assert abs(apart()) <= 2
    type_into(qtbot, hall, f"{kind}.initial", "0,02")
    go_round(qtbot)
    assert field.complaint.text().endswith(
        "found “0,02”; the decimal point is a point, as in 0.02."
    )
    assert abs(apart()) <= 2


@pytest.mark.parametrize("key", ["meta.seed", "hyperparameters.learning_rates.initial"])
def test_of_an_empty_field_it_is_said_that_nothing_was_found(
    qtbot: QtBot, hall: Hall, key: str
) -> None:
    type_into(qtbot, hall, key, "")
    assert hall.setup.field(key).complaint.text().endswith(", found nothing.")


def test_a_long_number_is_rounded_where_it_is_cut(qtbot: QtBot, hall: Hall) -> None:
    line = hall.setup.field("hyperparameters.learning_rates.initial").line
    hall.setup.setFocus()
    line.setText("0.01110899653824231")
    go_round(qtbot)
    kept = line.shown.removesuffix("…")
    assert line.shown.endswith("…")
    assert float(kept) == round(0.01110899653824231, len(kept) - 2)


def test_another_experiment_is_shown_without_the_search_in_the_last_one(
    qtbot: QtBot, hall: Hall
) -> None:
    hall.setup.head.start_search()
    qtbot.keyClicks(hall.setup.head.search, "step")
    hall.setup.reset_to_own()
    assert hall.setup.head.search.text() == "step", "it is the same one"
    hall.setup.set_experiment(list_experiments()["spirals"])
    assert hall.setup.head.search.text() == ""
