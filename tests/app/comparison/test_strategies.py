"""Strategies compared in the window, by its own ticks and buttons."""

import json
from pathlib import Path

import pytest
from driving import click, go_round
from on_compare import PATIENCE
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.comparison.card_choice import CardChoice
from app.comparison.strategies_unattended import compare_strategies_unattended
from app.main_window import MainWindow
from app.terminal import FailedRunError
from app.theme import LIGHT
from engine.experiments.files import list_experiments, load_experiment, override
from engine.experiments.strategies import STRATEGIES
from engine.plots import Plot
from engine.runs.strategies_compared import StrategiesRecord


@pytest.fixture
def searching(comparing: MainWindow, qtbot: QtBot) -> MainWindow:
    """With strategies on the left, of which Adam and random search are ticked."""
    comparing.setup.change("meta.iterations", 4)
    click(qtbot, comparing.comparing.left.buttons["strategies"])
    panel = comparing.comparing.strategies
    for name, row in panel.rows.items():
        if row.tick.isChecked() != (name in ("adam", "random")):
            qtbot.keyClick(row.tick, Qt.Key.Key_Space)
    panel.seeds.setValue(2)
    return comparing


def compare(qtbot: QtBot, window: MainWindow) -> StrategiesRecord:
    control = window.comparing
    click(qtbot, control.strategies.button)
    qtbot.waitUntil(lambda: control.runner.state != "idle", timeout=PATIENCE)
    qtbot.waitUntil(lambda: control.runner.state == "idle", timeout=PATIENCE)
    go_round(qtbot)
    assert isinstance(control.record, StrategiesRecord)
    return control.record


def test_strategies_fill_the_table_and_the_plots(searching: MainWindow, qtbot: QtBot) -> None:
    record = compare(qtbot, searching)
    page = searching.comparing.page
    assert record.is_over
    assert [rival.strategy for rival in record.rivals] == ["adam", "random"]
    qtbot.waitUntil(lambda: page.table.rowCount() == 2 and bool(page.table.item(1, 1).text()))
    assert page.table.item(0, 0).text() == "Adam"
    objective, test, _ = page.places
    qtbot.waitUntil(lambda: objective.box.count() == 1)
    assert objective.box.itemText(0) == "Validation loss"
    assert test.box.itemText(0) == "Test loss"
    assert searching.comparing.progress.status.text() == "Compared 2 strategies."


def test_training_runs_or_time_are_chosen_on_the_plot_and_exports_follow(
    searching: MainWindow, qtbot: QtBot
) -> None:
    compare(qtbot, searching)
    page = searching.comparing.page
    objective = page.places[0]
    qtbot.waitUntil(lambda: objective.shown is not None and objective.shown.plot is not None)
    axis = objective.shown.head.axis
    assert axis.text().startswith("training runs")
    axis.choose("seconds")
    assert objective.shown.view.plot.x_title == "time (seconds)"
    assert page.showing("objective_by_runs").across == "seconds"
    assert objective.shown.showing.of(objective.shown.plot).key == "objective_by_seconds"
    axis.choose("training runs")
    assert objective.shown.view.plot.x_title == "training runs (gradient evaluations)"


def test_settings_of_a_strategy_are_typed_beside_it(searching: MainWindow, qtbot: QtBot) -> None:
    row = searching.comparing.strategies.rows["adam"]
    qtbot.keyClicks(row.line, "step=0.1; step=0.5")
    names = [rival.name for rival in searching.comparing.strategies.rivals()]
    assert names == ["Adam, step 0.1", "Adam, step 0.5", "Random search"]
    row.line.clear()
    qtbot.keyClicks(row.line, "pace=1")
    panel = searching.comparing.strategies
    assert not panel.button.isEnabled()
    assert "expected settings of adam" in panel.complaint.text()


@pytest.mark.parametrize(("text", "works"), [("12", True), ("-1", False), ("many", False)])
def test_what_a_search_may_take_is_a_number_above_0(
    text: str, works: bool, searching: MainWindow, qtbot: QtBot
) -> None:
    panel = searching.comparing.strategies
    qtbot.keyClicks(panel.budget, text)
    assert panel.button.isEnabled() == works
    assert works or f"found “{text}”" in panel.complaint.text()


def test_turning_to_methods_and_back_keeps_what_was_found(
    searching: MainWindow, qtbot: QtBot
) -> None:
    record = compare(qtbot, searching)
    left = searching.comparing.left
    click(qtbot, left.buttons["methods"])
    assert searching.comparing.panel.isVisible()
    click(qtbot, left.buttons["strategies"])
    assert searching.comparing.strategies.isVisible()
    assert searching.comparing.record is record


def test_the_card_opens_the_page_with_its_strategies(window: MainWindow, qtbot: QtBot) -> None:
    window.show_gallery()
    click(qtbot, window.gallery.cards["with-or-without"])
    assert window.body.page == "compare"
    panel = window.comparing.strategies
    assert panel.isVisible()
    texts = [rival.text for rival in panel.rivals()]
    expected = [*list_experiments()["with-or-without"].compares]
    assert texts == [one for one in expected if not STRATEGIES[one.partition(":")[0]].missing]
    assert window.comparing.runner.state == "idle"


def test_without_a_window_a_table_and_files_are_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small = {"training.iterations": "6", "meta.iterations": "3"}
    experiment = override(load_experiment("regression"), small)
    out = tmp_path / "out"
    count = compare_strategies_unattended(experiment, out, ["adam", "random"], 1, None, None)
    assert count == len([*out.iterdir()])
    printed = capsys.readouterr().out
    assert "Random search" in printed
    result = json.loads((out / "comparison.json").read_text())
    assert [one["name"] for one in result["strategies"]] == ["adam", "random"]


def test_where_no_strategy_finds_anything_it_fails_and_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    experiment = load_experiment("regression")
    grid = ["grid:grid_points=9000"]
    with pytest.raises(FailedRunError, match="No strategy found anything"):
        compare_strategies_unattended(experiment, tmp_path / "out", grid, 1, 5, None)
    assert "points along each of" in capsys.readouterr().out


def test_a_highlight_that_comes_late_still_stands_in_front(qtbot: QtBot) -> None:
    def plot(key: str) -> Plot:
        return Plot(key, key, "x", "y", (), (0, 1))

    choice = CardChoice("Quantity", LIGHT)
    qtbot.addWidget(choice)
    choice.set_highlights(["late", "later"])
    choice.show_plots([plot("usual")])
    assert choice.box.currentData() == "usual"
    choice.show_plots([plot("usual"), plot("late")])
    assert choice.box.currentData() == "late"
    choice.box.setCurrentIndex(0)  # which a person chooses
    choice.show_plots([plot("usual"), plot("late"), plot("later")])
    assert choice.box.currentData() == "usual"
