"""The data sets that do not ship with the program: downloaded, or found in a folder."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.data.fetcher import Fetcher
from app.data.set_row import SetRow
from app.plain_text import PlainLabel
from engine.data.published import LIBRARY, add_folder, is_at_hand
from engine.errors import InputError

WHAT: Final = (
    "The paper's data sets do not ship with Retrograde. Download them, or choose the folder that "
    "holds them; experiments from the gallery then run at full size."
)
_PATIENCE: Final = 500  # milliseconds for a download to end after it is asked to
_WIDTH: Final = 42  # times the height of type


class DataDialog(QDialog):
    """Lists the sets and where they are; downloads one at a time.

    Closing it cancels the download; the part received is kept for the next time.

    Attributes:
        rows: by the name of the set.
        folder_button: looks for sets in a folder.
        problem: what went wrong.

    Signals:
        arrived: sets have become available; with their names.
    """

    arrived = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Data sets")
        self._fetcher: Fetcher | None = None
        self._known = _at_hand()
        what = QLabel(WHAT)
        what.setWordWrap(True)
        self.rows = {name: SetRow(name) for name in LIBRARY}
        page = QWidget()
        page.setAutoFillBackground(False)
        cards = QVBoxLayout(page)
        cards.setContentsMargins(0, 0, 0, 0)
        cards.setSpacing(8)
        for row in self.rows.values():
            row.fetch_requested.connect(self.fetch)
            row.cancel_requested.connect(self.cancel)
            cards.addWidget(row)
        cards.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(page)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.viewport().setAutoFillBackground(False)
        self.problem = PlainLabel()
        self.problem.setObjectName("error")
        self.problem.hide()
        self.folder_button = QPushButton("&Use a folder…")
        self.folder_button.setAutoDefault(False)
        self.folder_button.setToolTip("Use files that are already on this computer")
        self.folder_button.setAccessibleDescription(self.folder_button.toolTip())
        self.folder_button.clicked.connect(self._choose_folder)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self.folder_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(what)
        column.addWidget(scroll, 1)
        column.addWidget(self.problem)
        column.addWidget(buttons)
        self._fit(page)

    @property
    def is_fetching(self) -> bool:
        """Whether a set is being fetched."""
        return self._fetcher is not None

    @Slot(str)
    def fetch(self, name: str) -> None:
        """Download a set, or resume it, unless another download is running."""
        if self._fetcher:
            return
        self._say_problem("")
        self._fetcher = Fetcher(name, QCoreApplication.instance())
        self._fetcher.moved.connect(self.rows[name].show_progress)
        self._fetcher.finished.connect(self._finish)
        self._fetcher.finished.connect(self._fetcher.deleteLater)
        for other, row in self.rows.items():
            row.button.setEnabled(other == name)
        self.rows[name].show_progress(0)
        self._fetcher.start()

    @Slot()
    def cancel(self) -> None:
        """Stop the download, and keep the part received."""
        if self._fetcher:
            self._fetcher.requestInterruption()
            self.rows[self._fetcher.name].button.setEnabled(False)

    @Slot(str)
    def look_in(self, folder: str) -> None:
        """Look for sets in a folder too, from now on."""
        try:
            add_folder(Path(folder))
        except InputError as error:
            self._say_problem(str(error))
            return
        self._say_problem("")
        self._renew()

    def done(self, result: int) -> None:
        """Cancel the download before the dialog closes."""
        fetcher, self._fetcher = self._fetcher, None
        if fetcher:
            fetcher.moved.disconnect()
            fetcher.finished.disconnect(self._finish)
            fetcher.requestInterruption()
            fetcher.wait(_PATIENCE)  # one that waits for its server ends by itself, later
        super().done(result)

    @Slot()
    def _finish(self) -> None:
        fetcher, self._fetcher = self._fetcher, None
        if fetcher is None:
            return
        self._say_problem(fetcher.problem)
        for row in self.rows.values():
            row.button.setEnabled(True)
        self._renew()
        self.rows[fetcher.name].button.setFocus()

    def _renew(self) -> None:
        """Show where the sets are now, and report those that have arrived."""
        for row in self.rows.values():
            row.renew()
        before, self._known = self._known, _at_hand()
        if new := [name for name in self._known if name not in before]:
            self.arrived.emit(new)

    def _say_problem(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    @Slot()
    def _choose_folder(self) -> None:
        dialog = QFileDialog(self, "Folder of data sets")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.look_in)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _fit(self, page: QWidget) -> None:
        """As large as its contents, and no larger than the screen."""
        width = _WIDTH * self.fontMetrics().height()
        layout = page.layout()
        cards = layout.totalHeightForWidth(width - 48) if layout else 0
        around = self.sizeHint().height() - page.sizeHint().height()
        room = self.screen().availableGeometry().height() - 80
        self.resize(width, min(cards + max(around, 160), room))


def _at_hand() -> list[str]:
    return [name for name in LIBRARY if is_at_hand(name)]
