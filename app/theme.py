"""Colours: a light and a dark theme, for widgets, plots and icons alike."""

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final, Literal

import pyqtgraph
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from app.style_sheet import style_sheet
from engine.plots import PALETTE, Colour

Choice = Literal["system", "light", "dark"]

PRESENTATION_SCALE: Final = 1.35
"""How much larger type is while the window is projected on a wall."""

_SMALLEST_TYPE: Final = 9.0
_USUAL_SIZE: Final = "usual point size"
_ICON_SIZES: Final = (14, 16, 20, 24)
_PIXEL_RATIOS: Final = (1.0, 1.25, 1.5, 2.0)
_TINT: Final = {"light": 0.24, "dark": 0.34}


@dataclass(frozen=True)
class Theme:
    """One set of colours.

    Attributes:
        window: behind everything.
        card: behind plots.
        field: behind what can be typed in or ticked.
        field_off: the same while it cannot.
        ink: text.
        muted: secondary text and neutral lines.
        rule: borders and grid lines.
        edge: borders of what can be operated.
        accent: what is chosen, in progress, or has the keyboard.
        on_accent: text on the accent.
        progress: behind the text of a progress bar, and of what is switched on.
        error: what is wrong.
        error_card: behind messages of what is wrong.
        lines: the palette of plots; apart from each other for colour-blind people, too.
    """

    name: Literal["light", "dark"]
    window: str
    card: str
    field: str
    field_off: str
    ink: str
    muted: str
    rule: str
    edge: str
    accent: str
    on_accent: str
    progress: str
    error: str
    error_card: str
    lines: tuple[str, ...]

    def line_colour(self, colour: Colour) -> QColor:
        """The colour of a plot's line in this theme."""
        return QColor(self.muted if colour == "reference" else self.lines[colour])

    @property
    def class_tints(self) -> tuple[str, ...]:
        """Pale backgrounds for regions of a map, one for each colour of ``lines``."""
        share = _TINT[self.name]
        return tuple(_mixed(line, self.card, share) for line in self.lines)


LIGHT: Final = Theme(
    name="light",
    window="#F3F4F6",
    card="#FFFFFF",
    field="#FFFFFF",
    field_off="#F3F4F6",
    ink="#1B1F24",
    muted="#5B6570",
    rule="#D5DADF",
    edge="#808A95",
    accent="#0067A3",
    on_accent="#FFFFFF",
    progress="#A9D3EE",
    error="#B3261E",
    error_card="#FCEBE9",
    lines=PALETTE,  # what is exported looks like what was seen
)
DARK: Final = Theme(
    name="dark",
    window="#16191D",
    card="#1F2328",
    field="#2B3138",
    field_off="#252A30",
    ink="#E8EBEE",
    muted="#A0A9B3",
    rule="#3A4148",
    edge="#75808C",
    accent="#4BA3E3",
    on_accent="#0E1114",
    progress="#1E5B87",
    error="#FF8A80",
    error_card="#3A2220",
    lines=("#6C93EF", "#D7563B", "#3EF7AB", "#B1618D", "#F9D03E", "#D4E0FF"),
)


def resolve(choice: Choice) -> Theme:
    """The theme that a choice means at this moment."""
    if choice == "system":
        scheme = QGuiApplication.styleHints().colorScheme()
        return DARK if scheme == Qt.ColorScheme.Dark else LIGHT
    return DARK if choice == "dark" else LIGHT


def apply_to_application(
    application: QApplication, theme: Theme, presentation: bool = False
) -> None:
    """Dress every widget.

    Args:
        application: whose widgets.
        theme: the colours.
        presentation: larger type, to be read from the back of a room.
    """
    if application.style().name().lower() != "fusion":
        application.setStyle("Fusion")
    application.setPalette(_palette(theme))
    font = type_in(application, presentation)
    application.setFont(font)
    application.setStyleSheet(style_sheet(theme, font.pointSizeF()))


def type_in(application: QApplication, presentation: bool = False) -> QFont:
    """The font that widgets write in, never too small to read; larger for a presentation."""
    usual = application.property(_USUAL_SIZE)
    if usual is None:
        usual = max(application.font().pointSizeF(), _SMALLEST_TYPE)
        application.setProperty(_USUAL_SIZE, usual)
    font = QFont(application.font())
    font.setPointSizeF(usual * PRESENTATION_SCALE if presentation else usual)
    return font


def apply_to_plot(widget: pyqtgraph.PlotWidget, theme: Theme) -> None:
    """Dress a plot: pyqtgraph follows neither palettes nor style sheets."""
    widget.setBackground(theme.card)
    item = widget.getPlotItem()
    for side in ("left", "bottom"):
        axis = item.getAxis(side)
        axis.setPen(theme.rule)
        axis.setTextPen(theme.ink)
        axis.label.setDefaultTextColor(QColor(theme.ink))
        axis.labelStyle["color"] = theme.ink
        axis.setLabel(axis.labelText, axis.labelUnits)
    item.showGrid(x=True, y=True, alpha=0.22 if theme.name == "light" else 0.30)


@lru_cache(maxsize=256)
def icon(name: str, theme: Theme) -> QIcon:
    """An icon of ``resources/icons`` in the theme's ink, drawn for each scale factor of a screen.

    Pixels of one scale factor are never stretched to another one, so that lines stay sharp.
    """
    text = (resources.files("resources") / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    made = QIcon()
    for mode, colour in ((QIcon.Mode.Normal, theme.ink), (QIcon.Mode.Disabled, theme.edge)):
        renderer = QSvgRenderer(QByteArray(text.replace("currentColor", colour).encode()))
        for size in _ICON_SIZES:
            for ratio in _PIXEL_RATIOS:
                made.addPixmap(_drawn(renderer, round(size * ratio), ratio), mode)
    return made


def _drawn(renderer: QSvgRenderer, pixels: int, ratio: float) -> QPixmap:
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter)
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def _mixed(colour: str, with_colour: str, share: float) -> str:
    """A colour that is ``share`` of the first and for the rest the second."""
    one, other = QColor(colour), QColor(with_colour)
    red, green, blue = (
        round(share * a + (1 - share) * b)
        for a, b in zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)  # type: ignore[index]
    )
    return QColor(red, green, blue).name()


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for where, colour in (
        (role.Window, theme.window),
        (role.WindowText, theme.ink),
        (role.Base, theme.field),
        (role.AlternateBase, theme.window),
        (role.Text, theme.ink),
        (role.Button, theme.field),
        (role.ButtonText, theme.ink),
        (role.BrightText, theme.error),
        (role.ToolTipBase, theme.card),
        (role.ToolTipText, theme.ink),
        (role.PlaceholderText, theme.muted),
        (role.Highlight, theme.accent),
        (role.HighlightedText, theme.on_accent),
        (role.Link, theme.accent),
        (role.LinkVisited, theme.accent),
        (role.Mid, theme.rule),
        (role.Accent, theme.accent),
    ):
        palette.setColor(where, QColor(colour))
    for where in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, QColor(theme.muted))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Base, QColor(theme.field_off))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Button, QColor(theme.field_off))
    return palette
