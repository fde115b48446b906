from collections.abc import Iterator

import pytest
from driving import go_round
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow
from pytestqt.qtbot import QtBot

from app.plots.proportions import Proportions

ACROSS, DOWN = Qt.Orientation.Horizontal, Qt.Orientation.Vertical


@pytest.fixture
def area(qtbot: QtBot) -> Iterator[QMainWindow]:
    """A column of three docks, the last of which lies beside another; and a dock to the right."""
    made = QMainWindow()
    made.setWindowFlags(Qt.WindowType.Widget)
    made.setDockNestingEnabled(True)
    docks = {name: QDockWidget(name, made, objectName=name) for name in "abcde"}
    made.addDockWidget(Qt.DockWidgetArea.TopDockWidgetArea, docks["a"])
    made.splitDockWidget(docks["a"], docks["e"], ACROSS)
    made.splitDockWidget(docks["a"], docks["b"], DOWN)
    made.splitDockWidget(docks["b"], docks["c"], DOWN)
    made.splitDockWidget(docks["c"], docks["d"], ACROSS)
    made.resize(900, 600)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


def dock(area: QMainWindow, name: str) -> QDockWidget:
    found = area.findChild(QDockWidget, name)
    assert isinstance(found, QDockWidget)
    return found


def test_docks_of_a_column_and_of_a_row_are_evened_out(area: QMainWindow, qtbot: QtBot) -> None:
    a, b, c, d, e = (dock(area, name) for name in "abcde")
    area.resizeDocks([a, b, c], [420, 40, 100], DOWN)
    area.resizeDocks([c, d], [60, 300], ACROSS)
    go_round(qtbot)
    assert a.height() > 3 * b.height()
    assert d.width() > 2 * c.width()
    proportions = Proportions(area)
    proportions.even_out()
    proportions.restore()
    qtbot.waitUntil(lambda: abs(c.width() - d.width()) < 20)
    heights = [each.height() for each in (a, b, c, d)]
    assert max(heights) - min(heights) < 30
    assert abs(e.width() - a.width()) < 20
    assert e.height() == area.height()
