from itertools import pairwise

import pytest
from plots_to_show import shown
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFontMetrics, QPen
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.plots.entries import Entry, thicker
from app.plots.legend import Legend, LegendPopup


def entries(count: int, pen: str = "red") -> list[Entry]:
    return [Entry(f"layer {number} weights", QPen(pen)) for number in range(count)]


@pytest.fixture
def legend(qtbot: QtBot) -> Legend:
    made = Legend()
    made.set_entries(entries(5))
    shown(qtbot, made, 1000, 100)
    return made


def test_a_click_switches_a_line_off_and_on(qtbot: QtBot, legend: Legend) -> None:
    button = legend.button("layer 2 weights")
    with qtbot.waitSignal(legend.switched) as switched:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert switched.args == ["layer 2 weights", False]
    assert not button.isChecked()
    with qtbot.waitSignal(legend.switched) as switched:
        qtbot.keyClick(button, Qt.Key.Key_Space)
    assert switched.args == ["layer 2 weights", True]


def test_entries_that_stay_keep_their_buttons(legend: Legend) -> None:
    before = legend.button("layer 0 weights")
    legend.set_entries([entry._replace(on=False) for entry in entries(5, "blue")])
    assert legend.button("layer 0 weights") is before
    assert not before.isChecked()
    legend.set_entries(entries(2))
    assert legend.names == ["layer 0 weights", "layer 1 weights"]


def popup_of(legend: Legend) -> LegendPopup:
    return legend.findChild(LegendPopup)


def test_names_are_never_cut_off_and_those_that_do_not_fit_are_counted(legend: Legend) -> None:
    row = legend.sizeHint().height()
    legend.resize(300, row)
    seen = [name for name in legend.names if not legend.button(name).isHidden()]
    assert 0 < len(seen) < 5
    for name in seen:
        button = legend.button(name)
        assert button.width() > QFontMetrics(button.font()).horizontalAdvance(name) + 20
        assert legend.rect().contains(button.geometry())
    assert legend.more_button.isVisible()
    assert legend.more_button.text() == f"+{5 - len(seen)}"
    assert legend.rect().contains(legend.more_button.geometry())
    assert legend.sizeHint().height() == row
    legend.resize(1000, row)
    assert not legend.more_button.isVisible()
    assert all(legend.button(name).isVisible() for name in legend.names)


def test_where_there_is_room_it_takes_a_second_row_before_any_entry_is_left_out(
    legend: Legend,
) -> None:
    row = legend.sizeHint().height()
    legend.resize(400, 2 * row)
    assert legend.rows_needed(400) == 2
    assert not legend.more_button.isHidden()
    legend.set_rows(2)
    assert legend.sizeHint().height() == 2 * row
    assert legend.more_button.isHidden()
    places = [legend.button(name).geometry() for name in legend.names]
    assert {place.y() for place in places} == {0, row}
    assert all(legend.rect().contains(place) for place in places)
    assert not any(a.intersects(b) for a, b in pairwise(places))
    assert legend.rows_needed(150) > 2
    legend.resize(250, 2 * row)
    assert legend.rect().contains(legend.more_button.geometry())
    assert not any(
        legend.more_button.geometry().intersects(legend.button(name).geometry())
        for name in legend.names
        if not legend.button(name).isHidden()
    )


def test_what_colours_stand_for_is_left_out_before_any_colour_or_stroke(legend: Legend) -> None:
    title = Entry("layer", QPen("red"), "title", text="layers")
    legend.set_entries([title, *entries(2)])
    legend.resize(sum(button.width() + 6 for button in legend.buttons[1:]), 20)
    assert legend.buttons[0].isHidden()
    assert not any(button.isHidden() for button in legend.buttons[1:])
    assert legend.more_button.isHidden()


def test_the_rest_opens_in_a_popup_that_stays_while_lines_are_switched(
    qtbot: QtBot, legend: Legend
) -> None:
    legend.resize(300, 20)
    rest = [entry.name for entry in legend.hidden_entries]
    qtbot.mouseClick(legend.more_button, Qt.MouseButton.LeftButton)
    popup = popup_of(legend)
    assert popup.entries.names == rest
    with qtbot.waitSignal(legend.switched) as switched:
        qtbot.mouseClick(popup.entries.button(rest[-1]), Qt.MouseButton.LeftButton)
    assert switched.args == [rest[-1], False]
    assert popup.isVisible()
    qtbot.keyClick(popup, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: popup_of(legend) is None)


def test_a_popup_of_many_lines_scrolls_with_the_keyboard(qtbot: QtBot, legend: Legend) -> None:
    legend.set_entries(entries(200))
    legend.set_single(entries(200))
    legend.open_single(legend.mapToGlobal(QPoint(0, 20)))
    popup = popup_of(legend)
    assert popup.height() < legend.screen().availableGeometry().height()
    first, last = (popup.entries.button(f"layer {number} weights") for number in (0, 199))
    qtbot.waitUntil(first.hasFocus)
    qtbot.keyClick(first, Qt.Key.Key_Up)
    assert last.hasFocus()
    assert not last.visibleRegion().isEmpty()
    popup.close()


def test_titles_say_what_comes_after_them_and_switch_nothing(qtbot: QtBot, legend: Legend) -> None:
    title = Entry("layer", QPen("red"), "title", text="layers")
    legend.set_entries([title, *entries(2)])
    assert legend.names == ["layer 0 weights", "layer 1 weights"]
    with qtbot.assertNotEmitted(legend.switched):
        qtbot.mouseClick(legend.buttons[0], Qt.MouseButton.LeftButton)
    assert legend.buttons[0].focusPolicy() == Qt.FocusPolicy.NoFocus
    legend.resize(legend.buttons[0].width() + 60, 20)
    assert legend.more_button.text() == "+2"
    assert legend.buttons[0].isHidden(), "a title says nothing by itself"


def test_an_entry_stands_out_for_each_line_that_it_stands_for(legend: Legend) -> None:
    weights = Entry("weights", QPen("red"), of=("layer 1 weights", "layer 2 weights"))
    legend.set_entries([weights, Entry("biases", QPen("red"), of=("layer 1 biases",))])
    legend.emphasise("layer 2 weights")
    assert [button.is_emphasised for button in legend.buttons] == [True, False]
    legend.emphasise("")
    assert not any(button.is_emphasised for button in legend.buttons)


def test_a_picture_of_a_legend_has_all_of_it(legend: Legend) -> None:
    legend.resize(300, 20)
    row = legend.sizeHint().height()
    picture = legend.picture(300, 2.0)
    assert picture.deviceIndependentSize().height() >= 2 * row
    assert picture.width() == 600
    pens = {picture.toImage().pixelColor(x, y).name() for x in range(600) for y in (row, 3 * row)}
    assert "#ff0000" in pens


def test_arrow_keys_walk_along_the_entries(qtbot: QtBot, legend: Legend) -> None:
    legend.activateWindow()
    first, second = legend.button("layer 0 weights"), legend.button("layer 1 weights")
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    qtbot.keyClick(first, Qt.Key.Key_Right)
    assert second.hasFocus()
    qtbot.keyClick(second, Qt.Key.Key_Left)
    qtbot.keyClick(first, Qt.Key.Key_Left)
    assert legend.button("layer 4 weights").hasFocus()
    reached = [legend.button(name).focusPolicy() for name in legend.names]
    assert reached.count(Qt.FocusPolicy.StrongFocus) == 1, "Tab stops once"


def test_the_pointer_and_the_focus_point_at_what_is_drawn(qtbot: QtBot, legend: Legend) -> None:
    button = legend.button("layer 3 weights")
    with qtbot.waitSignal(legend.hovered, check_params_cb=lambda name: name == "layer 3 weights"):
        qtbot.mouseMove(button)
        qtbot.mouseMove(button, button.rect().center())
    with qtbot.waitSignal(legend.hovered, check_params_cb=lambda name: name == ""):
        QApplication.sendEvent(button, QEvent(QEvent.Type.Leave))


def test_each_entry_can_be_told_by_a_screen_reader(legend: Legend) -> None:
    button = legend.button("layer 1 weights")
    assert button.accessibleName() == "layer 1 weights"
    assert "yes" in button.accessibleDescription()
    button.click()
    assert "no" in button.accessibleDescription()
    assert button.toolTip() == "Show layer 1 weights"


def test_regions_are_named_but_cannot_be_switched_off(qtbot: QtBot, legend: Legend) -> None:
    legend.set_entries([Entry("cats", QPen("red"), "area"), Entry("path", QPen("blue"))])
    with qtbot.assertNotEmitted(legend.switched):
        qtbot.mouseClick(legend.button("cats"), Qt.MouseButton.LeftButton)


def test_larger_type_takes_more_room(legend: Legend) -> None:
    before = legend.sizeHint().height()
    font = legend.font()
    font.setPointSizeF(2 * font.pointSizeF())
    legend.set_type(font)
    assert legend.sizeHint().height() > 1.5 * before


def test_a_thicker_pen_keeps_the_length_of_its_dashes() -> None:
    pen = QPen(Qt.PenStyle.DashLine)
    pen.setWidth(2)
    made = thicker(pen)
    assert made.widthF() > 2
    assert made.dashPattern()[0] * made.widthF() == pytest.approx(pen.dashPattern()[0] * 2)
