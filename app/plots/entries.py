"""The entries of a legend: what each says, and the switches that say it."""

from collections.abc import Iterable, Sequence
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
)
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.plain_text import plain_tip, without_key

Sample = Literal[
    "line",
    "points",
    "squares",
    "triangles",
    "rings",
    "crosses",
    "arrow",
    "area",
    "colour",
    "title",
]

_WIDTHS: Final[dict[Sample, int]] = {"colour": 12, "title": 0}
_SAMPLE, _GAP, _PAD = 20, 5, 4


class Entry(NamedTuple):
    """What a legend says of one thing that is drawn, or of several at once.

    Attributes:
        name: its name.
        pen: its colour and stroke.
        sample: what stands for it; a "title" only says what the entries after it are.
        on: whether it is drawn.
        text: what stands beside the sample, if that is not the name.
        of: the names of the lines that it stands for, if there are several.
        about: what else there is to know of it; may be empty.
    """

    name: str
    pen: QPen
    sample: Sample = "line"
    on: bool = True
    text: str = ""
    of: tuple[str, ...] = ()
    about: str = ""

    @property
    def says(self) -> str:
        """What stands beside the sample."""
        return self.text or self.name

    @property
    def can_be_switched(self) -> bool:
        """Whether it can be drawn or not."""
        return self.sample not in ("area", "title")


class EntryButton(QAbstractButton):
    """One entry: pressed while what it names is drawn.

    Signals:
        hovered: its name while the pointer or the focus is on it, else "".
        walked: how many entries on an arrow key asks to go.
    """

    hovered = Signal(str)
    walked = Signal(int)

    def __init__(self, entry: Entry, parent: QWidget) -> None:
        super().__init__(parent)
        self.entry = entry
        self.is_emphasised = False
        self.setCheckable(entry.can_be_switched)
        self.setAccessibleName(entry.name)
        self.setText(without_key(entry.name))
        if entry.can_be_switched:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_entry(entry)

    def set_entry(self, entry: Entry) -> None:
        """Change how it looks, or whether it is pressed."""
        self.entry = entry
        if entry.can_be_switched:
            self.setChecked(entry.on)
            does = "Hide" if entry.on else "Show"
            about = f": {entry.about}" if entry.about else ""
            self.setToolTip(plain_tip(f"{does} {entry.name}{about}"))
            self.setAccessibleDescription(f"Shown: {'yes' if entry.on else 'no'}{about}")
        else:
            self.setToolTip(plain_tip(entry.name))
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the sample and the whole text."""
        metrics = QFontMetrics(self.font())
        width = self._left() + metrics.horizontalAdvance(self.entry.says) + _PAD
        return QSize(width + 1, metrics.height() + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the sample and the text, pale while it is off."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            palette, entry = self.palette(), self.entry
            if self.hasFocus():
                painter.setPen(QPen(palette.accent().color(), 2))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
            painter.setOpacity(1.0 if entry.on else 0.3)
            _paint_sample(painter, entry, self.height() / 2, self.is_emphasised)
            painter.setOpacity(1.0)
            is_strong = entry.on and entry.sample != "title"
            ink = palette.windowText() if is_strong else palette.placeholderText()
            painter.setPen(ink.color())
            font = QFont(self.font())
            font.setUnderline(self.is_emphasised)  # bold type would need more room
            font.setStrikeOut(not entry.on)
            painter.setFont(font)
            place = self.rect().adjusted(self._left(), 0, 0, 0)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, entry.says)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk along the entries with the arrow keys."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
        if Qt.Key(event.key()) in steps:
            self.walked.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Emphasise what it names."""
        super().enterEvent(event)
        self.hovered.emit(self.entry.name)

    def leaveEvent(self, event: QEvent) -> None:
        """Emphasise nothing."""
        super().leaveEvent(event)
        self.hovered.emit("")

    def focusInEvent(self, event: Any) -> None:
        """Emphasise what it names, as the pointer does."""
        super().focusInEvent(event)
        self.hovered.emit(self.entry.name)

    def focusOutEvent(self, event: Any) -> None:
        """Emphasise nothing."""
        super().focusOutEvent(event)
        self.hovered.emit("")

    def _left(self) -> int:
        """Where the text begins."""
        wide = _WIDTHS.get(self.entry.sample, _SAMPLE)
        return _PAD + wide + (_GAP if wide else 0)


class EntryList(QWidget):
    """Switches for what is drawn; who places them is told by `fit`.

    Signals:
        switched: name, and whether it is to be drawn.
        hovered: name of what the pointer or the focus is on, or "".
    """

    switched = Signal(str, bool)
    hovered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: list[EntryButton] = []
        self._type = self.font()

    @property
    def names(self) -> list[str]:
        """What it names, in order; but for titles."""
        return [each.entry.name for each in self.buttons if each.entry.sample != "title"]

    def button(self, name: str) -> EntryButton:
        """The switch of a name."""
        return next(
            each
            for each in self.buttons
            if each.entry.name == name and each.entry.sample != "title"
        )

    def set_entries(self, entries: Iterable[Entry]) -> None:
        """Show these entries; those of names that stay keep their switches."""
        wanted = [Entry(*entry) for entry in entries]
        if wanted == [button.entry for button in self.buttons]:
            return
        if list(map(_form, wanted)) == [_form(button.entry) for button in self.buttons]:
            for button, entry in zip(self.buttons, wanted, strict=True):
                button.set_entry(entry)
            return
        for button in self.buttons:
            button.hide()
            button.deleteLater()
        self.buttons = [EntryButton(entry, self) for entry in wanted]
        for button in self.buttons:
            button.clicked.connect(self._switch)
            button.hovered.connect(self.hovered)
            button.walked.connect(self._walk)
            button.setFont(self._type)
            button.show()
        self.setAccessibleDescription(", ".join(self.names))
        self._let_tab_reach(self._walkable()[:1])
        self.fit()

    def emphasise(self, name: str) -> None:
        """Make those entries stand out that stand for a name; with "", none."""
        for button in self.buttons:
            stands_out = name in (button.entry.name, *button.entry.of)
            if button.is_emphasised != stands_out:
                button.is_emphasised = stands_out
                button.update()

    def set_type(self, font: QFont) -> None:
        """Write names in this type."""
        self._type = font
        for button in self.buttons:
            button.setFont(font)
        self.fit()

    def fit(self) -> None:
        """Place the entries."""

    def _walkable(self) -> Sequence[EntryButton]:
        """Those that the arrow keys reach."""
        return [
            each for each in self.buttons if not each.isHidden() and each.entry.sample != "title"
        ]

    def _let_tab_reach(self, reached: Sequence[EntryButton]) -> None:
        """One entry takes the focus from Tab, the others from it by the arrow keys."""
        for button in self.buttons:
            policy = Qt.FocusPolicy.ClickFocus
            if button.entry.sample == "title":
                policy = Qt.FocusPolicy.NoFocus
            elif button in reached:
                policy = Qt.FocusPolicy.StrongFocus
            button.setFocusPolicy(policy)

    @Slot(int)
    def _walk(self, step: int) -> None:
        places, button = self._walkable(), self.sender()
        assert isinstance(button, EntryButton), "entries walk"
        target = places[(places.index(button) + step) % len(places)]
        self._let_tab_reach([target])
        target.setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def _switch(self) -> None:
        button = self.sender()
        if isinstance(button, EntryButton) and button.isCheckable():
            button.set_entry(button.entry._replace(on=button.isChecked()))
            self._let_tab_reach([button])
            self.switched.emit(button.entry.name, button.isChecked())


def _form(entry: Entry) -> tuple[object, ...]:
    """What of an entry asks for another switch when it changes."""
    return entry.name, entry.sample, entry.text


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
    if entry.sample == "title":
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
    size = 6.0 if emphasised else 4.5
    if entry.sample == "rings":
        painter.setPen(QPen(pen.color(), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(centre, size - 0.75, size - 0.75)
        return
    if entry.sample == "crosses":
        painter.setPen(QPen(pen.color(), 2.5))
        for slope in (-1, 1):
            corner = QPointF(size - 1, slope * (size - 1))
            painter.drawLine(centre - corner, centre + corner)
        return
    if entry.sample == "points":
        painter.drawEllipse(centre, size, size)
    elif entry.sample == "squares":
        painter.drawRect(QRectF(centre.x() - size, middle - size, 2 * size, 2 * size))
    elif entry.sample == "triangles":
        corners = ((0, -size), (size, size), (-size, size))
        painter.drawPolygon(QPolygonF([centre + QPointF(dx, dy) for dx, dy in corners]))
    elif entry.sample == "colour":
        grown = 1.0 if emphasised else 0.0
        height = 10.0 + 2 * grown
        painter.drawRoundedRect(QRectF(left + 1, middle - height / 2, 10, height), 2, 2)
    else:
        painter.drawRoundedRect(QRectF(left + 4, middle - 6, _SAMPLE - 8, 12), 3, 3)
