from pathlib import Path

import pytest
from driving import click
from plots_for_tests import lines
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from app.exporting.export_dialog import ExportDialog
from app.exporting.folders import folder_for_a_run, remember_base, remembered_base

PLOTS = [lines()]
PATIENCE = 60_000


def test_each_run_has_a_folder_with_nothing_in_it(tmp_path: Path) -> None:
    for expected in ("two-moons", "two-moons-2", "two-moons-3"):
        folder = folder_for_a_run(tmp_path, "two moons")
        assert folder == tmp_path / expected
        folder.mkdir()
        assert folder_for_a_run(tmp_path, "two moons") == folder, "it is empty"
        (folder / "figure.pdf").touch()


@pytest.mark.parametrize("name", ["..", "/", "a/../b"])
def test_a_name_stays_in_the_folder_of_all_runs(name: str, tmp_path: Path) -> None:
    assert folder_for_a_run(tmp_path, name).parent == tmp_path


def test_a_file_of_that_name_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "moons").touch()
    assert folder_for_a_run(tmp_path, "moons") == tmp_path / "moons-2"


@pytest.mark.parametrize("base", ["file", "file/below", "long" * 80, "loop"])
def test_where_nothing_can_be_the_first_folder_is_named_and_writing_says_why(
    base: str, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert folder_for_a_run(tmp_path / base, "moons") == tmp_path / base / "moons"


@pytest.mark.parametrize("name", ["学" * 90, "m" * 400])
def test_a_long_name_is_that_of_a_folder_that_there_can_be(name: str, tmp_path: Path) -> None:
    folder = folder_for_a_run(tmp_path, name)
    folder.mkdir()
    assert folder.name.startswith(name[:20])


def test_a_folder_that_there_cannot_be_was_never_chosen() -> None:
    QSettings().setValue("export/base", "figures\0b")
    assert remembered_base().name == "retrograde-figures"


def test_the_folder_of_an_earlier_version_is_where_runs_have_theirs(tmp_path: Path) -> None:
    QSettings().setValue("export/folder", str(tmp_path))
    assert remembered_base() == tmp_path
    remember_base(tmp_path / "new")
    assert remembered_base() == tmp_path / "new"


@pytest.mark.parametrize(
    ("typed", "base"), [("all/one", "all"), ("all/another", "all"), ("mine", "mine")]
)
def test_the_next_run_goes_beside_this_one_or_into_what_was_chosen(
    typed: str, base: str, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = ExportDialog(PLOTS, [PLOTS[0].key], tmp_path / "all" / "one")
    qtbot.addWidget(dialog)
    dialog.folder.setText(str(tmp_path / typed))
    with qtbot.waitSignal(dialog.exported, timeout=PATIENCE):
        click(qtbot, dialog.write)
    assert remembered_base() == tmp_path / base


def test_files_are_replaced_only_if_somebody_says_so_who_was_told_how_many(
    tmp_path: Path, qtbot: QtBot
) -> None:
    table = tmp_path / f"{PLOTS[0].key}.csv"
    for path in (table, table.with_suffix(".pdf")):
        path.write_text("mine")
    dialog = ExportDialog(PLOTS, [PLOTS[0].key], tmp_path)
    qtbot.addWidget(dialog)
    dialog.open()
    for answer, expected in (("Choose another folder", "mine"), ("Replace", None)):
        click(qtbot, dialog.write)
        question = next(one for one in dialog.findChildren(QMessageBox) if one.isVisible())
        assert question.text() == "Replace 2 files?"
        assert str(tmp_path) in question.informativeText()
        button = next(b for b in question.findChildren(QPushButton) if b.text() == answer)
        if expected:
            click(qtbot, button)
            assert table.read_text() == expected
        else:
            with qtbot.waitSignal(dialog.exported, timeout=PATIENCE):
                click(qtbot, button)
            assert table.read_text() != "mine"
