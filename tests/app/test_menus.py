"""Every menu of the window, before a run, during one and after it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

import pytest
from driving import press, type_into
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from engine.experiments.experiment import Experiment

PATIENCE = 30_000


@pytest.fixture(scope="module", params=["before", "wrong", "during", "after"])
def at_any_time(
    request: pytest.FixtureRequest, lasting_window: MainWindow, quick: Experiment
) -> Iterator[MainWindow]:
    """One window for all that is looked at then; what comes before a run has to come first."""
    window, qtbot = lasting_window, QtBot(request)
    window.setup.set_experiment(quick)
    if request.param == "wrong":
        type_into(qtbot, window, "training.iterations", "none")
    elif request.param == "during":
        window.setup.change("meta.iterations", 1000)
        press(qtbot, window, "run")
        qtbot.waitUntil(lambda: window.runner.state == "running", timeout=PATIENCE)
    elif request.param == "after":
        press(qtbot, window, "run")
        qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    yield window
    window.runner.shut_down()
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)


def all_menus(window: MainWindow) -> list[QMenu]:
    return [menu for menu in window.findChildren(QMenu) if menu.isEnabled()]


def shown(menu: QMenu) -> list[QAction]:
    return [action for action in menu.actions() if action.isVisible()]


def repeated(things: Iterable[str]) -> set[str]:
    return {thing for thing, count in Counter(things).items() if count > 1}


def test_entries_have_names_that_no_other_has_and_keys_that_start_them_alone(
    at_any_time: MainWindow,
) -> None:
    for menu in all_menus(at_any_time):
        named = [action.text() for action in shown(menu) if not action.isSeparator()]
        assert named, menu.title()
        assert all(text.replace("&", "").strip() for text in named)
        assert not repeated(text.replace("&", "") for text in named), menu.title()
        marked = [text.replace("&&", "").partition("&")[2][:1].lower() for text in named]
        assert not repeated(letter for letter in marked if letter), menu.title()


def test_lines_stand_between_entries_only(at_any_time: MainWindow) -> None:
    for menu in all_menus(at_any_time):
        lines = [action.isSeparator() for action in shown(menu)]
        assert not lines or not (lines[0] or lines[-1]), menu.title()
        assert (True, True) not in pairwise(lines), menu.title()


def test_no_key_has_two_meanings_and_every_one_stands_beside_its_entry(
    at_any_time: MainWindow,
) -> None:
    actions = {action for menu in all_menus(at_any_time) for action in menu.actions()}
    keys = [key.toString() for action in actions for key in action.shortcuts()]
    assert not repeated(keys)
    assert all(action.isShortcutVisibleInContextMenu() for action in actions if action.shortcuts())


def test_what_is_greyed_says_why(at_any_time: MainWindow) -> None:
    for menu in all_menus(at_any_time):
        for action in (one for one in shown(menu) if not one.isEnabled()):
            if not action.isSeparator():
                assert menu.toolTipsVisible(), [one.text() for one in menu.actions()]
                assert action.toolTip().endswith("."), action.text()


def test_the_reason_goes_when_the_entry_can_be_chosen(window: MainWindow, qtbot: QtBot) -> None:
    export = window.actions_["export"]
    assert not export.isEnabled()
    assert export.toolTip().endswith("There is no run yet.")
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    assert export.isEnabled()
    assert export.toolTip().endswith("(Ctrl+E)")
