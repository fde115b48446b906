"""The user's guide, a section at a time."""

import re
from importlib import resources
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

_PICTURE: Final = re.compile(r"!\[[^\]]*\]\([^)]*\)\n*")
_LINK_TO_A_FILE: Final = re.compile(r"\[([^\]]*)\]\((?!https?:)[^)]*\)")
_WIDTH, _HEIGHT = 56, 40  # times the height of type


class GuideDialog(QDialog):
    """Shows the sections of the guide that ships with the program.

    Attributes:
        contents: the titles of its sections.
        page: the section that is chosen.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("The user's guide")
        self._sections = sections()
        self.contents = QListWidget()
        self.contents.setAccessibleName("Sections")
        self.contents.addItems([*self._sections])
        self.contents.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.contents.setFixedWidth(self.contents.sizeHintForColumn(0) + 32)
        self.page = QTextBrowser()
        self.page.setAccessibleName("The section")
        self.page.setOpenExternalLinks(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.contents)
        row.addWidget(self.page, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(row, 1)
        column.addWidget(buttons)
        self.contents.currentTextChanged.connect(self._show)
        self.contents.setCurrentRow(0)
        high = self.fontMetrics().height()
        self.resize(_WIDTH * high, _HEIGHT * high)

    @Slot(str)
    def _show(self, title: str) -> None:
        self.page.setMarkdown(f"## {title}\n\n{self._sections[title]}")


def sections() -> dict[str, str]:
    """The guide's sections by title, in Markdown, without pictures and links to other files."""
    text = (resources.files("resources") / "guide.md").read_text(encoding="utf-8")
    text = _LINK_TO_A_FILE.sub(r"\1", _PICTURE.sub("", text))
    _, *parts = re.split(r"^## ", text, flags=re.MULTILINE)
    found = (part.partition("\n") for part in parts)
    return {title.strip(): body.strip() for title, _, body in found}
