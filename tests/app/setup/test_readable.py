"""What stands in the set-up can be read, at the width that the panel has."""

import re

import pytest
from driving import go_round
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.guide.groups import GROUPS
from app.main_window import MainWindow
from app.one_line import OneLine
from app.setup.box import Box
from app.setup.line import Line
from engine.experiments.files import list_experiments


@pytest.fixture
def window(lasting_window: MainWindow) -> MainWindow:
    return lasting_window


def digits(text: str) -> str:
    """The significant digits of a number, or of what is shown of it."""
    return re.sub(r"\D", "", text.lower().partition("e")[0].lstrip("-0.")).rstrip("0")


@pytest.mark.parametrize(
    ("height", "most"),
    [pytest.param(800, 4, id="four digits"), pytest.param(600, 3, id="three beside a scroll bar")],
)
@pytest.mark.parametrize("name", list(list_experiments()))
def test_numbers_can_be_read_and_choices_are_whole(
    window: MainWindow, qtbot: QtBot, name: str, height: int, most: int
) -> None:
    window.show_run()
    window.resize(1280, height)
    window.setup.set_experiment(window.setup.shipped[name])
    go_round(qtbot)
    form = window.setup.form
    for line in filter(Line.isVisible, form.findChildren(Line)):
        assert len(digits(line.shown)) >= min(most, len(digits(line.text()))), line.text()
    for box in filter(Box.isVisible, form.findChildren(Box)):
        assert box.shown == box.currentText()


def test_a_long_choice_goes_below_its_label(window: MainWindow, qtbot: QtBot) -> None:
    window.show_run()
    window.setup.set_experiment(window.setup.shipped["six-ways"])
    window.setup.change("method", "implicit-cg")
    go_round(qtbot)
    [box] = window.setup.field("method").findChildren(Box)
    assert box.currentText() == "Implicit, by conjugate gradients"
    assert box.shown == box.currentText()


@pytest.mark.parametrize(
    ("name", "optimizer"),
    [("hoag", ""), ("hyper-representation", ""), ("real-time", ""), ("moons", "grid")],
)
def test_no_unit_and_no_word_in_an_empty_field_is_cut_off(
    window: MainWindow, qtbot: QtBot, name: str, optimizer: str
) -> None:
    window.show_run()
    window.resize(1280, 800)
    window.setup.set_experiment(window.setup.shipped[name])
    if optimizer:
        window.setup.change("meta.optimizer", optimizer)
    form = window.setup.form
    form.set_view(shows_all=True)
    for section in form.sections.values():
        section.open()
    go_round(qtbot)
    for key, field in window.setup.fields.items():
        wide = field.fontMetrics().horizontalAdvance
        for label in field.findChildren(QLabel):
            if label.isVisible() and not label.wordWrap():
                assert wide(label.text()) <= label.width(), key
        for line in filter(Line.isVisible, field.findChildren(Line)):
            if not line.text():
                assert wide(line.placeholderText()) <= line.width() - 14, key
    for box in filter(Box.isVisible, form.findChildren(Box)):
        assert box.shown == box.currentText()


@pytest.mark.parametrize("name", [*GROUPS["At the optimum"], *GROUPS["Comparisons"], "moons"])
def test_what_sections_hold_is_said_in_whole(window: MainWindow, qtbot: QtBot, name: str) -> None:
    window.show_run()
    window.resize(1280, 800)
    window.setup.set_experiment(window.setup.shipped[name])
    window.setup.form.set_view(shows_all=True)
    go_round(qtbot)
    for section in window.setup.form.sections.values():
        for label in filter(QLabel.isVisible, section.findChildren(OneLine)):
            assert not label.is_too_long, label.text()
