import pytest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.plots.plot_bar import PlotBar

TITLE = "Hypergradient along the sweep"


@pytest.fixture
def bar(qtbot: QtBot) -> PlotBar:
    make_application()
    made = PlotBar(TITLE, QToolButton())
    qtbot.addWidget(made)
    made.show()
    made.resize(500, 30)
    return made


def test_a_title_longer_than_its_bar_is_shortened_with_the_whole_of_it_at_hand(
    bar: PlotBar,
) -> None:
    assert bar.label.text() == TITLE
    bar.resize(140, 30)
    assert bar.label.text().endswith("…")
    assert bar.label.toolTip() == TITLE
    bar.resize(500, 30)
    assert bar.label.text() == TITLE
    assert bar.label.toolTip() == ""


def test_a_folded_bar_takes_no_room(bar: PlotBar) -> None:
    high = bar.sizeHint().height()
    bar.fold(True)
    assert bar.sizeHint().height() <= 0
    assert bar.minimumSizeHint().height() == 0
    bar.fold(False)
    assert bar.sizeHint().height() == high > 20
