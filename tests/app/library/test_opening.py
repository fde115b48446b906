"""Recorded runs opened in Explore, set up again, exported; and the latest in the gallery."""

from pathlib import Path

import numpy as np
from driving import click, lines_of, press
from on_compare import compare, tick
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.exporting.export_dialog import ExportDialog
from app.guide.gallery import RECENT
from app.main_window import MainWindow
from engine.library.library import open_library
from engine.plots import plots

PATIENCE = 20_000


def choose(window: MainWindow, name: str) -> None:
    """Take a run in hand."""
    panel = window.runs.panel
    panel.tree.setFocus()
    names = [run.name for run in panel.table.shown]
    panel.tree.setCurrentIndex(panel.table.index(names.index(name), 0))


def opened(window: MainWindow, qtbot: QtBot, name: str) -> None:
    choose(window, name)
    click(qtbot, window.runs.panel.open_button)
    qtbot.waitUntil(lambda: window.body.page == "run" and window.view.opened_as == name)


def test_an_opened_run_has_its_plots_and_its_whole_timeline(
    on_runs: MainWindow, qtbot: QtBot, file: Path
) -> None:
    opened(on_runs, qtbot, "with decays")
    with open_library(file) as library:
        record = library["with decays"].record
    expected = next(plot for plot in plots(record) if plot.key == "losses")
    drawn = lines_of(on_runs, "losses")
    for line in expected.lines:
        np.testing.assert_array_equal(drawn[line.name][1], line.y)
    lane = on_runs.timeline.meta_iteration
    assert (lane.slider.maximum(), lane.slider.reach) == (3, 3)
    assert on_runs.timeline.live.isEnabled()
    lane.go_to(1)
    qtbot.waitUntil(lambda: len(lines_of(on_runs, "losses")["validation"][1]) == 2)
    assert on_runs.actions_.bar.title.text().startswith("with decays · ")
    assert record.finished is not None
    assert on_runs.progress.status.text() == record.finished.message


def test_a_run_that_was_stopped_is_shown_as_far_as_it_came(
    on_runs: MainWindow, qtbot: QtBot
) -> None:
    opened(on_runs, qtbot, "another seed")
    assert on_runs.progress.status.text() == "Ended after 2 of 5 meta-iterations."
    lane = on_runs.timeline.meta_iteration.slider
    assert (lane.maximum(), lane.reach) == (5, 2)


def test_the_set_up_is_the_runs_unless_somebody_has_changed_it(
    on_runs: MainWindow, qtbot: QtBot
) -> None:
    opened(on_runs, qtbot, "another seed")
    assert on_runs.setup.experiment().meta.seed == 3
    assert on_runs.message_bar.note == "" or "set-up" not in on_runs.message_bar.note
    on_runs.setup.change("meta.seed", 12)
    on_runs.show_comparison()
    opened(on_runs, qtbot, "first")
    assert on_runs.setup.experiment().meta.seed == 12
    assert "The set-up is another one." in on_runs.message_bar.note


def test_again_sets_up_what_a_run_started_with_and_it_can_be_run(
    on_runs: MainWindow, qtbot: QtBot, file: Path
) -> None:
    choose(on_runs, "with decays")
    click(qtbot, on_runs.runs.panel.again_button)
    with open_library(file) as library:
        assert on_runs.setup.experiment() == library["with decays"].experiment
    assert on_runs.body.page == "ready"
    press(qtbot, on_runs, "run")
    qtbot.waitUntil(lambda: on_runs.record is not None and on_runs.record.finished is not None)
    qtbot.waitUntil(lambda: on_runs.runner.state == "idle", timeout=PATIENCE)


def test_nothing_is_opened_while_a_run_goes_on(on_runs: MainWindow, qtbot: QtBot) -> None:
    on_runs.control.step()
    qtbot.waitUntil(lambda: on_runs.runner.state == "paused", timeout=PATIENCE)
    record = on_runs.record
    on_runs.show_comparison()
    panel = on_runs.runs.panel
    choose(on_runs, "first")
    assert not panel.open_button.isEnabled()
    assert "while a run is going on" in panel.open_button.toolTip()
    panel.tree.setFocus()
    qtbot.keyClick(panel.tree, Qt.Key.Key_Return)
    on_runs.runs.control.open(panel.table.shown[-1].id)
    assert on_runs.record is record
    assert on_runs.body.page == "compare"
    qtbot.waitUntil(lambda: len(panel.table.shown) == 4, timeout=PATIENCE)
    panel.tree.setCurrentIndex(panel.table.index(0, 0))
    click(qtbot, panel.open_button)
    assert on_runs.body.page == "run", "the one that goes on can be looked at"
    assert on_runs.record is record


def test_an_opened_run_is_exported_as_any_other(
    on_runs: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    opened(on_runs, qtbot, "with decays")
    press(qtbot, on_runs, "export")
    dialog = next(one for one in on_runs.findChildren(ExportDialog) if one.isVisible())
    texts = [dialog.choice.item(row).text() for row in range(dialog.choice.count())]
    assert "Loss after training" in texts
    dialog.close()


def test_the_latest_runs_stand_in_the_gallery_with_pictures_and_a_click_opens_one(
    shelved: MainWindow, qtbot: QtBot
) -> None:
    window, recent = shelved, shelved.runs.recent
    qtbot.waitUntil(lambda: len(recent.cards) == 3)
    assert [card.run.name for card in recent.cards] == ["another seed", "with decays", "first"]
    qtbot.waitUntil(lambda: all(card.picture.picture is not None for card in recent.cards))
    pictures = [card.picture.picture for card in recent.cards]
    assert all(len({p.pixel(x, 100) for x in range(0, 528, 3)}) > 1 for p in pictures if p)
    groups = window.index.groups
    groups.setCurrentRow(groups.count() - 1)
    assert groups.currentItem().text() == RECENT
    assert recent.cards[1].isVisible()
    click(qtbot, recent.cards[1])
    qtbot.waitUntil(lambda: window.view.opened_as == "with decays")
    assert window.body.page == "run"


def test_cards_of_runs_are_reached_by_keys_and_follow_the_library(
    shelved: MainWindow, qtbot: QtBot
) -> None:
    window, recent = shelved, shelved.runs.recent
    qtbot.waitUntil(lambda: len(recent.cards) == 3)
    last = list(window.gallery.cards.values())[-1]
    last.setFocus()
    qtbot.keyClick(last, Qt.Key.Key_End)
    assert recent.cards[-1].hasFocus()
    qtbot.keyClick(recent.cards[-1], Qt.Key.Key_Left)
    assert recent.cards[-2].hasFocus()
    which = recent.cards[0].run.id
    window.library.change(lambda library: library.delete(which))
    qtbot.waitUntil(lambda: len(recent.cards) == 2)
    qtbot.keyClick(recent.cards[0], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.view.opened_as == "with decays")


def test_a_run_that_was_stopped_can_be_resumed_from_the_list(
    on_runs: MainWindow, qtbot: QtBot, file: Path
) -> None:
    panel = on_runs.runs.panel
    choose(on_runs, "first")
    assert not panel.resume_button.isVisible(), "it is complete"
    choose(on_runs, "another seed")
    click(qtbot, panel.resume_button)
    qtbot.waitUntil(
        lambda: on_runs.record is not None and on_runs.record.finished is not None,
        timeout=PATIENCE,
    )
    qtbot.waitUntil(lambda: on_runs.runner.state == "idle", timeout=PATIENCE)
    with open_library(file) as library:
        run = library["another seed"]
        assert (run.state, run.done) == ("completed", 5)


def test_ctrl_f_brings_the_keyboard_to_the_search_and_down_goes_to_what_was_found(
    on_runs: MainWindow, qtbot: QtBot
) -> None:
    panel = on_runs.runs.panel
    on_runs.comparing.left.turn_to("methods")
    qtbot.keyClick(on_runs, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert panel.search.hasFocus()
    qtbot.keyClicks(panel.search, "first")
    qtbot.keyClick(panel.search, Qt.Key.Key_Down)
    assert panel.tree.hasFocus()
    assert panel.run is not None
    assert panel.run.name == "first"


def test_ctrl_z_in_the_list_brings_a_run_back_and_leaves_the_set_up_alone(
    on_runs: MainWindow, qtbot: QtBot
) -> None:
    panel = on_runs.runs.panel
    on_runs.setup.change("meta.seed", 12)
    choose(on_runs, "with decays")
    qtbot.keyClick(panel.tree, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: len(panel.table.shown) == 2)
    qtbot.keyClick(panel.tree, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(panel.table.shown) == 3)
    assert on_runs.setup.experiment().meta.seed == 12


def test_ticked_runs_are_exported_and_shown_to_an_audience(
    on_runs: MainWindow, qtbot: QtBot
) -> None:
    table, page = on_runs.runs.panel.table, on_runs.runs.page
    assert not on_runs.actions_["export"].isEnabled()
    for run in table.shown[:2]:
        table.tick(run.id, on=True)
    qtbot.waitUntil(lambda: page.laid is not None and len(page.laid.names) == 2)
    press(qtbot, on_runs, "export")
    dialog = next(one for one in on_runs.findChildren(ExportDialog) if one.isVisible())
    texts = [dialog.choice.item(row).text() for row in range(dialog.choice.count())]
    assert texts[0] == "Learning rates"
    dialog.close()
    card = page.places[0].shown
    assert card is not None
    before = card.head.caption.font().pointSizeF()
    on_runs.set_presentation(True)
    assert card.head.caption.font().pointSizeF() > before
    on_runs.set_presentation(False)


def test_the_last_comparison_stands_in_the_list_and_is_turned_to(
    on_runs: MainWindow, qtbot: QtBot
) -> None:

    panel = on_runs.runs.panel
    assert not panel.compared.isVisible()
    on_runs.comparing.left.turn_to("methods")
    tick(qtbot, on_runs.comparing.panel, "exact-reversal", "stored-trajectory")
    compare(qtbot, on_runs)
    on_runs.runs.find()
    assert panel.compared.text().startswith("▸ 2 methods, on ")
    click(qtbot, panel.compared)
    assert on_runs.comparing.page.isVisible()
