"""What the seconds of a comparison are: of methods at work, and nothing else."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from experiments_for_tests import FIXED, tiny

from engine.experiments.experiment import Experiment
from engine.runs import compare as comparing
from engine.runs.compare import compare
from engine.runs.comparison import PointMeasured

WATCHED = """
import sys
from engine.kernels.keeping import Kept
from engine.experiments.files import load_experiment
from engine.hypergradients.catalogue import METHODS
from engine.runs.compare import compare
from engine.runs.comparison import ComparisonStarted

loaded, load = [], Kept.load_overload
def watched(self, *arguments):
    loaded.append(self._name)
    return load(self, *arguments)
Kept.load_overload = watched
for event in compare(load_experiment("six-ways"), list(METHODS), []):
    if isinstance(event, ComparisonStarted):
        loaded.clear()
        before = set(sys.modules)
print(loaded, sorted(set(sys.modules) - before))
"""


def small() -> Experiment:
    free = {"hyperparameters.l2_penalties.free": "true"}
    return tiny({**FIXED, **free, "hyperparameters.l2_penalties.initial": "0.01"})


def test_nothing_is_compiled_or_imported_while_a_method_is_measured() -> None:
    found = subprocess.run(
        [sys.executable, "-c", WATCHED], capture_output=True, text=True, timeout=300, check=True
    )
    assert found.stdout.strip() == "[] []"


@pytest.mark.parametrize(
    ("seconds", "least", "runs"),
    [([0.15, 0.05, 0.1], 0.05, 3), ([0.5], 0.5, 1), ([0.19, 0.3, 0.4], 0.19, 3)],
)
def test_what_is_short_is_measured_three_times_and_the_least_counts(
    seconds: list[float], least: float, runs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest, left = comparing.differentiate, {"exact-reversal": [1.0], "forward": [*seconds]}
    count = []

    def timed(task, experiment, *rest):
        found = yield from honest(task, experiment, *rest)
        count.append(experiment.method)
        taken = left[experiment.method].pop(0)
        return found._replace(cost=replace(found.cost, seconds=taken))

    monkeypatch.setattr(comparing, "differentiate", timed)
    measured = [
        event.measurement
        for event in compare(small(), ["forward"], [])
        if isinstance(event, PointMeasured)
    ]
    assert measured[1].cost is not None
    assert measured[1].cost.seconds == least
    assert count.count("forward") == runs


def test_whoever_measures_elsewhere_prepares_the_method_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    honest, done = comparing.warm_up, []

    def noted(task, dynamics, *, methods):
        done.append(sorted(method.name for method in methods))
        yield from honest(task, dynamics, methods=methods)

    monkeypatch.setattr(comparing, "warm_up", noted)
    with ThreadPoolExecutor(1) as executor:
        events = [*compare(small(), ["forward"], [], executor=executor)]
    assert sum(isinstance(event, PointMeasured) for event in events) == 2
    assert done == [["exact-reversal", "forward"], ["exact-reversal"], ["forward"]]
