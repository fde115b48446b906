from collections.abc import Iterator
from typing import Any

import pytest
from driving import click, go_round
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.explanations import Explanation, Suggestion
from app.main_window import MainWindow
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


MANY_WORDS = Explanation(
    "Training diverged with the initial hyperparameters. " * 3,
    [
        Suggestion(f"Divide the learning rate by {by:,} (100 → {100 / by:g})", "x", by)
        for by in (100, 1_000, 10_000)
    ],
)


@pytest.fixture(params=[0, 3], ids=["usual type", "largest type"])
def in_type(lasting_window: MainWindow, request: pytest.FixtureRequest) -> Iterator[MainWindow]:
    window = lasting_window
    for _ in range(request.param):
        window.actions_["larger"].trigger()
    yield window
    window.actions_["usual_size"].trigger()


@pytest.mark.parametrize("width", [1024, 1280])
def test_nothing_that_is_said_makes_the_window_wider(
    in_type: MainWindow, qtbot: QtBot, width: int
) -> None:
    window = in_type
    window.show_run()
    window.resize(width, 760)
    go_round(qtbot)
    for say in (
        lambda: window.message_bar.show_explanation(MANY_WORDS),
        lambda: window.message_bar.show_explanation(
            Explanation("Why?", [Suggestion("Divide it " * 40, "x", 1)])
        ),
        lambda: window.message_bar.show_message(f"{'a-file-' * 60} cannot be read."),
        lambda: window.message_bar.set_note("what is to be known" * 60),
        lambda: window.progress.say("where the run stands " * 60),
        lambda: window.actions_.bar.title.setText("a title " * 60),
    ):
        say()
        go_round(qtbot)
        assert window.minimumSizeHint().width() <= 1024
        assert window.width() == width


def test_buttons_that_one_row_has_no_room_for_stand_in_several(
    in_type: MainWindow, qtbot: QtBot
) -> None:
    window = in_type
    window.show_run()
    bar = window.message_bar
    bar.show_explanation(MANY_WORDS)
    for width, rows in ((4000, 1), (1024, 2)):
        window.resize(width, 760)
        qtbot.waitUntil(lambda wide=width: window.width() == wide)
        qtbot.waitUntil(  # each says all of it
            lambda: all(button.width() >= button.sizeHint().width() for button in bar.tries)
        )
        assert len({button.y() for button in bar.tries}) >= rows
        for button in bar.tries:
            assert bar.rect().contains(button.geometry())
        assert len({button.y() for button in bar.tries}) == 1 or rows > 1


def test_a_button_that_is_too_long_for_its_row_is_shortened_and_its_tip_has_all(
    bar: MessageBar, qtbot: QtBot
) -> None:
    label = "Divide the learning rate by 1,000,000 (a very large one → a very small one)"
    bar.show_explanation(Explanation("Training diverged.", [Suggestion(label, "x", 1)]))
    bar.setFixedWidth(240)
    bar.show()
    qtbot.waitUntil(lambda: bar.tries[0].width() < 240)
    (button,) = bar.tries
    assert bar.rect().contains(button.geometry())
    assert button.text() == label
    assert label in button.toolTip()
    bar.setFixedWidth(1200)
    qtbot.waitUntil(lambda: label not in button.toolTip())


def test_what_failed_is_written_as_large_as_all_else_in_a_presentation(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.show_run()
    bar = window.message_bar
    bar.show_explanation(MANY_WORDS)
    usual = bar.text.font().pointSizeF()
    window.set_presentation(True)
    go_round(qtbot)
    large = window.timeline.status.font().pointSizeF()
    assert large > usual
    parts = (bar.text, bar.close_button, *bar.tries)
    assert [part.font().pointSizeF() for part in parts] == [large] * 5
    assert all(bar.rect().contains(part.geometry()) for part in parts)
    window.set_presentation(False)
    assert bar.text.font().pointSizeF() == usual
