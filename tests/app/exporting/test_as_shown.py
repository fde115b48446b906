"""From a plot as somebody made it look in the window to the figure in a file."""

from pathlib import Path

import numpy as np
import pytest
from driving import card_of, click
from plots_to_show import levels, pictures, plot_of, shown, wheel
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.exporting.export_dialog import ExportDialog
from app.main_window import MainWindow
from app.plots.map_view import MapView
from app.plots.picture_view import PictureView
from app.plots.plot_view import PlotView
from app.theme import LIGHT
from engine.figures.figure import render
from engine.plots import AS_THE_PLOT_SAYS, Line, Showing, to_csv

PATIENCE = 60_000
X = np.arange(11.0)
LINES = plot_of(Line("low", X, X + 1.0), Line("high", X, 10.0 * X + 1.0, 1))


@pytest.fixture
def view(qtbot: QtBot) -> PlotView:
    make_application()
    made = PlotView(LIGHT)
    shown(qtbot, made)
    made.show_plot(LINES)
    return made


def test_untouched_every_view_shows_plots_as_they_say(qtbot: QtBot, view: PlotView) -> None:
    assert view.showing == AS_THE_PLOT_SAYS
    plane, grid = MapView(LIGHT), PictureView(LIGHT)
    for one in (plane, grid):
        shown(qtbot, one)
    plane.show_plot(levels())
    grid.show_plot(pictures())
    assert plane.showing == grid.showing == AS_THE_PLOT_SAYS


def test_axis_hidden_lines_and_zoom_are_told_in_units_of_the_axes(view: PlotView) -> None:
    view.set_log(True)
    view.set_shown("high", False)
    QApplication.processEvents()  # the wheel turns over what is painted
    wheel(view, 3)
    showing = view.showing
    assert (showing.log_y, showing.hidden) == (True, {"high"})
    assert showing.x_range is not None
    assert showing.y_range is not None
    assert 0 < showing.x_range[0] < showing.x_range[1] < 10
    assert 1 < showing.y_range[0] < showing.y_range[1] < 11, "values, and no logarithms"
    view.show_everything()
    assert view.showing == Showing(True, frozenset({"high"}))


def test_a_map_tells_its_part_and_what_is_hidden(qtbot: QtBot) -> None:
    make_application()
    plane = MapView(LIGHT)
    shown(qtbot, plane)
    plane.show_plot(levels())
    plane.set_shown("start", False)
    wheel(plane.axes, 2)
    assert plane.showing.hidden == {"start"}
    assert plane.showing.x_range is not None
    assert 0 < plane.showing.x_range[0] < plane.showing.x_range[1] < 4


def test_the_window_exports_a_plot_as_it_is_shown(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.run()
    qtbot.waitUntil(lambda: window.runner.state == "idle" and bool(window.record), timeout=PATIENCE)
    card = card_of(window, "losses")
    qtbot.waitUntil(lambda: "test" in card.legend.names, timeout=PATIENCE)
    click(qtbot, card.legend.button("test"))
    card.head.log_action.trigger()
    assert isinstance(card.view, PlotView)
    wheel(card.view, 2)
    showing = card.showing
    assert None not in (showing.log_y, showing.x_range, showing.y_range)
    card.head.export_action.trigger()
    dialog = window.findChild(ExportDialog)
    dialog.folder.setText(str(tmp_path))
    with qtbot.waitSignal(dialog.exported, timeout=PATIENCE):
        click(qtbot, dialog.write)
    assert card.plot is not None
    assert (tmp_path / "losses.svg").read_bytes() == render(card.plot, "svg", showing=showing)
    assert (tmp_path / "losses.csv").read_text() == to_csv(card.plot)
    assert b">test<" not in (tmp_path / "losses.svg").read_bytes()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
