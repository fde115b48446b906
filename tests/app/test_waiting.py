"""Between two runs, and before one has anything to show."""

import threading
from collections.abc import Iterator

import pytest
from driving import press
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from app.waiting_page import WaitingPage
from engine.runs.events import Event, Preparing

PATIENCE = 20_000


def run_to_the_end(qtbot: QtBot, window: MainWindow) -> None:
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)


@pytest.fixture
def slow_engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Every run compiles until it is let go, and then fails."""
    let_go = threading.Event()

    def optimize(*_: object, **__: object) -> Iterator[Event]:
        yield Preparing("Compiling (first run only): the training step", 1, 3)
        let_go.wait(60)
        yield Preparing("Compiling (first run only): the reverse step", 2, 3)

    monkeypatch.setattr("engine.runs.run.optimize", optimize)
    yield let_go
    let_go.set()


def visible_plots(window: MainWindow) -> list[str]:
    return [key for key, dock in window.plot_area.docks.items() if dock.isVisible()]


def test_while_kernels_compile_their_place_says_so_and_no_plot_of_the_last_run_is_there(
    window: MainWindow,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    run_to_the_end(qtbot, window)
    assert visible_plots(window)
    let_go = request.getfixturevalue("slow_engine")
    press(qtbot, window, "run")
    assert not visible_plots(window)
    assert window.waiting.isVisible()
    assert window.waiting.title.text() == window.setup.experiment().title
    qtbot.waitUntil(lambda: "the training step" in window.waiting.what.text(), timeout=PATIENCE)
    assert "s. Training comes next." in window.waiting.elapsed.text()
    assert (window.waiting.bar.value(), window.waiting.bar.maximum()) == (1, 3)
    let_go.set()


def test_stop_while_kernels_compile_leaves_nothing_of_it(
    window: MainWindow, qtbot: QtBot, slow_engine: threading.Event
) -> None:
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: "the training step" in window.waiting.what.text(), timeout=PATIENCE)
    press(qtbot, window, "stop")
    slow_engine.set()
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    assert window.progress.status.text() == "Stopped before training began."
    assert window.timeline.where.text() == ""
    assert window.ready.isVisible()


def test_a_run_that_is_cleared_shows_no_plot(window: MainWindow, qtbot: QtBot) -> None:
    run_to_the_end(qtbot, window)
    window.control.clear()
    assert not visible_plots(window)
    assert window.plot_area.docks["losses"].card.plot is None, "nor when the next run shows it"
    assert not window.plot_area.docks["losses"].card.view.isVisibleTo(window.plot_area)
    assert window.ready.isVisible()
    assert not window.plot_menu.isEnabled()
    run_to_the_end(qtbot, window)
    assert window.plot_area.docks["losses"].card.view.isVisible()


def test_the_menu_of_plots_lists_those_of_this_run_as_soon_as_it_has_some(
    window: MainWindow, qtbot: QtBot
) -> None:
    assert not window.plot_menu.isEnabled()
    run_to_the_end(qtbot, window)
    assert window.plot_menu.isEnabled()
    titles = [action.text() for action in window.plot_menu.actions()]
    assert len(titles) == len(window.plot_area.shown)
    window.control.choose_experiment("toy")
    run_to_the_end(qtbot, window)
    assert [action.data() for action in window.plot_menu.actions()] == [
        plot.key for plot in window.plot_area.shown
    ]


def test_what_takes_no_time_is_not_spoken_of(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr("app.waiting_page.time.monotonic", lambda: clock[0])
    page = WaitingPage()
    qtbot.addWidget(page)
    page.start("Two moons")
    page.add(Preparing("Loading the data"))
    timer = page.findChild(QTimer)
    for clock[0], said in (
        (100.4, ("", "")),  # too early to be read
        (101.0, ("Loading the data …", "1 s. Training comes next.")),
    ):
        with qtbot.waitSignal(timer.timeout):
            pass
        assert (page.what.text(), page.elapsed.text()) == said
    page.add(Preparing("Compiling", 1, 3))
    clock[0] = 101.2
    with qtbot.waitSignal(timer.timeout):
        pass
    assert page.what.text() == "Loading the data …", "so far it may be over in no time"
    page.stop()


def test_stop_and_closing_do_not_wait_for_what_is_being_compiled(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = threading.Event()
    piece = ("something that cannot be interrupted", lambda: compiled.wait(60))
    monkeypatch.setattr("engine.runs.warm_up.steps_of", lambda dynamics: [piece])
    try:
        press(qtbot, window, "run")
        qtbot.waitUntil(lambda: "cannot be" in window.waiting.what.text(), timeout=PATIENCE)
        press(qtbot, window, "stop")
        qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
        assert not window.waiting.isVisible()
        press(qtbot, window, "run")
        qtbot.waitUntil(lambda: "cannot be" in window.waiting.what.text(), timeout=PATIENCE)
        window.close()
        assert not window.isVisible()
        assert not compiled.is_set()
    finally:
        compiled.set()
        for thread in threading.enumerate():
            if thread.name == "retrograde-compiling":
                thread.join(PATIENCE / 1000)
