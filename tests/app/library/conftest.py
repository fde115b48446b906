"""A library of a few runs, made once, of which each test has a copy."""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest
from experiments_for_tests import FIXED, tiny
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from recording_for_tests import until
from runs_desk import Desk

from app.application import make_application
from app.main_window import MainWindow
from engine.experiments.experiment import Experiment
from engine.library.library import open_library
from engine.library.recording import recorded
from engine.runs.events import Event
from engine.runs.run import optimize

FREE = {**FIXED, "hyperparameters.learning_rates.free": "true"}
RUNS: Mapping[str, Mapping[str, str]] = {
    "first": {**FREE},
    "with decays": {**FREE, "hyperparameters.decays.free": "true", "meta.step": "0.1"},
    "another seed": {**FREE, "meta.seed": "3", "meta.iterations": "5"},
}
"""What is free and set in each; the last one was stopped after two meta-iterations."""


@pytest.fixture(scope="session")
def _recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("library") / "runs.retrograde"
    for name, settings in RUNS.items():
        events: Iterable[Event] = optimize(tiny(settings))
        if name == "another seed":
            events = until(events, 2)
        for _ in recorded(events, path, name):
            pass
    with open_library(path) as library:
        library["with decays"].star()
        library["with decays"].write_note("a larger step")
    return path


@pytest.fixture
def file(_recorded: Path, tmp_path: Path) -> Path:
    """The library's file, which a test may change."""
    path = tmp_path / "runs.retrograde"
    shutil.copy(_recorded, path)
    return path


@pytest.fixture
def shelved(
    qtbot: QtBot, quick: Experiment, shipped: Mapping[str, Experiment], file: Path
) -> Iterator[MainWindow]:
    """A window with this library."""
    make_application()
    made = MainWindow(dict(shipped), "light", file)
    made.setup.set_experiment(quick)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


@pytest.fixture
def on_runs(shelved: MainWindow, qtbot: QtBot) -> MainWindow:
    """The page Compare with the runs listed."""
    window = shelved
    window.show_comparison()
    beside = window.comparing.left.beside
    assert beside is not None
    beside.click()
    qtbot.waitUntil(lambda: len(window.runs.panel.table.shown) == len(RUNS))
    return window


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication, file: Path) -> Iterator[Desk]:
    """The list of runs with what is ticked in it, alone."""
    make_application()
    made = Desk(file)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: len(made.panel.table.shown) == len(RUNS))
    yield made
    made.let_go()
