import numpy as np
import pytest

from engine.experiments.files import load_experiment
from engine.hyperparameters.values import Hyperparameters
from engine.runs.naive_reversal import naive_reversal
from engine.runs.replay import Replay
from engine.runs.replicates import training_problem
from engine.tasks.surface import START, SurfaceTask

KEY = (0, 0, 0)
TOY = load_experiment("toy")


def used(decay: float, iterations: int = 46, rate: float = float(np.exp(-5.5))) -> Hyperparameters:
    schedule = np.ones((iterations, 1))
    return Hyperparameters(
        {
            "learning_rates": rate * schedule,
            "decays": decay * schedule,
            "initial_scales": np.ones(1),
        }
    )


def distance(bits: int, decay: float) -> float:
    problem, _ = training_problem(SurfaceTask(), TOY, KEY, used(decay))
    return naive_reversal(problem, bits).distance(START)  # type: ignore[arg-type]


def slope(w: np.ndarray) -> np.ndarray:
    """The gradient of the surface, differentiated by hand."""
    x, y = float(w[0]), float(w[1])
    bend = 100 * (y - x * x) ** 2 + (1 - x) ** 2 + 200 * x
    outer = 0.4 * (1 - np.tanh(bend / 1000) ** 2)
    inner = np.array([-400 * x * (y - x * x) - 2 * (1 - x) + 200, 200 * (y - x * x)])
    return outer * inner


def test_each_step_is_taken_and_undone_in_the_format() -> None:
    half, decay = np.float16, np.rint(0.8 * 2**16) / 2**16
    problem, _ = training_problem(SurfaceTask(), TOY, KEY, used(0.8, iterations=3))
    path = naive_reversal(problem, 16)
    rate, kept = half(np.exp(-5.5)), half(1 - decay)
    w, v = np.array(START, half), np.zeros(2, half)
    there = [w]
    for _ in range(3):
        v = half(decay) * v - kept * slope(w).astype(half)
        w = w + rate * v
        there.append(w)
    back = [w]
    for _ in range(3):
        w = w - rate * v
        v = (v + kept * slope(w).astype(half)) / half(decay)
        back.append(w)
    np.testing.assert_array_equal(path.there, np.array(there, float))
    np.testing.assert_array_equal(path.back, np.array(back, float))


def test_sixteen_bits_leave_the_path_and_thirty_two_miss_the_start() -> None:
    assert distance(16, 0.8) > 10
    assert 1e-6 < distance(32, 0.8) < 0.1


def test_exact_reversal_comes_back_to_the_start() -> None:
    replay = Replay(SurfaceTask(), TOY, KEY, used(0.8))
    start = replay.w
    replay.seek(46)
    assert np.linalg.norm(replay.w - start) > 3
    replay.seek(0)
    np.testing.assert_array_equal(replay.w, start)


def test_without_decay_little_is_lost() -> None:
    assert distance(16, 1.0) < 0.1


@pytest.mark.parametrize("bits", [16, 32])
def test_what_leaves_the_range_of_the_format_is_infinitely_far(bits: int) -> None:
    problem, _ = training_problem(SurfaceTask(), TOY, KEY, used(0.01, 100))
    path = naive_reversal(problem, bits)  # type: ignore[arg-type]
    assert path.distance(START) == float("inf")
    assert path.back.shape == (101, 2)
