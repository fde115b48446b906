"""Reading all plots along the same axis at once, in the area that holds them."""

from dataclasses import replace

import numpy as np
import pytest
from plots_to_show import ALT, hover, move, shown
from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.plots.plot_area import PlotArea
from app.plots.plot_view import PlotView
from app.theme import LIGHT
from engine.plots import Along, Line, Plot

X = np.arange(11.0)


def plot(key: str, along: Along | None, *lines: Line, log_y: bool = False) -> Plot:
    made = lines or (Line("one", X, X + 1), Line("two", X, X + 2))
    return Plot(key, key, "place", "loss", made, (0, 10), log_y=log_y, along=along, y_unit="nats")


def view(area: PlotArea, key: str) -> PlotView:
    found = area.docks[key].card.view
    assert isinstance(found, PlotView)
    return found


def read(area: PlotArea, key: str) -> dict[str, str]:
    """What the crosshair of a plot says: values by name."""
    reading = view(area, key).crosshair.reading
    return {value.name: value.text for value in reading.values} if reading else {}


def draw(area: PlotArea, plots: list[Plot]) -> None:
    """Show plots, and let the area give them their places."""
    area.show_plots(plots)
    for _ in range(5):
        QApplication.processEvents()


@pytest.fixture
def area(qtbot: QtBot) -> PlotArea:
    make_application()
    made = PlotArea(LIGHT)
    shown(qtbot, made, 1000, 700)
    draw(
        made,
        [
            plot("learning_rates", "iterations"),
            plot("losses", "meta-iterations"),
            plot("learning_curves", "iterations", Line("current", X[:6], 2 * X[:6] + 1)),
            plot("memory", "steps"),
        ],
    )
    return made


def settle(qtbot: QtBot, area: PlotArea) -> None:
    """Wait until no crosshair is on its way to another place."""
    for _ in range(5):
        QApplication.processEvents()  # where the pointer is gets there in later turns
    timers = area.reading.findChildren(QTimer)
    assert timers, "it is by timers that others follow"
    qtbot.waitUntil(lambda: not any(timer.isActive() for timer in timers))


def test_one_plot_is_read_in_all_others_along_the_same_axis(qtbot: QtBot, area: PlotArea) -> None:
    hover(view(area, "learning_rates"), 4.2, 5.0)
    assert read(area, "learning_rates") == {"one": "5", "two": "6"}
    qtbot.waitUntil(lambda: read(area, "learning_curves") == {"current": "9"})
    assert view(area, "learning_curves").crosshair.reading.heading == "place 4"
    assert view(area, "learning_curves").crosshair.reading.unit == "nats"
    assert read(area, "losses") == {}
    assert read(area, "memory") == {}


def test_no_mark_is_left_when_the_pointer_leaves(qtbot: QtBot, area: PlotArea) -> None:
    first = view(area, "learning_rates")
    hover(first, 4.2, 5.0)
    qtbot.waitUntil(lambda: read(area, "learning_curves") != {})
    move(first.viewport(), QPointF(1, 1))
    assert read(area, "learning_rates") == read(area, "learning_curves") == {}
    settle(qtbot, area)  # a place that was on its way does not come after all
    assert not view(area, "learning_curves").crosshair.isVisible()


def test_the_lead_goes_over_to_the_plot_that_is_pointed_at(qtbot: QtBot, area: PlotArea) -> None:
    hover(view(area, "learning_rates"), 4.2, 5.0)
    qtbot.waitUntil(lambda: read(area, "learning_curves") != {})
    hover(view(area, "learning_curves"), 2.1, 5.0)
    qtbot.waitUntil(lambda: read(area, "learning_rates") == {"one": "3", "two": "4"})
    hover(view(area, "losses"), 2.1, 5.0)
    assert read(area, "learning_rates") == read(area, "learning_curves") == {}


def test_a_line_that_is_not_as_long_has_no_value_there(qtbot: QtBot, area: PlotArea) -> None:
    hover(view(area, "learning_rates"), 4.2, 5.0)
    qtbot.waitUntil(lambda: read(area, "learning_curves") != {})
    hover(view(area, "learning_rates"), 9.0, 5.0)
    qtbot.waitUntil(lambda: read(area, "learning_curves") == {})
    assert read(area, "learning_rates") == {"one": "10", "two": "11"}


def test_keys_that_move_the_crosshair_move_the_others_too(qtbot: QtBot, area: PlotArea) -> None:
    curves = view(area, "learning_curves")
    qtbot.keyClick(curves, Qt.Key.Key_Left, ALT)
    qtbot.waitUntil(lambda: read(area, "learning_rates") == {"one": "5", "two": "6"})
    qtbot.keyClick(curves, Qt.Key.Key_Left, ALT)
    qtbot.waitUntil(lambda: read(area, "learning_rates") == {"one": "4", "two": "5"})
    qtbot.keyClick(curves, Qt.Key.Key_Escape)
    assert read(area, "learning_rates") == {}


def test_lines_that_are_off_and_gaps_are_not_told(qtbot: QtBot, area: PlotArea) -> None:
    gap = np.where(X == 4, np.nan, X + 1)
    changed = plot("learning_rates", "iterations", Line("one", X, gap), Line("two", X, X + 2))
    others = [each for each in area.shown if each.key != "learning_rates"]
    draw(area, [changed, *others])
    hover(view(area, "learning_curves"), 4.0, 5.0)
    qtbot.waitUntil(lambda: read(area, "learning_rates") == {"two": "6"})
    area.docks["learning_rates"].card.legend.button("two").click()
    hover(view(area, "learning_curves"), 3.0, 5.0)
    qtbot.waitUntil(lambda: read(area, "learning_rates") == {"one": "4"})


def test_a_logarithmic_axis_is_read_at_its_own_places(qtbot: QtBot, area: PlotArea) -> None:
    rates = view(area, "learning_rates")
    rates.set_log(True)
    hover(view(area, "learning_curves"), 4.0, 5.0)
    qtbot.waitUntil(lambda: read(area, "learning_rates") == {"one": "5", "two": "6"})
    at = rates.crosshair.reading.values[0].at
    assert at is not None
    assert abs(at.y() - rates.in_pixels(4, np.log10(5)).y()) < 1


def test_followers_go_on_reading_numbers_that_change(qtbot: QtBot, area: PlotArea) -> None:
    hover(view(area, "learning_curves"), 4.0, 5.0)
    qtbot.waitUntil(lambda: read(area, "learning_rates") != {})
    lines = (Line("one", X, X + 7), Line("two", X, X + 8), Line("new", X, X))
    others = [each for each in area.shown if each.key != "learning_rates"]
    draw(area, [plot("learning_rates", "iterations", *lines), *others])
    assert read(area, "learning_rates") == {"one": "11", "two": "12", "new": "4"}


def test_plots_that_cannot_be_seen_do_not_follow(
    qtbot: QtBot, area: PlotArea, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw(area, [*area.shown, plot("growing", "iterations")])
    hidden, asked = area.docks["learning_curves"], list[tuple[object, ...]]()
    hidden.close()
    area.docks["growing"].raise_()
    monkeypatch.setattr(hidden.card, "read_along", lambda *place: asked.append(place))
    hover(view(area, "learning_rates"), 4.2, 5.0)
    qtbot.waitUntil(lambda: read(area, "growing") != {})
    assert asked == []


def test_a_hidden_plot_takes_its_marks_with_it(qtbot: QtBot, area: PlotArea) -> None:
    hover(view(area, "learning_rates"), 4.2, 5.0)
    qtbot.waitUntil(lambda: read(area, "learning_curves") != {})
    area.docks["learning_rates"].close()
    assert read(area, "learning_curves") == {}


def test_presenting_reads_in_larger_type(qtbot: QtBot, area: PlotArea) -> None:
    curves = view(area, "learning_curves")
    hover(view(area, "learning_rates"), 4.2, 5.0)
    qtbot.waitUntil(lambda: curves.crosshair.reading is not None)
    usual = curves.crosshair.readout.box.height()
    area.set_presentation(True)
    QApplication.processEvents()
    hover(view(area, "learning_rates"), 4.2, 5.0)
    qtbot.waitUntil(lambda: curves.crosshair.reading is not None)
    assert curves.crosshair.readout.box.height() > usual


def test_a_click_chooses_the_point_but_a_double_click_shows_all(
    qtbot: QtBot, area: PlotArea
) -> None:
    losses = view(area, "losses")
    place = losses.in_pixels(3.2, 5.0).toPoint()
    with qtbot.waitSignal(area.reading.chosen) as chosen:
        qtbot.mouseClick(losses.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == ["meta-iterations", 3]
    with qtbot.assertNotEmitted(area.reading.chosen, wait=QApplication.doubleClickInterval() + 50):
        qtbot.mouseClick(losses.viewport(), Qt.MouseButton.LeftButton, pos=place)
        qtbot.mouseDClick(losses.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_a_click_on_a_line_that_goes_down_in_x_chooses_its_own_index(
    qtbot: QtBot, area: PlotArea
) -> None:
    down = plot("losses", "meta-iterations", Line("one", X[::-1].copy(), X + 1))
    others = [each for each in area.shown if each.key != "losses"]
    draw(area, [*others, down])
    losses = view(area, "losses")
    place = losses.in_pixels(8.0, 4.0).toPoint()
    with qtbot.waitSignal(area.reading.chosen) as chosen:
        qtbot.mouseClick(losses.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == ["meta-iterations", 2]


def test_a_click_on_a_line_of_two_points_chooses_the_point_of_the_run(
    qtbot: QtBot, area: PlotArea
) -> None:
    usual = Line("usual", X[[0, -1]], np.array([4.0, 4.0]))
    both = plot("losses", "meta-iterations", Line("one", X, X + 10), usual)
    others = [each for each in area.shown if each.key != "losses"]
    draw(area, [*others, both])
    losses = view(area, "losses")
    place = losses.in_pixels(float(X[-1]), 4.0).toPoint()
    with qtbot.waitSignal(area.reading.chosen) as chosen:
        qtbot.mouseClick(losses.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == ["meta-iterations", len(X) - 1]


def test_a_plot_of_something_else_is_read_by_itself(qtbot: QtBot, area: PlotArea) -> None:
    others = [replace(each, along=None) for each in area.shown]
    draw(area, others)
    hover(view(area, "learning_rates"), 4.2, 5.0)
    settle(qtbot, area)
    assert read(area, "learning_rates") != {}
    assert read(area, "learning_curves") == {}
