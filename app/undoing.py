"""Changes that can be undone."""

import shiboken6
from PySide6.QtGui import QUndoCommand, QUndoStack


class UndoStack(QUndoStack):
    """Lets go of changes that were merged into the one before.

    Qt deletes such a change, but PySide keeps what is left of it for good, and with it all that
    the change refers to: a whole window, in the end.
    """

    def push(self, command: QUndoCommand) -> None:
        """Note a change; it is made again with it, as Qt has it."""
        super().push(command)
        if not shiboken6.isValid(command):
            vars(command).clear()
