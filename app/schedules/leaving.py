"""A question before an edited schedule is dropped that nothing uses."""

from PySide6.QtWidgets import QMessageBox, QWidget

from app.plain_text import PlainQuestion


class LeavingQuestion(PlainQuestion):
    """Asks what becomes of edits.

    Args:
        what: is edited: "learning rates".
        parent: the editor.

    Attributes:
        keep, discard, use: the buttons.
    """

    def __init__(self, what: str, parent: QWidget) -> None:
        more = "If you discard them, they are lost."
        super().__init__(f"The edited {what} are not in use.", more, parent)
        self.use = self.addButton("Use as initial schedule", QMessageBox.ButtonRole.AcceptRole)
        self.discard = self.addButton("Discard", QMessageBox.ButtonRole.DestructiveRole)
        self.keep = self.addButton("Keep editing", QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self.keep)
        self.setEscapeButton(self.keep)
