"""Dressing widgets in a theme."""

from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from app.style_sheet import style_sheet
from app.theme import Theme

SIZES: Final = (1.0, 1.1, 1.2, 1.35)
"""How many times its usual size type may have; the last is the least of presentations."""

_PRESENTING: Final = ((1300, 2.0), (960, 1.6))
"""From how many pixels of height type of presentations is so many times as large as usual."""

_SMALLEST_TYPE: Final = 9.0
_USUAL_SIZE: Final = "usual point size"
_SIZE: Final = "type size"
_SIZE_PRESENTING: Final = "type size of presentations"


def apply_to_application(application: QApplication, theme: Theme, size: float = 1.0) -> None:
    """Dress every widget.

    Args:
        application: whose widgets.
        theme: the colours.
        size: how many times as large as usual type is.
    """
    application.setProperty(_SIZE, size)
    font = type_in(application)
    sheet = style_sheet(theme, font.pointSizeF())
    if application.styleSheet() == sheet:
        return  # Qt would dress every widget anew, which takes up to a second
    if not application.styleSheet():  # once there is one, the style is Fusion, seen through it
        application.setStyle("Fusion")
    application.setPalette(_palette(theme))
    application.setFont(font)
    application.setStyleSheet(sheet)


def type_in(application: QApplication, presentation: bool = False) -> QFont:
    """The font that widgets write in, never too small to read; larger for a presentation."""
    usual = application.property(_USUAL_SIZE)
    if usual is None:
        usual = max(application.font().pointSizeF(), _SMALLEST_TYPE)
        application.setProperty(_USUAL_SIZE, usual)
    size = float(application.property(_SIZE) or 1.0)
    if presentation:
        size = max(size, float(application.property(_SIZE_PRESENTING) or SIZES[-1]))
    font = QFont(application.font())
    font.setPointSizeF(usual * size)
    return font


def the_application() -> QApplication:
    """The one that there is, as long as there are windows."""
    application = QApplication.instance()
    assert isinstance(application, QApplication), "widgets need a QApplication"
    return application


def plot_font(presentation: bool) -> QFont:
    """The font of plots: the application's, larger in presentations."""
    return type_in(the_application(), presentation)


def present_in(application: QApplication, room: QSize) -> bool:
    """Let type of presentations grow with their room, so that it is read from as far away.

    Args:
        application: what presents.
        room: of the window; one that is high and narrow has no use for larger type.

    Returns:
        Whether the type is of another size than before.
    """
    high = min(room.height(), room.width() * 9 // 16)
    size = next((size for least, size in _PRESENTING if high >= least), SIZES[-1])
    is_another = bool(size != application.property(_SIZE_PRESENTING))
    application.setProperty(_SIZE_PRESENTING, size)
    return is_another


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
