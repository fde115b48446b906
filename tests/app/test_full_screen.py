import pytest
from driving import go_round
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.main_window import MainWindow
from engine.experiments.files import list_experiments


@pytest.mark.parametrize("maximised", [True, False])
def test_leaving_full_screen_goes_back_to_how_the_window_was(
    maximised: bool, window: MainWindow, qtbot: QtBot
) -> None:
    if maximised:
        window.showMaximized()
    window.actions_["full_screen"].trigger()
    assert window.isFullScreen()
    window.actions_["full_screen"].trigger()
    assert not window.isFullScreen()
    assert window.isMaximized() == maximised


def test_a_window_that_starts_in_full_screen_knows_it(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_["full_screen"].trigger()
    window.close()
    make_application()
    again = MainWindow(list_experiments(), theme="light")
    qtbot.addWidget(again)
    again.show()
    qtbot.waitUntil(again.isFullScreen)
    assert again.actions_["full_screen"].isChecked()
    again.actions_["full_screen"].trigger()
    qtbot.waitUntil(lambda: not again.isFullScreen())
    again.close()


def test_the_action_follows_a_window_that_somebody_else_has_made_full(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.showFullScreen()
    assert window.actions_["full_screen"].isChecked()
    window.showNormal()
    assert not window.actions_["full_screen"].isChecked()


def test_the_action_is_not_ticked_any_more_once_a_presentation_is_over(
    window: MainWindow, qtbot: QtBot
) -> None:
    for _ in range(2):
        window.actions_["presentation"].trigger()
        go_round(qtbot)
        window.actions_["presentation"].trigger()
        assert not window.isFullScreen()
        assert not window.actions_["full_screen"].isChecked()
