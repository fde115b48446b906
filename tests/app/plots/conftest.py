"""A card with two lines."""

import pytest
from plots_to_show import shown, two_lines
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.dress import apply_to_application
from app.plots.plot_card import PlotCard
from app.theme import LIGHT


@pytest.fixture
def card(qtbot: QtBot) -> PlotCard:
    apply_to_application(make_application(), LIGHT)
    made = PlotCard("losses", LIGHT)
    shown(qtbot, made)
    made.show_plot(two_lines())
    return made
