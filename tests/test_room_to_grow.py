"""A dynamics, a method, a kind of hyperparameter and a plot are a file and a line each.

The files are in ``tests/toys``, and so is the program whose ``__main__.py`` has the lines; nothing
else of Retrograde knows of them.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

EXPERIMENT = """
name = "toy"
method = "retrained-trajectory"
[data]
source = "moons"
[model]
kind = "dense network"
hidden = [4]
[training]
iterations = 12
dynamics = "damped-descent"
[hyperparameters.learning_rates]
initial = 1.0
free = true
granularity = "iteration"
[hyperparameters.damping]
initial = 0.3
free = true
granularity = "iteration and group"
[hyperparameters.l2_penalties]
initial = 0.001
free = true
[meta]
step = 0.3
iterations = 4
"""


@pytest.fixture(scope="module")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("toys") / "toy.toml"
    path.write_text(EXPERIMENT)
    return path


def retrograde(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """The program with the toys."""
    here = Path(__file__).parent
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(here.parent), str(here)])}
    return subprocess.run(
        [sys.executable, "-m", "toys", *map(str, words)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )


def test_one_of_each_runs_from_toml_to_figures(experiment: Path, tmp_path: Path) -> None:
    finished = retrograde("run", experiment, "--out", tmp_path)
    assert finished.returncode == 0, finished.stderr
    result = json.loads((tmp_path / "result.json").read_text())
    assert result["outcome"] == "completed"
    losses = [step["validation_loss"] for step in result["meta_iterations"]]
    assert losses[-1] < losses[0]
    assert {step["reversed_exactly"] for step in result["meta_iterations"]} == {None}
    with np.load(tmp_path / "hyperparameters.npz") as arrays:
        assert arrays["final.damping"].shape == (12, 4)
        assert np.any(arrays["final.damping"] != arrays["initial.damping"])
        assert arrays["final.decays"].shape == (0,), "this dynamics has none"
    drawn = {path.stem for path in tmp_path.glob("*.svg")}
    assert {"damping", "learning_rates", "first_losses", "decision_regions"} <= drawn
    assert "decays" not in drawn


def test_its_hypergradient_is_that_of_finite_differences_and_of_the_methods_that_fit(
    experiment: Path,
) -> None:
    finished = retrograde("check", experiment)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "DIFFERS" not in finished.stdout
    assert "retrained-trajectory against finite differences" in finished.stdout
    assert "retrained-trajectory against stored-trajectory" in finished.stdout
    assert "exact-reversal" not in finished.stdout, "damped descent cannot be undone bit for bit"
    assert "retrained-trajectory against checkpointed" in finished.stdout
    assert "forward" not in finished.stdout, "damped descent has no tangents"
    assert "truncated is the reverse pass of the last" in finished.stdout
    assert finished.stdout.count("dampings") == 4


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            "method=exact-reversal",
            "method: expected one of stored-trajectory, checkpointed",
        ),
        ("hyperparameters.decays.free=true", "hyperparameters.decays.free: expected false"),
        ("hyperparameters.damping.initial=2", "hyperparameters.damping.initial: expected 0 to 1"),
        (
            "training.dynamics=magic",
            "training.dynamics: expected 'momentum-sgd', 'gradient-descent' or 'damped",
        ),
    ],
)
def test_what_does_not_fit_them_is_refused_in_a_sentence(
    experiment: Path, change: str, expected: str
) -> None:
    finished = retrograde("run", experiment, "--set", change)
    assert finished.returncode == 2
    [line] = finished.stderr.splitlines()
    assert line.startswith(f"retrograde: {expected}")
