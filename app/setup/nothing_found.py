"""What the set-up says where a search finds no field."""

from PySide6.QtWidgets import QWidget

from app.plain_text import PlainLabel
from engine.sentences import quoted


class NothingFound(PlainLabel):
    """One sentence in the place of the fields, with what to do; hidden while there are some."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("", parent)
        self.setObjectName("muted")
        self.hide()

    def tell(self, words: str, *, finds: bool) -> None:
        """Say that there are no fields with these words, or nothing."""
        nothing = bool(words) and not finds
        if nothing:
            self.setText(f"No field has {quoted(words)} in its name or tip. Esc shows all again.")
        self.setVisible(nothing)
