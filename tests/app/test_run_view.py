import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from driving import card_of, choose_field, click, lines_of, press, tick, type_into
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from app.plots.map_view import MapView
from app.plots.plot_view import PlotView
from engine.experiments.files import list_experiments, override
from engine.plots.scenes import scenes
from engine.runs.events import MetaIterationStarted, MethodProgress
from engine.runs.moments import Moment

PATIENCE = 60_000
T = 10


def finish(qtbot: QtBot, window: MainWindow) -> None:
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)


def go_to(qtbot: QtBot, window: MainWindow, moment: Moment) -> None:
    """Walk along both sliders with the keys."""
    for row, place in (
        (window.timeline.meta_iteration, moment.meta_iteration),
        (window.timeline.step, moment.step),
    ):
        qtbot.keyClick(row.slider, Qt.Key.Key_Home)
        for _ in range(place):
            qtbot.keyClick(row.slider, Qt.Key.Key_Right)
    assert window.timeline.moment == moment


def shown_losses(window: MainWindow) -> int:
    """How many meta-iterations the plot of losses shows."""
    drawn = lines_of(window, "losses").get("training")
    return 0 if drawn is None else len(drawn[1])


@pytest.mark.parametrize("step", [T // 2, T, 2 * T - 3])
def test_every_plot_shows_the_moment_that_the_timeline_is_moved_to(
    window: MainWindow, qtbot: QtBot, step: int
) -> None:
    finish(qtbot, window)
    assert window.record is not None
    done = window.record.meta_iterations[1]
    go_to(qtbot, window, Moment(1, step))
    rates = lines_of(window, "learning_rates")["all groups"][1]
    np.testing.assert_array_equal(rates, done.hyperparameters["learning_rates"][:, 0])
    counted, losses = lines_of(window, "losses")["training"]
    assert (counted[-1], len(losses)) == (1, 2)
    assert window.timeline.where.text() == "meta-iteration 1 of 3"
    iteration = min(step, 2 * T - step)
    current = lines_of(window, "learning_curves")["current"][1]
    np.testing.assert_array_equal(current, done.learning_curve[:iteration])
    assert len(lines_of(window, "memory")["bit buffer"][1]) == step + 1


def test_live_returns_to_the_run_as_it_is(window: MainWindow, qtbot: QtBot) -> None:
    finish(qtbot, window)
    assert window.record is not None
    go_to(qtbot, window, Moment(0, 3))
    click(qtbot, window.timeline.live)
    assert window.view.moment is None
    rates = lines_of(window, "learning_rates")["all groups"][1]
    np.testing.assert_array_equal(rates, window.record.current["learning_rates"][:, 0])
    assert len(lines_of(window, "losses")["training"][1]) == 4


def test_the_past_stays_on_view_while_the_run_goes_on(window: MainWindow, qtbot: QtBot) -> None:
    type_into(qtbot, window, "meta.iterations", "1000")
    press(qtbot, window, "run")
    qtbot.waitUntil(
        lambda: window.record is not None and len(window.record.meta_iterations) > 2,
        timeout=PATIENCE,
    )
    go_to(qtbot, window, Moment(1, T))
    qtbot.waitUntil(lambda: shown_losses(window) == 2, timeout=PATIENCE)
    assert window.record is not None
    count = len(window.record.meta_iterations)
    qtbot.waitUntil(
        lambda: window.record is not None and len(window.record.meta_iterations) > count + 3,
        timeout=PATIENCE,
    )
    assert shown_losses(window) == 2
    press(qtbot, window, "stop")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)


def test_playing_backwards_drains_the_buffer_bit_by_bit(window: MainWindow, qtbot: QtBot) -> None:
    finish(qtbot, window)
    go_to(qtbot, window, Moment(2, T))
    full = window.timeline.buffer.value()
    assert full == window.timeline.buffer.maximum()
    go_to(qtbot, window, Moment(2, 2 * T))
    assert window.timeline.buffer.value() == 0


def test_a_bit_buffer_is_shown_while_the_method_has_one(window: MainWindow, qtbot: QtBot) -> None:
    assert not window.timeline.buffer.isVisible(), "there is no run yet"
    for method, has_buffer in (("stored-trajectory", False), ("exact-reversal", True)):
        choose_field(qtbot, window, "method", method)
        finish(qtbot, window)
        qtbot.waitUntil(lambda wanted=has_buffer: window.timeline.buffer.isVisible() == wanted)


def test_points_in_the_plane_have_their_regions_drawn_at_every_moment(
    window: MainWindow, qtbot: QtBot
) -> None:
    experiment = override(
        list_experiments()["moons"], {"meta.iterations": "2", "training.iterations": "12"}
    )
    window.setup.set_experiment(experiment)
    finish(qtbot, window)
    qtbot.waitUntil(
        lambda: any(plot.key == "decision_regions" for plot in window.plot_area.shown),
        timeout=PATIENCE,
    )
    card = card_of(window, "decision_regions")
    assert isinstance(card.view, MapView)
    go_to(qtbot, window, Moment(1, 12))
    qtbot.waitUntil(lambda: "after 12 " in card.head.caption.text, timeout=PATIENCE)
    trained = card.plot.values
    go_to(qtbot, window, Moment(1, 24))
    qtbot.waitUntil(lambda: "after 0 " in card.head.caption.text, timeout=PATIENCE)
    assert not np.array_equal(card.plot.values, trained)


def test_two_weights_show_their_path_over_the_surface(window: MainWindow, qtbot: QtBot) -> None:
    experiment = override(list_experiments()["toy"], {"meta.iterations": "2"})
    window.setup.set_experiment(experiment)
    finish(qtbot, window)
    qtbot.waitUntil(
        lambda: any(plot.key == "loss_surface" for plot in window.plot_area.shown),
        timeout=PATIENCE,
    )
    assert not window.plot_area.docks["loss_surface"].isHidden()
    go_to(qtbot, window, Moment(1, 60))
    card = card_of(window, "loss_surface")
    qtbot.waitUntil(
        lambda: [path.name for path in card.plot.paths][-1] == "retraced exactly",
        timeout=PATIENCE,
    )


def test_a_run_that_is_cleared_is_forgotten_with_its_scenes(
    window: MainWindow, qtbot: QtBot
) -> None:
    finish(qtbot, window)
    window.control.clear()
    assert window.record is None
    assert window.view.moment is None
    finish(qtbot, window)
    assert window.record is not None


def test_what_to_know_of_a_run_stands_above_its_plots(window: MainWindow, qtbot: QtBot) -> None:
    type_into(qtbot, window, "training.batch_size", "5000")
    type_into(qtbot, window, "hyperparameters.learning_rates.initial", "0")
    tick(qtbot, window, "hyperparameters.learning_rates.free", False)
    tick(qtbot, window, "hyperparameters.decays.free", True)
    finish(qtbot, window)
    minibatches, zero = window.message_bar.note.splitlines()
    assert minibatches.startswith("A minibatch of 5,000 would be more than the ")
    assert zero.startswith("The hypergradient has been zero since meta-iteration 0")


def test_a_sweep_counts_its_points(window: MainWindow, qtbot: QtBot) -> None:
    changes = {"meta.iterations": "3", "training.iterations": "5"}
    window.setup.set_experiment(override(list_experiments()["chaos"], changes))
    finish(qtbot, window)
    assert window.timeline.where.text() == "point 3 of 3"
    assert window.progress.status.text() == "Completed 3 points."


def click_on(qtbot: QtBot, window: MainWindow, key: str, x: float) -> None:
    """Click on a place of a plot, in the middle of its height."""
    view = card_of(window, key).view
    assert isinstance(view, PlotView)
    place = QPoint(round(view.in_pixels(x, 0).x()), round(view.frame().center().y()))
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_a_click_on_a_plot_moves_the_timeline_there(window: MainWindow, qtbot: QtBot) -> None:
    finish(qtbot, window)
    click_on(qtbot, window, "losses", 1.1)
    qtbot.waitUntil(lambda: window.timeline.moment == Moment(1, T), timeout=PATIENCE)
    click_on(qtbot, window, "learning_curves", 4.2)
    qtbot.waitUntil(lambda: window.timeline.moment == Moment(1, 4), timeout=PATIENCE)
    click_on(qtbot, window, "memory", 2.0 * T - 3)
    qtbot.waitUntil(lambda: window.timeline.moment == Moment(1, 2 * T - 3), timeout=PATIENCE)


def test_a_click_on_where_the_run_arrived_goes_to_no_other_moment(
    window: MainWindow, qtbot: QtBot
) -> None:
    finish(qtbot, window)
    with qtbot.waitSignal(window.plot_area.reading.chosen) as chosen:
        click_on(qtbot, window, "losses", float(window.record.experiment.meta.iterations))
    assert chosen.args == ["meta-iterations", window.record.experiment.meta.iterations]
    assert window.timeline.moment is None


def test_axes_stay_where_they_are_while_moments_are_gone_through(
    window: MainWindow, qtbot: QtBot
) -> None:
    finish(qtbot, window)
    view = card_of(window, "losses").view
    assert isinstance(view, PlotView)
    whole = view.ranges()
    ranges = []
    for meta_iteration in (0, 1, 2):
        go_to(qtbot, window, Moment(meta_iteration, T))
        ranges.append(view.ranges())
    assert ranges == [whole] * 3


def test_the_lower_lane_says_what_a_method_does_after_training(
    window: MainWindow, qtbot: QtBot
) -> None:
    finish(qtbot, window)
    lane, view, record = window.timeline.step.slider, window.view, window.record
    assert record is not None
    assert record.entropy_bytes is not None
    view.take(MethodProgress(0, 0, "solving", 12))
    assert lane.message == "solving, round 12"
    view.take(MethodProgress(0, 0, "differencing", 3, (13, 3200)))
    assert lane.message == "training again, run 13 of 3,200"
    view.take(MetaIterationStarted(1, record.current, record.entropy_bytes))
    assert lane.message == ""


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Scenes are made once it is set, as if replaying took so long."""
    let_go = threading.Event()

    def late(*of: Any, **how: Any) -> Any:
        assert let_go.wait(PATIENCE / 1000)
        return scenes(*of, **how)

    monkeypatch.setattr("engine.plots.scenes.scenes", late)
    yield let_go
    let_go.set()


ON_THE_SURFACE = {"meta.iterations": "3", "training.iterations": "12"}


def caption_of(window: MainWindow, key: str) -> str:
    return next((plot.caption for plot in window.plot_area.shown if plot.key == key), "")


@pytest.mark.parametrize("name", ["toy", "moons"])
def test_the_end_of_a_run_is_shown_however_late_its_scenes_are(
    window: MainWindow, qtbot: QtBot, held: threading.Event, name: str
) -> None:
    window.setup.set_experiment(override(list_experiments()[name], ON_THE_SURFACE))
    finish(qtbot, window)
    held.set()
    key = {"toy": "loss_surface", "moons": "decision_regions"}[name]
    wanted = "meta-iteration 2, before the last meta-step, after 12 iterations: "
    qtbot.waitUntil(lambda: caption_of(window, key).startswith(wanted), timeout=PATIENCE)


@pytest.mark.parametrize("in_time", [True, False])
def test_a_run_that_is_held_in_a_meta_iteration_says_that_the_one_shown_was_done_before(
    window: MainWindow, qtbot: QtBot, held: threading.Event, in_time: bool
) -> None:
    changes = {"meta.iterations": "400", "training.iterations": "200"}
    window.setup.set_experiment(override(list_experiments()["toy"], changes))
    if in_time:
        held.set()
    press(qtbot, window, "run")
    qtbot.waitUntil(
        lambda: window.record is not None and len(window.record.meta_iterations) > 2,
        timeout=PATIENCE,
    )
    press(qtbot, window, "pause")
    qtbot.waitUntil(lambda: window.runner.state == "paused", timeout=PATIENCE)
    held.set()
    record = window.record
    assert record is not None
    last = len(record.meta_iterations) - 1
    wanted = f"meta-iteration {last}, the last done, after 200 iterations: "
    qtbot.waitUntil(lambda: caption_of(window, "loss_surface").startswith(wanted), timeout=PATIENCE)
    if record.under_way is not None:
        told = f"up to meta-iteration {last}, the last done"
        assert caption_of(window, "losses").endswith(told)
        memory = caption_of(window, "memory")
        assert memory.startswith(f"meta-iteration {last}")
        assert ("drawn: " in memory) != (", the last done: " in memory), "either says that it is"
    press(qtbot, window, "stop")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    assert caption_of(window, "loss_surface").startswith(wanted)


def test_what_a_run_ends_with_says_that_the_last_meta_step_came_after(
    window: MainWindow, qtbot: QtBot
) -> None:
    experiment = override(list_experiments()["toy"], {"meta.iterations": "2"})
    window.setup.set_experiment(experiment)
    for _ in range(3):  # with luck it was drawn after the end was known
        finish(qtbot, window)
        card = card_of(window, "loss_surface")
        qtbot.waitUntil(lambda c=card: ", before the last meta-step," in c.plot.caption)


def test_a_run_that_was_stopped_does_nothing_any_more(window: MainWindow, qtbot: QtBot) -> None:
    window.setup.change("meta.iterations", 1000)
    press(qtbot, window, "step")
    qtbot.waitUntil(lambda: window.runner.state == "paused", timeout=PATIENCE)
    window.view.take(MethodProgress(1, 0, "updating", 14, (14, 20)))
    assert window.timeline.step.slider.message == "update 14 of 20"
    press(qtbot, window, "stop")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    assert window.timeline.step.slider.message == ""
