from typing import Any

import pytest
from driving import click
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.explanations import Explanation, Suggestion
from app.message_bar import MessageBar
from engine.experiments.files import list_experiments, override
from engine.runs.events import RunStarted
from engine.runs.records import RunRecord
from engine.runs.run import optimize

WHY = Explanation(
    "Training diverged.",
    [
        Suggestion("Halve the learning rate (0.3 → 0.15)", "hyperparameters.x", 0.15),
        Suggestion("Fewer iterations (100 → 50)", "training.iterations", 50),
    ],
)


@pytest.fixture
def bar(qtbot: QtBot) -> MessageBar:
    made = MessageBar()
    qtbot.addWidget(made)
    return made


def test_it_is_hidden_until_there_is_something_to_say(bar: MessageBar) -> None:
    assert not bar.isVisible()


def test_a_click_on_a_suggestion_tells_the_field_and_the_value(
    bar: MessageBar, qtbot: QtBot
) -> None:
    told: list[tuple[str, Any]] = []
    bar.applied.connect(lambda key, value: told.append((key, value)))
    bar.show_explanation(WHY)
    click(qtbot, bar.tries[1])
    click(qtbot, bar.tries[0])
    assert told == [("training.iterations", 50), ("hyperparameters.x", 0.15)]


def test_a_suggestion_that_was_taken_says_so_and_cannot_be_taken_twice(
    bar: MessageBar, qtbot: QtBot
) -> None:
    bar.show_explanation(WHY)
    click(qtbot, bar.tries[0])
    assert bar.tries[0].text().startswith("✓ ")
    assert not bar.tries[0].isEnabled()
    assert bar.tries[1].isEnabled()


def test_the_keyboard_reaches_every_suggestion_and_the_close_button(
    bar: MessageBar, qtbot: QtBot
) -> None:
    bar.show_explanation(WHY)
    bar.tries[0].setFocus()
    qtbot.keyClick(bar.tries[0], Qt.Key.Key_Tab)
    assert bar.focusWidget() is bar.tries[1]
    qtbot.keyClick(bar.tries[1], Qt.Key.Key_Tab)
    assert bar.focusWidget() is bar.close_button
    for button in (*bar.tries, bar.close_button):
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert button.accessibleName()
        assert button.accessibleDescription()


@pytest.mark.parametrize("how", ["click", "key"])
def test_it_can_be_closed(bar: MessageBar, qtbot: QtBot, how: str) -> None:
    bar.show_explanation(WHY)
    with qtbot.waitSignal(bar.closed):
        if how == "click":
            click(qtbot, bar.close_button)
        else:
            qtbot.keyClick(bar.tries[0], Qt.Key.Key_Escape)
    assert not bar.isVisible()


def test_a_message_alone_has_no_suggestions_and_its_report_under_the_pointer(
    bar: MessageBar,
) -> None:
    bar.show_explanation(WHY)
    bar.show_message("The data cannot be read.", "Traceback …")
    assert bar.text.text() == "The data cannot be read."
    assert bar.text.toolTip() == "Traceback …"
    assert bar.accessibleDescription() == "The data cannot be read."
    assert bar.tries == []


def test_a_run_that_diverged_is_explained_from_its_record(bar: MessageBar) -> None:
    too_fast = {"hyperparameters.learning_rates.initial": "600"}
    experiment = override(list_experiments()["regression"], too_fast)
    record = None
    for event in optimize(experiment):
        if isinstance(event, RunStarted):
            record = RunRecord(event)
        elif record:
            record.add(event)
    assert record is not None
    assert record.finished is not None
    bar.show_divergence(record.finished.divergence, record)
    assert "diverged with the initial hyperparameters" in bar.text.text()
    assert bar.tries[0].text() == "Divide the learning rate by 1,000 (600 → 0.6)"


def test_what_failed_stands_before_a_note_which_comes_back_when_it_is_closed(
    bar: MessageBar, qtbot: QtBot
) -> None:
    bar.set_note("The set-up has changed since.")
    assert bar.isVisible()
    assert bar.accessibleName() == "Note"
    assert not bar.close_button.isVisible(), "it stands as long as it is true"
    bar.show_message("The data cannot be read.")
    bar.set_note("Something else is to be known.")
    assert bar.text.text() == "The data cannot be read."
    assert bar.accessibleName() == "Error"
    click(qtbot, bar.close_button)
    assert bar.text.text() == "Something else is to be known."
    bar.set_note("")
    assert not bar.isVisible()
