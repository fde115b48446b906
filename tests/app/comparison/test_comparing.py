"""Methods compared in the window, by its own buttons."""

import json
from pathlib import Path

import pytest
from driving import click, go_round
from on_compare import PATIENCE, compare, tick
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QTableWidget
from pytestqt.qtbot import QtBot

from app import help_key
from app.comparison.table import ComparisonTable
from app.exporting.export_dialog import ExportDialog
from app.main_window import MainWindow
from app.theme import LIGHT
from engine.hypergradients.catalogue import METHODS
from engine.runs.comparison import STUDIES

SIX = (
    "exact-reversal",
    "stored-trajectory",
    "checkpointed",
    "truncated",
    "forward",
    "finite-differences",
)


def cells(table: QTableWidget, column: int) -> list[str]:
    return [table.item(row, column).text() for row in range(table.rowCount())]


def test_six_methods_fill_the_table_and_the_plots(comparing: MainWindow, qtbot: QtBot) -> None:
    panel, page = comparing.comparing.panel, comparing.comparing.page
    tick(qtbot, panel, *SIX, studies=STUDIES)
    compare(qtbot, comparing)
    qtbot.waitUntil(lambda: page.table.rowCount() == 6 and all(cells(page.table, 3)))
    assert cells(page.table, 0) == [METHODS[name].title for name in SIX]
    assert cells(page.table, 1)[:3] == ["1", "1", "1"]
    notes = cells(page.table, page.table.columnCount() - 1)
    assert notes[0].startswith("the reference; bit buffer ")
    qtbot.waitUntil(lambda: all(place.shown and place.shown.plot for place in page.places))
    titles = [
        [place.box.itemText(index) for index in range(place.box.count())] for place in page.places
    ]
    assert "By learning rates" in titles[0]
    assert titles[1][:2] == ["Error by T", "Error by option"]
    assert {"Memory held by T", "Time by T", "Time by hyperparameters"} <= set(titles[2])
    record = comparing.comparing.record
    assert record is not None
    assert record.is_over
    assert comparing.comparing.progress.points.progress == len(record.points)
    assert comparing.actions_.bar.title.text() == record.experiment.title


def test_the_axis_is_chosen_on_the_plot(comparing: MainWindow, qtbot: QtBot) -> None:
    tick(qtbot, comparing.comparing.panel, "truncated", studies=("iterations", "option"))
    compare(qtbot, comparing)
    errors = comparing.comparing.page.places[1]
    qtbot.waitUntil(lambda: errors.shown is not None)
    assert errors.shown.plot.x_label == "training iterations T"
    qtbot.keyClick(errors.box, Qt.Key.Key_Down)
    assert errors.shown.plot.key == "error_by_option"
    qtbot.waitUntil(lambda: len(errors.shown.plot.lines) == 1)


def test_it_is_paused_resumed_and_stopped_in_its_place(comparing: MainWindow, qtbot: QtBot) -> None:
    comparing.setup.change("training.iterations", 400)
    control, panel = comparing.comparing, comparing.comparing.panel
    tick(qtbot, panel, "finite-differences", "stored-trajectory", studies=STUDIES)
    click(qtbot, panel.button)
    qtbot.waitUntil(lambda: bool(control.record and control.record.measured), timeout=PATIENCE)
    assert panel.button.text() == "Pause"
    assert not comparing.actions_["run"].isEnabled()
    click(qtbot, panel.button)
    qtbot.waitUntil(lambda: control.runner.state == "paused", timeout=PATIENCE)
    assert panel.button.text() == "Resume"
    assert control.progress.status.text().startswith("Paused after")
    assert not panel.complaint.isVisible()
    click(qtbot, panel.button)
    qtbot.waitUntil(lambda: control.runner.state == "running", timeout=PATIENCE)
    click(qtbot, panel.stop_button)
    qtbot.waitUntil(lambda: control.runner.state == "idle", timeout=PATIENCE)
    assert panel.button.text() == "Compare"
    assert control.progress.status.text().startswith("Stopped after")
    assert comparing.actions_["run"].isEnabled()


def test_what_does_not_fit_is_greyed_with_its_reason(comparing: MainWindow, qtbot: QtBot) -> None:
    panel = comparing.comparing.panel
    for kind in ("learning_rates", "decays"):
        comparing.setup.change(f"hyperparameters.{kind}.free", True)
    comparing.setup.change("hyperparameters.l2_penalties.free", False)
    row = panel.rows["implicit-cg"]
    assert not row.tick.isEnabled()
    assert row.reason.text() == "It gives no derivatives by the learning rates and momentum decays."
    assert panel.rows["forward"].tick.isEnabled()


def test_an_option_is_typed_and_a_wrong_one_says_so(comparing: MainWindow, qtbot: QtBot) -> None:
    panel = comparing.comparing.panel
    tick(qtbot, panel, "truncated")
    line = panel.rows["truncated"].line
    assert line is not None
    line.setFocus()
    qtbot.keyClicks(line, "many")
    assert "expected a whole number, found “many”" in panel.complaint.text()
    assert not panel.button.isEnabled()
    line.clear()
    qtbot.keyClicks(line, "3")
    assert panel.button.isEnabled()
    compare(qtbot, comparing)
    qtbot.waitUntil(lambda: "Truncated, last 3" in cells(comparing.comparing.page.table, 0))


def test_the_reference_is_always_ticked_and_says_why(comparing: MainWindow, qtbot: QtBot) -> None:
    panel = comparing.comparing.panel
    tick(qtbot, panel, "forward")
    reference = panel.rows["exact-reversal"]
    assert reference.tick.isChecked()
    assert not reference.tick.isEnabled()
    assert reference.reason.text() == "The reference: the others are compared with it."
    assert [one.method for one in panel.contenders()] == ["exact-reversal", "forward"]
    comparing.setup.change("hyperparameters.decays.free", False)
    comparing.setup.change("method", "stored-trajectory")
    comparing.setup.change("hyperparameters.decays.initial", 0.0)
    assert reference.reason.text() == "It cannot undo training with these momentum decays."
    assert panel.rows["stored-trajectory"].is_chosen
    assert not reference.is_chosen


def test_the_table_tells_what_is_usual_where_nothing_was_typed(
    comparing: MainWindow, qtbot: QtBot
) -> None:
    tick(qtbot, comparing.comparing.panel, "checkpointed", "truncated")
    for study in comparing.comparing.panel.studies.values():
        study.setChecked(False)
    compare(qtbot, comparing)
    table = comparing.comparing.page.table
    qtbot.waitUntil(lambda: comparing.comparing.runner.state == "idle", timeout=PATIENCE)
    expected = ["√T snapshots, as usual", "last 10, as usual"]
    qtbot.waitUntil(lambda: cells(table, table.columnCount() - 1)[1:] == expected)


def test_a_set_up_that_cannot_be_run_says_which_field_is_wrong(
    comparing: MainWindow,
) -> None:
    comparing.setup.change("hyperparameters.learning_rates.initial", -1.0)
    told = comparing.comparing.panel.title.text()
    assert told.startswith("The set-up cannot be run. Initial learning rates α: expected ")
    assert not comparing.comparing.panel.button.isEnabled()


def test_that_a_run_is_going_on_is_said(comparing: MainWindow, qtbot: QtBot) -> None:
    panel = comparing.comparing.panel
    tick(qtbot, panel, "forward")
    comparing.setup.change("meta.iterations", 1000)
    comparing.run()
    qtbot.waitUntil(lambda: comparing.runner.state == "running", timeout=PATIENCE)
    comparing.show_comparison()
    assert panel.complaint.text().startswith("A run is going on")
    assert not panel.button.isEnabled()
    comparing.control.stop()
    qtbot.waitUntil(lambda: comparing.runner.state == "idle", timeout=PATIENCE)
    assert panel.button.isEnabled()


def test_it_is_exported_as_figures_with_the_table_beside_them(
    comparing: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    tick(qtbot, comparing.comparing.panel, *SIX)
    compare(qtbot, comparing)
    comparing.actions_["export"].trigger()
    dialog = comparing.findChild(ExportDialog)
    assert dialog is not None
    dialog.folder.setText(str(tmp_path / "six"))
    with qtbot.waitSignal(dialog.exported, timeout=PATIENCE):
        click(qtbot, dialog.write)
    qtbot.waitUntil(lambda: (tmp_path / "six" / "comparison.csv").exists())
    told = json.loads((tmp_path / "six" / "comparison.json").read_text())
    assert [row["name"] for row in told["methods"]] == list(SIX)
    assert (tmp_path / "six" / "hypergradient_learning_rates.svg").exists()
    dialog.close()


def test_the_table_is_copied_as_csv(comparing: MainWindow, qtbot: QtBot) -> None:
    tick(qtbot, comparing.comparing.panel, "forward")
    compare(qtbot, comparing)
    table = comparing.comparing.page.table
    qtbot.waitUntil(lambda: table.rowCount() == 2)
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].startswith("method,options,cosine")
    assert [line.split(",")[0] for line in lines[1:]] == ["exact-reversal", "forward"]


def test_one_place_is_enlarged_and_gives_the_others_theirs_back(
    comparing: MainWindow, qtbot: QtBot
) -> None:
    tick(qtbot, comparing.comparing.panel, "truncated", studies=("iterations",))
    compare(qtbot, comparing)
    page = comparing.comparing.page
    qtbot.waitUntil(lambda: all(place.shown and place.shown.plot for place in page.places))
    click(qtbot, page.places[1].shown.head.enlarge_button)
    assert [place.isVisible() for place in page.places] == [False, True, False]
    assert not page.table.isVisible()
    click(qtbot, page.places[1].shown.head.enlarge_button)
    assert all(place.isVisible() for place in page.places)
    assert page.table.isVisible()
    click(qtbot, page.places[0].shown.head.enlarge_button)
    assert not page.table.isVisible()
    qtbot.keyClick(page.places[0].shown.view, Qt.Key.Key_Escape)
    assert page.table.isVisible()


def test_it_is_presented_in_larger_type_and_comes_back(comparing: MainWindow, qtbot: QtBot) -> None:
    page, progress = comparing.comparing.page, comparing.comparing.progress
    tick(qtbot, comparing.comparing.panel, "stored-trajectory")
    compare(qtbot, comparing)
    qtbot.waitUntil(lambda: page.places[0].shown is not None)

    def heights() -> list[int]:
        table = page.table
        parts = (table, table.horizontalHeader(), progress.status, *(p.box for p in page.places))
        return [part.fontInfo().pixelSize() for part in parts] + [table.rowHeight(0)]

    usual = heights()
    comparing.set_presentation(True)
    assert comparing.body.page == "compare"
    assert all(large > small for large, small in zip(heights(), usual, strict=True))
    comparing.set_presentation(False)
    assert heights() == usual
    qtbot.keyClick(comparing, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    comparing.set_presentation(True)  # where it cannot be seen, it follows when it can
    comparing.body.show_page("compare")
    assert all(large > small for large, small in zip(heights(), usual, strict=True))
    comparing.set_presentation(False)


@pytest.mark.parametrize("width", [400, 1600])
def test_all_rows_are_seen_in_a_table_of_any_width(
    comparing: MainWindow, qtbot: QtBot, width: int
) -> None:
    tick(qtbot, comparing.comparing.panel, *SIX)
    compare(qtbot, comparing)
    record = comparing.comparing.record
    assert record is not None
    table = ComparisonTable()
    qtbot.addWidget(table)
    table.show_record(record, LIGHT)
    table.resize(width, table.height())
    table.show()
    qtbot.waitUntil(lambda: table.horizontalScrollBar().isVisible() == (width == 400))
    assert not table.verticalScrollBar().isVisible()


def test_f1_over_a_plot_explains_it(
    comparing: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    tick(qtbot, comparing.comparing.panel, "truncated")
    compare(qtbot, comparing)
    places = comparing.comparing.page.places
    qtbot.waitUntil(lambda: places[0].shown is not None and places[0].shown.plot is not None)
    view = places[0].shown.view
    monkeypatch.setattr(help_key.QApplication, "widgetAt", staticmethod(lambda _: view))
    somewhere = QPoint(3, 3)  # the pointer moved last
    monkeypatch.setattr(help_key.QCursor, "pos", staticmethod(lambda: somewhere))
    qtbot.keyClick(comparing, Qt.Key.Key_F1)
    assert comparing.dialogs.help.title.text() == "Hypergradients of one kind"
    comparing.dialogs.help.hide()


@pytest.mark.parametrize("place", [0, 1, 2])
def test_every_plot_is_explained(comparing: MainWindow, qtbot: QtBot, place: int) -> None:
    tick(qtbot, comparing.comparing.panel, "truncated", studies=STUDIES)
    compare(qtbot, comparing)
    places = comparing.comparing.page.places
    qtbot.waitUntil(lambda: places[place].shown is not None)
    for index in range(places[place].box.count()):
        places[place].box.setCurrentIndex(index)
        places[place].shown.head.help_action.trigger()
        assert len(comparing.dialogs.help.text.text()) > 60
        comparing.dialogs.help.hide()


def test_a_long_title_of_a_plot_widens_no_window(comparing: MainWindow, qtbot: QtBot) -> None:
    tick(qtbot, comparing.comparing.panel, "implicit-cg", studies=STUDIES)
    compare(qtbot, comparing)
    for place in comparing.comparing.page.places:
        titles = [place.box.itemText(index) for index in range(place.box.count())]
        place.box.setCurrentIndex(titles.index(max(titles, key=len)))
    go_round(qtbot)
    assert comparing.minimumSizeHint().width() <= 1024
