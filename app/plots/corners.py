"""Docks where they are at first: in four corners, equally large, those of one behind each other.

Corners come as top left, top right, bottom left, bottom right.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow


def lay_out(window: QMainWindow, corners: Sequence[Sequence[QDockWidget]]) -> None:
    """Put docks into their corners, none of them floating."""
    for dock in (dock for corner in corners for dock in corner):
        dock.setFloating(False)
        window.removeDockWidget(dock)
    first, second, third, fourth = (corner[0] for corner in corners)
    window.addDockWidget(Qt.DockWidgetArea.TopDockWidgetArea, first)
    window.splitDockWidget(first, second, Qt.Orientation.Horizontal)
    window.splitDockWidget(first, third, Qt.Orientation.Vertical)
    window.splitDockWidget(second, fourth, Qt.Orientation.Vertical)
    for corner in corners:
        for dock in corner[1:]:
            window.tabifyDockWidget(corner[0], dock)


def level(window: QMainWindow, firsts: Sequence[QDockWidget]) -> None:
    """Make corners equally large, by the first dock of each."""
    across, down = [window.width() // 2] * 2, [window.height() // 2] * 2
    first, second, third, fourth = firsts
    window.resizeDocks([first, second], across, Qt.Orientation.Horizontal)
    window.resizeDocks([first, third], down, Qt.Orientation.Vertical)
    window.resizeDocks([second, fourth], down, Qt.Orientation.Vertical)


def are_in_place(window: QMainWindow, corners: Sequence[Sequence[QDockWidget]]) -> bool:
    """Whether docks lie with those of their corner, and the corners as at first.

    Args:
        window: that they lie in.
        corners: any of them may be empty.
    """
    for corner in corners:
        for dock in corner:
            beside = {other for other in window.tabifiedDockWidgets(dock) if not other.isHidden()}
            if beside | {dock} != set(corner):
                return False
    middles = [_on_top(corner).geometry().center() if corner else None for corner in corners]
    first, second, third, fourth = middles
    columns = ((left, right) for left in (first, third) for right in (second, fourth))
    return all(left.x() < right.x() for left, right in columns if left and right) and all(
        top.y() < bottom.y() for top, bottom in ((first, third), (second, fourth)) if top and bottom
    )


def _on_top(corner: Sequence[QDockWidget]) -> QDockWidget:
    """The one that can be seen: where the others are says nothing."""
    return next((dock for dock in corner if not dock.visibleRegion().isEmpty()), corner[0])
