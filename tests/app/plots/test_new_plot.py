"""An entry of the catalogue of plots is all that the window needs to show a new plot."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from driving import card_of, lines_of, press
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.exporting.animation_dialog import AnimationDialog
from app.exporting.export_dialog import ExportDialog
from app.main_window import MainWindow
from engine.experiments.experiment import Experiment
from engine.experiments.files import list_experiments
from engine.plots import PLOTS, AnyPlot, Line, Plot, PlotKind
from engine.plots.stage import Scene
from engine.runs.events import Preparing
from engine.runs.moments import Moment
from engine.runs.records import RunRecord

PATIENCE = 60_000


def make_toy(what: PlotKind, record: RunRecord) -> Plot:
    """As many points as meta-iterations are done."""
    x = np.arange(float(len(record.meta_iterations)))
    return Plot(what.key, what.title, "meta-iteration", "toy", (Line("toy", x, x),), (0, 9))


def make_scene(what: PlotKind, scene: Scene) -> Plot:
    """The parameters themselves."""
    w = scene.parameters()
    x = np.arange(float(len(w)))
    return Plot(what.key, what.title, "weight", "w", (Line("w", x, w),), (0, len(w)))


@pytest.fixture
def window(
    qtbot: QtBot, quick: Experiment, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    """One that is opened after two plots were added to the catalogue."""
    toy = PlotKind("toy", "Toy", "objective", "meta-iteration", make_toy)
    monkeypatch.setitem(PLOTS, "toy", toy)
    scene = PlotKind("scene", "Parameters", "model", "moment", make_scene, highlight=True)
    monkeypatch.setitem(PLOTS, "scene", scene)
    make_application()
    made = MainWindow(list_experiments(), theme="light")
    made.setup.set_experiment(quick)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


def finish(qtbot: QtBot, window: MainWindow) -> None:
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    qtbot.waitUntil(
        lambda: "scene" in {plot.key for plot in window.plot_area.shown}, timeout=PATIENCE
    )


def test_a_new_plot_is_drawn_in_the_place_that_its_entry_names(
    window: MainWindow, qtbot: QtBot
) -> None:
    finish(qtbot, window)
    area = window.plot_area
    assert area.docks["losses"] in area.tabifiedDockWidgets(area.docks["toy"])
    assert area.docks["toy"].windowTitle() == "Toy"
    assert len(lines_of(window, "toy")["toy"][1]) == 3


def test_a_new_plot_of_moments_follows_the_timeline(window: MainWindow, qtbot: QtBot) -> None:
    finish(qtbot, window)
    assert window.plot_area.is_seen(["scene"]), "highlights stand in front"
    trained = lines_of(window, "scene")["w"][1].copy()
    for row in (window.timeline.meta_iteration, window.timeline.step):
        qtbot.keyClick(row.slider, Qt.Key.Key_Home)
    qtbot.waitUntil(
        lambda: not np.array_equal(lines_of(window, "scene")["w"][1], trained), timeout=PATIENCE
    )


def test_a_new_plot_can_be_exported_and_animated_and_explained(
    window: MainWindow, qtbot: QtBot
) -> None:
    finish(qtbot, window)
    window.dialogs.export_all()
    export = window.findChild(ExportDialog)
    assert export is not None
    offered = [export.choice.item(row).text() for row in range(export.choice.count())]
    assert {"Toy", "Parameters", "Loss after training"} <= set(offered)
    export.reject()
    window.dialogs.animate()
    animation = window.findChild(AnimationDialog)
    assert animation is not None
    offered = [animation.plot.itemText(row) for row in range(animation.plot.count())]
    assert {"Toy", "Parameters", "Loss after training"} <= set(offered)
    animation.reject()
    card_of(window, "toy")
    window.dialogs.explain_plot("toy")
    assert window.dialogs.help.title.text() == "Toy"
    window.dialogs.help.close()


def test_while_the_past_is_on_view_news_of_the_run_remakes_no_plot(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: Counter[str] = Counter()

    def counting(kind: PlotKind) -> PlotKind:
        def make(what: PlotKind, source: Any) -> AnyPlot | None:
            counts[what.key] += 1
            return kind.plot(source)

        return replace(kind, make=make)

    for key, kind in PLOTS.items():
        if kind.changes != "moment":  # those are made in a thread of their own, when asked for
            monkeypatch.setitem(PLOTS, key, counting(kind))
    finish(qtbot, window)
    for row in (window.timeline.meta_iteration, window.timeline.step):
        qtbot.keyClick(row.slider, Qt.Key.Key_Home)
    assert window.view.moment == Moment(0, 0)
    assert counts
    counts.clear()
    assert window.record is not None
    window.view.take(Preparing("judging", 1, 2))  # the end itself is told of in the past, too
    window.view.redraw()
    assert not counts
