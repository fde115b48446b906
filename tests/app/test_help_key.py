from itertools import count

import pytest
from driving import card_of, press, unfold
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app import help_key
from app.guide.guide_dialog import GuideDialog
from app.help_key import HelpKey
from app.main_window import MainWindow
from engine.experiments.help_texts import method_text
from engine.hypergradients.catalogue import METHODS

PATIENCE = 30_000
_places = count()
KEYS = [Qt.Key.Key_F1, Qt.Key.Key_Question]


@pytest.fixture
def asked(window: MainWindow) -> list[str]:
    told: list[str] = []
    keys = window.findChild(HelpKey)
    keys.field_meant.connect(told.append)
    window.plot_area.help_requested.connect(told.append)
    return told


def point_at(monkeypatch: pytest.MonkeyPatch, widget: QWidget | None) -> None:
    """The pointer is moved there: offscreen, it cannot be."""
    place = QPoint(next(_places), 0)

    def found(_: QPoint) -> QWidget | None:
        return widget

    monkeypatch.setattr(help_key.QApplication, "widgetAt", staticmethod(found))
    monkeypatch.setattr(help_key.QCursor, "pos", staticmethod(lambda: place))


@pytest.mark.parametrize("key", KEYS)
def test_a_field_that_cannot_be_changed_answers_under_the_pointer(
    window: MainWindow, qtbot: QtBot, asked: list[str], monkeypatch: pytest.MonkeyPatch, key: Qt.Key
) -> None:
    window.show_run()
    window.setup.change("model.kind", "softmax regression")
    unfold(qtbot, window, "model")
    field = window.setup.field("model.hidden")
    assert not field.line.isEnabled()
    assert field.line.isVisible()
    window.activateWindow()
    window.actions_.bar.run_button.setFocus()
    point_at(monkeypatch, field.line)
    qtbot.keyClick(window, key)
    assert asked == ["model.hidden"]
    assert window.dialogs.help.isVisible()
    window.dialogs.help.hide()


@pytest.mark.parametrize("key", KEYS)
def test_a_plot_answers_under_the_pointer_and_with_the_keyboard(
    window: MainWindow, qtbot: QtBot, asked: list[str], monkeypatch: pytest.MonkeyPatch, key: Qt.Key
) -> None:
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    window.activateWindow()
    window.actions_.bar.run_button.setFocus()
    point_at(monkeypatch, card_of(window, "memory").view)
    qtbot.keyClick(window, key)
    assert asked == ["memory"]
    window.dialogs.help.hide()
    point_at(monkeypatch, None)
    button = card_of(window, "losses").head.more_button
    window.activateWindow()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    qtbot.keyClick(button, key)
    assert asked == ["memory", "losses"]
    window.dialogs.help.hide()


def test_a_question_mark_is_typed_where_text_is_typed(
    window: MainWindow, qtbot: QtBot, asked: list[str]
) -> None:
    window.show_run()
    line = window.setup.field("training.iterations").line
    window.activateWindow()
    line.setFocus()
    qtbot.keyClicks(line, "?")
    assert "?" in line.text()
    assert asked == []
    assert QApplication.focusWidget() is line


@pytest.mark.parametrize("key", KEYS)
def test_where_nothing_has_a_help_of_its_own_the_guide_opens(
    window: MainWindow, qtbot: QtBot, asked: list[str], monkeypatch: pytest.MonkeyPatch, key: Qt.Key
) -> None:
    point_at(monkeypatch, None)
    window.show_gallery()
    window.activateWindow()
    card = window.gallery.cards["toy"]
    card.setFocus()
    qtbot.keyClick(card, key)
    guide = window.findChild(GuideDialog)
    assert guide is not None
    assert guide.isVisible()
    assert asked == []
    guide.close()


def test_the_method_s_help_is_about_the_one_that_is_chosen(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.show_run()
    for name in ("exact-reversal", "forward"):
        window.setup.change("method", name)
        window.dialogs.explain_field("method")
        assert window.dialogs.help.title.text() == METHODS[name].title
        assert method_text(name).source in window.dialogs.help.paper.text()
        window.dialogs.help.hide()


def test_a_pointer_at_rest_does_not_answer_for_what_the_keyboard_has_gone_to(
    window: MainWindow, qtbot: QtBot, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    window.activateWindow()
    window.actions_.bar.run_button.setFocus()
    point_at(monkeypatch, card_of(window, "memory").view)
    button = card_of(window, "losses").head.more_button
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    qtbot.keyClick(button, Qt.Key.Key_F1)
    assert asked == ["losses"]
    window.dialogs.help.hide()
