"""What is asked of the area of plots."""

from driving import go_round
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow

PATIENCE = 30_000


def share_of_the_first_column(window: MainWindow) -> float:
    return window.plot_area.docks["learning_rates"].width() / window.plot_area.width()


# Columns and rows that are as wide and as high as each other


def sizes(window: MainWindow) -> list[tuple[int, int]]:
    """How large the docks are that can be seen."""
    docks = window.plot_area.docks.values()
    seen = [dock for dock in docks if dock.isVisible() and not dock.visibleRegion().isEmpty()]
    return [(dock.width(), dock.height()) for dock in seen]


def is_level(window: MainWindow) -> bool:
    widths = [width for width, _ in sizes(window)]
    expected = 2 if window.presentation.is_on else 4
    return len(widths) == expected and max(widths) - min(widths) <= 2


def drag_the_middle(qtbot: QtBot, window: MainWindow, by: int) -> None:
    """Take hold of what separates the columns, and move it."""
    area = window.plot_area
    place = area.docks["learning_rates"].geometry()
    start = QPoint(place.right() + 4, place.center().y())
    qtbot.mousePress(area, Qt.MouseButton.LeftButton, pos=start)
    for step in (by // 2, by):
        qtbot.mouseMove(area, start + QPoint(step, 0))
        go_round(qtbot)
    qtbot.mouseRelease(area, Qt.MouseButton.LeftButton, pos=start + QPoint(by, 0))
    qtbot.waitUntil(lambda: area.docks["learning_rates"].geometry().right() != place.right())
