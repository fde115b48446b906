"""What stands around a drawing, and folds while the drawing is too small."""

from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

from PySide6.QtCore import QSize

Drawing: TypeAlias = Callable[[int, bool, bool], QSize]
"""(rows of the caption, with a legend, with titles of axes) → how large the drawing is."""

SMALLEST: Final = QSize(180, 110)
"""How large a drawing is before anything folds."""
_ENOUGH: Final = 140
"""How high one is that leaves another row to its legend."""
_ROOMY: Final = 200
"""How high a drawing is that has room for any caption."""
_SHAPES: Final = {3: 0.5, 2: 0.0}
"""How high one that is less so is in proportion to its width, before its caption takes so many
rows: in a narrow card a text takes more of them."""


class Around(NamedTuple):
    """What is shown.

    Attributes:
        rows: most of the caption; 0: none.
        legend: whether there is room for it in a row of its own; else it stands where the caption
            would, because lines without a key say nothing.
        titles: of axes.
    """

    rows: int
    legend: bool
    titles: bool


def shown_around(drawing: Drawing, *, legend: bool) -> Around:
    """What is shown around a drawing: the legend's own row, caption and titles fold in this order.

    Args:
        drawing: how large it would be.
        legend: whether there is a legend with a row of its own.
    """
    rows = next((rows for rows in _SHAPES if _is_roomy(drawing(rows, legend, True), rows)), 1)
    low, titles = SMALLEST.height(), drawing(1, False, True).width() >= SMALLEST.width()
    if drawing(rows, True, True).height() >= low or drawing(rows, legend, True).height() >= low:
        return Around(rows, True, titles)
    if drawing(1, False, True).height() >= low:
        return Around(1, False, titles)
    return Around(0, False, titles and drawing(0, False, True).height() >= low)


def has_room_for_more(drawing: QSize) -> bool:
    """Whether a drawing that is no larger may leave the row that it has lost to its legend."""
    return drawing.height() >= _ENOUGH and drawing.width() >= SMALLEST.width()


def _is_roomy(drawing: QSize, rows: int) -> bool:
    shape = round(_SHAPES[rows] * drawing.width())
    return drawing.height() >= max(SMALLEST.height(), min(shape, _ROOMY))
