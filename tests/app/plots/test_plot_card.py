from dataclasses import replace

import numpy as np
import pytest
from driving import click
from plots_to_show import (
    classes,
    hover,
    levels,
    lines_of,
    pictures,
    plot_of,
    shown,
    two_lines,
    wheel,
)
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from app.plots.map_view import MapView
from app.plots.picture_view import PictureView
from app.plots.plot_card import PlotCard
from app.plots.plot_table import PlotTable
from app.plots.plot_view import PlotView
from app.theme import DARK, LIGHT, Theme
from engine.plots import AnyPlot, Line

EVERY_KIND = [two_lines(), pictures(), levels(), classes()]


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
