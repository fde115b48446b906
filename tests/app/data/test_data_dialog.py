from collections.abc import Iterator
from pathlib import Path

import pytest
from data_server import DataServer, publish_on, serving
from driving import click
from library_for_tests import put_at_hand
from PySide6.QtCore import QCoreApplication, Qt, QThread
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from app.data.data_dialog import DataDialog
from app.data.fetcher import Fetcher
from app.main_window import MainWindow
from engine.data.published import LIBRARY, added_folders, cache_folder, is_at_hand

CONTENT = bytes(range(256)) * 2000
NAME = "mnist-test"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[DataServer]:
    """A server of the MNIST test digits, which are one file that nobody has fetched yet."""
    with serving() as running:
        publish_on(running, monkeypatch, NAME, {"digits.gz": CONTENT})
        yield running


@pytest.fixture
def dialog(server: DataServer, qtbot: QtBot) -> Iterator[DataDialog]:
    made = DataDialog()
    qtbot.addWidget(made)
    made.open()
    yield made
    made.close()
    server.closing.set()
    qtbot.waitUntil(lambda: not fetchers())


def fetchers() -> list[Fetcher]:
    """Those that still run."""
    application = QCoreApplication.instance()
    assert application
    return [one for one in application.findChildren(QThread) if isinstance(one, Fetcher)]


def wait_for_bytes(qtbot: QtBot, dialog: DataDialog, count: int) -> None:
    qtbot.waitUntil(lambda: dialog.rows[NAME].progress.value() >= count)


def test_every_set_has_a_row_that_says_what_and_where_it_is(dialog: DataDialog) -> None:
    assert list(dialog.rows) == list(LIBRARY)
    for row in dialog.rows.values():
        assert row.state.text() == "Not downloaded"
        assert row.button.text() == "Download"
        assert row.button.isEnabled()
        assert not row.progress.isVisible()


def test_controls_have_names_for_those_who_cannot_see_them(dialog: DataDialog) -> None:
    row = dialog.rows["fashion-mnist"]
    assert row.button.accessibleName() == "Download Fashion-MNIST clothes"
    assert row.button.accessibleDescription() == "Download the set into your cache"
    assert row.progress.accessibleName() == "Download progress of Fashion-MNIST clothes"
    assert dialog.folder_button.accessibleDescription()


def test_download_fetches_a_set_and_reports_it(dialog: DataDialog, qtbot: QtBot) -> None:
    row = dialog.rows[NAME]
    with qtbot.waitSignal(dialog.arrived) as arrived:
        click(qtbot, row.button)
    assert arrived.args == [[NAME]]
    assert is_at_hand(NAME)
    assert row.state.text() == f"Available in {cache_folder()}"
    assert not row.button.isVisible()
    assert not row.progress.isVisible()
    assert not dialog.is_fetching
    assert dialog.rows["mnist"].button.isEnabled()


def test_a_set_is_fetched_with_the_keyboard_alone(dialog: DataDialog, qtbot: QtBot) -> None:
    button = dialog.rows[NAME].button
    dialog.rows["mnist"].button.setFocus()
    qtbot.keyClick(dialog.rows["mnist"].button, Qt.Key.Key_Tab)
    assert button.hasFocus()
    with qtbot.waitSignal(dialog.arrived):
        qtbot.keyClick(button, Qt.Key.Key_Space)


def test_while_a_set_is_fetched_it_shows_how_far_it_is_and_no_other_can_be(
    dialog: DataDialog, server: DataServer, qtbot: QtBot
) -> None:
    server.waits_after = 256_000
    row = dialog.rows[NAME]
    click(qtbot, row.button)
    wait_for_bytes(qtbot, dialog, 256_000)
    assert row.progress.isVisible()
    assert row.state.text() == "0.3 of 0.5 MB"
    assert (row.button.text(), row.button.accessibleName()) == (
        "Cancel",
        "Cancel MNIST test digits",
    )
    assert not dialog.rows["mnist"].button.isEnabled()
    dialog.fetch("mnist")
    assert len(fetchers()) == 1


def test_a_cancelled_set_goes_on_where_it_stopped(
    dialog: DataDialog, server: DataServer, qtbot: QtBot
) -> None:
    server.waits_after = 256_000
    row = dialog.rows[NAME]
    click(qtbot, row.button)
    wait_for_bytes(qtbot, dialog, 256_000)
    click(qtbot, row.button)
    assert not row.button.isEnabled()
    server.waits_after = None
    server.let_go()
    qtbot.waitUntil(lambda: not dialog.is_fetching)
    assert row.state.text() == "0.3 of 0.5 MB"
    assert row.button.text() == "Resume"
    assert row.button.hasFocus()
    assert not is_at_hand(NAME)
    with qtbot.waitSignal(dialog.arrived):
        click(qtbot, row.button)
    assert server.asked == [None, "bytes=256000-"]
    assert (cache_folder() / "digits.gz").read_bytes() == CONTENT


@pytest.mark.parametrize("way", ["Escape", "Close"])
def test_closing_cancels_and_keeps_the_part_without_waiting_for_a_silent_server(
    way: str, dialog: DataDialog, server: DataServer, qtbot: QtBot
) -> None:
    server.waits_after = 256_000
    click(qtbot, dialog.rows[NAME].button)
    wait_for_bytes(qtbot, dialog, 256_000)
    if way == "Escape":
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    else:
        box = dialog.findChild(QDialogButtonBox)
        assert isinstance(box, QDialogButtonBox)
        click(qtbot, box.button(QDialogButtonBox.StandardButton.Close))
    assert not dialog.isVisible()
    assert len(fetchers()) == 1  # it still listens to the server
    server.sends_rest = True
    server.let_go()
    qtbot.waitUntil(lambda: not fetchers())
    kept = LIBRARY[NAME].files[0].part.read_bytes()
    assert 256_000 <= len(kept) < len(CONTENT)
    assert kept == CONTENT[: len(kept)]


def test_what_goes_wrong_is_one_sentence_and_the_set_can_be_tried_again(
    dialog: DataDialog, server: DataServer, qtbot: QtBot
) -> None:
    server.breaks_after = 200_000
    row = dialog.rows[NAME]
    click(qtbot, row.button)
    qtbot.waitUntil(lambda: not dialog.is_fetching)
    assert dialog.problem.isVisible()
    assert dialog.problem.text().startswith("digits.gz: expected a download from 127.0.0.1")
    assert dialog.problem.text().endswith("are kept; fetch again to resume.")
    with qtbot.waitSignal(dialog.arrived):
        click(qtbot, row.button)
        assert not dialog.problem.isVisible()
    assert not dialog.problem.isVisible()


# A folder of one's own


def test_a_folder_with_a_set_makes_it_available(
    dialog: DataDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "digits.gz").write_bytes(CONTENT)
    with qtbot.waitSignal(dialog.arrived) as arrived:
        dialog.look_in(str(tmp_path / "mine"))
    assert arrived.args == [[NAME]]
    assert dialog.rows[NAME].state.text() == f"Available in {tmp_path / 'mine'}"
    assert added_folders() == (tmp_path / "mine",)


def test_a_folder_without_any_is_refused_in_one_sentence(
    dialog: DataDialog, tmp_path: Path
) -> None:
    dialog.look_in(str(tmp_path))
    assert dialog.problem.text().startswith(f"{tmp_path}: expected a folder with the published")
    assert added_folders() == ()


# In the window


def open_dialog(window: MainWindow) -> DataDialog:
    window.dialogs.open_data_sets()
    [found] = window.findChildren(DataDialog)
    return found


def test_the_file_menu_offers_the_data_sets(window: MainWindow) -> None:
    action = window.actions_["data_sets"]
    assert action in window.actions_.menus["&File"].actions()
    assert action.text() == "Data sets…"


def test_an_experiment_from_the_gallery_uses_a_set_that_has_arrived(
    window: MainWindow, server: DataServer, qtbot: QtBot
) -> None:
    window.control.choose_experiment("chaos")
    assert window.setup.experiment().data.source == "digits"
    dialog = open_dialog(window)
    with qtbot.waitSignal(dialog.arrived):
        click(qtbot, dialog.rows[NAME].button)
    dialog.close()
    assert window.progress.status.text().startswith("MNIST test digits available")
    assert window.setup.experiment().data.source == "digits"  # what is open stays
    window.control.choose_experiment("chaos")
    assert window.setup.experiment().data.source == NAME
    assert window.setup.experiment().description.endswith("On MNIST test digits, at full size.")


def test_sets_that_were_already_available_are_not_reported_again(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    put_at_hand(monkeypatch, "omniglot-small-1")
    dialog = open_dialog(window)
    assert dialog.rows["omniglot-small-1"].state.text() == f"Available in {cache_folder()}"
    with qtbot.assertNotEmitted(dialog.arrived):
        dialog.look_in(str(cache_folder()))
    dialog.close()
