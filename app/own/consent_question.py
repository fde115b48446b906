"""The question whether a person's Python file may run."""

from PySide6.QtWidgets import QMessageBox, QWidget

from app.own.words import explanation, question
from app.plain_text import PlainQuestion
from engine.own.contents import Content


class ConsentQuestion(PlainQuestion):
    """Names the file, and says that it runs code.

    Args:
        content: of the file.
        has_changed: whether it is another content than somebody has opened before.
        parent: the window.

    Attributes:
        run, leave: the buttons; nothing is run unless the first one is pressed.
    """

    def __init__(self, content: Content, *, has_changed: bool, parent: QWidget) -> None:
        super().__init__(question(content, has_changed=has_changed), explanation(content), parent)
        self.setIcon(QMessageBox.Icon.Warning)
        self.run = self.addButton("Run its code", QMessageBox.ButtonRole.AcceptRole)
        self.leave = self.addButton("Do not run it", QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self.leave)
        self.setEscapeButton(self.leave)
        self.setDetailedText(content.text)
