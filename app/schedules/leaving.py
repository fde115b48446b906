"""A question before an edited schedule is dropped that nothing uses."""

from PySide6.QtWidgets import QMessageBox, QWidget

from app.plain_text import PlainQuestion


class LeavingQuestion(PlainQuestion):
    """Asks what becomes of edits.

    Args:
        what: is edited: "learning rates".
        may_use: whether they may become the initial schedule now; a run that goes on forbids it.
        parent: the editor.

    Attributes:
        keep, discard, use: the buttons; the last one only if it may be pressed.
    """

    def __init__(self, what: str, may_use: bool, parent: QWidget) -> None:
        more = "If you discard them, they are lost."
        if not may_use:
            more += " To use them, keep them and stop the run first."
        super().__init__(f"The edited {what} are not in use.", more, parent)
        self.use = None
        if may_use:
            self.use = self.addButton("Use as initial schedule", QMessageBox.ButtonRole.AcceptRole)
        self.discard = self.addButton("Discard", QMessageBox.ButtonRole.DestructiveRole)
        self.keep = self.addButton("Keep editing", QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self.keep)
        self.setEscapeButton(self.keep)
