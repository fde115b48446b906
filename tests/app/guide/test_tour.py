import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.guide.tour import Tour, TourStep
from app.guide.tour_steps import FIRST, read_tour, tour_steps
from app.losing import LosingQuestion
from app.main_window import MainWindow
from app.preferences import Preferences
from engine.errors import InputError

NAMES = ("left", "middle", "right")


@pytest.fixture
def hall(qtbot: QtBot) -> Iterator[QWidget]:
    """A window with three buttons."""
    made = QWidget()
    made.resize(800, 600)
    for index, name in enumerate(NAMES):
        button = QPushButton(name, made)
        button.setObjectName(name)
        button.setGeometry(100 + 200 * index, 250, 120, 40)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


def button(hall: QWidget, name: str) -> QPushButton:
    return hall.findChild(QPushButton, name)


@pytest.fixture
def tour(hall: QWidget) -> Iterator[Tour]:
    steps = [
        TourStep(f"The {name} one", lambda: "It can be pressed. It is a button.", target)
        for name in NAMES
        for target in [lambda name=name: button(hall, name)]
    ]
    made = Tour(hall, steps)
    yield made
    made.end()


def on(tour: Tour, widget: QWidget) -> bool:
    """Whether the tour leaves just this widget clear."""
    assert tour.overlay is not None
    overlay = tour.overlay
    picture = QWidget.grab(overlay).toImage()
    place = QRect(widget.mapTo(overlay.parentWidget(), QPoint(0, 0)), widget.size())
    inside, outside = place.center(), place.topLeft() - QPoint(20, 20)
    clear = picture.pixelColor(inside) != picture.pixelColor(outside)
    return clear and not overlay.bubble.geometry().intersects(place)


def test_the_steps_are_shown_one_by_one_each_with_its_part_clear(
    tour: Tour, hall: QWidget, qtbot: QtBot
) -> None:
    tour.start()
    assert tour.overlay is not None
    for number, name in enumerate(NAMES, start=1):
        assert tour.overlay.title.text() == f"The {name} one"
        assert tour.overlay.place.text() == f"Step {number} of 3"
        assert on(tour, button(hall, name))
        if number < 3:
            qtbot.mouseClick(tour.overlay.next_button, Qt.MouseButton.LeftButton)
    assert tour.overlay.next_button.text() == "Done"
    with qtbot.waitSignal(tour.finished):
        qtbot.mouseClick(tour.overlay.next_button, Qt.MouseButton.LeftButton)
    assert tour.overlay is None


def test_what_is_not_explained_is_dimmed(tour: Tour, hall: QWidget) -> None:
    before = hall.grab().toImage().pixelColor(20, 580)
    tour.start()
    after = hall.grab().toImage().pixelColor(20, 580)
    assert after.lightness() < 0.6 * before.lightness()
    centre = button(hall, "left").geometry().center() - QPoint(50, 0)
    assert hall.grab().toImage().pixelColor(centre) != after


def test_keys_go_on_back_and_end(tour: Tour, qtbot: QtBot) -> None:
    tour.start()

    def press(key: Qt.Key) -> str:
        assert tour.overlay is not None
        qtbot.keyClick(QApplication.focusWidget(), key)
        return tour.step.title if tour.step else ""

    assert press(Qt.Key.Key_Right) == "The middle one"
    assert press(Qt.Key.Key_Return) == "The right one"
    assert press(Qt.Key.Key_Left) == "The middle one"
    assert press(Qt.Key.Key_Left) == "The left one"
    assert press(Qt.Key.Key_Left) == "The left one"
    with qtbot.waitSignal(tour.finished):
        assert press(Qt.Key.Key_Escape) == ""
    assert tour.overlay is None


def test_tab_stays_in_the_bubble_and_enter_presses_what_it_reached(
    tour: Tour, qtbot: QtBot
) -> None:
    tour.start()
    assert tour.overlay is not None
    tour.go_on()
    overlay = tour.overlay
    reached = []
    for _ in range(4):
        reached.append(QApplication.focusWidget())
        qtbot.keyClick(reached[-1], Qt.Key.Key_Tab)
    assert reached == [
        overlay.next_button,
        overlay.end_button,
        overlay.back_button,
        overlay.next_button,
    ]
    overlay.back_button.setFocus()
    qtbot.keyClick(overlay.back_button, Qt.Key.Key_Return)
    assert tour.step is not None
    assert tour.step.title == "The left one"


def test_a_part_that_is_hidden_or_missing_is_left_out(
    hall: QWidget, tour: Tour, qtbot: QtBot
) -> None:
    button(hall, "middle").hide()
    tour.start()
    assert tour.overlay is not None
    assert tour.overlay.place.text() == "Step 1 of 2"
    tour.go_on()
    assert tour.step is not None
    assert tour.step.title == "The right one"
    tour.go_back()
    assert tour.step.title == "The left one"


def test_a_tour_with_nothing_to_show_is_over_at_once(hall: QWidget, qtbot: QtBot) -> None:
    tour = Tour(hall, [TourStep("Nothing", lambda: "It is not there. Not at all.", lambda: None)])
    with qtbot.waitSignal(tour.finished):
        tour.start()
    assert tour.overlay is None


def test_it_follows_the_window_and_the_part(tour: Tour, hall: QWidget) -> None:
    tour.start()
    assert tour.overlay is not None
    hall.resize(500, 420)
    QApplication.processEvents()
    assert tour.overlay.geometry() == hall.rect()
    assert hall.rect().contains(tour.overlay.bubble.geometry())
    button(hall, "left").setGeometry(300, 60, 150, 60)
    QApplication.processEvents()
    assert on(tour, button(hall, "left"))


def test_the_window_gets_the_keyboard_back(hall: QWidget, tour: Tour) -> None:
    button(hall, "middle").setFocus()
    tour.start()
    assert not button(hall, "middle").hasFocus()
    tour.end()
    assert button(hall, "middle").hasFocus()
    tour.end()  # once more does no harm


def test_it_ends_where_what_had_the_keyboard_or_what_it_explains_is_gone(
    hall: QWidget, tour: Tour, qtbot: QtBot
) -> None:
    before, explained = button(hall, "middle"), button(hall, "left")
    before.setFocus()
    tour.start()
    with qtbot.waitSignals([before.destroyed, explained.destroyed]):
        before.deleteLater()
        explained.deleteLater()
    hall.resize(700, 500)
    tour.end()
    assert tour.overlay is None


def test_it_gives_the_keyboard_back_to_the_window_not_to_the_question_before_it(
    hall: QWidget, tour: Tour, qtbot: QtBot
) -> None:
    button(hall, "middle").setFocus()
    question = QDialog(hall)
    answer = QPushButton("Start the tour", question)
    question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    question.show()
    qtbot.waitActive(question)
    answer.setFocus()
    tour.start()
    with qtbot.waitSignal(question.destroyed):
        question.close()
    tour.end()
    assert hall.focusWidget() is button(hall, "middle")


def test_enter_presses_nothing_while_a_step_waits(hall: QWidget, qtbot: QtBot) -> None:
    there: list[str] = []
    first = TourStep("First", lambda: "Look.", lambda: button(hall, "left"))
    waiting = TourStep(
        "Second", lambda: "There.", lambda: button(hall, "middle"), None, lambda: bool(there)
    )
    tour = Tour(hall, [first, waiting])
    tour.start()
    for _ in range(2):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert tour.step is waiting
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert isinstance(QApplication.focusWidget(), QPushButton)
    tour.end()


def test_a_step_brings_the_plot_that_it_explains_to_the_front(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.run()
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=60_000)
    docks = window.plot_area.docks
    behind = [key for key, dock in docks.items() if dock.isVisible() and not dock.is_seen]
    assert behind, "some plots share a corner"
    named = "\n".join(
        f'[[steps]]\ntitle = "{key}"\ntext = "Two."\nframe = ["plot {key}"]' for key in behind
    )
    tour = Tour(window, read_tour(named, window))
    tour.start()
    for key in behind:
        assert docks[key].is_seen
        tour.go_on()


def test_a_click_on_what_is_dimmed_does_nothing(tour: Tour, hall: QWidget, qtbot: QtBot) -> None:
    pressed: list[bool] = []
    button(hall, "right").clicked.connect(lambda: pressed.append(True))
    tour.start()
    assert tour.overlay is not None
    under = hall.childAt(button(hall, "right").geometry().center())
    assert under is tour.overlay
    qtbot.mouseClick(under, Qt.MouseButton.LeftButton)
    assert not pressed
    assert tour.overlay.next_button.hasFocus()


def test_it_ends_with_the_window(tour: Tour, hall: QWidget, qtbot: QtBot) -> None:
    tour.start()
    with qtbot.waitSignal(tour.finished):
        hall.close()


def test_it_can_be_read_aloud(tour: Tour) -> None:
    tour.start()
    assert tour.overlay is not None
    assert tour.overlay.bubble.accessibleName() == "The left one"
    assert "Step 1 of 3" in tour.overlay.bubble.accessibleDescription()


def test_a_step_does_something_once_and_waits_for_what_comes_of_it(
    hall: QWidget, qtbot: QtBot
) -> None:
    done: list[str] = []
    there: list[str] = []
    steps = [
        TourStep("First", lambda: "Look.", lambda: button(hall, "left")),
        TourStep(
            "Second",
            lambda: f"There are {len(there)}.",
            lambda: button(hall, "middle"),
            lambda: done.append("it"),
            lambda: bool(there),
        ),
        TourStep("Third", lambda: "The end.", lambda: button(hall, "right")),
    ]
    tour = Tour(hall, steps)
    tour.start()
    assert tour.overlay is not None
    tour.go_on()
    assert (done, tour.overlay.text.text()) == (["it"], "One moment …")
    assert not tour.overlay.next_button.isEnabled()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    assert tour.step is steps[1], "nobody goes on before it is there"
    there.append("something")
    qtbot.waitUntil(lambda: tour.overlay.text.text() == "There are 1.")
    assert tour.overlay.next_button.hasFocus()
    tour.go_on()
    tour.go_back()
    assert done == ["it"]
    tour.end()


def test_the_window_s_tour_runs_the_first_experiment_and_every_step_frames_what_is_on_screen(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.actions_["tour"].trigger()
    tour = window.dialogs.tour
    assert tour is not None
    seen, texts = [], []
    while tour.overlay is not None and tour.step is not None:
        step = tour.step
        qtbot.waitUntil(lambda step=step: not step.has_to_wait, timeout=60_000)
        qtbot.waitUntil(tour.overlay.next_button.isEnabled)
        assert tour.overlay.place.text() == f"Step {len(seen) + 1} of 7"
        target = step.target()
        assert target is not None
        assert not target.visibleRegion().isEmpty()
        assert window.rect().contains(tour.overlay.bubble.geometry())
        seen.append(step.title)
        texts.append(tour.overlay.text.text())
        if step.title == "A hypergradient":
            assert window.runner.state == "paused"
            assert len(window.record.meta_iterations) == 1
        tour.go_on()
    assert len(set(seen)) == 7
    assert "would lower the training loss by" in texts[1]
    assert "396, 379, 352, 344" in texts[3]
    assert window.record.finished is not None


def test_a_run_that_the_tour_would_take_the_place_of_is_asked_about(
    window: MainWindow, qtbot: QtBot
) -> None:
    Preferences().asks_before_losing = True
    window.run()
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=60_000)
    window.actions_["tour"].trigger()
    question = window.findChild(LosingQuestion)
    assert question is not None
    assert window.dialogs.tour is None
    question.close()


@pytest.mark.parametrize(
    ("step", "field"),
    [
        ('frame = ["nowhere at all"]', "frame"),
        ('frame = ["part setup"]\ndoes = ["format the disk"]', "does"),
        ('frame = ["part setup"]\nuntil = "tomorrow"', "until"),
        ("frame = []", "frame"),
        ('frame = ["part setup"]\nmore = 1', "more"),
    ],
)
def test_words_that_mean_nothing_in_a_tour_are_refused(
    window: MainWindow, step: str, field: str
) -> None:
    with pytest.raises(InputError, match=field):
        read_tour(f'[[steps]]\ntitle = "One"\ntext = "Two."\n{step}\n', window)


def test_the_tour_that_ships_says_two_sentences_a_step(window: MainWindow) -> None:
    for step in tour_steps(FIRST, window):
        assert len(re.findall(r"[.?](?= |$)", step.text())) == 2


def test_the_ring_is_in_the_accent(tour: Tour, hall: QWidget) -> None:
    tour.start()
    place = button(hall, "left").geometry()
    ring = hall.grab().toImage().pixelColor(place.center().x(), place.top() - 3)
    accent: QColor = hall.palette().accent().color()
    assert ring == accent
