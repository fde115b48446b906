"""A legend beside the plot instead of on top of it: a switch for each line, in columns."""

from collections.abc import Iterable
from typing import Any, Final, Literal, NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QEnterEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QFrame, QScrollArea, QSizePolicy, QWidget

from app.plain_text import plain_tip, without_key
from app.plots.rows import in_rows

_SAMPLE, _GAP, _PAD = 20, 5, 4
_FEW: Final = 12  # entries that are always all shown
_ROWS: Final = 3  # shown at once of more


class Entry(NamedTuple):
    """What a legend says of one thing that is drawn.

    Attributes:
        name: its name.
        pen: its colour and stroke.
        sample: what stands for it.
        on: whether it is drawn.
    """

    name: str
    pen: QPen
    sample: Literal["line", "point", "arrow", "area"] = "line"
    on: bool = True


class _EntryButton(QAbstractButton):
    """One entry: pressed while what it names is drawn."""

    def __init__(self, entry: Entry, legend: "Legend", parent: QWidget) -> None:
        super().__init__(parent)
        self._legend = legend
        self.entry = entry
        self.is_emphasised = False
        self.setCheckable(entry.sample != "area")
        self.setAccessibleName(entry.name)
        self.setText(without_key(entry.name))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_entry(entry)

    def set_entry(self, entry: Entry) -> None:
        """Change how it looks, or whether it is pressed."""
        self.entry = entry
        if entry.sample == "area":
            self.setToolTip(plain_tip(entry.name))
        else:
            self.setChecked(entry.on)
            does = "Hide" if entry.on else "Show"
            self.setToolTip(plain_tip(f"{does} {entry.name}"))
            self.setAccessibleDescription(f"Shown: {'yes' if entry.on else 'no'}")
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the sample and the whole name."""
        metrics = QFontMetrics(self.font())
        width = _SAMPLE + _GAP + metrics.horizontalAdvance(self.entry.name) + 2 * _PAD
        return QSize(width + 1, metrics.height() + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the sample and the name, pale while it is off."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            palette = self.palette()
            if self.hasFocus():
                painter.setPen(QPen(palette.accent().color(), 2))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
            middle = self.height() / 2
            painter.setOpacity(1.0 if self.entry.on else 0.3)
            _paint_sample(painter, self.entry, middle, self.is_emphasised)
            painter.setOpacity(1.0)
            ink = palette.windowText() if self.entry.on else palette.placeholderText()
            painter.setPen(ink.color())
            font = QFont(self.font())
            font.setUnderline(self.is_emphasised)  # bold type would need more room
            font.setStrikeOut(not self.entry.on)
            painter.setFont(font)
            left = _PAD + _SAMPLE + _GAP
            painter.drawText(
                self.rect().adjusted(left, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.entry.name
            )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk along the entries with the arrow keys."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
        if Qt.Key(event.key()) in steps:
            self._legend.walk(self, steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Emphasise what it names."""
        super().enterEvent(event)
        self._legend.hovered.emit(self.entry.name)

    def leaveEvent(self, event: QEvent) -> None:
        """Emphasise nothing."""
        super().leaveEvent(event)
        self._legend.hovered.emit("")

    def focusInEvent(self, event: Any) -> None:
        """Emphasise what it names, as the pointer does."""
        super().focusInEvent(event)
        self._legend.hovered.emit(self.entry.name)

    def focusOutEvent(self, event: Any) -> None:
        """Emphasise nothing."""
        super().focusOutEvent(event)
        self._legend.hovered.emit("")


class Legend(QScrollArea):
    """Names what is drawn, and switches it on and off; as many rows as its width asks for.

    Signals:
        switched: name, and whether it is to be drawn.
        hovered: name of what the pointer or the focus is on, or "".
    """

    switched = Signal(str, bool)
    hovered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: list[_EntryButton] = []
        self._type = self.font()
        self._room = 0
        self._heights = 0, 0
        self.content = QWidget()
        self.setWidget(self.content)
        self.content.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Maximum)
        self.setAccessibleName("Legend")
        self._fit()

    @property
    def names(self) -> list[str]:
        """What the legend names, in order."""
        return [button.entry.name for button in self._buttons]

    def button(self, name: str) -> QAbstractButton:
        """The switch of a name."""
        return self._buttons[self.names.index(name)]

    def set_entries(self, entries: Iterable[tuple[Any, ...]]) -> None:
        """Show these entries; those of names that stay keep their switches."""
        wanted = [Entry(*entry) for entry in entries]
        if wanted == [button.entry for button in self._buttons]:
            return
        form = [(button.entry.name, button.entry.sample) for button in self._buttons]
        if [(entry.name, entry.sample) for entry in wanted] == form:
            for button, entry in zip(self._buttons, wanted, strict=True):
                button.set_entry(entry)
            return
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = [_EntryButton(entry, self, self.content) for entry in wanted]
        for button in self._buttons:
            button.clicked.connect(self._switch)
            button.setFont(self._type)
            button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            button.show()
        self._let_tab_reach(self._buttons[:1])
        self.setAccessibleDescription(", ".join(self.names))
        self._fit()

    def emphasise(self, name: str) -> None:
        """Make one name stand out; with "", none."""
        for button in self._buttons:
            if button.is_emphasised != (button.entry.name == name):
                button.is_emphasised = not button.is_emphasised
                button.update()

    def walk(self, button: QAbstractButton, step: int) -> None:
        """Move from one entry to another, by keyboard."""
        places: list[QAbstractButton] = list(self._buttons)
        target = self._buttons[(places.index(button) + step) % len(places)]
        self._let_tab_reach([target])
        target.setFocus(Qt.FocusReason.TabFocusReason)
        self.ensureWidgetVisible(target)

    def set_room(self, height: int) -> None:
        """Scroll rather than be higher than this, or than one row."""
        if height != self._room:
            self._room = height
            self._fit()

    def set_type(self, font: QFont) -> None:
        """Write names in this type."""
        self._type = font
        for button in self._buttons:
            button.setFont(font)
        self._fit()

    def sizeHint(self) -> QSize:
        """All rows, or as many as there is room for."""
        return QSize(0, self._heights[1])

    def minimumSizeHint(self) -> QSize:
        """One row, so that a window can be made smaller."""
        return QSize(0, self._heights[0])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the entries out again."""
        super().resizeEvent(event)
        self._fit()

    def _let_tab_reach(self, buttons: list[_EntryButton]) -> None:
        """One entry takes the focus from Tab, the others from it by the arrow keys."""
        for button in self._buttons:
            reached = button in buttons
            policy = Qt.FocusPolicy.StrongFocus if reached else Qt.FocusPolicy.ClickFocus
            button.setFocusPolicy(policy)

    @Slot()
    def _switch(self) -> None:
        button = self.sender()
        if isinstance(button, _EntryButton) and button.isCheckable():
            button.set_entry(button.entry._replace(on=button.isChecked()))
            self._let_tab_reach([button])
            self.switched.emit(button.entry.name, button.isChecked())

    def _fit(self) -> None:
        """Place the entries in rows, and take the height of those that are shown at once."""
        row = max((button.sizeHint().height() for button in self._buttons), default=0)
        most = self._room or self._flow(self.width())
        if len(self._buttons) > _FEW:
            most = min(most, _ROWS * row)
        most = max(most // max(row, 1), 1) * row
        height = self._flow(self.width())
        if height > most:
            height = self._flow(self.width() - self.verticalScrollBar().sizeHint().width())
        self.content.resize(self.width(), height)
        self._heights = min(row, height), min(height, most)
        self.setMaximumHeight(self._heights[1])
        self.updateGeometry()

    def _flow(self, width: int) -> int:
        """Place the entries in one row if they fit, else in columns; how high all of them are."""
        sizes = [button.sizeHint() for button in self._buttons]
        row = max((size.height() for size in sizes), default=0)
        places = in_rows([size.width() for size in sizes], width)
        for button, size, (x, line) in zip(self._buttons, sizes, places, strict=True):
            button.setGeometry(x, line * row, size.width(), row)
        return (places[-1][1] + 1 if places else 1) * row


def thicker(pen: QPen) -> QPen:
    """The pen of what stands out: broader, with dashes of the same length."""
    made = QPen(pen)
    made.setWidthF(1.75 * pen.widthF())
    if pen.style() != Qt.PenStyle.SolidLine:
        shrink = pen.widthF() / made.widthF()
        made.setCapStyle(Qt.PenCapStyle.FlatCap)  # square ones would fill the gaps
        made.setDashPattern([shrink * length for length in pen.dashPattern()])
    return made


def _paint_sample(painter: QPainter, entry: Entry, middle: float, emphasised: bool) -> None:
    """A stroke, a dot, an arrow or a patch in the entry's colour."""
    pen = thicker(entry.pen) if emphasised else QPen(entry.pen)
    left, right = float(_PAD), float(_PAD + _SAMPLE)
    centre = QPointF((left + right) / 2, middle)
    if entry.sample == "line":
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if pen.style() in (Qt.PenStyle.DashLine, Qt.PenStyle.CustomDashLine):
            whole = _SAMPLE / pen.widthF()
            pen.setDashPattern([0.4 * whole, 0.2 * whole])  # two dashes, whatever the width
        painter.setPen(pen)
        painter.drawLine(QPointF(left, middle), QPointF(right, middle))
        return
    if entry.sample == "arrow":
        painter.setPen(QPen(pen.color(), 1.5))
        painter.drawLine(centre + QPointF(0, 6), centre - QPointF(0, 2))
        painter.setBrush(pen.color())
        tip = [centre + QPointF(dx, dy) for dx, dy in ((0, -7), (-3.5, 0), (3.5, 0))]
        painter.drawPolygon(QPolygonF(tip))
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(pen.color())
    if entry.sample == "point":
        size = 6.0 if emphasised else 4.5
        painter.drawEllipse(centre, size, size)
    else:
        painter.drawRoundedRect(QRectF(left + 4, middle - 6, _SAMPLE - 8, 12), 3, 3)
