"""A data set that can be downloaded, as a card in a list."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.data.words import came_of, state_of
from app.plain_text import PlainLabel
from engine.data.datasets import BUILT_IN
from engine.data.published import LIBRARY, is_at_hand, megabytes, received


class SetRow(QFrame):
    """Says what a set is and where it is stored, and downloads it on request.

    Args:
        name: of the set.

    Attributes:
        state: where the set is, or how much of it has been received.
        progress: the same as a bar, during the download.
        button: downloads, resumes, or cancels.

    Signals:
        fetch_requested, cancel_requested: with the name of the set.
    """

    fetch_requested = Signal(str)
    cancel_requested = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.name = name
        self._title = BUILT_IN[name].title
        self._is_fetching = False
        entry = LIBRARY[name]
        title = QLabel(self._title)
        title.setObjectName("title")
        about = PlainLabel(BUILT_IN[name].description)
        origin = PlainLabel(f"{megabytes(entry.size)}, by {entry.publisher}, {entry.licence}.")
        origin.setObjectName("muted")
        self.state = PlainLabel("")
        self.progress = QProgressBar()
        self.progress.setRange(0, entry.size)
        self.progress.setAccessibleName(f"Download progress of {self._title}")
        self.button = QPushButton()
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self._press)
        policy = self.button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.button.setSizePolicy(policy)
        words = QVBoxLayout()
        words.setSpacing(4)
        for part in (title, about, origin, self.state, self.progress):
            words.addWidget(part)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(16)
        row.addLayout(words, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.renew()

    def renew(self) -> None:
        """Show where the set is now."""
        state = state_of(self.name)
        self.state.setText(f"{state[0].upper()}{state[1:]}")
        self._is_fetching = False
        self.progress.hide()
        self.button.setVisible(not is_at_hand(self.name))
        self._name_button("Resume" if received(self.name) else "Download")

    def show_progress(self, came: int) -> None:
        """Show how many bytes have been received, and offer to cancel."""
        if not self._is_fetching:
            self._is_fetching = True
            self._name_button("Cancel")
            self.progress.show()
        self.progress.setValue(came)
        self.state.setText(came_of(came, LIBRARY[self.name].size))

    @Slot()
    def _press(self) -> None:
        signal = self.cancel_requested if self._is_fetching else self.fetch_requested
        signal.emit(self.name)

    def _name_button(self, text: str) -> None:
        self.button.setText(text)
        self.button.setAccessibleName(f"{text} {self._title}")
        self.button.setToolTip(_WHAT[text])
        self.button.setAccessibleDescription(_WHAT[text])


_WHAT = {
    "Download": "Download the set into your cache",
    "Resume": "Resume the download where it stopped",
    "Cancel": "Stop the download and keep the part received",
}
