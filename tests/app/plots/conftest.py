"""A card with two lines, and the window after a run."""

import pytest
from area_driving import PATIENCE
from driving import press
from plots_to_show import shown, two_lines
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.dress import apply_to_application
from app.main_window import MainWindow
from app.plots.plot_card import PlotCard
from app.theme import LIGHT


@pytest.fixture
def card(qtbot: QtBot) -> PlotCard:
    apply_to_application(make_application(), LIGHT)
    made = PlotCard("losses", LIGHT)
    shown(qtbot, made)
    made.show_plot(two_lines())
    return made


@pytest.fixture
def after_a_run(window: MainWindow, qtbot: QtBot) -> MainWindow:
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    return window
