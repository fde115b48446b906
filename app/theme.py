"""Colours: a light and a dark theme, for widgets, plots and icons alike."""

from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication

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
        if colour == "wrong":
            return QColor(self.error)
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
