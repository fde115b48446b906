"""Columns and rows that are as wide and as high as each other, until a person sizes them."""

import pytest
from area_driving import drag_the_middle, is_level, sizes
from driving import go_round
from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow


def test_columns_are_level_whatever_the_size_and_for_an_audience_too(
    after_a_run: MainWindow, qtbot: QtBot
) -> None:
    window = after_a_run
    qtbot.waitUntil(lambda: is_level(window))
    for size in (QSize(1280, 800), QSize(1920, 1080), QSize(1280, 800)):
        window.resize(size)
        qtbot.waitUntil(lambda: is_level(window))
        narrow = max(sizes(window))[0]
        window.set_presentation(True)
        qtbot.waitUntil(lambda narrow=narrow: is_level(window) and max(sizes(window))[0] > narrow)
        assert window.size() == size
        window.set_presentation(False)
        qtbot.waitUntil(lambda narrow=narrow: is_level(window) and max(sizes(window))[0] == narrow)
        assert window.size() == size


def test_what_a_person_sized_stays_so_until_it_is_arranged_anew(
    after_a_run: MainWindow, qtbot: QtBot
) -> None:
    window = after_a_run
    qtbot.waitUntil(lambda: is_level(window))
    drag_the_middle(qtbot, window, -60)
    assert not is_level(window)
    window.set_presentation(True)
    go_round(qtbot)
    assert not is_level(window)
    window.set_presentation(False)
    window.actions_["arrange"].trigger()
    qtbot.waitUntil(lambda: is_level(window))


@pytest.mark.parametrize("by_hand", [False, True])
def test_only_what_a_person_sized_is_brought_back(
    after_a_run: MainWindow, qtbot: QtBot, by_hand: bool
) -> None:
    window = after_a_run
    qtbot.waitUntil(lambda: is_level(window))
    if by_hand:
        drag_the_middle(qtbot, window, -60)
    saved = window.plot_area.arrangement()
    window.actions_["arrange"].trigger()
    qtbot.waitUntil(lambda: is_level(window))
    window.plot_area.restore(saved)
    window.set_presentation(True)
    go_round(qtbot)
    assert is_level(window) is not by_hand
    window.set_presentation(False)


def test_an_arrangement_that_does_not_tell_whose_it_is_is_made_anew(
    after_a_run: MainWindow, qtbot: QtBot
) -> None:
    window = after_a_run
    qtbot.waitUntil(lambda: is_level(window))
    drag_the_middle(qtbot, window, -60)
    saved = window.plot_area.saveState()
    window.actions_["arrange"].trigger()
    window.plot_area.restore(saved)
    qtbot.waitUntil(lambda: is_level(window))
