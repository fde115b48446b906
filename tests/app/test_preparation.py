import os
from pathlib import Path

import pytest
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.preparation import Preparation

PATIENCE = 60_000
HOSTILE = "import pathlib; pathlib.Path('it ran').touch()\n"


@pytest.fixture
def unprepared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("engine.runs.prepare.is_prepared", lambda: False)
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kernels"))


def test_kernels_are_compiled_beside_the_window_and_no_longer(
    unprepared: None, qtbot: QtBot, tmp_path: Path
) -> None:
    preparation = Preparation(["toy"])
    preparation.start()
    qtbot.waitUntil(lambda: any(tmp_path.glob("kernels/kernels-*/*.code")), timeout=PATIENCE)
    assert preparation.is_going_on
    preparation.stop()
    assert not preparation.is_going_on


def test_nothing_in_the_working_folder_is_run(
    unprepared: None, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "anybody's"
    for package in ("engine", "numba"):
        (here / package).mkdir(parents=True)
        (here / package / "__init__.py").write_text(HOSTILE)
    monkeypatch.chdir(here)
    preparation = Preparation([])
    preparation.start()
    qtbot.waitUntil(lambda: any(tmp_path.glob("kernels/kernels-*")), timeout=PATIENCE)
    preparation.stop()
    assert sorted(os.listdir(here)) == ["engine", "numba"]


def test_what_has_been_compiled_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.runs.prepare.is_prepared", lambda: True)
    preparation = Preparation([])
    preparation.start()
    assert not preparation.is_going_on


def test_what_a_run_needs_is_loaded_once_the_window_has_painted(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []

    class Window(QWidget):
        def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
            happened.append("painted")

    monkeypatch.setattr("app.preparation.import_module", lambda name: happened.append("loaded"))
    window, preparation = Window(), Preparation([])
    qtbot.addWidget(window)
    preparation.load_once_painted(window)
    assert not happened
    window.show()
    qtbot.waitUntil(lambda: "loaded" in happened)
    preparation.stop()
    assert happened[0] == "painted"
