"""All keys, and what the mouse does, on one page."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)


class Gesture(NamedTuple):
    """Something that the mouse or the keyboard does in one place.

    Attributes:
        keys: what to press, or what to do with the mouse.
        what: what it does.
    """

    keys: str
    what: str


PLOT_GESTURES: Final[dict[str, tuple[Gesture, ...]]] = {
    "In a plot": (
        Gesture("Wheel, + and −", "Zoom"),
        Gesture("Drag, arrow keys", "Pan"),
        Gesture("Double click, Home", "Show all the data"),
        Gesture("Pointer, Alt+arrow keys", "Read values, in all plots along the same axis"),
        Gesture("Click", "Go to that moment of the run"),
        Gesture("F1, ?", "Explain the plot"),
        Gesture("Esc", "Stop reading values, or leave the enlarged plot"),
    ),
    "On the timeline": (
        Gesture("Drag, arrow keys", "Go to another moment"),
        Gesture("Home, End", "Go to the beginning or the end"),
        Gesture("Space", "Play or pause"),
    ),
    "In the gallery": (
        Gesture("Arrow keys", "Go to another experiment"),
        Gesture("Click, Enter", "Open the experiment"),
        Gesture("Run on the card, Ctrl+Enter", "Open the experiment and run it"),
    ),
    "In the list of runs": (
        Gesture("Space, Enter", "Lay the run over others, open it"),
        Gesture("F2, *, Del", "Rename, mark, delete it; Ctrl+Z brings it back"),
    ),
    "In a presentation": (
        Gesture("1, 2, 3, 4", "Show one plot alone; again: two"),
        Gesture("0", "Show all plots; again: two"),
        Gesture("F9", "Lay the set-up over the plots"),
        Gesture("Esc", "Leave"),
    ),
    "In the set-up": (Gesture("F1, ?", "Explain the field under the pointer"),),
    "On a button": (Gesture("Enter, Space", "Press it"),),
}


_CAP: Final = """QLabel { color: palette(window-text); background: palette(base);
    border: 1px solid palette(mid); border-radius: 4px; padding: 1px 6px; }"""


_AROUND: Final = 40
"""Of the screen, that stays free for a frame."""

_HEADING: Final = 1.3
"""Rows that the title of a group takes, with what is free above it."""

_FOOT: Final = 64
_SCROLL_BAR: Final = 24


class CheatSheet(QDialog):
    """Shows shortcuts by group, in two columns.

    Args:
        actions: those of each group, by its title; actions without a shortcut are left out.
        gestures: what is no action, by where it works.

    Attributes:
        rows: all that is shown: keys, and what they do.
    """

    def __init__(
        self,
        actions: Mapping[str, Sequence[QAction]],
        parent: QWidget | None = None,
        gestures: Mapping[str, Sequence[Gesture]] = PLOT_GESTURES,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Shortcuts")
        groups = {
            title: [_gesture(a) for a in some if a.shortcuts()] for title, some in actions.items()
        }
        groups |= {title: list(some) for title, some in gestures.items()}
        groups = {title: rows for title, rows in groups.items() if rows}
        self.rows = [row for rows in groups.values() for row in rows]
        page = QWidget()
        columns = QHBoxLayout(page)
        columns.setContentsMargins(24, 12, 24, 12)
        columns.setSpacing(40)
        for half in _halves(groups):
            columns.addLayout(_column({title: groups[title] for title in half}), 1)
        self._scroll = QScrollArea()
        self._scroll.setWidget(page)
        self._scroll.setWidgetResizable(True)
        self._scroll.setAccessibleName("All shortcuts")
        self._scroll.setAccessibleDescription(
            ". ".join(f"{keys}: {what}" for keys, what in self.rows)
        )
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 0, 24, 12)
        foot.addWidget(buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._scroll, 1)
        whole.addLayout(foot)
        wanted = page.sizeHint() + QSize(_SCROLL_BAR, _FOOT)
        wanted.setHeight(min(wanted.height(), self.screen().availableGeometry().height() - _AROUND))
        self.resize(wanted)


def _gesture(action: QAction) -> Gesture:
    native = QKeySequence.SequenceFormat.NativeText
    keys = ", ".join(keys.toString(native) for keys in action.shortcuts())
    return Gesture(keys, action.iconText().rstrip("…"))


def _halves(groups: Mapping[str, Sequence[Gesture]]) -> tuple[list[str], list[str]]:
    """The titles of two columns, as equally long as whole groups can be; the first is left."""
    titles = list(groups)
    heights = {title: len(groups[title]) + _HEADING for title in titles}
    half = sum(heights.values()) / 2

    def off(left: Sequence[str]) -> float:
        return abs(sum(heights[title] for title in left) - half)

    counts = range(1, len(titles) + 1)
    lefts = [left for count in counts for left in combinations(titles, count) if titles[0] in left]
    best = min(lefts, key=off, default=())
    return [*best], [title for title in titles if title not in best]


def _column(groups: Mapping[str, Sequence[Gesture]]) -> QGridLayout:
    """Groups one below the other, keys and what they do side by side."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(1)
    grid.setColumnStretch(1, 1)
    row = 0
    for title, gestures in groups.items():
        section = QLabel(title)
        section.setObjectName("section")
        section.setIndent(0)
        grid.addWidget(section, row, 0, 1, 2)
        for keys, what in gestures:
            row += 1
            cap = QLabel(keys)
            cap.setStyleSheet(_CAP)
            grid.addWidget(cap, row, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(QLabel(what), row, 1)
        row += 1
    grid.setRowStretch(row, 1)
    return grid
