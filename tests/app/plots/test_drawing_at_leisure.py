import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from driving import go_round
from experiments_for_tests import events_of, record_of, tiny
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from app.plots.plot_area import PlotArea
from app.plots.plot_card import PlotCard
from app.theme import LIGHT
from engine.plots import AnyPlot, plots

SEEN = ["learning_rates", "losses", "learning_curves", "memory"]
"""On top in their corners, before there are scenes."""


@pytest.fixture
def area(qtbot: QtBot) -> Iterator[PlotArea]:
    area = PlotArea(LIGHT)
    qtbot.addWidget(area)
    area.resize(1200, 800)
    area.show()
    qtbot.waitExposed(area)
    yield area
    area.hide()


@pytest.fixture(scope="module")
def run_plots() -> list[AnyPlot]:
    return plots(record_of(events_of(tiny())))


def made(area: PlotArea) -> list[str]:
    """Keys of the docks that hold a card."""
    return [key for key, dock in area.docks.items() if dock.widget() is not None]


def drawn(area: PlotArea) -> list[str]:
    """Keys of the docks that show a plot."""
    return [key for key in made(area) if area.docks[key].card.plot is not None]


def take_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every plot take longer than a turn of the event loop should, by the clock."""
    show_plot, clock = PlotCard.show_plot, time.perf_counter
    ahead = 0.0

    def slowly(card: PlotCard, plot: AnyPlot) -> None:
        nonlocal ahead
        ahead += 0.03
        show_plot(card, plot)

    monkeypatch.setattr(time, "perf_counter", lambda: clock() + ahead)
    monkeypatch.setattr(PlotCard, "show_plot", slowly)


def counted(qtbot: QtBot, count: Callable[[], int], wanted: int) -> list[int]:
    """What a number was in every turn of the event loop, until it is as high as wanted."""
    counts: list[int] = []
    timer = QTimer(interval=0)
    timer.timeout.connect(lambda: counts.append(count()))
    timer.start()
    qtbot.waitUntil(lambda: count() >= wanted)
    timer.stop()
    return [*counts, count()]


def test_at_leisure_plots_that_take_long_are_drawn_one_in_a_turn(
    area: PlotArea, run_plots: list[AnyPlot], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_long(monkeypatch)
    area.show_plots(run_plots, at_leisure=True)
    counts = counted(qtbot, lambda: len(drawn(area)), len(SEEN))
    assert np.max(np.diff(counts)) == 1
    assert set(SEEN) <= set(drawn(area))


def test_otherwise_all_are_drawn_at_once(area: PlotArea, run_plots: list[AnyPlot]) -> None:
    area.show_plots(run_plots, at_leisure=True)
    area.show_plots(run_plots)
    assert not area.is_drawing
    assert set(SEEN) <= set(drawn(area))


def test_what_had_to_wait_comes_first_in_the_next_frame(
    area: PlotArea, run_plots: list[AnyPlot], monkeypatch: pytest.MonkeyPatch
) -> None:
    area.show_plots(run_plots)
    take_long(monkeypatch)
    first, *rest = [key for key in drawn(area) if area.is_seen([key])]
    frames = []
    for _ in range(len(rest) + 1):
        new = plots(record_of(events_of(tiny())))
        area.show_plots(new, at_leisure=True)
        frames.append({key for key in (first, *rest) if area.docks[key].card.plot in new})
    assert len(set.union(*frames)) == len(rest) + 1


def test_what_a_run_begins_with_is_made_beforehand_one_plot_in_a_turn(
    area: PlotArea, qtbot: QtBot
) -> None:
    area.prepare()
    assert not made(area)
    counts = counted(qtbot, lambda: len(made(area)), len(SEEN))
    assert np.max(np.diff(counts)) == 1
    assert set(made(area)) == set(SEEN)
    assert not drawn(area)


def test_an_area_that_is_hidden_draws_nothing_until_it_is_shown(
    area: PlotArea, run_plots: list[AnyPlot], qtbot: QtBot
) -> None:
    area.prepare()
    area.show_plots(run_plots, at_leisure=True)
    area.hide()
    assert not area.is_drawing
    go_round(qtbot)
    assert not made(area)
    area.show()
    qtbot.waitUntil(lambda: set(SEEN) <= set(drawn(area)))
