"""The real window, on an experiment that runs in a blink."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from experiments_for_tests import FIXED, tiny
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from qt_manners import LASTING, let_go, settings_in
from setup_hall import Hall, Halls
from shared_windows import Windows

from app.application import make_application
from app.main_window import MainWindow
from app.preferences import Preferences
from engine.experiments.experiment import Experiment
from engine.experiments.files import list_experiments, override, save_experiment


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    return QApplication


@pytest.fixture(scope="session")
def _asking_nothing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Settings in which runs are lost without a question; a copy is made sooner than others."""
    settings_in(folder := tmp_path_factory.mktemp("asking nothing"))
    QCoreApplication.setApplicationName("Retrograde")  # as the application will be called
    Preferences().asks_before_losing = False
    return folder


@pytest.fixture(autouse=True)
def _no_questions(_own_settings: None, _asking_nothing: Path, tmp_path: Path) -> None:
    """Runs are lost without a question, except where a test is about that."""
    shutil.copytree(_asking_nothing, tmp_path, dirs_exist_ok=True)
    settings_in(tmp_path)
    QCoreApplication.setApplicationName("Retrograde")


@pytest.fixture(scope="session")
def shipped() -> Mapping[str, Experiment]:
    """All experiments that ship, which nobody changes."""
    return list_experiments()


@pytest.fixture(scope="session")
def quick(shipped: Mapping[str, Experiment]) -> Experiment:
    """Two hidden units on irises: a meta-iteration takes some hundredths of a second."""
    return override(
        shipped["spirals"],
        {
            "data.source": "iris",
            "model.hidden": "[3]",
            "training.iterations": "10",
            "meta.iterations": "3",
        },
    )


@pytest.fixture(scope="module")
def _windows(
    qapp: QApplication, quick: Experiment, shipped: Mapping[str, Experiment]
) -> Iterator[Windows]:
    several = Windows(shipped, quick)
    yield several
    several.close()


@pytest.fixture
def window(qtbot: QtBot, _windows: Windows) -> Iterator[MainWindow]:
    """The window, as new: in the gallery, a quick experiment set up, without a run."""
    yield _windows.enter(qtbot)
    _windows.leave()


@pytest.fixture(scope="module")
def lasting_window(
    qapp: QApplication,
    quick: Experiment,
    shipped: Mapping[str, Experiment],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[MainWindow]:
    """A window for all tests of a module that look at it alone, or change what the next sets."""
    settings_in(tmp_path_factory.mktemp("settings"))
    make_application()
    made = MainWindow(dict(shipped), theme="light")
    made.setup.set_experiment(quick)
    LASTING.append(made)
    made.show()
    yield made
    let_go(made)


@pytest.fixture(scope="module")
def _halls(qapp: QApplication) -> Iterator[Halls]:
    several = Halls()
    yield several
    several.close()


@pytest.fixture
def fresh_hall(qtbot: QtBot) -> Iterator[Hall]:
    """A hall for one test alone: where files are read, more is left than can be cleared away."""
    halls = Halls()
    yield halls.enter(qtbot)
    halls.close()


@pytest.fixture
def hall(qtbot: QtBot, _halls: Halls) -> Iterator[Hall]:
    """The set-up panel in a window of its own, as new."""
    yield _halls.enter(qtbot)
    _halls.leave()


@pytest.fixture
def tiny_file(tmp_path: Path) -> str:
    """A tiny experiment in a file, with learning rates free and so few figures."""
    path = tmp_path / "mine.toml"
    save_experiment(tiny({**FIXED, "hyperparameters.learning_rates.free": "true"}), path)
    return str(path)


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, which is empty."""
    empty = tmp_path_factory.mktemp("home")
    monkeypatch.chdir(empty)
    return empty
