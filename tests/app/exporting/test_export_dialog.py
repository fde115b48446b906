import io
from pathlib import Path

import pytest
from export_driving import KEYS, PATIENCE, PLOTS, choose_size, click, export, opened, ticked
from matplotlib.image import imread
from plots_for_tests import lines
from PySide6.QtCore import QObject, QSettings, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage, QTextDocumentFragment
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.exporting import figure_writer
from app.exporting.export_dialog import ExportDialog
from engine.figures.figure import SIZES, render
from engine.plots import to_csv


def test_the_ticked_figures_are_written_in_the_ticked_formats_at_the_chosen_size(
    dialog: ExportDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    choose_size(qtbot, dialog, "slide")
    for kind in ("svg", "csv"):
        click(qtbot, dialog.formats[kind])  # type: ignore[index]
    assert dialog.summary.text() == "2 files"
    written = export(qtbot, dialog)
    folder = tmp_path / "figures"
    assert written == [str(folder / "lines.pdf"), str(folder / "lines.png")]
    assert sorted(path.name for path in folder.iterdir()) == ["lines.pdf", "lines.png"]
    assert (folder / "lines.pdf").read_bytes() == render(lines(), "pdf", "slide")
    assert imread(io.BytesIO((folder / "lines.png").read_bytes())).shape[:2] == (1120, 2000)


def test_at_the_end_it_says_how_much_was_written_and_enter_closes(
    dialog: ExportDialog, qtbot: QtBot
) -> None:
    export(qtbot, dialog)
    assert dialog.outcome.isVisible()
    assert dialog.outcome.text.text() == "4 files exported."
    assert dialog.cancel.text() == "Close"
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()


def test_once_something_else_is_asked_for_enter_exports_again(
    dialog: ExportDialog, qtbot: QtBot
) -> None:
    export(qtbot, dialog)
    choose_size(qtbot, dialog, "slide")
    assert not dialog.outcome.isVisible()
    assert dialog.cancel.text() == "Cancel"
    assert dialog.write.isDefault()


def test_what_is_written_is_as_it_is_then_and_the_preview_follows(
    qtbot: QtBot, tmp_path: Path
) -> None:
    make_application()
    plots = [lines(1)]
    made = ExportDialog(plots, ["lines"], tmp_path / "figures", now=lambda: plots)
    qtbot.addWidget(made)
    made.open()
    qtbot.waitUntil(lambda: not made.preview.is_drawing, timeout=PATIENCE)
    before = made.preview.grab().toImage()
    plots[:] = [lines(3)]
    qtbot.waitUntil(lambda: made.preview.grab().toImage() != before, timeout=PATIENCE)
    plots[:] = [lines(2)]
    export(qtbot, made)
    written = (tmp_path / "figures" / "lines.csv").read_text(encoding="utf-8")
    assert written == to_csv(lines(2))
    made.reject()


class FileManager(QObject):
    """Stands in for the system's."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[QUrl] = []

    @Slot(QUrl)
    def show_folder(self, url: QUrl) -> None:
        self.opened.append(url)


def test_the_folder_is_opened_in_the_file_manager(
    dialog: ExportDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    manager = FileManager()
    QDesktopServices.setUrlHandler("file", manager, "show_folder")
    export(qtbot, dialog)
    click(qtbot, dialog.outcome.open_button)
    QDesktopServices.unsetUrlHandler("file")
    assert manager.opened == [QUrl.fromLocalFile(str(tmp_path / "figures"))]
    assert not dialog.problem.isVisible()


def test_a_system_that_cannot_show_folders_is_said(
    dialog: ExportDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _: False)
    export(qtbot, dialog)
    click(qtbot, dialog.outcome.open_button)
    assert dialog.problem.text().endswith("no program on this system shows folders.")


def test_a_long_path_is_shortened_in_its_middle_and_widens_nothing(
    dialog: ExportDialog, qtbot: QtBot
) -> None:
    width, least = dialog.width(), dialog.minimumSizeHint().width()
    path = "/beginning/" + 230 * "x" + "/the-figures-of-it"
    dialog.folder.setText(path)
    dialog.say_problem(f"{path}: expected a folder that can be written to.")
    dialog.choice.setFocus()
    assert dialog.folder.shown.startswith("/beginning/")
    assert dialog.folder.shown.endswith("-of-it")
    assert "…" in dialog.folder.shown
    assert path in plain_of(dialog.folder.toolTip())
    assert dialog.minimumSizeHint().width() == least
    assert dialog.width() == width
    dialog.activateWindow()
    dialog.folder.setFocus()
    assert dialog.folder.shown == dialog.folder.text() == path


def plain_of(tip: str) -> str:
    """What a person reads in a tool tip."""
    return QTextDocumentFragment.fromHtml(tip).toPlainText().replace("\u200b", "")


def test_all_and_none_are_one_tick(dialog: ExportDialog, qtbot: QtBot) -> None:
    assert dialog.all_plots.checkState() == Qt.CheckState.PartiallyChecked
    click(qtbot, dialog.all_plots)
    assert ticked(dialog) == KEYS
    assert dialog.all_plots.checkState() == Qt.CheckState.Checked
    assert dialog.summary.text() == "18 files", "two maps have paths beside their numbers"
    click(qtbot, dialog.all_plots)
    assert ticked(dialog) == []
    assert dialog.all_plots.checkState() == Qt.CheckState.Unchecked
    assert not dialog.write.isEnabled()
    assert dialog.summary.text() == "Select a figure."


def test_a_figure_is_ticked_with_the_space_bar(dialog: ExportDialog, qtbot: QtBot) -> None:
    dialog.choice.setFocus()
    qtbot.keyClick(dialog.choice, Qt.Key.Key_Down)
    qtbot.keyClick(dialog.choice, Qt.Key.Key_Space)
    assert ticked(dialog) == ["lines", "pictures"]


def test_nothing_can_be_written_without_a_format_or_a_folder(
    dialog: ExportDialog, qtbot: QtBot
) -> None:
    for box in dialog.formats.values():
        click(qtbot, box)
    assert not dialog.write.isEnabled()
    assert dialog.summary.text() == "Select a format."
    click(qtbot, dialog.formats["pdf"])
    assert dialog.write.isEnabled()
    dialog.folder.setText("  ")
    assert not dialog.write.isEnabled()
    assert dialog.summary.text() == "Choose a folder."


def test_the_preview_follows_the_current_figure_and_the_size(
    dialog: ExportDialog, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: not dialog.preview.image.isNull(), timeout=PATIENCE)
    first = dialog.preview.image
    with qtbot.waitSignal(dialog.preview.drawn, timeout=PATIENCE):
        dialog.choice.setFocus()
        qtbot.keyClick(dialog.choice, Qt.Key.Key_Down)
    assert dialog.preview.image != first
    assert dialog.preview.accessibleDescription() == "Pictures"
    with qtbot.waitSignal(dialog.preview.drawn, timeout=PATIENCE):
        choose_size(qtbot, dialog, "slide")
    assert "10 × 5.6 in (254 × 142 mm)" in dialog.facts.text()
    assert "always use the light theme" in dialog.facts.text()


def test_every_size_says_how_wide_it_is(dialog: ExportDialog) -> None:
    texts = [dialog.size_box.itemText(row) for row in range(dialog.size_box.count())]
    assert len(texts) == len(SIZES)
    assert texts[0] == "Column of a paper, 3.5 in (89 mm)"
    assert texts[2] == "Slide, 10 × 5.6 in (254 × 142 mm)"


def test_copying_puts_pixels_and_vectors_on_the_clipboard(
    dialog: ExportDialog, qtbot: QtBot
) -> None:
    choose_size(qtbot, dialog, "slide")
    QGuiApplication.clipboard().clear()
    click(qtbot, dialog.copy)
    qtbot.waitUntil(lambda: "✓" in dialog.copy.text(), timeout=PATIENCE)
    data = QGuiApplication.clipboard().mimeData()
    image = data.imageData()
    assert isinstance(image, QImage)
    assert (image.width(), image.height()) == (2000, 1120)
    assert bytes(data.data("image/svg+xml").data()) == render(lines(), "svg", "slide")
    assert dialog.isVisible()


def test_a_figure_that_cannot_be_copied_is_said(
    dialog: ExportDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bytes:
        raise MemoryError("by hand")

    monkeypatch.setattr(figure_writer, "render", broken)
    click(qtbot, dialog.copy)
    qtbot.waitUntil(dialog.problem.isVisible, timeout=PATIENCE)
    assert "cannot be copied: MemoryError: by hand" in dialog.problem.text()
    assert dialog.copy.isEnabled()


@pytest.mark.parametrize("where", ["taken", "taken/below"])
def test_a_folder_that_cannot_be_written_to_is_named_and_the_dialog_stays(
    dialog: ExportDialog, qtbot: QtBot, tmp_path: Path, where: str
) -> None:
    (tmp_path / "taken").write_text("mine")
    dialog.folder.setText(str(tmp_path / where))
    click(qtbot, dialog.write)
    qtbot.waitUntil(dialog.problem.isVisible, timeout=PATIENCE)
    assert dialog.problem.text().startswith(f"{tmp_path / where}: expected a folder")
    assert dialog.isVisible()
    assert dialog.write.isEnabled()
    assert not dialog.progress.isVisible()
    assert (tmp_path / "taken").read_text() == "mine"
    dialog.folder.setText(str(tmp_path / "free"))
    assert len(export(qtbot, dialog)) == 4


def test_the_home_of_nobody_is_said_to_be_none(dialog: ExportDialog, qtbot: QtBot) -> None:
    dialog.folder.setText("~nobody-of-that-name/figures")
    click(qtbot, dialog.write)
    assert dialog.problem.isVisible()
    assert "~nobody-of-that-name/figures: expected" in dialog.problem.text()


def test_escape_breaks_off_and_leaves_only_whole_files(
    dialog: ExportDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    click(qtbot, dialog.all_plots)
    folder = tmp_path / "figures"
    exported: list[object] = []
    dialog.exported.connect(exported.append)
    click(qtbot, dialog.write)
    assert not dialog.write.isEnabled()
    assert not dialog.choice.isEnabled()
    qtbot.waitUntil(lambda: folder.is_dir() and any(folder.iterdir()), timeout=PATIENCE)
    assert dialog.progress.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    left = sorted(path.name for path in folder.iterdir())
    assert 0 < len(left) < 16
    assert not [name for name in left if name.startswith(".")]
    assert not exported
    for name in left:
        key, kind = name.split(".")
        plot = PLOTS[KEYS.index(key)]
        assert (folder / name).read_bytes() == render(plot, kind)  # type: ignore[arg-type]


def test_progress_tells_which_file_came_last(dialog: ExportDialog, qtbot: QtBot) -> None:
    said: list[str] = []
    dialog.progress.valueChanged.connect(lambda _: said.append(dialog.progress.format()))
    export(qtbot, dialog)
    assert dialog.progress.format() == "4 of 4: lines.csv"


@pytest.mark.parametrize("where", ["choice", "folder", "size_box", "all_plots", "browse"])
def test_enter_exports_wherever_the_focus_is(
    dialog: ExportDialog, qtbot: QtBot, where: str
) -> None:
    widget: QWidget = getattr(dialog, where)
    for kind in ("svg", "pdf", "png"):
        click(qtbot, dialog.formats[kind])  # type: ignore[index]
    widget.setFocus()
    with qtbot.waitSignal(dialog.exported, timeout=PATIENCE) as exported:
        qtbot.keyClick(widget, Qt.Key.Key_Return)
    assert [Path(path).name for path in exported.args[0]] == ["lines.csv"]


def test_the_tab_key_reaches_everything_from_left_to_right(
    dialog: ExportDialog, qtbot: QtBot
) -> None:
    dialog.activateWindow()
    dialog.all_plots.setFocus()
    seen: list[QWidget | None] = [QApplication.focusWidget()]
    for _ in range(12):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        seen.append(QApplication.focusWidget())
    boxes = list(dialog.formats.values())
    wanted = [dialog.all_plots, dialog.choice, dialog.size_box, dialog.as_shown, *boxes]
    wanted += [dialog.folder, dialog.browse, dialog.copy]
    assert seen[: len(wanted)] == wanted
    assert dialog.write in seen


def test_everything_has_a_name_and_a_tip(dialog: ExportDialog) -> None:
    parts = [
        dialog.choice,
        dialog.all_plots,
        dialog.size_box,
        dialog.as_shown,
        *dialog.formats.values(),
    ]
    parts += [dialog.folder, dialog.browse, dialog.copy, dialog.write]
    for part in parts:
        assert part.accessibleName()
        assert part.accessibleDescription()
        assert part.toolTip()


def test_the_next_dialog_starts_as_the_last_one_was_left(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = opened(qtbot, ["lines"])
    dialog.folder.setText(str(tmp_path / "mine"))
    choose_size(qtbot, dialog, "column")
    for kind in ("svg", "pdf", "png"):
        click(qtbot, dialog.formats[kind])  # type: ignore[index]
    export(qtbot, dialog)
    QSettings().sync()
    again = opened(qtbot, ["lines"])
    assert again.folder.text() == str(tmp_path / "mine")
    assert again.size_box.currentData() == "column"
    assert [kind for kind, box in again.formats.items() if box.isChecked()] == ["csv"]
    again.reject()


def test_settings_that_make_no_sense_are_passed_over(qtbot: QtBot) -> None:
    make_application()
    QSettings().setValue("export/size", "wall")
    dialog = opened(qtbot, [])
    assert dialog.size_box.currentData() in SIZES
    dialog.reject()


def test_the_dialog_fits_a_small_projector(dialog: ExportDialog) -> None:
    assert dialog.width() <= 1280 - 40
    assert dialog.height() <= 800 - 80
