"""How the timeline's buttons look."""

from app.theme import Theme


def style_sheet(theme: Theme, points: float) -> str:
    """Buttons closer than elsewhere, with room for the arrow of a menu; type of its own size."""
    return f"""
    * {{ font-size: {points}pt; }}
    QToolButton {{ padding: 3px 5px; }}
    QToolButton:focus {{ padding: 2px 4px; }}
    QToolButton#play {{ padding-right: 17px; }}
    QToolButton#play:focus {{ padding-right: 16px; }}
    QToolButton#play::menu-button {{ border: none; width: 14px; }}
    QToolButton#live {{ border-color: {theme.rule}; }}
    QToolButton#live:checked {{ background: {theme.progress}; border-color: {theme.accent}; }}
    QToolButton#live:checked:disabled {{ background: transparent; border-color: {theme.rule}; }}
    QToolButton#live:focus {{ border-color: {theme.accent}; }}
    """
