"""Whatever a person may do, in any order, on the real window.

That no thread, timer or window is left over in the end is checked after every test, this one too.
"""

import os
import random
from collections.abc import Callable

import pytest
from driving import choose_field, type_into
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.main_window import MainWindow
from engine.experiments.experiment import Experiment
from engine.experiments.files import list_experiments, override

PATIENCE = 60_000
_SMALL = {"training.iterations": "8", "meta.iterations": "40"}


class Person:
    """Does one thing after the other, whatever comes to mind.

    Args:
        qtbot: hands.
        chance: decides.
    """

    def __init__(self, qtbot: QtBot, chance: random.Random) -> None:
        self._qtbot, self._chance = qtbot, chance
        self._experiments = {
            name: override(experiment, _SMALL) for name, experiment in list_experiments().items()
        }
        self.window = self.open()
        self.done: dict[str, int] = {}

    def open(self) -> MainWindow:
        window = MainWindow(self._experiments, theme="light")
        window.show()
        window.control.choose_experiment("one-number")
        return window

    def act(self) -> None:
        choices: list[tuple[int, Callable[[], None]]] = [
            (14, self.start),
            (8, self.pause),
            (8, self.step),
            (5, self.stop),
            (4, self.clear),
            (14, self.scrub),
            (6, self.edit_a_number),
            (4, self.choose_another_objective),
            (5, self.change_the_run),
            (2, self.stop_and_run),
            (5, self.undo),
            (4, self.redo),
            (5, self.switch_experiment),
            (3, self.play),
            (3, self.look_at_gallery),
            (3, self.close_or_open_a_plot),
            (3, self.enlarge),
            (2, self.edit_by_hand),
            (2, self.change_theme),
            (1, self.close_and_reopen),
            (6, self.watch),
        ]
        weights = [weight for weight, _ in choices]
        (action,) = self._chance.choices([does for _, does in choices], weights)
        self.done[action.__name__] = self.done.get(action.__name__, 0) + 1
        action()
        QApplication.processEvents()

    def trigger(self, name: str) -> None:
        if self.window.actions_[name].isEnabled():
            self.window.actions_[name].trigger()

    def start(self) -> None:
        self.trigger("run")

    def pause(self) -> None:
        self.trigger("pause")

    def step(self) -> None:
        self.trigger("step")

    def stop(self) -> None:
        self.trigger("stop")

    def clear(self) -> None:
        self.window.control.clear()

    def scrub(self) -> None:
        timeline = self.window.timeline
        row = self._chance.choice([timeline.meta_iteration, timeline.step])
        if row.slider.isEnabled() and row.slider.isVisible():
            key = self._chance.choice(
                [Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End]
            )
            self._qtbot.keyClick(row.slider, key)

    def play(self) -> None:
        timeline = self.window.timeline
        row = self._chance.choice([timeline.meta_iteration, timeline.step])
        if row.slider.isEnabled() and row.slider.isVisible():
            self._qtbot.keyClick(row.slider, Qt.Key.Key_Space)

    def edit_a_number(self) -> None:
        value = self._chance.choice(["3", "9", "12", "no number", ""])
        if self.window.setup.field("training.iterations").line.isEnabled():
            type_into(self._qtbot, self.window, "training.iterations", value)

    def change_the_run(self) -> None:
        key, value = self._chance.choice(
            [
                ("meta.step", "0.02"),
                ("meta.step", "0.3"),
                ("meta.iterations", "1"),
                ("meta.iterations", "4"),
                ("meta.seeds", "2"),
                ("meta.seeds", "0"),
            ]
        )
        line = self.window.setup.field(key).line
        if line.isEnabled():
            type_into(self._qtbot, self.window, key, value)
            self._qtbot.keyClick(line, Qt.Key.Key_Return)

    def stop_and_run(self) -> None:
        if self.window.during.bar.button.isEnabled():
            self.window.during.bar.button.click()

    def choose_another_objective(self) -> None:
        field = self.window.setup.field("meta.objective")
        if field.isEnabled():
            value = self._chance.choice(["training", "validation"])
            choose_field(self._qtbot, self.window, "meta.objective", value)

    def undo(self) -> None:
        if self.window.setup.history.canUndo():
            self.window.setup.history.undo()

    def redo(self) -> None:
        if self.window.setup.history.canRedo():
            self.window.setup.history.redo()

    def switch_experiment(self) -> None:
        self.window.gallery.chosen.emit(self._chance.choice(list(self._experiments)))

    def look_at_gallery(self) -> None:
        self.trigger("gallery")

    def close_or_open_a_plot(self) -> None:
        entries = self.window.plot_menu.actions()
        if entries:
            self._chance.choice(entries).trigger()

    def enlarge(self) -> None:
        shown = self.window.plot_area.shown
        if shown:
            self.window.plot_area.toggle_enlarged(self._chance.choice(shown).key)

    def edit_by_hand(self) -> None:
        editing = self.window.dialogs.editing
        if editing and editing.editor:
            editing.close()
        else:
            self.trigger("edit_learning_rates")

    def change_theme(self) -> None:
        self.window.set_theme(self._chance.choice(["light", "dark"]))

    def close_and_reopen(self) -> None:
        self.close()
        self.window = self.open()

    def close(self) -> None:
        """Close the window for good."""
        self.window.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def watch(self) -> None:
        """Look at a run until something happens, or it stands."""
        runner = self.window.runner
        seen: list[object] = []
        runner.happened.connect(seen.append)
        self._qtbot.waitUntil(lambda: bool(seen) or runner.state != "running", timeout=PATIENCE)
        runner.happened.disconnect(seen.append)


def windows() -> set[MainWindow]:
    return {widget for widget in QApplication.allWidgets() if isinstance(widget, MainWindow)}


def walk(qtbot: QtBot, quick: Experiment, actions: int, seed: int) -> Person:
    """Do that many things at random, then close a window that has been seen to work still."""
    print(f"The walk's seed: {seed}")
    make_application()
    others = windows()  # of other tests, which nobody has collected yet
    person = Person(qtbot, random.Random(seed))
    for _ in range(actions):
        person.act()
    window = person.window
    window.control.clear()
    window.setup.set_experiment(quick)
    window.run()
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    assert window.record is not None
    assert window.record.finished is not None
    assert window.record.finished.outcome == "completed"
    person.close()
    assert windows() <= others, "closed windows are gone"
    return person


def test_random_actions_leave_a_window_that_still_works(qtbot: QtBot, quick: Experiment) -> None:
    walk(qtbot, quick, actions=150, seed=2015)


@pytest.mark.long
def test_a_thousand_random_actions_leave_a_window_that_still_works(
    qtbot: QtBot, quick: Experiment
) -> None:
    """With the environment variable SEED, the same again."""
    seed = int(os.environ.get("SEED") or random.randrange(2**32))
    person = walk(qtbot, quick, actions=1000, seed=seed)
    assert len(person.done) == 21, "everything was done at least once"
