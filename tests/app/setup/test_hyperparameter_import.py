"""Hyperparameters from a file, taken over into the set-up."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from experiments_for_tests import events_of, record_of
from pytestqt.qtbot import QtBot
from setup_hall import Hall

from app.setup.hyperparameter_import import HyperparameterImport
from engine.experiments.files import override, parse_experiment, to_toml
from engine.output.hyperparameters import hyperparameters_of, write_hyperparameters

PATIENCE = 30_000


@pytest.fixture
def importing(hall: Hall) -> Iterator[HyperparameterImport]:
    made = HyperparameterImport(hall, hall.setup)
    yield made
    made.shut_down()


def test_a_file_of_another_run_is_what_the_next_one_starts_from(
    qtbot: QtBot, hall: Hall, importing: HyperparameterImport, tmp_path: Path
) -> None:
    hall.setup.change("training.iterations", 10)
    own = hall.setup.experiment()
    record = record_of(events_of(override(own, {"meta.iterations": "2"})))
    path = tmp_path / "found.npz"
    write_hyperparameters(record, path, "final")
    with qtbot.waitSignal(importing.said, timeout=PATIENCE) as said:
        importing.open_path(str(path))
    assert said.args[0].startswith("The next run starts from found.npz.")
    taken = hall.setup.experiment()
    assert taken.free == own.free
    rates = hyperparameters_of(record, "final")["learning_rates"]
    initial = np.array(taken.hyperparameters["learning_rates"].initial)
    assert np.array_equal(np.broadcast_to(initial, rates.shape), rates)
    assert parse_experiment(to_toml(taken), "taken") == taken
    hall.setup.history.undo()
    assert hall.setup.experiment() == own


def test_a_file_that_does_not_fit_is_refused_and_nothing_changes(
    qtbot: QtBot, hall: Hall, importing: HyperparameterImport, tmp_path: Path
) -> None:
    own = hall.setup.experiment()
    path = tmp_path / "wrong.csv"
    path.write_text("hyperparameter,value\ndecays,2\n")
    with qtbot.waitSignal(importing.said_problem, timeout=PATIENCE) as said:
        importing.open_path(str(path))
    assert said.args[0].startswith("wrong.csv, line 2: expected")
    assert hall.setup.experiment() == own
    assert not importing.is_reading


def test_a_file_is_not_taken_into_another_experiment_than_it_was_read_for(
    qtbot: QtBot, hall: Hall, importing: HyperparameterImport, tmp_path: Path
) -> None:
    own = hall.setup.experiment().hyperparameters
    path = tmp_path / "late.csv"
    path.write_text("hyperparameter,value\ndecays,0.7\n")
    with qtbot.waitSignal(importing.said_problem, timeout=PATIENCE) as said:
        importing.open_path(str(path))
        hall.setup.change("training.iterations", 17)
    assert "the set-up has changed while it was read" in said.args[0]
    assert hall.setup.experiment().hyperparameters == own


def test_closing_waits_for_what_is_read(
    hall: Hall, importing: HyperparameterImport, tmp_path: Path
) -> None:
    path = tmp_path / "late.csv"
    path.write_text("hyperparameter,value\ndecays,0.5\n")
    importing.open_path(str(path))
    importing.shut_down()
    assert not importing.is_reading
