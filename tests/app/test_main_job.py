"""The main job, as a person does it with mouse and keyboard."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from driving import card_of, choose_field, click, lines_of, press, tick, type_into
from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from app.exporting.export_dialog import ExportDialog
from app.main_window import MainWindow
from engine.experiments.files import list_experiments
from engine.plots import plots
from engine.runs.events import MetaIterationDone, RunStarted

PATIENCE = 30_000


@pytest.fixture
def on_digits(window: MainWindow) -> MainWindow:
    window.setup.set_experiment(list_experiments()["schedules"])
    return window


def test_a_person_chooses_runs_pauses_steps_exports_and_closes(
    on_digits: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = on_digits
    events: list[Any] = []
    window.runner.happened.connect(events.append)

    choose_field(qtbot, window, "data.source", "iris")
    choose_field(qtbot, window, "data.source", "digits")
    type_into(qtbot, window, "training.iterations", "60")
    tick(qtbot, window, "hyperparameters.learning_rates.free", True)
    choose_field(qtbot, window, "hyperparameters.learning_rates.granularity", "group")
    tick(qtbot, window, "hyperparameters.decays.free", False)  # then the entropy bound stays
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: len(_done(events)) >= 2, timeout=PATIENCE)

    press(qtbot, window, "pause")
    qtbot.waitUntil(lambda: window.runner.state == "paused", timeout=PATIENCE)
    started = next(event for event in events if isinstance(event, RunStarted))
    assert started.experiment.data.source == "digits"
    assert started.experiment.training.iterations == 60
    assert started.experiment.hyperparameters["learning_rates"].granularity == "group"
    _assert_plots_hold_the_events(window, events)

    before = len(_done(events))
    press(qtbot, window, "step")
    qtbot.waitUntil(
        lambda: window.runner.state == "paused" and len(_done(events)) == before + 1,
        timeout=PATIENCE,
    )
    _assert_plots_hold_the_events(window, events)
    assert all(done.reversed_exactly for done in _done(events))
    assert "reversed bit for bit\N{NO-BREAK SPACE}✓" in card_of(window, "memory").head.caption.text

    press(qtbot, window, "export")
    dialog = window.findChild(ExportDialog)
    dialog.folder.setText(str(tmp_path / "figures"))
    with qtbot.waitSignal(dialog.exported, timeout=PATIENCE):
        click(qtbot, dialog.write)
    assert window.record is not None
    keys = [plot.key for plot in plots(window.record)]
    written = {f"{key}.{kind}" for key in keys for kind in ("svg", "pdf", "png", "csv")}
    assert written <= {path.name for path in (tmp_path / "figures").iterdir()}
    for key in keys:
        assert (tmp_path / "figures" / f"{key}.pdf").read_bytes().startswith(b"%PDF-")
    table = np.genfromtxt(tmp_path / "figures" / "losses.csv", delimiter=",", names=True)
    expected = [done.losses.training for done in _done(events)]
    np.testing.assert_array_equal(table["training"], expected)

    press(qtbot, window, "pause")
    qtbot.waitUntil(lambda: window.runner.state == "running", timeout=PATIENCE)
    window.close()
    assert window.runner.state == "idle"


def test_the_window_fits_a_small_projector(on_digits: MainWindow) -> None:
    assert on_digits.minimumSizeHint().width() <= 1280
    assert on_digits.minimumSizeHint().height() <= 800
    on_digits.resize(QSize(1280, 800))
    assert on_digits.size() == QSize(1280, 800)


def _done(events: list[Any]) -> list[MetaIterationDone]:
    return [event for event in events if isinstance(event, MetaIterationDone)]


def _assert_plots_hold_the_events(window: MainWindow, events: list[Any]) -> None:
    done = _done(events)
    last = done[-1]
    started = next(event for event in events if isinstance(event, RunStarted))
    keys = ("learning_rates", "losses", "learning_curves", "memory")
    drawn = {key: lines_of(window, key) for key in keys}

    for index, group in enumerate(started.groups):
        steps = [started.initial, *(event.next_hyperparameters for event in done)]
        rates = [step["learning_rates"][0, index] for step in steps]
        np.testing.assert_array_equal(drawn["learning_rates"][group.name][1], rates)
    for part in ("training", "validation", "test"):
        losses = [getattr(event.losses, part) for event in done]
        np.testing.assert_array_equal(drawn["losses"][part][1], losses)
    np.testing.assert_array_equal(drawn["learning_curves"]["first"][1], done[0].learning_curve)
    assert np.nanmax(drawn["memory"]["full trajectory (float64)"][1]) == (
        last.memory.trajectory_bytes
    )
    bound = np.nanmax(drawn["memory"]["entropy bound"][1])
    np.testing.assert_allclose(bound, last.memory.entropy_bits / 8)
