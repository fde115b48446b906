"""What stands left of the gallery: its groups, and the experiments that were opened last."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.plain_text import plain_tip

_ALL = "All experiments"
_MARGIN = 12


class GalleryIndex(QWidget):
    """Chooses a group of the gallery, or a file that was used before.

    Args:
        groups: their titles.

    Attributes:
        groups: all experiments, and each group.
        recent: file names; hidden while there are none.

    Signals:
        group_chosen: the title of a group, or "" for all.
        recent_chosen: the path of an experiment.
    """

    group_chosen = Signal(str)
    recent_chosen = Signal(str)

    def __init__(self, groups: Iterable[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Groups of experiments")
        self.groups = _list("Groups of experiments")
        for title in (_ALL, *groups):
            item = QListWidgetItem(title)
            item.setData(Qt.ItemDataRole.UserRole, "" if title == _ALL else title)
            self.groups.addItem(item)
        self.groups.setCurrentRow(0)
        self._last_group = self.groups.count()
        self._recent_title = _title("Recent experiments")
        self.recent = _list("Recent experiments")
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, 8, _MARGIN, _MARGIN)
        column.setSpacing(6)
        for widget in (_title("Experiments"), self.groups, self._recent_title, self.recent):
            column.addWidget(widget)
        column.addStretch(1)
        self.groups.currentItemChanged.connect(self._choose_group)
        self.recent.itemClicked.connect(self._choose_recent)
        self.recent.itemActivated.connect(self._choose_recent)
        self.set_recent([])

    def offer_group(self, title: str, on: bool) -> None:
        """Have one more group behind all others, or not."""
        there = self.groups.count() > self._last_group
        if on and not there:
            item = QListWidgetItem(title)
            item.setData(Qt.ItemDataRole.UserRole, title)
            self.groups.addItem(item)
        elif there and not on:
            if self.groups.currentRow() == self._last_group:
                self.groups.setCurrentRow(0)
            self.groups.takeItem(self._last_group)
        _fit(self.groups)

    def set_recent(self, paths: Iterable[str]) -> None:
        """Offer these files, by their names."""
        self.recent.clear()
        for path in paths:
            item = QListWidgetItem(Path(path).name)
            item.setToolTip(plain_tip(path))
            item.setData(Qt.ItemDataRole.UserRole, path)
            self.recent.addItem(item)
        for widget in (self._recent_title, self.recent):
            widget.setVisible(self.recent.count() > 0)
        _fit(self.recent)

    def showEvent(self, event: object) -> None:
        """As high as what the lists hold, in the type that they have now."""
        for one in (self.groups, self.recent):
            _fit(one)

    @Slot(QListWidgetItem)
    def _choose_group(self, item: QListWidgetItem) -> None:
        self.group_chosen.emit(item.data(Qt.ItemDataRole.UserRole))

    @Slot(QListWidgetItem)
    def _choose_recent(self, item: QListWidgetItem) -> None:
        self.recent_chosen.emit(item.data(Qt.ItemDataRole.UserRole))


def _list(name: str) -> QListWidget:
    made = QListWidget()
    made.setObjectName("index")
    made.setAccessibleName(name)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
    made.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    return made


def _fit(one: QListWidget) -> None:
    rows = sum(one.sizeHintForRow(row) for row in range(one.count()))
    one.setFixedHeight(rows + 2 * one.frameWidth() + 2)
    one.doItemsLayout()  # in the type and style that it has now


def _title(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("section")
    label.setIndent(0)
    return label
