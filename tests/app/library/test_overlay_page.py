"""Ticked runs laid over each other, at one moment of all of them, and what differs."""

import csv
import io

import numpy as np
from driving import click
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from runs_desk import Desk

from app.plots.plot_view import PlotView
from engine.plots import Plot


def shown(desk: Desk, qtbot: QtBot, count: int) -> dict[str, Plot]:
    """The plots once so many runs are laid over each other."""
    page = desk.page

    def is_there() -> bool:
        laid = page.laid
        return laid is not None and len(laid.numbers) == count and laid.asked.after == after()

    def after() -> int | None:
        return page.lanes.after

    qtbot.waitUntil(is_there)
    assert page.laid is not None
    return {plot.key: plot for plot in page.laid.plots}


def view_of(desk: Desk, place: int) -> PlotView:
    card = desk.page.places[place].shown
    assert card is not None
    assert isinstance(card.view, PlotView)
    return card.view


def test_ticked_runs_lie_over_each_other_and_each_line_ends_in_its_number(
    desk: Desk, qtbot: QtBot
) -> None:
    desk.tick("first", "with decays", "another seed")
    plots = shown(desk, qtbot, 3)
    view = view_of(desk, 0)
    assert view.plot is not None
    assert view.plot.key == "losses"
    drawn = {line.name: line for line in view.plot.lines}
    assert {"1 validation", "2 validation", "3 validation"} < drawn.keys()
    assert [drawn[f"{n} validation"].colour for n in (1, 2, 3)] == [0, 1, 2]
    assert [drawn[f"{n} validation"].dash for n in (1, 2, 3)] == ["solid"] * 3
    assert drawn["1 training"].dash == "dotted"
    texts = [item for item in view.getPlotItem().items if type(item).__name__ == "TextItem"]
    assert sorted(item.toPlainText() for item in texts) == ["1", "2", "3"]
    ends = {item.toPlainText(): item.pos().x() for item in texts}
    assert ends == {"1": 3.0, "2": 3.0, "3": 1.0}, "the last one was stopped after two"
    assert next(iter(plots)) == "learning_rates"


def test_colours_stay_as_runs_are_unticked_and_nothing_is_left_when_all_are(
    desk: Desk, qtbot: QtBot
) -> None:
    desk.tick("first", "with decays")
    shown(desk, qtbot, 2)
    first = next(run.id for run in desk.panel.table.runs if run.name == "first")
    desk.panel.table.tick(first, on=False)
    plots = shown(desk, qtbot, 1)
    assert {line.colour for line in plots["losses"].lines} == {1}
    click(qtbot, desk.panel.untick_button)
    qtbot.waitUntil(lambda: desk.page.laid is None)
    assert not desk.page.lanes.lane.slider.isEnabled()


def test_the_lane_shows_all_runs_at_the_same_meta_iteration(desk: Desk, qtbot: QtBot) -> None:
    desk.tick("first", "another seed")
    shown(desk, qtbot, 2)
    lanes = desk.page.lanes
    assert lanes.lane.slider.maximum() == 3
    assert lanes.where.text() == "as they are now"
    lanes.lane.slider.setFocus()
    qtbot.keyClick(lanes.lane.slider, Qt.Key.Key_Home)
    plots = shown(desk, qtbot, 2)
    assert lanes.where.text() == "meta-iteration 0 of 3"
    assert {len(line.y) for line in plots["losses"].lines} == {1}
    lanes.lane.go_to(2)
    plots = shown(desk, qtbot, 2)
    lengths = {line.name: len(line.y) for line in plots["losses"].lines}
    assert (lengths["1 validation"], lengths["2 validation"]) == (3, 2)
    click(qtbot, lanes.now)
    plots = shown(desk, qtbot, 2)
    assert len({line.name: line for line in plots["losses"].lines}["1 validation"].y) == 4


def test_the_table_tells_what_differs_and_what_came_of_it_and_is_copied_as_csv(
    desk: Desk, qtbot: QtBot
) -> None:
    desk.tick("with decays", "another seed")
    shown(desk, qtbot, 2)
    table = desk.page.differences
    titles = [table.verticalHeaderItem(row).text() for row in range(table.rowCount())]
    assert titles[:3] == ["Best validation loss", "Test loss there", "Seconds"]
    told = {
        title: [table.item(row, column).text() for column in range(2)]
        for row, title in enumerate(titles)
    }
    assert told["Seed"] == ["0", "3"]
    assert told["Step size"] == ["0.1", "0.04"] or told["Step size"][0] == "0.1"
    best = [run.best_validation_loss for run in desk.panel.table.runs[1::-1]]
    assert [float(text) for text in told["Best validation loss"]] == [
        float(f"{loss:.4g}") for loss in best if loss is not None
    ]
    click(qtbot, desk.page.copy_button)
    rows = list(csv.reader(io.StringIO(QGuiApplication.clipboard().text())))
    assert rows[0] == ["", "1 with decays", "2 another seed"]
    assert ["Seed", "0", "3"] in rows


def test_a_run_that_is_read_at_one_place_is_read_in_all(desk: Desk, qtbot: QtBot) -> None:
    desk.tick("first", "with decays", "another seed")
    shown(desk, qtbot, 3)
    view = view_of(desk, 0)
    qtbot.waitUntil(lambda: view.isVisible() and bool(view.lines))
    view.read_along(1.0)
    reading = view.crosshair.reading
    assert reading is not None
    told = str(reading)
    assert all(f"{n} validation" in told for n in (1, 2, 3))


def test_a_damaged_run_is_left_out_and_named(desk: Desk, qtbot: QtBot) -> None:
    import sqlite3

    connection = sqlite3.connect(desk.shelf.path or "")
    first = next(run.id for run in desk.panel.table.runs if run.name == "first")
    connection.execute(
        "UPDATE events SET crc32 = 1 WHERE run = (SELECT number FROM runs WHERE id = ?)", [first]
    )
    connection.commit()
    connection.close()
    desk.tick("first", "with decays")
    plots = shown(desk, qtbot, 1)
    assert {line.colour for line in plots["losses"].lines} == {1}
    assert "1 first" in desk.page.lanes.status.text()
    assert "damaged" in desk.page.lanes.status.text()
    np.testing.assert_equal(desk.page.laid.numbers if desk.page.laid else [], [2])


def test_plots_along_the_same_axis_are_read_together_and_a_click_shows_that_moment(
    desk: Desk, qtbot: QtBot
) -> None:
    desk.tick("first", "with decays")
    shown(desk, qtbot, 2)
    losses = view_of(desk, 0)
    other = desk.page.places[0]
    other.box.setCurrentIndex(other.box.findData("losses"))
    beside = desk.page.places[1]
    assert beside.box.findData("decays") >= 0
    beside.box.setCurrentIndex(beside.box.findData("decays"))
    view = view_of(desk, 1)
    assert view.plot is not None
    if view.plot.along == "meta-iterations":
        losses.placed.emit(2.0)
        assert view.crosshair.reading is not None
        losses.left.emit()
        assert view.crosshair.reading is None
    losses.chosen.emit(1)
    assert desk.page.lanes.where.text() == "meta-iteration 1 of 3"
