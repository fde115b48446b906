from collections.abc import Iterator

import pytest
from driving import go_round, press
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabBar
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow

PATIENCE = 30_000


@pytest.fixture
def presenting(window: MainWindow, qtbot: QtBot) -> Iterator[MainWindow]:
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert window.presentation.is_on
    go_round(qtbot)
    yield window
    if window.presentation.is_on:
        window.set_presentation(False)


def seen(window: MainWindow) -> list[str]:
    """The plots that can be seen, without those that lie behind another one."""
    docks = window.plot_area.docks
    return [key for key, dock in docks.items() if not dock.visibleRegion().isEmpty()]


def test_two_plots_are_shown_and_neither_menus_nor_set_up(presenting: MainWindow) -> None:
    assert seen(presenting) == ["learning_rates", "losses"]
    assert not presenting.menuBar().isVisible()
    assert not presenting.setup.isVisible()
    assert not presenting.actions_.bar.export_button.isVisible()
    assert presenting.timeline.isVisible()


def test_digits_choose_a_plot_and_0_shows_all(presenting: MainWindow, qtbot: QtBot) -> None:
    for key, expected in (
        (Qt.Key.Key_4, ["memory"]),
        (Qt.Key.Key_2, ["losses"]),
        (Qt.Key.Key_2, ["learning_rates", "losses"]),
        (Qt.Key.Key_0, ["learning_rates", "losses", "learning_curves", "memory"]),
        (Qt.Key.Key_0, ["learning_rates", "losses"]),
        (Qt.Key.Key_1, ["learning_rates"]),
    ):
        qtbot.keyClick(presenting, key)
        qtbot.waitUntil(lambda expected=expected: sorted(seen(presenting)) == sorted(expected))


def test_what_lies_in_front_stays_in_front(presenting: MainWindow, qtbot: QtBot) -> None:
    presenting.plot_area.docks["hypergradient"].raise_()
    qtbot.waitUntil(lambda: "hypergradient" in seen(presenting))
    for key in (Qt.Key.Key_1, Qt.Key.Key_0):
        qtbot.keyClick(presenting, key)
        go_round(qtbot)
    assert "hypergradient" in seen(presenting)
    qtbot.keyClick(presenting, Qt.Key.Key_Escape)
    go_round(qtbot)
    assert "hypergradient" in seen(presenting)
    assert "losses" not in seen(presenting)


def test_arrow_keys_go_through_the_run(presenting: MainWindow, qtbot: QtBot) -> None:
    lane = presenting.timeline.meta_iteration.slider
    assert presenting.focusWidget() is lane
    done = len(presenting.record.meta_iterations)
    qtbot.keyClick(lane, Qt.Key.Key_Left)
    assert presenting.timeline.moment.meta_iteration == done - 1
    qtbot.keyClick(lane, Qt.Key.Key_Left)
    assert presenting.timeline.moment.meta_iteration == done - 2
    qtbot.keyClick(lane, Qt.Key.Key_Right)
    qtbot.keyClick(lane, Qt.Key.Key_Space)
    assert presenting.presentation.is_on, "nothing is pressed by chance"


def test_digits_are_typed_into_fields_as_ever(presenting: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(presenting, Qt.Key.Key_F9)
    line = presenting.setup.field("training.iterations").line
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "34")
    assert line.text() == "34"
    assert seen(presenting)[:2] == ["learning_rates", "losses"]


def test_the_set_up_lies_over_the_plots_and_moves_none(
    presenting: MainWindow, qtbot: QtBot
) -> None:
    before = presenting.plot_area.geometry()
    qtbot.keyClick(presenting, Qt.Key.Key_F9)
    assert presenting.setup.isVisible()
    go_round(qtbot)
    assert presenting.plot_area.geometry() == before
    qtbot.keyClick(presenting, Qt.Key.Key_Escape)
    assert not presenting.setup.isVisible()
    assert presenting.presentation.is_on


def test_type_of_all_that_is_seen_is_larger(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    card = window.plot_area.docks["losses"].card
    parts = (
        window.actions_.bar.run_button,
        window.actions_.bar.title,
        window.timeline.where,
        window.timeline.live,
        card.head.caption,
        next(bar for bar in window.plot_area.findChildren(QTabBar) if bar.isVisible()),
    )

    def sizes() -> list[float]:
        return [part.fontInfo().pointSizeF() for part in parts]

    usual = sizes()
    window.set_presentation(True)
    assert sizes() == pytest.approx([1.35 * size for size in usual], rel=0.06)
    window.set_presentation(False)
    assert sizes() == usual


def test_escape_leaves_and_all_is_as_before(presenting: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(presenting, Qt.Key.Key_3)
    qtbot.keyClick(presenting, Qt.Key.Key_Escape)
    assert not presenting.presentation.is_on
    assert presenting.menuBar().isVisible()
    assert presenting.setup.isVisible()
    assert sorted(seen(presenting)) == ["learning_curves", "learning_rates", "losses", "memory"]
    qtbot.keyClick(presenting, Qt.Key.Key_1)
    assert len(seen(presenting)) == 4, "digits mean nothing outside of presentations"


def test_escape_gives_an_enlarged_plots_place_back_first(
    presenting: MainWindow, qtbot: QtBot
) -> None:
    presenting.plot_area.toggle_enlarged("losses")
    qtbot.keyClick(presenting, Qt.Key.Key_Escape)
    assert presenting.plot_area.enlarged_key is None
    assert presenting.presentation.is_on


def test_keys_work_while_the_menus_are_hidden(presenting: MainWindow, qtbot: QtBot) -> None:
    presenting.setup.change("meta.iterations", 1000)
    qtbot.keyClick(presenting, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: presenting.runner.state == "running", timeout=PATIENCE)
    qtbot.keyClick(presenting, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: presenting.runner.state == "idle", timeout=PATIENCE)


def test_from_the_gallery_it_goes_to_the_run(window: MainWindow) -> None:
    window.show_gallery()
    window.set_presentation(True)
    assert window.body.page == "ready"
    window.set_presentation(False)


def test_a_panel_that_was_hidden_stays_hidden(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    window.show_run()
    qtbot.keyClick(window, Qt.Key.Key_F9)
    for on in (True, False):
        window.set_presentation(on)
        assert not window.setup.isVisible()
