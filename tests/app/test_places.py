"""Where runs go: this process, others, a cluster; as chosen in the window or the command."""

import gc
import json
from concurrent.futures import Executor
from pathlib import Path

import numpy as np
import pytest
from clusters_for_tests import local_cluster
from driving import click, press
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from app.command_line import main
from app.main_window import MainWindow
from app.places import CORES, Place, executor_at
from app.preferences import Preferences
from app.where_runs_go import PreferencesDialog
from engine.errors import InputError
from engine.experiments.strategies import STRATEGIES

PATIENCE = 60_000


def dialog_of(window: MainWindow, qtbot: QtBot) -> PreferencesDialog:
    click(qtbot, window.where.change_button)
    dialog = window.findChild(PreferencesDialog)
    assert dialog is not None
    return dialog


def test_without_a_place_there_is_no_executor() -> None:
    with executor_at() as executor:
        assert executor is None
    with Place().executor() as executor:
        assert executor is None


def test_workers_are_processes() -> None:
    with executor_at(workers=1) as executor:
        assert isinstance(executor, Executor)
        assert executor.submit(pow, 3, 2).result(timeout=60) == 9


def test_both_at_once_are_refused() -> None:
    with (
        pytest.raises(InputError, match="either workers or a scheduler"),
        executor_at(2, "tcp://a:1"),
    ):
        pass


@pytest.mark.parametrize("address", ["nonsense", "tcp://127.0.0.1:1"])
def test_a_cluster_that_is_not_there_is_one_sentence(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.places._SECONDS", 0.2)
    with (
        pytest.raises(InputError, match="expected the address of a Dask scheduler") as error,
        executor_at(scheduler=address),
    ):
        pass
    assert "\n" not in str(error.value)
    clients = [one for one in gc.get_objects() if type(one).__name__ == "Client"]
    states = {client.status for client in clients}
    assert states <= {"closed"}, "one that is closed while another is made waits for ever"


@pytest.mark.long
def test_a_local_cluster_gives_the_same_comparison(tmp_path: Path) -> None:
    common = ["compare", "toy", "--methods", "forward,truncated:last=5", "--studies", "none"]
    assert main([*common, "--out", str(tmp_path / "here")]) == 0
    with local_cluster() as cluster:
        away = [*common, "--scheduler", cluster.scheduler_address]
        assert main([*away, "--out", str(tmp_path / "away")]) == 0
    here, there = (
        json.loads((tmp_path / place / "comparison.json").read_text())["methods"]
        for place in ("here", "away")
    )
    for one, other in zip(here, there, strict=True):
        del one["seconds"], other["seconds"]
    assert here == there


@pytest.mark.long
@pytest.mark.parametrize("strategy", ["random", "tpe"])
def test_trials_of_processes_and_of_a_local_cluster_are_those_of_here(
    strategy: str, tmp_path: Path
) -> None:
    if missing := STRATEGIES[strategy].missing:
        pytest.skip(missing)
    changes = f"meta.optimizer={strategy}", "meta.iterations=13", "meta.trials_at_once=3"
    common = ["run", "moons", *(part for change in changes for part in ("--set", change))]
    assert main([*common, "--out", str(tmp_path / "here")]) == 0
    assert main([*common, "--workers", "2", "--out", str(tmp_path / "processes")]) == 0
    with local_cluster() as cluster:
        away = [*common, "--scheduler", cluster.scheduler_address]
        assert main([*away, "--out", str(tmp_path / "cluster")]) == 0
    here, *others = (
        json.loads((tmp_path / place / "result.json").read_text())["meta_iterations"]
        for place in ("here", "processes", "cluster")
    )
    for one in (here, *others):
        for trial in one:
            del trial["seconds"]
    assert all(one == here for one in others)
    assert len(here) == 13


# In the window


def test_the_line_below_the_set_up_says_where_runs_go(window: MainWindow) -> None:
    window.show_run()
    assert window.where.isVisible()
    assert f"of {CORES} core" in window.where.words.text()


def test_processes_are_chosen_remembered_and_used(window: MainWindow, qtbot: QtBot) -> None:
    window.show_run()
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    here = window.record
    dialog = dialog_of(window, qtbot)
    qtbot.keyClick(dialog.ticks["processes"], Qt.Key.Key_Space)
    dialog.workers.setValue(1)
    click(qtbot, dialog.buttons.button(QDialogButtonBox.StandardButton.Ok))
    assert window.where.words.text() == "Runs in 1 process"
    assert Preferences().place == Place("processes", Place().cores, 1)
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.record not in (None, here), timeout=PATIENCE)
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    assert here is not None
    assert window.record is not None
    for kind, values in here.current.items():
        assert np.array_equal(values, window.record.current[kind]), "the place changes no bit"


def test_a_cluster_needs_an_address(window: MainWindow, qtbot: QtBot) -> None:
    window.show_run()
    dialog = dialog_of(window, qtbot)
    ok = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    qtbot.keyClick(dialog.ticks["cluster"], Qt.Key.Key_Space)
    assert not ok.isEnabled()
    assert dialog.problem.isVisible()
    qtbot.keyClicks(dialog.scheduler, "tcp://host:8786")
    assert ok.isEnabled()
    assert not dialog.problem.isVisible()
    dialog.reject()
    assert Preferences().place == Place()


def test_a_cluster_that_is_not_there_fails_the_run_in_one_sentence(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.places._SECONDS", 0.2)
    Preferences().place = Place("cluster", scheduler="tcp://127.0.0.1:1")
    window.show_run()
    press(qtbot, window, "run")
    qtbot.waitUntil(window.message_bar.isVisible, timeout=PATIENCE)
    assert "expected the address of a Dask scheduler" in window.message_bar.text.text()


@pytest.mark.parametrize(
    "text", ["", "nonsense", '{"kind": "elsewhere"}', '{"cores": 0}', '{"cores": true}', "[1]"]
)
def test_a_place_that_was_edited_in_the_file_counts_as_never_set(
    text: str, window: MainWindow
) -> None:
    QSettings().setValue("place", text)
    assert Preferences().place == Place()
