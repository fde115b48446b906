"""The card whose experiment compares methods."""

import pytest
from driving import click
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from engine.experiments.files import list_experiments

PATIENCE = 60_000
SIX = list_experiments()["six-ways"].compares


def ticked(window: MainWindow) -> list[str]:
    return [name for name, row in window.comparing.panel.rows.items() if row.is_chosen]


def test_the_card_opens_the_page_with_its_methods_ticked(window: MainWindow, qtbot: QtBot) -> None:
    window.show_gallery()
    click(qtbot, window.gallery.cards["six-ways"])
    assert window.body.page == "compare"
    assert ticked(window) == [name.split(":")[0] for name in SIX]
    line = window.comparing.panel.rows["truncated"].line
    assert line is not None
    assert line.text() == "10"
    assert window.comparing.runner.state == "idle"


def test_its_button_compares(window: MainWindow, qtbot: QtBot) -> None:
    window.show_gallery()
    click(qtbot, window.gallery.cards["six-ways"].run_button)
    qtbot.waitUntil(lambda: window.comparing.record is not None, timeout=PATIENCE)
    record = window.comparing.record
    assert record is not None
    qtbot.waitUntil(lambda: len(record.measured) >= len(SIX), timeout=PATIENCE)
    window.comparing.stop()
    qtbot.waitUntil(lambda: window.comparing.runner.state == "idle", timeout=PATIENCE)
    errors = [
        found.likeness.relative_error
        for one in record.contenders
        if (found := record.of(one)) and found.likeness
    ]
    assert [error > 0.1 for error in errors] == [False, False, True, False, True, False]
    assert window.record is None, "no run was started"


def test_the_plots_that_it_is_about_are_in_front(window: MainWindow, qtbot: QtBot) -> None:
    window.show_gallery()
    click(qtbot, window.gallery.cards["forward-or-reverse"].run_button)
    _, beside, place = window.comparing.page.places
    qtbot.waitUntil(lambda: place.box.currentData() is not None, timeout=PATIENCE)
    assert place.box.currentData() == "time_by_hyperparameters"
    assert beside.box.currentData() == "memory_by_iterations"
    assert place.box.findData("memory_by_iterations") == -1, "each plot stands in one place"
    place.box.setCurrentIndex(place.box.findData("memory_by_hyperparameters"))
    record = window.comparing.record
    assert record is not None
    count = len(record.measured)
    qtbot.waitUntil(lambda: len(record.measured) > count + 2, timeout=PATIENCE)
    assert place.box.currentData() == "memory_by_hyperparameters", "what a person chose stays"
    window.comparing.stop()
    qtbot.waitUntil(lambda: window.comparing.runner.state == "idle", timeout=PATIENCE)


@pytest.mark.parametrize("name", ["toy", "moons"])
def test_other_cards_run(window: MainWindow, qtbot: QtBot, name: str) -> None:
    window.show_gallery()
    click(qtbot, window.gallery.cards[name])
    assert window.body.page == "ready"
