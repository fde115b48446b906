import pytest
from plots_to_show import shown
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetrics, QPen
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.plots.entries import Entry, thicker
from app.plots.legend import Legend


def entries(count: int, pen: str = "red") -> list[Entry]:
    return [Entry(f"layer {number} weights", QPen(pen)) for number in range(count)]


@pytest.fixture
def legend(qtbot: QtBot) -> Legend:
    made = Legend()
    made.set_entries(entries(5))
    shown(qtbot, made, 500, 100)
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


def test_names_wrap_over_rows_and_are_never_cut_off(legend: Legend) -> None:
    wide = legend.sizeHint().height()
    legend.resize(200, 300)
    assert legend.sizeHint().height() > wide
    for name in legend.names:
        button = legend.button(name)
        assert button.width() > QFontMetrics(button.font()).horizontalAdvance(name) + 20
        assert legend.content.rect().contains(button.geometry())
        assert button.geometry().right() <= legend.width()


def test_entries_stand_in_columns_and_a_long_one_takes_several(legend: Legend) -> None:
    names = ["layer 1 weights", "layer 1 biases", "layer 2 weights", "layer 2 biases"]
    names += ["a somewhat longer name"]
    legend.set_entries([Entry(name, QPen("red")) for name in names])
    button = legend.button(names[0])
    legend.resize(3 * button.width() + 20, 300)
    places = {(legend.button(name).x(), legend.button(name).y()) for name in names}
    row = button.height()
    xs = sorted({x for x, _ in places})
    assert [y // row for _, y in sorted(places, key=lambda place: place[::-1])] == [0, 0, 0, 1, 1]
    assert len(xs) == 3
    assert xs[2] == 2 * xs[1]


def test_many_entries_scroll_so_that_the_plot_keeps_its_room(legend: Legend) -> None:
    legend.set_entries(entries(40))
    assert legend.sizeHint().height() <= 3 * legend.button("layer 0 weights").height()
    assert legend.content.height() > 2 * legend.sizeHint().height()
    assert legend.verticalScrollBar().maximum() > 0


def test_in_a_low_card_entries_scroll_as_well(legend: Legend) -> None:
    legend.resize(150, 300)
    five_rows = legend.sizeHint().height()
    legend.set_room(60)
    assert legend.sizeHint().height() <= 60 < five_rows


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
