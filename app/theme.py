"""Colours and type: a light and a dark theme, for widgets, plots and icons alike."""

from dataclasses import dataclass
from importlib import resources
from typing import Final, Literal

import pyqtgraph
from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from engine.plots import PALETTE, Colour

Choice = Literal["system", "light", "dark"]


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
        accent: what is chosen or in progress.
        on_accent: text on the accent.
        progress: behind the text of a progress bar.
        error: what is wrong.
        error_card: behind messages of what is wrong.
        lines: the palette of plots.
    """

    name: Literal["light", "dark"]
    window: str
    card: str
    field: str
    field_off: str
    ink: str
    muted: str
    rule: str
    accent: str
    on_accent: str
    progress: str
    error: str
    error_card: str
    lines: tuple[str, ...]

    def line_colour(self, colour: Colour) -> QColor:
        """The colour of a plot's line in this theme."""
        return QColor(self.muted if colour == "reference" else self.lines[colour])


LIGHT: Final = Theme(
    name="light",
    window="#F3F4F6",
    card="#FFFFFF",
    field="#FFFFFF",
    field_off="#F3F4F6",
    ink="#1B1F24",
    muted="#5B6570",
    rule="#D5DADF",
    accent="#0067A3",
    on_accent="#FFFFFF",
    progress="#A9D3EE",
    error="#B3261E",
    error_card="#FCEBE9",
    lines=PALETTE,
)
DARK: Final = Theme(
    name="dark",
    window="#16191D",
    card="#1F2328",
    field="#343B43",
    field_off="#252A30",
    ink="#E8EBEE",
    muted="#A0A9B3",
    rule="#3A4148",
    accent="#4BA3E3",
    on_accent="#0E1114",
    progress="#1E5B87",
    error="#FF8A80",
    error_card="#3A2220",
    lines=("#5AB0F2", "#F5894A", "#35C99B", "#E5A0CF", "#F2BC3D", "#A5DBFA"),
)


def resolve(choice: Choice) -> Theme:
    """The theme that a choice means at this moment."""
    if choice == "system":
        scheme = QGuiApplication.styleHints().colorScheme()
        return DARK if scheme == Qt.ColorScheme.Dark else LIGHT
    return DARK if choice == "dark" else LIGHT


def apply_to_application(application: QApplication, theme: Theme) -> None:
    """Dress every widget."""
    application.setStyle("Fusion")
    application.setPalette(_palette(theme))
    application.setStyleSheet(_style_sheet(theme))


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


def icon(name: str, theme: Theme) -> QIcon:
    """An icon of ``resources/icons`` in the theme's ink, sharp at any scale factor."""
    text = (resources.files("resources") / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    made = QIcon()
    for mode, colour in ((QIcon.Mode.Normal, theme.ink), (QIcon.Mode.Disabled, theme.rule)):
        renderer = QSvgRenderer(QByteArray(text.replace("currentColor", colour).encode()))
        for size in (16, 20, 24, 32, 48, 64):
            pixmap = QPixmap(QSize(size, size))
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            renderer.render(painter)
            painter.end()
            made.addPixmap(pixmap, mode)
    return made


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
        (role.ToolTipBase, theme.card),
        (role.ToolTipText, theme.ink),
        (role.PlaceholderText, theme.muted),
        (role.Highlight, theme.accent),
        (role.HighlightedText, theme.on_accent),
        (role.Link, theme.accent),
        (role.Mid, theme.rule),
        (role.Accent, theme.accent),
    ):
        palette.setColor(where, QColor(colour))
    for where in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, QColor(theme.muted))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Base, QColor(theme.field_off))
    return palette


def _style_sheet(theme: Theme) -> str:
    return f"""
    QToolTip {{ color: {theme.ink}; background: {theme.card}; border: 1px solid {theme.rule};
        padding: 4px; }}
    QFrame#card {{ background: {theme.card}; border: 1px solid {theme.rule}; border-radius: 8px; }}
    QLabel#muted {{ color: {theme.muted}; }}
    QLabel#section {{ font-weight: 600; color: {theme.accent}; padding-top: 6px; }}
    QLabel#error {{ color: {theme.error}; }}
    QLabel#headline {{ font-size: 20pt; font-weight: 600; }}
    QFrame#banner {{ background: {theme.error_card}; border: 1px solid {theme.error};
        border-radius: 8px; }}
    QFrame#banner QLabel {{ color: {theme.ink}; }}
    QLineEdit[wrong="true"], QComboBox[wrong="true"] {{ border: 2px solid {theme.error}; }}
    QComboBox#title {{ font-weight: 600; }}
    QToolBar {{ background: {theme.window}; border: none; spacing: 4px; padding: 6px; }}
    QToolButton {{ border: 1px solid transparent; border-radius: 6px; padding: 4px 8px; }}
    QToolButton:hover {{ background: {theme.card}; border-color: {theme.rule}; }}
    QToolButton:focus {{ border: 2px solid {theme.accent}; padding: 3px 7px; }}
    QToolButton:disabled {{ color: {theme.muted}; }}
    QProgressBar {{ border: 1px solid {theme.rule}; border-radius: 4px; background: {theme.card};
        color: {theme.ink}; text-align: center; min-height: 18px; }}
    QProgressBar::chunk {{ background: {theme.progress}; border-radius: 3px; }}
    QScrollArea {{ border: none; background: transparent; }}
    """
