from dataclasses import replace

import numpy as np
import pytest
from plots_to_show import classes, hover, levels, pictures, plot_of, shown, two_lines, wheel
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QTextDocumentFragment
from PySide6.QtWidgets import QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.dress import apply_to_application
from app.plots.legend import LegendPopup
from app.plots.map_view import MapView
from app.plots.picture_view import PictureView
from app.plots.plot_card import PlotCard
from app.plots.plot_table import PlotTable
from app.plots.plot_view import PlotView
from app.theme import DARK, LIGHT, Theme
from engine.plots import NEXT_STEP, SMOOTHINGS, AnyPlot, Factors, Line, Plot

EVERY_KIND = [two_lines(), pictures(), levels(), classes()]


@pytest.fixture
def card(qtbot: QtBot) -> PlotCard:
    apply_to_application(make_application(), LIGHT)
    made = PlotCard("losses", LIGHT)
    shown(qtbot, made)
    made.show_plot(two_lines())
    return made


def lines_of(card: PlotCard) -> PlotView:
    assert isinstance(card.view, PlotView)
    return card.view


def click(qtbot: QtBot, button: QWidget) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_view_is_of_the_kind_of_the_plot_and_goes_on_while_the_kind_stays(
    card: PlotCard,
) -> None:
    lines = card.view
    card.show_plot(two_lines(2.0))
    assert card.view is lines
    kinds = (PictureView, MapView, MapView, PlotView)
    for plot, kind in zip((*EVERY_KIND[1:], EVERY_KIND[0]), kinds, strict=True):
        card.show_plot(plot)
        assert card.plot is plot
        assert isinstance(card.view, kind)
        assert card.view.isVisible()
        assert card.head.log_action.isVisible() == (kind is PlotView)
    assert len(card.findChildren(PlotView)) <= 2  # the one before may wait to be deleted


@pytest.mark.parametrize("plot", EVERY_KIND)
@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_every_kind_is_drawn_in_both_themes_and_in_a_presentation(
    card: PlotCard, plot: AnyPlot, theme: Theme
) -> None:
    card.show_plot(plot)
    card.set_theme(theme)
    card.set_presentation(True)
    picture = card.grab().toImage()
    colours = {
        picture.pixelColor(x, y).name()
        for x in range(0, picture.width(), 7)
        for y in range(100, picture.height(), 7)
    }
    assert len(colours) > 5


def test_presentation_holds_for_views_that_come_later(card: PlotCard) -> None:
    card.set_presentation(True)
    card.show_plot(pictures())
    assert isinstance(card.view, PictureView)
    small = QGuiApplication.font().pointSizeF()
    assert card.view.grid.font().pointSizeF() > 1.3 * small
    card.show_plot(two_lines())
    assert lines_of(card)._items["low"].opts["pen"].width() == 3
    assert card.legend.button("low").font().pointSizeF() > 1.3 * small


def test_the_axis_can_be_made_logarithmic_and_stays_so(card: PlotCard) -> None:
    assert card.log_y is False
    card.head.log_action.trigger()
    assert card.log_y is True
    card.show_plot(two_lines(2.0))
    assert card.head.log_action.isChecked()
    card.show_plot(pictures())
    assert card.log_y is None
    card.show_plot(two_lines())
    assert card.log_y is True
    card.head.log_action.trigger()
    assert card.log_y is False


def test_a_logarithmic_axis_tells_what_it_leaves_out(qtbot: QtBot, card: PlotCard) -> None:
    x = np.arange(4.0)
    below, above = Line("below", x, x - 1), Line("above", x, x + 1)
    card.show_plot(replace(two_lines(), lines=(below, above), caption="two lines", log_y=False))
    assert card.head.caption.text == "two lines"
    card.head.log_action.trigger()
    assert card.head.caption.text.endswith("2 values of 0 or less are not on the logarithmic axis")
    click(qtbot, card.legend.button("below"))
    assert card.head.caption.text == "two lines"


def test_a_plot_that_is_logarithmic_by_itself_shows_that_in_the_switch(card: PlotCard) -> None:
    card.show_plot(plot_of(Line("one", np.arange(3.0), np.ones(3)), log_y=True))
    assert card.head.log_action.isChecked()


def test_the_legend_switches_lines_and_survives_updates(qtbot: QtBot, card: PlotCard) -> None:
    click(qtbot, card.legend.button("high"))
    assert not lines_of(card)._items["high"].isVisible()
    card.show_plot(two_lines(2.0))
    assert not lines_of(card)._items["high"].isVisible()
    assert not card.legend.button("high").isChecked()
    click(qtbot, card.legend.button("high"))
    assert lines_of(card)._items["high"].isVisible()


def test_the_legend_and_the_view_point_at_each_other(qtbot: QtBot, card: PlotCard) -> None:
    view = lines_of(card)
    card.legend.hovered.emit("low")
    assert view._items["low"].opts["pen"].widthF() > view._items["high"].opts["pen"].widthF()
    card.legend.hovered.emit("")
    hover(view, 4, 14)
    emphasised = [name for name in card.legend.names if card.legend.button(name).is_emphasised]
    assert emphasised == ["high"]


def test_one_line_needs_no_legend(card: PlotCard) -> None:
    card.show_plot(plot_of(Line("one", np.arange(3.0), np.ones(3))))
    assert not card.legend.isVisible()


@pytest.mark.parametrize("which", ["export", "enlarge", "help"])
def test_the_head_asks_for_what_others_do(qtbot: QtBot, card: PlotCard, which: str) -> None:
    with qtbot.waitSignal(getattr(card, f"{which}_requested")) as asked:
        if which == "enlarge":
            click(qtbot, card.head.enlarge_button)
        else:
            getattr(card.head, f"{which}_action").trigger()
    assert asked.args == ["losses"]


@pytest.mark.parametrize("place", ["view", "legend", "head"])
def test_a_right_click_anywhere_on_a_plot_opens_its_menu(
    qtbot: QtBot, card: PlotCard, place: str
) -> None:
    part = getattr(card, place)
    target = part.viewport() if place == "view" else part
    middle = target.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, middle, target.mapToGlobal(middle))
    QApplication.sendEvent(target, event)
    qtbot.waitUntil(card.head.menu.isVisible)
    offered = [action.text() for action in card.head.menu.actions() if action.isVisible()]
    usual = ["Table…", "Copy picture", "Export…", "What is this?"]
    assert offered == ["Logarithmic axis", "Lines…", *usual]
    card.head.menu.close()


def test_the_table_shows_the_numbers_as_they_were(qtbot: QtBot, card: PlotCard) -> None:
    card.head.table_action.trigger()
    dialog = card.findChild(PlotTable)
    assert dialog.isVisible()
    card.show_plot(two_lines(100.0))
    assert dialog.model.index(0, 1).data() == "1"
    click(qtbot, dialog.close_button)
    qtbot.waitUntil(lambda: card.findChild(PlotTable) is None)


def test_the_picture_on_the_clipboard_is_the_plot_twice_as_sharp(
    qtbot: QtBot, card: PlotCard
) -> None:
    card.head.copy_action.trigger()
    image = QGuiApplication.clipboard().image()
    assert image.width() >= 2 * card.view.width()
    assert image.height() >= 2 * (card.view.height() + card.legend.height())
    blue = lines_of(card)._items["low"].opts["pen"].color().name()
    names = {
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), 2)
        for y in range(0, image.height(), 2)
    }
    assert blue in names
    assert LIGHT.card.lower() in names


def test_zoom_survives_a_change_of_theme(card: PlotCard) -> None:
    wheel(lines_of(card), 5)
    before = lines_of(card).getPlotItem().getViewBox().viewRange()
    card.set_theme(DARK)
    card.show_plot(two_lines(3.0))
    assert lines_of(card).getPlotItem().getViewBox().viewRange() == before


def test_a_screen_reader_is_told_at_most_once_a_second(qtbot: QtBot, card: PlotCard) -> None:
    reader = card.view.reader
    assert reader.accessibleName() == "A title"
    assert "low rises from 1 to 2" in reader.accessibleDescription()
    card.show_plot(two_lines(2.0))
    assert "low rises from 1 to 2" in reader.accessibleDescription()
    qtbot.waitUntil(lambda: "low rises from 2 to 4" in reader.accessibleDescription(), timeout=2000)


def test_every_switch_can_be_told_and_reached(qtbot: QtBot, card: PlotCard) -> None:
    for button in card.findChildren(QToolButton):
        assert button.accessibleName()
        assert button.accessibleDescription()
        assert button.toolTip()
    card.activateWindow()
    card.head.enlarge_button.setFocus()
    qtbot.waitUntil(card.head.enlarge_button.hasFocus)
    seen = []
    for _ in range(4):
        focused = card.focusWidget()
        seen.append(focused)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert seen == [
        card.head.enlarge_button,
        card.head.more_button,
        card.legend.button("low"),
        card.view,
    ]


def test_there_is_nothing_to_do_before_there_is_a_plot(qtbot: QtBot) -> None:
    empty = PlotCard("losses", LIGHT)
    shown(qtbot, empty)
    assert empty.plot is None
    assert empty.key == "losses"
    assert not any(button.isEnabled() for button in empty.findChildren(QToolButton))


def test_a_long_caption_wraps_and_is_shortened_with_the_whole_of_it_at_hand(
    qtbot: QtBot, card: PlotCard
) -> None:
    long = "training came back bit for bit; " * 12
    card.show_plot(replace(two_lines(), caption=long))
    card.resize(420, 360)
    rows = card.head.caption.rows()
    assert len(rows) == 3
    assert rows[-1].endswith("…")
    tip = QTextDocumentFragment.fromHtml(card.head.caption.toolTip()).toPlainText()
    assert tip.strip() == long.strip()
    width = card.head.caption.width()
    assert all(card.head.caption.fontMetrics().horizontalAdvance(row) <= width + 1 for row in rows)


def test_a_caption_leaves_the_room_of_a_low_card_to_the_plot(qtbot: QtBot, card: PlotCard) -> None:
    card.show_plot(replace(two_lines(), caption="training came back bit for bit; " * 12))
    card.resize(420, 360)
    high = card.head.caption.height()
    card.resize(420, 196)
    assert len(card.head.caption.rows()) == 1
    assert card.head.caption.rows()[0].endswith("…")
    qtbot.waitUntil(lambda: card.head.caption.height() < high / 2)
    card.resize(420, 360)
    qtbot.waitUntil(lambda: card.head.caption.height() == high)


def test_a_legend_stands_in_the_place_of_a_caption_that_there_is_not(
    qtbot: QtBot, card: PlotCard
) -> None:
    below = card.view.y()
    card.show_plot(replace(two_lines(), caption=""))
    qtbot.waitUntil(lambda: card.view.y() < below)
    assert card.legend.isVisible()
    assert not card.head.caption.isVisible()
    card.show_plot(two_lines())
    qtbot.waitUntil(lambda: card.view.y() == below)
    assert card.head.caption.isVisible()


def test_legend_caption_and_titles_fold_in_this_order_and_come_back(
    qtbot: QtBot, card: PlotCard
) -> None:
    def around() -> tuple[bool, bool, bool]:
        titled = lines_of(card).getPlotItem().getAxis("left").label.toPlainText() != ""
        return card.legend.isVisible(), card.head.caption.isVisible(), titled

    seen = []
    for height in [*range(300, 90, -10), *range(100, 310, 10)]:
        card.resize(420, height)
        QApplication.processEvents()
        if around()[1:] == (True, True) or card.view.height() > 150:
            assert lines_of(card).frame().height() >= 105 or not around()[0]
        if not seen or seen[-1] != around():
            seen.append(around())
    folding = [(True, True, True), (False, True, True), (False, False, True), (False,) * 3]
    assert seen == folding + folding[-2::-1]


def test_folded_cards_keep_their_buttons(qtbot: QtBot, card: PlotCard) -> None:
    card.resize(300, 130)
    qtbot.waitUntil(lambda: not card.head.caption.isVisible())
    with qtbot.waitSignal(card.enlarge_requested):
        click(qtbot, card.head.enlarge_button)
    assert card.rect().contains(card.head.geometry())


def test_an_empty_plot_has_no_axes_but_a_sentence(card: PlotCard) -> None:
    nothing = np.zeros(0)
    card.show_plot(plot_of(Line("one", nothing, nothing), caption="known after the first seed"))
    assert not card.view.isVisible()
    assert not card.legend.isVisible()
    assert card.waiting.isVisible()
    assert card.waiting.text() == "Known after the first seed."
    assert card.head.caption.text == "", "it is said once"
    card.show_plot(two_lines())
    assert card.view.isVisible()
    assert not card.waiting.isVisible()
    assert card.legend.isVisible()


def deep_network() -> Plot:
    """A plot with eight lines that factor, one that does not, and arrows."""
    x = np.arange(11.0)
    lines = [
        Line(
            f"layer {layer} {role}",
            x,
            x + layer,
            layer,
            dash,
            towards=x + layer + 1,
            factors=Factors("layer", str(layer), role),
        )
        for layer in range(1, 5)
        for role, dash in (("weights", "solid"), ("biases", "dashed"))
    ]
    return plot_of(*lines, Line("usual & plain", x, x, "reference"), caption="a caption")


def shown_names(card: PlotCard) -> set[str]:
    return {line.name for line in lines_of(card).shown_lines}


def test_a_legend_is_factored_into_colours_and_strokes(card: PlotCard) -> None:
    card.show_plot(deep_network())
    colours, strokes = [f"layer {number}" for number in range(1, 5)], ["weights", "biases"]
    assert card.legend.names == [*colours, *strokes, "usual & plain", NEXT_STEP]
    assert [button.entry.says for button in card.legend.buttons][:6] == [
        "layers",
        "1",
        "2",
        "3",
        "4",
        "weights",
    ]


def test_a_colour_and_a_stroke_switch_all_their_lines(qtbot: QtBot, card: PlotCard) -> None:
    card.show_plot(deep_network())
    card.resize(1000, 400)
    everything = shown_names(card)
    click(qtbot, card.legend.button("layer 2"))
    assert everything - shown_names(card) == {"layer 2 weights", "layer 2 biases"}
    click(qtbot, card.legend.button("biases"))
    assert shown_names(card) == {*(f"layer {n} weights" for n in (1, 3, 4)), "usual & plain"}
    assert not card.legend.button("layer 2").isChecked()
    click(qtbot, card.legend.button("layer 2"))
    click(qtbot, card.legend.button("biases"))
    assert shown_names(card) == everything


def test_single_lines_of_a_factored_legend_are_switched_from_the_menu(
    qtbot: QtBot, card: PlotCard
) -> None:
    card.show_plot(deep_network())
    card.head.lines_action.trigger()
    popup = card.findChild(LegendPopup)
    click(qtbot, popup.entries.button("layer 3 biases"))
    assert "layer 3 biases" not in shown_names(card)
    assert "layer 3 weights" in shown_names(card)
    assert card.legend.button("layer 3").isChecked(), "one of its lines is shown"
    click(qtbot, popup.entries.button("layer 3 weights"))
    assert not card.legend.button("layer 3").isChecked()
    popup.close()


def test_a_legend_that_would_name_two_things_alike_is_not_factored(card: PlotCard) -> None:
    x = np.arange(11.0)
    plot = deep_network()
    card.show_plot(replace(plot, lines=(*plot.lines, Line("biases", x, x))))
    assert "layer 1 weights" in card.legend.names


def noisy() -> Plot:
    x = np.arange(11.0)
    y = np.array([1.0, 3.0] * 5 + [1.0])
    return replace(plot_of(Line("a", x, y), Line("b", x, y + 5)), along="iterations")


def choose_smoothing(card: PlotCard, name: str) -> None:
    actions = card.head.smoothing_menu.actions()
    next(action for action in actions if action.data() == name).trigger()


def test_noisy_lines_are_smoothed_from_the_menu_and_stay_so(card: PlotCard) -> None:
    card.show_plot(noisy())
    assert card.smoothing == SMOOTHINGS["none"]
    assert card.head.smoothing_menu.menuAction().isVisible()
    choose_smoothing(card, "strong")
    assert card.smoothing == SMOOTHINGS["strong"]
    assert card.showing.smoothing == SMOOTHINGS["strong"], "exports follow"
    drawn = lines_of(card).lines
    assert np.ptp(drawn["a"][1][3:8]) < 0.5
    np.testing.assert_array_equal(drawn["a, measured"][1], noisy().lines[0].y)
    assert card.legend.buttons[0].entry.says == "smoothed"
    assert card.legend.names == ["a", "b"]
    hover(lines_of(card), 4, 2.0)
    assert card.view.crosshair.reading.heading == "steps 4, smoothed"
    card.show_plot(noisy())
    assert "a, measured" in lines_of(card).lines
    card.head.table_action.trigger()
    table = card.findChild(PlotTable)
    assert table.model.header == [
        "steps",
        "a, measured",
        "b, measured",
        "a (smoothed)",
        "b (smoothed)",
    ]
    table.close()
    choose_smoothing(card, "none")
    assert [*lines_of(card).lines] == ["a", "b"]


def test_a_smoothed_line_is_switched_off_with_what_was_measured(
    qtbot: QtBot, card: PlotCard
) -> None:
    card.show_plot(noisy())
    choose_smoothing(card, "light")
    click(qtbot, card.legend.button("a"))
    assert shown_names(card) == {"b", "b, measured"}


def test_a_single_line_that_is_smoothed_says_so(card: PlotCard) -> None:
    card.show_plot(replace(noisy(), lines=noisy().lines[:1]))
    assert card.legend.names == []
    choose_smoothing(card, "light")
    assert [button.entry.says for button in card.legend.buttons] == ["smoothed", "a"]
    assert card.legend.isVisible()


def test_smoothing_is_not_offered_where_it_means_nothing(card: PlotCard) -> None:
    card.show_plot(two_lines())
    assert not card.head.smoothing_menu.menuAction().isVisible()
    card.show_plot(pictures())
    assert not card.head.smoothing_menu.menuAction().isVisible()


def test_the_next_run_is_not_smoothed_by_itself(card: PlotCard) -> None:
    card.show_plot(noisy())
    choose_smoothing(card, "light")
    card.forget_choices()
    card.show_plot(noisy())
    assert card.smoothing.name == "none"
    assert [*lines_of(card).lines] == ["a", "b"]


@pytest.mark.parametrize("plot", [two_lines(), levels()], ids=["lines", "map"])
def test_a_plot_that_was_panned_offers_the_way_back(
    qtbot: QtBot, card: PlotCard, plot: AnyPlot
) -> None:
    card.show_plot(plot)
    axes = card.view.axes if isinstance(card.view, MapView) else lines_of(card)
    assert not card.head.whole_button.isVisible()
    qtbot.keyClick(axes, Qt.Key.Key_Left)
    assert not axes.follows
    assert card.head.whole_button.isVisible()
    click(qtbot, card.head.whole_button)
    assert axes.follows
    assert not card.head.whole_button.isVisible()


def test_another_kind_of_plot_is_not_panned(qtbot: QtBot, card: PlotCard) -> None:
    qtbot.keyClick(card.view, Qt.Key.Key_Left)
    card.show_plot(pictures())
    assert not card.head.whole_button.isVisible()
