import numpy as np
import pytest

from engine.runs.slopes import has_kink, slope


def test_a_smooth_objective_is_measured_with_the_usual_step_alone() -> None:
    asked = []

    def objective(x: float) -> float:
        asked.append(x)
        return float(np.sin(x + 1))

    found = slope(objective, float(np.sin(1)), 1e-5)
    assert sorted(asked) == [-1e-5, -5e-6, 5e-6, 1e-5]
    assert found.value == pytest.approx(np.cos(1), rel=1e-9)
    assert not has_kink(objective, float(np.sin(1)))


@pytest.mark.parametrize("at", [3e-6, -3e-6])
def test_a_kink_close_by_is_kept_clear_of(at: float) -> None:
    def objective(x: float) -> float:
        return float(np.sin(x + 1) + 2 * max((x - at) * np.sign(at), 0.0))

    found = slope(objective, objective(0.0), 1e-5)
    assert found.value == pytest.approx(np.cos(1), rel=1e-8)
    assert not has_kink(objective, objective(0.0))


def test_a_kink_right_there_is_told() -> None:
    def objective(x: float) -> float:
        return float(np.sin(x + 1) + 2 * max(x, 0.0))

    assert slope(objective, objective(0.0), 1e-5).error == pytest.approx(1)
    assert has_kink(objective, objective(0.0))
