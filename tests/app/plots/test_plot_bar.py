from collections.abc import Iterator

import pytest
from driving import go_round
from plots_to_show import two_lines
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QToolButton
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.dress import apply_to_application
from app.plots.plot_bar import PlotBar
from app.plots.plot_dock import PlotDock
from app.theme import DARK, LIGHT

TITLE = "Hypergradient along the sweep"


@pytest.fixture
def dock(qtbot: QtBot) -> Iterator[PlotDock]:
    apply_to_application(make_application(), LIGHT)
    window = QMainWindow()
    qtbot.addWidget(window)
    made = PlotDock("losses", TITLE, LIGHT, window)
    window.addDockWidget(Qt.DockWidgetArea.TopDockWidgetArea, made)
    made.card.show_plot(two_lines())
    window.show()
    yield made
    apply_to_application(make_application(), LIGHT)


@pytest.mark.parametrize("presentation", [False, True])
@pytest.mark.parametrize("width", [420, 500, 700, 1000])
def test_the_whole_title_is_shown_and_switches_make_way_for_it(
    qtbot: QtBot, dock: PlotDock, presentation: bool, width: int
) -> None:
    application = make_application()
    apply_to_application(application, DARK, presentation)
    dock.set_presentation(presentation)
    dock.window().resize(width, 300)
    go_round(qtbot)
    label, row = dock.bar.label, dock.card.switches
    assert label.text() == TITLE
    assert label.fontMetrics().horizontalAdvance(TITLE) <= label.width()
    assert label.geometry().right() < row.geometry().left()
    assert row.geometry().right() < dock.float_button.geometry().left()
    assert dock.close_button.geometry().right() <= dock.bar.width()
    assert dock.card.enlarge_button.isVisible() or row.more_button.isVisible()


def test_a_title_longer_than_its_bar_is_shortened_with_the_whole_of_it_at_hand(
    qtbot: QtBot,
) -> None:
    make_application()
    bar = PlotBar(TITLE, QToolButton())
    qtbot.addWidget(bar)
    bar.show()
    bar.resize(140, 30)
    assert bar.label.text().endswith("…")
    assert bar.label.fontMetrics().horizontalAdvance(bar.label.text()) <= bar.label.width()
    assert bar.label.toolTip() == TITLE
    bar.resize(500, 30)
    assert bar.label.text() == TITLE
    assert not bar.label.toolTip()
