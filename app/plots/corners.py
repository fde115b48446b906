"""Whether docks lie where they are at first: in four corners, those of one behind each other."""

from collections.abc import Sequence

from PySide6.QtWidgets import QDockWidget, QMainWindow


def are_in_place(window: QMainWindow, corners: Sequence[Sequence[QDockWidget]]) -> bool:
    """Whether docks lie with those of their corner, and the corners as at first.

    Args:
        window: that they lie in.
        corners: top left, top right, bottom left, bottom right; any of them may be empty.
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
