"""A legend beside the plot instead of on top of it: rows of switches, the rest in a popup."""

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import QPoint, QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPixmap, QRegion, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.plots.entries import Entry, EntryButton, EntryList
from app.plots.rows import APART, in_rows
from app.popover import Popover

MOST_ROWS: Final = 2
"""That a legend takes where there is room, so that all of it is in front."""
_SHARE: Final = 0.6  # of the screen's height that a popup may take


class Legend(EntryList):
    """Names what is drawn, and switches it on and off, in one row, or two where there is room.

    What does not fit there is counted by a button at its end, which opens it in a popup, with
    every single line.

    Attributes:
        more_button: says how many there are besides.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._single: list[Entry] = []
        self._rows = 1
        self.more_button = QToolButton(self)
        self.more_button.setAccessibleName("More of the legend")
        self.more_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.more_button.setStyleSheet(
            "QToolButton { padding: 0 4px; } QToolButton:focus { padding: 0 3px; }"
        )
        self.more_button.clicked.connect(self._open_rest)
        self._count_left_out()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Legend")

    @property
    def hidden_entries(self) -> list[Entry]:
        """What does not fit into its rows; titles that were spared are not missed."""
        hidden = [each.entry for each in self.buttons if each.isHidden()]
        return hidden if any(entry.sample != "title" for entry in hidden) else []

    def set_single(self, entries: Iterable[Entry]) -> None:
        """Offer these by themselves: an entry of the row may stand for several of them."""
        self._single = [*entries]
        now = {button.entry.name: button.entry for button in self.buttons}
        now |= {entry.name: entry for entry in self._single}
        for popup in self.findChildren(LegendPopup):
            before = [button.entry for button in popup.entries.buttons]
            popup.entries.set_entries(now.get(entry.name, entry) for entry in before)

    def open_single(self, place: QPoint) -> None:
        """Show every line by itself, below a place of the screen."""
        self._open(place, self._single)

    def sizeHint(self) -> QSize:
        """As many rows as it has."""
        return QSize(0, self.height_of(self._rows))

    def minimumSizeHint(self) -> QSize:
        """The same: a window can be as narrow as it likes."""
        return self.sizeHint()

    def height_of(self, rows: int) -> int:
        """How high so many rows are."""
        return rows * self._row()

    def rows_needed(self, width: int) -> int:
        """How many rows all entries take in a width, at most one more than `MOST_ROWS`."""
        for rows in range(1, MOST_ROWS + 1):
            if len(self._places(self.buttons, width, rows)) == len(self.buttons):
                return rows
        return MOST_ROWS + 1

    def set_rows(self, rows: int) -> None:
        """Use so many rows."""
        if rows != self._rows:
            self._rows = rows
            self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the entries out again."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Place as many entries as there is room for, and count the others.

        Before one is left out, titles are: what they say, their entries almost say by themselves.
        """
        row, width, shown = self._row(), self.width(), self.buttons
        places = self._places(shown, width, self._rows)
        if len(places) < len(shown):
            shown = [one for one in self.buttons if not _can_be_spared(one.entry)]
            places = self._places(shown, width, self._rows)
        if len(places) < len(shown):
            shown = self.buttons
            self.more_button.setFont(self._type)
            self.more_button.setText(f"+{len(self.names)}")
            more = self.more_button.sizeHint().width()
            places = self._places(shown, width, self._rows, more)
            while places and shown[len(places) - 1].entry.sample == "title":
                places.pop()
        at = dict(zip(map(id, shown), places, strict=False))
        x, line = 0, 0
        for button in self.buttons:
            place = at.get(id(button))
            button.setVisible(place is not None)
            if place is not None:
                size = button.sizeHint().width()
                button.setGeometry(place[0], place[1] * row, size, row)
                x, line = place[0] + size + APART, place[1]
        self._count_left_out()
        if self.more_button.isVisibleTo(self) and x + self.more_button.sizeHint().width() > width:
            x, line = 0, min(line + 1, self._rows - 1)
        self.more_button.setGeometry(x, line * row, self.more_button.sizeHint().width(), row)
        if not any(b.focusPolicy() == Qt.FocusPolicy.StrongFocus for b in self._walkable()):
            self._let_tab_reach(self._walkable()[:1])
        self.updateGeometry()

    def _places(
        self, buttons: Sequence[EntryButton], width: int, rows: int, kept: int = 0
    ) -> list[tuple[int, int]]:
        """Where the first of some entries go, x and row, as many as there is room for.

        Where they take several rows, strokes that stand for many lines begin one.

        Args:
            buttons: the entries.
            width: of a row.
            rows: most of them.
            kept: what the last row keeps free at its end.
        """
        sizes = [button.sizeHint().width() for button in buttons]
        most = rows if sum(sizes) + APART * (len(sizes) - 1) > width else 1
        first_stroke = _first_stroke([button.entry for button in buttons])
        places: list[tuple[int, int]] = []
        x = line = 0
        for number, (button, size) in enumerate(zip(buttons, sizes, strict=True)):
            needed = size  # a title stands in the row of what it says
            if button.entry.sample == "title" and number + 1 < len(sizes):
                needed += APART + sizes[number + 1]
            is_full = x + needed > width or (number == first_stroke and line + 1 < most)
            if x and is_full and line + 1 < rows:
                x, line = 0, line + 1
            free = width - (kept + APART if kept and line + 1 == rows else 0)
            if x + size > free:
                break
            places.append((x, line))
            x += size + APART
        return places

    def picture(self, width: int, sharpness: float) -> QPixmap:
        """All entries, in as many rows as a width asks for.

        Args:
            width: of the picture.
            sharpness: how many pixels it has for each of the window's.
        """
        sizes, row = [button.sizeHint() for button in self.buttons], self._row()
        places = in_rows([size.width() for size in sizes], width)
        rows = places[-1][1] + 1 if places else 0
        pixmap = QPixmap(QSize(width, max(rows * row, 1)) * sharpness)
        pixmap.setDevicePixelRatio(sharpness)
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            for button, size, (x, line) in zip(self.buttons, sizes, places, strict=True):
                button.resize(size.width(), row)
                place, flags = QPoint(x, line * row), QWidget.RenderFlag.DrawChildren
                button.render(painter, place, QRegion(), flags)
        return pixmap

    def _count_left_out(self) -> None:
        count = sum(entry.sample != "title" for entry in self.hidden_entries)
        does = f"Show {count} more, and switch single lines"
        self.more_button.setText(f"+{count}")
        self.more_button.setToolTip(does)
        self.more_button.setAccessibleDescription(does)
        self.more_button.setEnabled(count > 0)
        self.more_button.setVisible(count > 0)

    def _row(self) -> int:
        return max((button.sizeHint().height() for button in self.buttons), default=0)

    @Slot()
    def _open_rest(self) -> None:
        """Show what there is no room for, and every line by itself."""
        button, rest = self.more_button, self.hidden_entries
        known = {entry.name for entry in rest}
        single = [entry for entry in self._single if entry.name not in known]
        self._open(button.mapToGlobal(QPoint(0, button.height())), [*rest, *single])

    def _open(self, place: QPoint, entries: list[Entry]) -> None:
        popup = LegendPopup(self)
        popup.entries.set_type(self._type)
        popup.entries.set_entries(entries)
        popup.entries.switched.connect(self.switched)
        popup.entries.hovered.connect(self.hovered)
        popup.open_at(place)


def _first_stroke(entries: Sequence[Entry]) -> int | None:
    """The place of the first that stands for the lines of a stroke, where colours are others."""
    strokes = [place for place, one in enumerate(entries) if one.of and one.sample == "line"]
    return strokes[0] if strokes else None


def _can_be_spared(entry: Entry) -> bool:
    """Whether it only says what colours stand for."""
    return entry.sample == "title" and bool(entry.text)


class LegendPopup(Popover):
    """What a legend has no room for, one below the other; it stays open while things are switched.

    Args:
        parent: which it belongs to.

    Attributes:
        entries: the switches.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, frameless=False)
        self.setObjectName("popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("The rest of the legend")
        self.entries = _Column()
        self._scroll = QScrollArea()
        self._scroll.setWidget(self.entries)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for part in (self.entries, self._scroll.viewport()):
            part.setAutoFillBackground(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self._scroll)
        self.entries.hovered.connect(self._scroll_to)

    def open_at(self, place: QPoint) -> None:
        """Open below a place of the screen, or above it if there is more room."""
        screen = self.screen().availableGeometry()
        wanted = self.entries.size()
        height = min(wanted.height(), int(_SHARE * screen.height()))
        bar = self._scroll.verticalScrollBar().sizeHint().width() if height < wanted.height() else 0
        self._scroll.setFixedSize(wanted.width() + bar, height)
        self.adjustSize()
        self.place_at(place)
        self.show()
        self.entries.focus_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes it."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    @Slot(str)
    def _scroll_to(self, name: str) -> None:
        focused = self.entries.focusWidget()
        if name and isinstance(focused, EntryButton) and focused.entry.name == name:
            self._scroll.ensureWidgetVisible(focused)


class _Column(EntryList):
    """Entries one below the other."""

    def fit(self) -> None:
        """Take the room that they need."""
        sizes = [button.sizeHint() for button in self.buttons]
        width = max((size.width() for size in sizes), default=0)
        row = max((size.height() for size in sizes), default=0)
        for number, button in enumerate(self.buttons):
            button.setGeometry(0, number * row, width, row)
        self.resize(width, len(sizes) * row)

    def focus_first(self) -> None:
        """Let the keyboard begin at the top."""
        first: Sequence[EntryButton] = self._walkable()[:1]
        for button in first:
            button.setFocus(Qt.FocusReason.PopupFocusReason)
