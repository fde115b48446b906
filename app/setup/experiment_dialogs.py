"""The dialogs that ask for the file of an experiment."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

_FILTER = "Experiments (*.toml)"


def ask_what_to_open(parent: QWidget, near: Path | None, then: Callable[[str], object]) -> None:
    """Ask for a TOML file that is there.

    Args:
        parent: the widget that asks.
        near: a file whose folder to begin in; None: wherever the system does.
        then: is called with the path.
    """
    dialog = _dialog(parent, "Open an experiment", near, then)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptOpen)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.open()


def ask_where_to_save(
    parent: QWidget, near: Path | None, name: str, then: Callable[[str], object]
) -> None:
    """Ask for the path of a TOML file, ``name`` at first; otherwise like `ask_what_to_open`."""
    dialog = _dialog(parent, "Save the experiment", near, then)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(name)
    dialog.open()


def _dialog(
    parent: QWidget, title: str, near: Path | None, then: Callable[[str], object]
) -> QFileDialog:
    dialog = QFileDialog(parent, title, str(near.parent) if near else "", _FILTER)
    dialog.setDefaultSuffix("toml")
    dialog.fileSelected.connect(then)
    dialog.finished.connect(dialog.deleteLater)
    return dialog
