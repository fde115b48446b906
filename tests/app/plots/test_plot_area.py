import json

import pytest
from area_driving import PATIENCE, drag_the_middle, is_level, share_of_the_first_column, sizes
from driving import card_of, click, go_round, lines_of, press
from PySide6.QtCore import QByteArray, QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow


def open_docks(window: MainWindow) -> set[str]:
    return {key for key, dock in window.plot_area.docks.items() if not dock.isHidden()}


class _Shown(QObject):
    """Whether a dock had no frame, each time it was shown as a window.

    Args:
        dock: that is watched until `end`.
    """

    def __init__(self, dock: QWidget) -> None:
        super().__init__()
        self.frameless: list[bool] = []
        self._dock = dock
        dock.installEventFilter(self)

    def eventFilter(self, _: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Show and self._dock.isWindow():
            flags = self._dock.windowFlags()
            self.frameless.append(bool(flags & Qt.WindowType.FramelessWindowHint))
        return False

    def end(self) -> None:
        self._dock.removeEventFilter(self)


def test_only_plots_that_mean_something_have_a_dock_open(after_a_run: MainWindow) -> None:
    assert open_docks(after_a_run) == {plot.key for plot in after_a_run.plot_area.shown}
    assert "l2_penalties" not in open_docks(after_a_run)


def test_a_closed_plot_stays_closed_over_runs_until_the_menu_brings_it_back(
    after_a_run: MainWindow, qtbot: QtBot
) -> None:
    window = after_a_run
    window.plot_area.docks["memory"].close_action.trigger()
    assert "memory" not in open_docks(window)
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    assert "memory" not in open_docks(window)
    menu = window.plot_menu
    (entry,) = [action for action in menu.actions() if action.data() == "memory"]
    assert not entry.isChecked()
    entry.trigger()
    assert "memory" in open_docks(window)
    assert lines_of(window, "memory")


def test_what_is_closed_is_remembered_by_the_next_window(
    after_a_run: MainWindow, qtbot: QtBot
) -> None:
    after_a_run.plot_area.docks["losses"].close_action.trigger()
    after_a_run.close()
    again = MainWindow(after_a_run.setup.shipped, theme="light")
    qtbot.addWidget(again)
    assert again.plot_area.closed == {"losses"}
    again.actions_["arrange"].trigger()
    assert not again.plot_area.closed
    again.close()


def test_an_enlarged_plot_has_the_window_to_itself_until_escape(
    after_a_run: MainWindow, qtbot: QtBot
) -> None:
    window = after_a_run
    before = open_docks(window)
    button = card_of(window, "losses").head.enlarge_button
    large = button.icon().cacheKey()
    click(qtbot, button)
    assert open_docks(window) == {"losses"}
    assert (button.accessibleName(), button.icon().cacheKey() != large) == ("Restore", True)
    assert "Escape" in button.toolTip()
    assert not window.setup.isVisible()
    qtbot.keyClick(window.plot_area, Qt.Key.Key_Escape)
    assert (button.accessibleName(), button.icon().cacheKey()) == ("Enlarge", large)
    assert open_docks(window) == before
    assert window.setup.isVisible()


def test_an_enlarged_plot_goes_on_being_drawn_in_the_next_run(
    after_a_run: MainWindow, qtbot: QtBot
) -> None:
    window = after_a_run
    click(qtbot, card_of(window, "losses").head.enlarge_button)
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    assert open_docks(window) == {"losses"}
    assert len(lines_of(window, "losses")["training"][1]) == 4
    click(qtbot, card_of(window, "losses").head.enlarge_button)


def test_a_plot_can_be_taken_out_of_the_window_and_put_back(
    after_a_run: MainWindow, qtbot: QtBot
) -> None:
    dock = after_a_run.plot_area.docks["memory"]
    dock.float_action.trigger()
    assert dock.isFloating()
    click(qtbot, dock.back_button)
    assert not dock.isFloating()
    assert not dock.float_action.isChecked()


def test_a_plot_in_its_own_window_has_a_frame_beside_where_it_was_and_closing_that_brings_it_back(
    after_a_run: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    dock = after_a_run.plot_area.docks["memory"]
    place, screen = dock.mapToGlobal(QPoint()), dock.screen().availableGeometry()
    shown = _Shown(dock)
    dock.float_action.trigger()
    shown.end()
    assert shown.frameless == [False], "once, with its frame: what is there and gone may stay gone"
    assert dock.windowType() is Qt.WindowType.Window
    assert not dock.windowFlags() & Qt.WindowType.FramelessWindowHint
    assert dock.isVisible()
    assert dock.pos() != place
    assert screen.contains(dock.frameGeometry())
    assert not dock.bar.label.isVisible(), "the frame has the title"
    with monkeypatch.context() as frame:
        frame.setattr(QCloseEvent, "spontaneous", lambda _: True)  # as its button does it
        dock.close()
    qtbot.waitUntil(lambda: not dock.isFloating())
    assert dock.isVisible()
    assert dock.bar.label.isVisibleTo(dock.bar)
    assert not after_a_run.plot_area.closed


def test_an_axis_that_was_made_logarithmic_stays_so_in_runs_of_the_same_experiment(
    after_a_run: MainWindow, qtbot: QtBot
) -> None:
    window, card = after_a_run, card_of(after_a_run, "losses")
    card.head.log_action.trigger()
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    assert card.log_y
    window.setup.set_experiment(window.setup.experiment().model_copy(update={"name": "another"}))
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    assert not card.log_y
    assert not card.head.log_action.isChecked()


def test_a_plot_that_was_taken_out_and_put_back_lies_on_top_and_spoils_no_size(
    after_a_run: MainWindow, qtbot: QtBot
) -> None:
    window = after_a_run
    qtbot.waitUntil(lambda: is_level(window))
    for key in ("memory", "learning_rates"):
        dock = window.plot_area.docks[key]
        dock.raise_()
        dock.float_action.trigger()
        go_round(qtbot)
        window.resize(1100, 720)
        click(qtbot, dock.back_button)
        qtbot.waitUntil(lambda dock=dock: not dock.visibleRegion().isEmpty())
        window.resize(1280, 800)
        qtbot.waitUntil(lambda: is_level(window))


def test_a_title_stands_once_in_a_tab_or_above_its_plot(
    after_a_run: MainWindow, qtbot: QtBot
) -> None:
    docks = after_a_run.plot_area.docks
    qtbot.waitUntil(lambda: not docks["losses"].bar.isVisible())  # beside the hypergradient's tab
    _ = docks["hypergradient"].card
    docks["hypergradient"].close_action.trigger()
    qtbot.waitUntil(docks["losses"].bar.isVisible)
    assert docks["losses"].bar.label.text() == "Loss after training"


def test_a_plot_that_was_put_elsewhere_stays_there(after_a_run: MainWindow, qtbot: QtBot) -> None:
    window, area = after_a_run, after_a_run.plot_area
    moved = area.docks["losses"]
    moved.setFloating(True)
    area.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, moved)
    moved.setFloating(False)
    go_round(qtbot)
    saved = area.arrangement()
    area.resizeDocks([moved], [40], Qt.Orientation.Vertical)
    area.restore(saved)
    window.resize(1280, 820)
    least = area.height() // 6
    qtbot.waitUntil(lambda: moved.visibleRegion().boundingRect().height() > least)
    assert moved.geometry().top() > area.docks["learning_rates"].geometry().bottom()


@pytest.mark.parametrize(
    ("which", "small"),
    [(0, ["learning_rates", "learning_curves"]), (1, ["learning_rates", "losses"])],
    ids=["width", "height"],
)
def test_no_plot_is_restored_too_small_to_read(
    after_a_run: MainWindow, qtbot: QtBot, which: int, small: list[str]
) -> None:
    window, area = after_a_run, after_a_run.plot_area
    qtbot.waitUntil(lambda: is_level(window))
    drag_the_middle(qtbot, window, -100)
    state, _, told = bytes(area.arrangement().data()).partition(b"\nshares ")
    shares = json.loads(told)
    for name in small:
        shares[area.docks[name].objectName()][which] = 0.05
    area.restore(QByteArray(state + b"\nshares " + json.dumps(shares).encode()))
    window.resize(1900, 1600)

    def part_of_the_smallest() -> float:
        least = min(size[which] for size in sizes(window))
        return least / (area.width(), area.height())[which]

    before = sizes(window)
    qtbot.waitUntil(lambda: area.height() > 1200 and sizes(window) != before)
    for _ in range(5):  # what keeps the shares comes after the resizing
        go_round(qtbot)
    assert part_of_the_smallest() > 0.18


def test_proportions_that_a_person_chose_are_kept_in_a_window_of_another_size(
    after_a_run: MainWindow, qtbot: QtBot
) -> None:
    window, area = after_a_run, after_a_run.plot_area
    qtbot.waitUntil(lambda: is_level(window))
    drag_the_middle(qtbot, window, -100)
    chosen = share_of_the_first_column(window)
    assert b'{"plot ' in area.arrangement().data()
    window.resize(1900, 1000)
    qtbot.waitUntil(lambda: abs(share_of_the_first_column(window) - chosen) < 0.02)
    saved = area.arrangement()
    window.actions_["arrange"].trigger()
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: is_level(window))
    area.restore(saved)
    qtbot.waitUntil(lambda: abs(share_of_the_first_column(window) - chosen) < 0.02)


@pytest.mark.parametrize("told", ["", "[1]", '{"plot losses": [2, 0.5]}', "\x00"])
def test_an_arrangement_with_proportions_that_mean_nothing_is_restored_without_them(
    after_a_run: MainWindow, qtbot: QtBot, told: str
) -> None:
    window, area = after_a_run, after_a_run.plot_area
    drag_the_middle(qtbot, window, -100)
    state = bytes(area.arrangement().data()).partition(b"\nshares ")[0]
    area.restore(QByteArray(state + b"\nshares " + told.encode()))
    go_round(qtbot)
    assert not is_level(window)


def test_plots_behind_others_are_not_drawn_until_they_are_seen(
    after_a_run: MainWindow, qtbot: QtBot
) -> None:
    window = after_a_run
    card_of(window, "losses")
    hidden = window.plot_area.docks["hypergradient"].card
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    QApplication.processEvents()
    stale = hidden.plot
    window.plot_area.docks["hypergradient"].raise_()
    QApplication.processEvents()
    assert hidden.plot is not stale


def test_the_menu_shows_all_the_data_again(after_a_run: MainWindow, qtbot: QtBot) -> None:
    dock = after_a_run.plot_area.docks["losses"]
    view = dock.card.view
    before = view.ranges()
    view.setFocus()
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Left):
        qtbot.keyClick(view, key)
    assert view.ranges() != before
    assert dock.whole_action in dock.card.head.menu.actions()
    dock.whole_action.trigger()
    assert view.ranges()[0] == pytest.approx(before[0])
    assert view.ranges()[1] == pytest.approx(before[1])


def test_a_plot_that_is_hidden_behind_another_is_not_in_the_tab_order(
    after_a_run: MainWindow, qtbot: QtBot
) -> None:
    area = after_a_run.plot_area
    seen = [dock for dock in area.docks.values() if dock.is_seen]
    behind = [dock for dock in area.docks.values() if dock.isVisible() and not dock.is_seen]
    assert behind, "some plots share a corner"
    for dock in behind:
        dock.raise_()
    for dock in seen:
        dock.raise_()
    start = seen[0].card.view.reader
    start.setFocus()
    walked: list[QWidget] = []
    while (now := QApplication.focusWidget()) is not None and now not in walked:
        walked.append(now)
        QTest.keyClick(now, Qt.Key.Key_Tab)
    inside = [one for one in walked if area.isAncestorOf(one)]
    assert {dock.key for dock in seen} <= {
        dock.key for dock in area.docks.values() for one in inside if dock.isAncestorOf(one)
    }
    middles = {one: one.mapTo(area, one.rect().center()) for one in inside}
    assert [one for one, middle in middles.items() if not area.rect().contains(middle)] == []


def test_a_plot_that_goes_behind_another_gives_the_keyboard_away(
    after_a_run: MainWindow,
) -> None:
    area = after_a_run.plot_area
    [front, *_] = [dock for dock in area.docks.values() if dock.is_seen and dock.key != "losses"]
    other = next(dock for dock in area.tabifiedDockWidgets(front) if dock.isVisible())
    front.card.view.reader.setFocus()
    other.raise_()
    assert QApplication.focusWidget() is area
    QTest.keyClick(area, Qt.Key.Key_Tab)
    reached = QApplication.focusWidget()
    assert reached is not None
    assert not front.isAncestorOf(reached)


@pytest.mark.parametrize("key", ["losses", "learning_rates"])
def test_a_plot_that_was_enlarged_keeps_the_keyboard(
    after_a_run: MainWindow, qtbot: QtBot, key: str
) -> None:
    card = card_of(after_a_run, key)
    click(qtbot, card.head.enlarge_button)
    qtbot.keyClick(card.view, Qt.Key.Key_Escape)
    go_round(qtbot)
    assert after_a_run.plot_area.enlarged_key is None
    assert QApplication.focusWidget() is card.view
