"""The list of runs: found, sorted, ticked, renamed, marked, deleted and brought back."""

from pathlib import Path

from driving import click
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.library.run_table import COLUMNS, STARRED
from app.library.runs_panel import RunsPanel
from app.main_window import MainWindow
from engine.library.library import open_library

NEWEST_FIRST = ["another seed", "with decays", "first"]


def names(panel: RunsPanel) -> list[str]:
    return [run.name for run in panel.table.shown]


def take(panel: RunsPanel, name: str) -> None:
    """Bring the keyboard to a run."""
    panel.tree.setFocus()
    panel.tree.setCurrentIndex(panel.table.index(names(panel).index(name), 0))


def column(title: str) -> int:
    return [one.title for one in COLUMNS].index(title)


def test_runs_are_listed_the_latest_first_with_what_is_known_of_each(on_runs: MainWindow) -> None:
    panel = on_runs.runs.panel
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


def test_words_find_runs_by_name_note_experiment_and_state(
    on_runs: MainWindow, qtbot: QtBot
) -> None:
    panel = on_runs.runs.panel
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


def test_ctrl_f_brings_the_keyboard_to_the_search_and_down_goes_to_what_was_found(
    on_runs: MainWindow, qtbot: QtBot
) -> None:
    panel = on_runs.runs.panel
    on_runs.comparing.left.turn_to("methods")
    qtbot.keyClick(on_runs, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert panel.search.hasFocus()
    qtbot.keyClicks(panel.search, "first")
    qtbot.keyClick(panel.search, Qt.Key.Key_Down)
    assert panel.tree.hasFocus()
    assert panel.run is not None
    assert panel.run.name == "first"


def test_a_click_on_a_column_sorts_by_it_and_another_turns_it_round(
    on_runs: MainWindow, qtbot: QtBot
) -> None:
    panel = on_runs.runs.panel
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
    on_runs: MainWindow, qtbot: QtBot
) -> None:
    panel = on_runs.runs.panel

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


def test_a_run_is_renamed_in_place(on_runs: MainWindow, qtbot: QtBot, file: Path) -> None:
    panel = on_runs.runs.panel
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


def test_a_run_is_marked_by_a_click_and_by_a_key(
    on_runs: MainWindow, qtbot: QtBot, file: Path
) -> None:
    panel = on_runs.runs.panel
    star = panel.tree.visualRect(panel.table.index(2, STARRED)).center()
    qtbot.mouseClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, pos=star)
    qtbot.waitUntil(lambda: panel.table.shown[2].starred)
    take(panel, "with decays")
    QTest.keyClick(panel.tree, "*")
    qtbot.waitUntil(lambda: not panel.table.shown[1].starred)
    with open_library(file) as library:
        assert [run.starred for run in library] == [False, False, True]


def test_a_note_is_written_below_the_list(on_runs: MainWindow, qtbot: QtBot, file: Path) -> None:
    panel = on_runs.runs.panel
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


def test_what_is_deleted_comes_back_by_ctrl_z_or_the_message_bar(
    on_runs: MainWindow, qtbot: QtBot
) -> None:
    panel, bar = on_runs.runs.panel, on_runs.message_bar
    before = on_runs.setup.experiment()
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
    assert on_runs.setup.experiment() == before, "the set-up's own undo was meant"


def test_what_was_deleted_is_gone_once_the_window_is_closed(
    on_runs: MainWindow, qtbot: QtBot, file: Path
) -> None:
    panel = on_runs.runs.panel
    take(panel, "first")
    qtbot.keyClick(panel.tree, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: "first" not in names(panel))
    on_runs.close()
    with open_library(file) as library:
        assert [run.name for run in library] == ["another seed", "with decays"]


def test_a_run_that_another_process_records_appears_and_goes_on_in_its_row(
    on_runs: MainWindow, qtbot: QtBot, file: Path
) -> None:
    from experiments_for_tests import tiny
    from recording_for_tests import until

    from engine.library.recording import recorded
    from engine.runs.run import optimize

    panel = on_runs.runs.panel
    take(panel, "first")
    until(recorded(optimize(tiny()), file, "elsewhere"), 1)
    qtbot.waitUntil(lambda: "elsewhere" in names(panel), timeout=5000)
    assert names(panel)[0] == "elsewhere"
    assert panel.run is not None
    assert panel.run.name == "first", "the run in hand stays"


def test_a_library_that_cannot_be_read_says_so(
    on_runs: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    from app.library.shelf import Shelf

    broken = tmp_path / "broken.retrograde"
    broken.write_bytes(b"this is no database at all" * 100)
    shelf = Shelf(broken)
    panel = RunsPanel(shelf)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitUntil(lambda: "expected a run library" in panel.complaint.text())
    shelf.shut_down()


def test_without_a_library_there_are_no_runs_and_none_is_made(qtbot: QtBot, tmp_path: Path) -> None:
    from app.library.shelf import Shelf

    nowhere = tmp_path / "runs.retrograde"
    for path in (nowhere, None):
        shelf = Shelf(path)
        panel = RunsPanel(shelf)
        qtbot.addWidget(panel)
        with qtbot.waitSignal(shelf.listed):
            panel.show()
        assert panel.empty.text().startswith("No runs yet")
        assert not panel.open_button.isEnabled()
        shelf.shut_down()
    assert not nowhere.exists()
