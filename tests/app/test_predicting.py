"""Bands of how live curves are likely to end: when they come, what they say, when they go."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from driving import card_of, choose, go_round, press, type_into
from experiments_for_tests import events_of, tiny
from plots_to_show import hover
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from app.plots.plot_view import PlotView
from app.plots.prediction_popover import PredictionPopover
from app.preferences import Preferences
from engine.forecasting.models import FORECASTERS
from engine.plots import PREDICTED, Curve, Line, Plot, Prediction, predicted
from engine.runs.events import (
    MetaIterationDone,
    MetaIterationStarted,
    RunFinished,
    RunStarted,
    TrainingProgress,
)

PATIENCE = 30_000
PREDICT = predicted.predict
SLOW = tiny({"meta.iterations": "40"})
FAMILIES = dict(zip(FORECASTERS["three-families"].families, (0.25, 0.15, 0.6), strict=True))


def stand_in(curve: Curve, model: str, **_: object) -> Prediction:
    """Says at once that the loss will fall a little."""
    values = curve.measured()
    mean = np.linspace(values[0], 0.9 * curve.best, curve.horizon)
    each = dict.fromkeys(FAMILIES, mean)
    return Prediction(curve, model, mean, 0.8 * mean, 1.3 * mean, lambda _: 0.88, FAMILIES, each)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(predicted, "predict", stand_in)


class Run:
    """A run whose events come as a test asks for them."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._events = iter(events_of(SLOW))
        window.show_run()
        window.body.show_page("run")

    def go_on(self, count: int = 1) -> None:
        """So many meta-iterations more."""
        for event in self._events:
            self._window.view.take(event)
            count -= isinstance(event, MetaIterationDone)
            if not count:
                break
        self._window.view.redraw()

    def stop(self) -> None:
        """No more of them: it is stopped."""
        end = next(event for event in events_of(SLOW) if isinstance(event, RunFinished))
        self._window.view.take(replace(end, outcome="stopped"))
        self._window.view.redraw()


@pytest.fixture
def run(window: MainWindow, qtbot: QtBot) -> Run:
    made = Run(window)
    made.go_on()
    let_time_pass(qtbot)
    made.go_on(14)
    return made


@pytest.fixture
def running(window: MainWindow, run: Run, qtbot: QtBot) -> MainWindow:
    """The window in a run of which the losses are predicted."""
    qtbot.waitUntil(lambda: rest_of(window, "losses") is not None, timeout=PATIENCE)
    return window


def let_time_pass(qtbot: QtBot) -> None:
    """So much that a curve goes on for longer than a prediction takes."""
    until = time.perf_counter() + 0.3
    qtbot.waitUntil(lambda: time.perf_counter() > until)


def rest_of(window: MainWindow, key: str) -> Line | None:
    """What is predicted of a plot's curve, as it is drawn."""
    plot = next((plot for plot in window.plot_area.shown if plot.key == key), None)
    lines = plot.lines if isinstance(plot, Plot) else ()
    return next((line for line in lines if line.predicted is not None), None)


def view_of(window: MainWindow, key: str) -> PlotView:
    view = card_of(window, key).view
    assert isinstance(view, PlotView)
    return view


def test_the_meta_learning_curve_goes_on_as_predicted_to_the_last_meta_iteration(
    running: MainWindow, qtbot: QtBot
) -> None:
    rest = rest_of(running, "losses")
    assert rest is not None
    assert running.record is not None
    assert rest.x[0] == len(running.record.meta_iterations)
    assert rest.x[-1] == 40
    view = view_of(running, "losses")
    drawn = view.lines[PREDICTED]
    np.testing.assert_array_equal(drawn[0], rest.x)
    entry = next(entry for entry in view.entries if entry.name == PREDICTED)
    assert entry.pen.style() == Qt.PenStyle.DashLine
    button = card_of(running, "losses").legend.button(PREDICTED)
    assert button.toolTip() == "Hide predicted: not measured; 90 % band"


def test_reading_it_tells_the_ends_of_the_band_and_the_chance(
    running: MainWindow, qtbot: QtBot
) -> None:
    rest, view = rest_of(running, "losses"), view_of(running, "losses")
    assert rest is not None
    hover(view, 36.0, float(rest.y[-5]))
    reading = view.crosshair.reading
    assert reading is not None
    told = next(value for value in reading.values if value.name == PREDICTED)
    value, low, high = (float(text.strip("(to)")) for text in told.text.replace("to", "").split())
    index = int(np.flatnonzero(rest.x == 36)[0])
    assert rest.low is not None
    assert rest.high is not None
    at = (rest.y[index], rest.low[index], rest.high[index])
    np.testing.assert_allclose((value, low, high), at, rtol=1e-2)
    best = min(
        one.measures[f"{SLOW.meta.objective}_loss"] for one in running.record.meta_iterations
    )  # type: ignore[union-attr]
    assert reading.note.startswith("88 % likely to beat ")
    assert reading.note.endswith(" by meta-iteration 40")
    assert float(reading.note.split()[5]) >= 0.99 * best
    assert reading.text.endswith(reading.note), "a screen reader is told, too"
    hover(view, 2.0, float(rest.y[0]))
    assert view.crosshair.reading is not None
    assert not view.crosshair.reading.note, "there it is measured"


def test_a_click_on_what_is_predicted_stays_with_the_run(running: MainWindow, qtbot: QtBot) -> None:
    rest, view = rest_of(running, "losses"), view_of(running, "losses")
    assert rest is not None
    place = view.in_pixels(36.0, float(rest.y[-5]))
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place.toPoint())
    go_round(qtbot)
    assert running.view.moment is None


def test_an_earlier_moment_has_no_band_of_a_later_one(running: MainWindow, qtbot: QtBot) -> None:
    running.timeline.meta_iteration.go_to(3)
    go_round(qtbot)
    assert running.view.moment is not None
    assert rest_of(running, "losses") is None
    assert PREDICTED not in view_of(running, "losses").lines
    running.timeline.go_live()
    go_round(qtbot)
    assert rest_of(running, "losses") is not None


def test_nothing_is_predicted_of_a_run_that_is_over(
    running: MainWindow, run: Run, qtbot: QtBot
) -> None:
    run.stop()
    go_round(qtbot)
    assert all(rest_of(running, plot.key) is None for plot in running.plot_area.shown)
    assert running.view.predicting.silence("losses").startswith("No curve goes on here now")


def test_the_menu_turns_it_off_and_that_is_remembered(running: MainWindow, qtbot: QtBot) -> None:
    action = running.actions_["predict"]
    assert action in running.actions_.menus["&View"].actions()
    assert action.isChecked()
    action.trigger()
    go_round(qtbot)
    assert rest_of(running, "losses") is None
    assert not Preferences().predicts
    assert "Predict live curves is off" in running.view.predicting.silence("losses")
    action.trigger()
    qtbot.waitUntil(lambda: rest_of(running, "losses") is not None, timeout=PATIENCE)
    assert Preferences().predicts


def popover_of(window: MainWindow, key: str) -> PredictionPopover:
    card_of(window, key).head.prediction_action.trigger()
    popover = window.dialogs.prediction
    assert popover is not None
    assert popover.isVisible()
    return popover


def test_families_say_how_much_weight_they_have(running: MainWindow, qtbot: QtBot) -> None:
    popover = popover_of(running, "losses")
    second, third, first = FAMILIES
    assert popover.rows == {first: "60 %", second: "25 %", third: "15 %"}
    assert [*popover.rows] == [first, second, third], "the largest first"
    assert popover.words.text().startswith("Predicted ")
    assert "88 % likely to beat" in popover.words.text()
    assert f"{first} 60 %" in popover.accessibleDescription()
    popover.close()


def test_the_model_is_chosen_beside_what_it_says(running: MainWindow, qtbot: QtBot) -> None:
    popover = popover_of(running, "losses")
    choose(qtbot, popover.model_box, "domhan-eleven")
    assert Preferences().forecaster == "domhan-eleven"
    assert "All eleven families" in popover.about.text()

    def is_by_it() -> bool:
        made = running.view.predicting.prediction("losses")
        return made is not None and made.model == "domhan-eleven"

    qtbot.waitUntil(is_by_it, timeout=PATIENCE)
    assert [*popover.rows.values()] == ["60 %", "25 %", "15 %"], "what has come meanwhile"
    popover.close()


def test_only_plots_of_curves_that_go_on_offer_to_explain(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    assert card_of(window, "losses").head.prediction_action.isVisible()
    assert not card_of(window, "memory").head.prediction_action.isVisible()
    popover = popover_of(window, "losses")
    assert popover.words.text() == "No curve goes on here now: one is predicted while it grows."
    assert set(popover.rows) == set(FAMILIES), "which families would speak"
    assert not any(popover.rows.values())
    popover.close()


class Training:
    """A run's first training, whose iterations come as a test asks for them."""

    def __init__(self, window: MainWindow, iterations: int, least: int) -> None:
        self._window, self._done = window, 0
        started = next(event for event in events_of(tiny()) if isinstance(event, RunStarted))
        settings = {"training.iterations": str(iterations), "stopping.least": str(least)}
        experiment = tiny(settings)
        window.show_run()
        window.view.take(replace(started, experiment=experiment))
        begins = MetaIterationStarted(0, started.initial, np.zeros(iterations + 1))
        window.view.take(begins)
        window.body.show_page("run")

    def go_on(self, count: int) -> None:
        self._done += count
        held = np.zeros(count, np.int64)
        losses = 100.0 * np.exp(-np.arange(self._done - count, self._done) / 10.0)
        self._window.view.take(TrainingProgress(0, 0, self._done, losses, held))
        self._window.view.redraw()


def shown_training(window: MainWindow, qtbot: QtBot, iterations: int, least: int = 10) -> Training:
    training = Training(window, iterations, least)
    training.go_on(1)
    window.plot_area.show()
    card_of(window, "learning_curves")
    go_round(qtbot)
    assert window.plot_area.is_seen(["learning_curves"])
    return training


def test_a_learning_curve_is_predicted_once_it_is_old_enough_until_it_is_complete(
    window: MainWindow, qtbot: QtBot
) -> None:
    training = shown_training(window, qtbot, 60, least=12)
    let_time_pass(qtbot)
    training.go_on(10)
    go_round(qtbot)
    assert window.view.predicting.silence("learning_curves").startswith(
        "The curve is predicted from 12 points on; it has 11 so far."
    )
    training.go_on(1)
    qtbot.waitUntil(lambda: rest_of(window, "learning_curves") is not None, timeout=PATIENCE)
    rest = rest_of(window, "learning_curves")
    assert rest is not None
    np.testing.assert_array_equal(rest.x, np.arange(12.0, 60.0))
    training.go_on(5)
    rest = rest_of(window, "learning_curves")
    assert rest is not None
    assert rest.x[0] == 17, "nothing is predicted any more where it is measured"
    training.go_on(44)
    assert rest_of(window, "learning_curves") is None
    assert PREDICTED not in view_of(window, "learning_curves").lines


def test_a_curve_that_is_about_to_end_is_not_predicted(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def noting(curve: Curve, model: str, **more: object) -> Prediction:
        asked.append(curve.count)
        return stand_in(curve, model, **more)

    monkeypatch.setattr(predicted, "predict", noting)
    training = shown_training(window, qtbot, 30)
    training.go_on(24)  # within a moment: so few that are left will have come before
    go_round(qtbot)
    assert asked == []


def test_of_what_comes_while_one_is_made_only_the_latest_is_predicted(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    go = threading.Event()

    def slow(curve: Curve, model: str, *, is_wanted: Callable[[], bool]) -> Prediction:
        asked.append(curve.count)
        go.wait(10)
        return stand_in(curve, model)

    monkeypatch.setattr(predicted, "predict", slow)
    training = shown_training(window, qtbot, 60)
    let_time_pass(qtbot)
    training.go_on(9)
    qtbot.waitUntil(lambda: asked == [10], timeout=PATIENCE)
    for _ in range(4):
        training.go_on(5)
    go_round(qtbot)
    assert asked == [10], "it is not disturbed"
    go.set()
    qtbot.waitUntil(lambda: asked == [10, 30], timeout=PATIENCE)
    qtbot.waitUntil(lambda: rest_of(window, "learning_curves") is not None, timeout=PATIENCE)


def test_clearing_and_closing_wait_for_the_thread(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ended = threading.Event(), threading.Event()

    def unwanted(curve: Curve, model: str, *, is_wanted: Callable[[], bool]) -> Any:
        begun.set()
        while is_wanted():
            time.sleep(0.002)
        ended.set()

    monkeypatch.setattr(predicted, "predict", unwanted)
    training = shown_training(window, qtbot, 60)
    let_time_pass(qtbot)
    training.go_on(9)
    qtbot.waitUntil(begun.is_set, timeout=PATIENCE)
    window.view.clear()
    assert ended.is_set()


def test_a_real_run_is_predicted_while_it_goes_on(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(predicted, "predict", PREDICT)
    type_into(qtbot, window, "meta.iterations", "1000")
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: rest_of(window, "losses") is not None, timeout=PATIENCE)
    rest = rest_of(window, "losses")
    assert rest is not None
    assert rest.x[-1] == 1000
    press(qtbot, window, "stop")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    go_round(qtbot)
    assert rest_of(window, "losses") is None
    assert window.view.predicting.silence("losses").startswith("No curve goes on here now")


def test_an_exported_figure_has_the_band_as_it_is_shown(running: MainWindow, qtbot: QtBot) -> None:
    shown = next(plot for plot in running.plot_area.shown if plot.key == "losses")
    assert isinstance(shown, Plot)
    kept = running.plot_area.docks["losses"].card.showing.of(shown)
    assert isinstance(kept, Plot)
    assert kept.lines[-1].predicted
    qtbot.mouseClick(card_of(running, "losses").legend.button(PREDICTED), Qt.MouseButton.LeftButton)
    kept = running.plot_area.docks["losses"].card.showing.of(shown)
    assert isinstance(kept, Plot)
    assert not any(line.predicted for line in kept.lines), "hidden here, and so there"
