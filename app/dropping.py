"""What is dropped on the window: an experiment, data, or a folder of data sets."""

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget


class Dropping(QObject):
    """Takes one file at a time, wherever on the window it is dropped.

    Args:
        window: that files are dropped on.

    Signals:
        experiment_dropped, data_dropped: the path of a TOML or Python file, or of another one.
        folder_dropped: the path of a folder.
        refused: why nothing was taken, in a sentence.
    """

    experiment_dropped = Signal(str)
    data_dropped = Signal(str)
    folder_dropped = Signal(str)
    refused = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, window: QObject, event: QEvent) -> bool:
        """Take what is dropped; the rest goes on."""
        if isinstance(event, QDropEvent) and (paths := _files_in(event.mimeData())):
            event.acceptProposedAction()
            if not isinstance(event, QDragEnterEvent) and event.type() == QEvent.Type.Drop:
                self._take(paths)
            return True
        return False

    def _take(self, paths: list[str]) -> None:
        if len(paths) > 1:
            self.refused.emit("Drop one file at a time.")
        elif Path(paths[0]).is_dir():
            self.folder_dropped.emit(paths[0])
        elif Path(paths[0]).suffix.lower() in (".toml", ".py"):
            self.experiment_dropped.emit(paths[0])
        else:
            self.data_dropped.emit(paths[0])


def _files_in(dropped: QMimeData) -> list[str]:
    """The paths of local files."""
    return [url.toLocalFile() for url in dropped.urls() if url.isLocalFile()]
