"""How well forecasts do on recorded runs, whose ends are known."""

import json
from pathlib import Path

import numpy as np
import pytest
from experiments_for_tests import tiny

from engine.forecasting.forecast import forecast
from engine.library.accuracy import KNOWN, Accuracy, library_accuracy
from engine.library.library import Library
from engine.library.recording import recorded
from engine.output.accuracy import accuracy_files, rows, sentence
from engine.runs.finished_curves import curves_of
from engine.runs.run import optimize

RUN = tiny({"meta.iterations": "11", "training.iterations": "30"})
ONE = tiny({"meta.iterations": "1"})


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("library") / "runs.retrograde"
    list(recorded(optimize(RUN), path, "descent"))
    list(recorded(optimize(ONE), path, "short"))
    return path


def measured(path: Path, most: int = 2) -> Accuracy:
    with Library(path) as library:
        steps = library_accuracy(library, most=most)
        while True:
            try:
                next(steps)
            except StopIteration as stop:
                return stop.value


@pytest.fixture(scope="module")
def found(path: Path) -> Accuracy:
    return measured(path)


def test_errors_are_those_of_forecasts_made_by_hand(path: Path, found: Accuracy) -> None:
    with Library(path) as library:
        record = library["descent"].record
    curves = curves_of(record)
    chosen = curves.values[[0, -1]]
    for share in KNOWN:
        [score] = [one for one in found.scores if one[:2] == ("elementary learning curves", share)]
        misses, inside = [], []
        for curve in chosen:
            made = forecast(curve[: round(share * 30)], 30, quantity="loss")
            low, high = (end[-1] for end in made.band(0.9))
            misses.append((made.mean[-1] - curve[-1]) / np.ptp(curve))
            inside.append(low <= curve[-1] <= high)
        assert score.forecasts == 2
        np.testing.assert_allclose(score.error, np.sqrt(np.mean(np.square(misses))))
        assert score.inside == np.mean(inside)


def test_meta_learning_curves_are_forecast_once_enough_is_known(found: Accuracy) -> None:
    shares = [one.known for one in found.scores if one.kind == "meta-learning curves"]
    assert shares == [0.3], "a tenth of eleven is too little to forecast from"
    assert (found.runs, found.left_out) == (1, 1)


def test_stops_are_counted_over_runs(found: Accuracy) -> None:
    balance = found.balance
    assert balance.total == 2 * 30
    assert balance.trained <= balance.total
    assert balance.wrong <= min(balance.stopped, balance.winners)
    assert sentence(found).startswith("Of 1 run; 1 without such curves. Stopping where ")
    kept = json.loads(accuracy_files(found)["accuracy.json"])
    assert [one["error"] for one in kept["forecasts"]] == [one.error for one in found.scores]
    assert len(rows(found)) == len(found.scores)


def test_a_library_without_curves_says_so(tmp_path: Path) -> None:
    found = measured(tmp_path / "new.retrograde")
    assert not found.scores
    assert sentence(found) == "No recorded run has curves that are long enough to be forecast."
