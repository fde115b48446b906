"""What stands around the drawing of a card: captions, folding, and factored legends."""

from dataclasses import replace

import numpy as np
from driving import click
from plots_to_show import lines_of, plot_of, shown_names, two_lines
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.plots.legend import LegendPopup
from app.plots.plot_card import PlotCard
from engine.plots import NEXT_STEP, Factors, Line, Plot


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


def test_caption_legend_and_titles_fold_in_this_order_and_come_back(
    qtbot: QtBot, card: PlotCard
) -> None:
    def around() -> tuple[bool, bool, bool]:
        titled = lines_of(card).getPlotItem().getAxis("left").label.toPlainText() != ""
        return card.legend.isVisible(), card.head.caption.isVisible(), titled

    seen = []
    for height in [*range(300, 90, -10), *range(100, 310, 10)]:
        card.resize(420, height)
        QApplication.processEvents()
        if around()[::2] == (True, True) or card.view.height() > 150:
            assert lines_of(card).frame().height() >= 105 or not around()[1]
        if not seen or seen[-1] != around():
            seen.append(around())
    folding = [(True, True, True), (True, False, True), (False, False, True), (False,) * 3]
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
