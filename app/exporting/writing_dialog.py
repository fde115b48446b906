"""What dialogs that write files have in common: a folder, progress, and cancelling at any time.

The abstract methods are checked by mypy alone: ABC's metaclass and Qt's do not go together.
"""

from abc import abstractmethod
from pathlib import Path
from typing import cast

from PySide6.QtCore import QCoreApplication, QObject, QSettings, QThread, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.exporting.figure_preview import FigurePreview
from app.exporting.folders import remember_base, remembered_base
from app.exporting.outcome import Outcome
from app.exporting.path_line import PathLine
from app.plain_text import PlainLabel, PlainQuestion
from engine.errors import InputError
from engine.figures.figure import SIZES, Size

_MILLIMETRES = 25.4


class BrokenOffError(Exception):
    """The export was cancelled."""


class Writer(QThread):
    """Writes files off the window's thread; `work` says which.

    Args:
        folder: where to.

    Attributes:
        written: paths of the files that are there in full.
        problem: one sentence, if it failed.

    Signals:
        moved: how many steps are done, of how many, and what came last.
    """

    moved = Signal(int, int, str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self.written: list[str] = []
        self.problem = ""

    @abstractmethod
    def work(self) -> None:
        """Write; look at `go_on` often."""

    def go_on(self) -> None:
        """Return, unless the work was cancelled.

        Raises:
            BrokenOffError: it was.
        """
        if self.isInterruptionRequested():
            raise BrokenOffError

    def run(self) -> None:
        """Do the work, and keep an error as a sentence."""
        try:
            self.work()
        except BrokenOffError:
            self.problem = "Cancelled."
        except OSError as error:
            reason = error.strerror or str(error)
            self.problem = f"{self.folder}: expected a folder that can be written to: {reason}."
        except Exception as error:  # shown in the dialog, which stays usable
            self.problem = f"{type(error).__name__}: {error}"


class WritingDialog(QDialog):
    """A dialog with controls on the left, a preview on the right, and files as its result.

    Enter writes, and then closes; Escape closes and cancels the export.

    Args:
        title: of the window.
        verb: on the button.
        folder: where to at first; one of the user's own if None.

    Attributes:
        size: for what the figures are.
        folder, browse: where to, as text, and a way to choose it.
        preview, facts: a figure, and its size in words.
        progress, problem: how far it is, and what went wrong.
        outcome: what was written, until something else is asked for.
        write, cancel: the buttons.

    Signals:
        exported: the paths of the files written.
    """

    exported = Signal(list)

    def __init__(
        self, title: str, verb: str, folder: Path | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._writer: Writer | None = None
        self._suggested = folder
        self.size_box = QComboBox()
        for key, look in SIZES.items():
            self.size_box.addItem(f"{look.title}, {_in_words(look.width, look.height)}", key)
        describe(
            self.size_box,
            "Size",
            "The purpose of the figure; sets its width, type size and line widths",
        )
        remembered = str(QSettings().value("export/size", "page", type=str))
        self.size_box.setCurrentIndex(max(self.size_box.findData(remembered), 0))
        where = "Where to save; you are asked before a file is replaced"
        self.folder = PathLine(str(folder or remembered_base()), where)
        self.folder.setAccessibleName("Folder")
        self.folder.setAccessibleDescription(where)
        self.browse = QPushButton("&Browse…")
        describe(self.browse, "Browse for the folder", "Choose the folder in a dialog")
        self.browse.clicked.connect(self._browse)
        self.preview = FigurePreview()
        self.preview.drawn.connect(self._tell_facts)
        self.facts = QLabel("Preview")
        self.problem = PlainLabel()
        self.problem.setObjectName("error")
        self.problem.hide()
        self.progress = QProgressBar()
        describe(self.progress, "Progress", "Figures drawn and written so far")
        self.outcome = Outcome()
        self.outcome.failed.connect(self.say_problem)
        self._nothing = QWidget()
        self._state = QStackedWidget()
        for part in (self._nothing, self.progress, self.outcome):
            self._state.addWidget(part)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.write = self.buttons.addButton(verb, QDialogButtonBox.ButtonRole.AcceptRole)
        for button in self.buttons.buttons():
            cast(QPushButton, button).setAutoDefault(False)
        self.browse.setAutoDefault(False)
        self.write.setDefault(True)
        describe(self.write, verb, "Draw and write the files (Enter)")
        self.cancel = self.buttons.button(QDialogButtonBox.StandardButton.Cancel)
        self.forget_outcome()
        self.buttons.accepted.connect(self._write)
        self.buttons.rejected.connect(self.reject)
        application = QCoreApplication.instance()
        if application:
            application.aboutToQuit.connect(self.shut_down)

    @property
    def chosen_size(self) -> Size:
        """What the figures are for."""
        return cast(Size, self.size_box.currentData())

    @abstractmethod
    def names(self) -> list[str]:
        """The files that are asked for now."""

    @abstractmethod
    def writer(self, folder: Path) -> Writer:
        """What will write the files that are asked for now."""

    def remember(self) -> None:
        """Keep what was chosen for the next time."""
        QSettings().setValue("export/size", self.chosen_size)
        chosen = _folder_of(self.folder.text())
        is_beside = self._suggested is not None and chosen.parent == self._suggested.parent
        remember_base(chosen.parent if is_beside else chosen)

    def set_busy(self, busy: bool) -> None:
        """Enable the controls, or disable them while files are being written."""
        for part in (self.size_box, self.folder, self.browse, self.write):
            part.setEnabled(not busy)
        self._state.setCurrentWidget(self.progress if busy else self._nothing)
        self.progress.setRange(0, 0)

    @Slot()
    def forget_outcome(self) -> None:
        """Something else is asked for than what was written; Enter writes again."""
        if self._state.currentWidget() is self.outcome:
            self._state.setCurrentWidget(self._nothing)
        self.cancel.setText("Cancel")
        describe(self.cancel, "Cancel", "Close and cancel the export (Escape)")
        self.write.setDefault(True)

    def _show_outcome(self, written: list[str]) -> None:
        """Say what was written; Enter closes."""
        self.outcome.show_files(written)
        self._state.setCurrentWidget(self.outcome)
        self.cancel.setText("Close")
        describe(self.cancel, "Close", "Close (Escape)")
        self.cancel.setDefault(True)
        self.cancel.setFocus()

    @Slot(str)
    def say_problem(self, sentence: str) -> None:
        """Show an error; an empty sentence removes it."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def build(self, *columns: QWidget) -> None:
        """Lay out the controls beside the preview, and what is common below them."""
        row = QHBoxLayout()
        row.setSpacing(16)
        for column in columns:
            row.addWidget(column)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.facts)
        right.addWidget(self.preview, 1)
        row.addLayout(right, 1)
        below = QHBoxLayout()
        below.setSpacing(16)
        below.addWidget(self._state, 1)
        below.addWidget(self.buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 16, 16, 16)
        whole.setSpacing(12)
        whole.addLayout(row, 1)
        whole.addWidget(self.problem)
        whole.addLayout(below)

    def folder_row(self) -> QHBoxLayout:
        """The folder and its button side by side."""
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.folder, 1)
        row.addWidget(self.browse)
        return row

    def done(self, result: int) -> None:
        """End drawing and writing before the dialog closes."""
        self.shut_down()
        super().done(result)

    @Slot()
    def shut_down(self) -> None:
        """End the background work and wait for it."""
        self.preview.shut_down()
        writer, self._writer = self._writer, None
        if writer:
            writer.finished.disconnect()
            writer.requestInterruption()
            writer.wait()
            writer.deleteLater()
            self.set_busy(False)

    @Slot()
    def _browse(self) -> None:
        dialog = QFileDialog(self, "Folder for the figures", self.folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot()
    def _write(self) -> None:
        if self._writer:
            return
        self.say_problem("")
        try:
            folder = _folder_of(self.folder.text())
        except InputError as error:
            self.say_problem(str(error))
            return
        there = [name for name in self.names() if (folder / name).exists()]
        if there:
            self._ask_to_replace(folder, there)
        else:
            self._begin(folder)

    def _ask_to_replace(self, folder: Path, there: list[str]) -> None:
        one = len(there) == 1
        what, verb = (there[0], "It is") if one else (f"{len(there)} files", "They are")
        more = f"{verb} in {folder}, perhaps of another run."
        question = PlainQuestion(f"Replace {what}?", more, self)
        replace = question.addButton("Replace", QMessageBox.ButtonRole.DestructiveRole)
        keep = question.addButton("Choose another folder", QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(keep)
        question.setEscapeButton(keep)

        def answer(button: QAbstractButton) -> None:
            if button is replace:
                self._begin(folder)
            else:
                self.folder.setFocus()
                self.folder.selectAll()

        question.buttonClicked.connect(answer)
        question.finished.connect(question.deleteLater)
        question.open()

    def _begin(self, folder: Path) -> None:
        self._writer = self.writer(folder)
        self._writer.moved.connect(self._show_progress)
        self._writer.finished.connect(self._finish)
        self.set_busy(True)
        self._writer.start()

    @Slot(int, int, str)
    def _show_progress(self, done: int, total: int, name: str) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        self.progress.setFormat(f"{done} of {total}: {name}")

    @Slot()
    def _finish(self) -> None:
        writer, self._writer = self._writer, None
        if writer is None:
            return
        self.set_busy(False)
        writer.wait()
        writer.deleteLater()
        if writer.problem:
            self.say_problem(writer.problem)
            self.folder.setFocus()
        else:
            self.remember()
            self._show_outcome(writer.written)
            self.exported.emit(writer.written)

    @Slot(float, float)
    def _tell_facts(self, width: float, height: float) -> None:
        size = f": {_in_words(width, height)}" if height else ""
        self.facts.setText(f"Preview{size}; figures always use the light theme")


def caption_of(text: str, buddy: QWidget) -> QLabel:
    """A label above a control, which its underlined letter leads to."""
    label = QLabel(text)
    label.setBuddy(buddy)
    return label


def describe(widget: QWidget, name: str, what: str) -> None:
    """Set a control's name and explanation, for tooltips and screen readers."""
    widget.setAccessibleName(name)
    widget.setAccessibleDescription(what)
    widget.setToolTip(what)


def as_shown_box() -> QCheckBox:
    """A tick, set at first, for figures that look as plots do in the window."""
    box = QCheckBox("As shown in the &window")
    box.setChecked(True)
    describe(
        box,
        "As shown in the window",
        "On the axis that each plot has in the window, zoomed as it is there, without hidden "
        "lines; otherwise all of each plot, on its usual axis",
    )
    return box


def _folder_of(text: str) -> Path:
    try:
        return Path(text.strip()).expanduser()
    except RuntimeError:  # "~somebody"
        raise InputError(
            text.strip(), "expected the home folder of a user on this computer."
        ) from None


def _in_words(width: float, height: float | None) -> str:
    """A size in inches and in millimetres."""
    both = [width] if height is None else [width, height]
    inches = " × ".join(f"{each:.1f}".removesuffix(".0") for each in both)
    metric = " × ".join(f"{_MILLIMETRES * each:.0f}" for each in both)
    return f"{inches} in ({metric} mm)"
