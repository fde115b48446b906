"""The list of runs: found, sorted, ticked, renamed, marked, deleted and brought back."""

from dataclasses import replace
from pathlib import Path

from driving import click
from experiments_for_tests import tiny
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from recording_for_tests import until
from runs_desk import Desk, stored

from app.library.run_table import COLUMNS, STARRED, RunTable
from app.library.runs_panel import RunsPanel
from engine.library.library import open_library
from engine.library.recording import recorded
from engine.library.running import RunningMark
from engine.runs.run import optimize

NEWEST_FIRST = ["another seed", "with decays", "first"]


def names(panel: RunsPanel) -> list[str]:
    return [run.name for run in panel.table.shown]


def take(panel: RunsPanel, name: str) -> None:
    """Bring the keyboard to a run."""
    panel.tree.setFocus()
    panel.tree.setCurrentIndex(panel.table.index(names(panel).index(name), 0))


def column(title: str) -> int:
    return [one.title for one in COLUMNS].index(title)


def test_runs_are_listed_the_latest_first_with_what_is_known_of_each(desk: Desk) -> None:
    panel = desk.panel
    assert names(panel) == NEWEST_FIRST
    row = {one.title: panel.table.index(1, place).data() for place, one in enumerate(COLUMNS)}
    assert row["Experiment"] == "tiny"
    assert row["Data"] == "iris"
    assert row["Method"] == "Exact reversal"
    assert row["State"] == "completed"
    assert row["Note"] == "a larger step"
    assert row["★"] == "★"
    assert 0 < float(row["Loss"]) < 2
    assert panel.table.index(0, column("State")).data() == "stopped, 2 of 5"


def test_words_find_runs_by_name_note_experiment_and_state(desk: Desk, qtbot: QtBot) -> None:
    panel = desk.panel
    for words, found in {
        "seed": ["another seed"],
        "LARGER step": ["with decays"],
        "stopped tiny": ["another seed"],
        "iris": NEWEST_FIRST,
        "no such run": [],
    }.items():
        panel.search.clear()
        qtbot.keyClicks(panel.search, words)
        assert names(panel) == found, words
        assert panel.empty.isVisible() == (not found)
    qtbot.keyClick(panel.search, Qt.Key.Key_Escape)
    assert names(panel) == NEWEST_FIRST


def test_a_click_on_a_column_sorts_by_it_and_another_turns_it_round(
    desk: Desk, qtbot: QtBot
) -> None:
    panel = desk.panel
    header = panel.tree.header()

    def click_on(title: str) -> None:
        place = column(title)
        x = header.sectionViewportPosition(place) + header.sectionSize(place) // 2
        where = QPoint(x, header.height() // 2)
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)

    click_on("Name")
    assert names(panel) == ["another seed", "first", "with decays"]
    click_on("Name")
    assert names(panel) == ["with decays", "first", "another seed"]
    click_on("Loss")
    losses = [run.best_validation_loss for run in panel.table.shown]
    assert losses == sorted(losses, key=lambda loss: loss or 0.0)


def test_ticked_runs_keep_their_numbers_and_free_ones_are_given_again(
    desk: Desk, qtbot: QtBot
) -> None:
    panel = desk.panel

    def numbers() -> dict[str, int]:
        by_id = {run.id: run.name for run in panel.table.runs}
        return {by_id[run]: number for run, number in panel.table.numbers.items()}

    for name in NEWEST_FIRST:
        take(panel, name)
        qtbot.keyClick(panel.tree, Qt.Key.Key_Space)
    assert numbers() == {"another seed": 1, "with decays": 2, "first": 3}
    take(panel, "another seed")
    qtbot.keyClick(panel.tree, Qt.Key.Key_Space)
    assert numbers() == {"with decays": 2, "first": 3}
    qtbot.keyClick(panel.tree, Qt.Key.Key_Space)
    assert numbers() == {"with decays": 2, "first": 3, "another seed": 1}
    click(qtbot, panel.untick_button)
    assert numbers() == {}


def test_a_run_is_renamed_in_place(desk: Desk, qtbot: QtBot, file: Path) -> None:
    panel = desk.panel
    take(panel, "first")
    qtbot.keyClick(panel.tree, Qt.Key.Key_F2)
    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    line.selectAll()
    qtbot.keyClicks(line, "the very first")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "the very first" in names(panel))
    with open_library(file) as library:
        assert library["the very first"].name == "the very first"


def test_a_run_is_marked_by_a_click_and_by_a_key(desk: Desk, qtbot: QtBot, file: Path) -> None:
    panel = desk.panel
    star = panel.tree.visualRect(panel.table.index(2, STARRED)).center()
    qtbot.mouseClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, pos=star)
    qtbot.waitUntil(lambda: panel.table.shown[2].starred)
    take(panel, "with decays")
    QTest.keyClick(panel.tree, "*")
    qtbot.waitUntil(lambda: not panel.table.shown[1].starred)
    with open_library(file) as library:
        assert [run.starred for run in library] == [False, False, True]


def test_a_note_is_written_below_the_list(desk: Desk, qtbot: QtBot, file: Path) -> None:
    panel = desk.panel
    take(panel, "with decays")
    assert panel.note.text() == "a larger step"
    take(panel, "first")
    assert panel.note.text() == ""
    panel.note.setFocus()
    qtbot.keyClicks(panel.note, "where it began")
    qtbot.keyClick(panel.note, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.table.shown[2].note == "where it began")
    with open_library(file) as library:
        assert library["first"].note == "where it began"


def test_what_is_deleted_comes_back_by_ctrl_z_or_the_message_bar(desk: Desk, qtbot: QtBot) -> None:
    panel, bar = desk.panel, desk.bar
    take(panel, "with decays")
    qtbot.keyClick(panel.tree, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: names(panel) == ["another seed", "first"])
    assert bar.text.text() == "Deleted with decays."
    qtbot.keyClick(panel.tree, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: names(panel) == NEWEST_FIRST)
    assert not bar.isVisible()
    panel.tree.selectAll()
    qtbot.keyClick(panel.tree, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not names(panel))
    assert bar.text.text() == "Deleted 3 runs."
    click(qtbot, bar.tries[0])
    qtbot.waitUntil(lambda: names(panel) == NEWEST_FIRST)


def test_of_several_runs_of_which_one_goes_on_none_is_deleted(desk: Desk, qtbot: QtBot) -> None:
    panel, path = desk.panel, desk.shelf.path
    assert path is not None
    mark = RunningMark.put(path, panel.table.shown[1].id)
    take(panel, "first")
    panel.tree.selectAll()
    qtbot.keyClick(panel.tree, Qt.Key.Key_Delete)
    qtbot.waitUntil(panel.complaint.isVisible)
    assert "expected a run that is over" in panel.complaint.text()
    mark.remove()
    with open_library(path) as library:
        assert [run.name for run in library] == NEWEST_FIRST
    assert not desk.bar.isVisible()


def test_what_was_deleted_is_gone_once_the_window_is_closed(
    desk: Desk, qtbot: QtBot, file: Path
) -> None:
    panel = desk.panel
    take(panel, "first")
    qtbot.keyClick(panel.tree, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: "first" not in names(panel))
    desk.let_go()
    with open_library(file) as library:
        assert [run.name for run in library] == ["another seed", "with decays"]


def test_a_run_that_another_process_records_appears_and_goes_on_in_its_row(
    desk: Desk, qtbot: QtBot, file: Path
) -> None:
    panel = desk.panel
    take(panel, "first")
    until(recorded(optimize(tiny()), file, "elsewhere"), 1)
    qtbot.waitUntil(lambda: "elsewhere" in names(panel), timeout=5000)
    assert names(panel)[0] == "elsewhere"
    assert panel.run is not None
    assert panel.run.name == "first", "the run in hand stays"


def test_a_library_that_cannot_be_read_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    broken = tmp_path / "broken.retrograde"
    broken.write_bytes(b"this is no database at all" * 100)
    desk = Desk(broken)
    qtbot.addWidget(desk)
    desk.show()
    qtbot.waitUntil(lambda: "expected a run library" in desk.panel.complaint.text())
    desk.let_go()


def test_without_a_library_there_are_no_runs_and_none_is_made(qtbot: QtBot, tmp_path: Path) -> None:
    nowhere = tmp_path / "runs.retrograde"
    for path in (nowhere, None):
        desk = Desk(path)
        qtbot.addWidget(desk)
        with qtbot.waitSignal(desk.shelf.listed):
            desk.show()
        assert desk.panel.empty.text().startswith("No runs yet")
        assert not desk.panel.open_button.isEnabled()
        desk.let_go()
    assert not nowhere.exists()


def test_a_thousand_runs_are_listed_found_and_sorted_in_no_time(qtbot: QtBot) -> None:
    table = RunTable()
    runs = [stored(number) for number in range(1000)]
    table.show_runs(runs)
    assert table.rowCount() == 1000
    table.find("run 99")
    names = {run.name for run in runs}
    assert {run.name for run in table.shown} == {name for name in names if "99" in name}
    table.find("00000000000001f")
    assert [run.id for run in table.shown] == [f"{n:016x}" for n in range(511, 495, -1)]
    table.find("")
    table.sort(column("Loss"), Qt.SortOrder.DescendingOrder)
    losses = [run.best_validation_loss for run in table.shown]
    assert losses[:999] == sorted(losses[:999], reverse=True)
    assert losses[-1] is None, "what has no loss comes last, whichever the order"
    with qtbot.assertNotEmitted(table.renewed):
        table.show_runs([replace(run, done=5) for run in runs])
    assert table.index(0, column("State")).data() == "running, 5 of 9"
