import math

import numpy as np
import pytest

from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.experiments.problems import validate
from engine.hyperparameters.values import Hyperparameters
from engine.runs.events import MetaIterationDone
from engine.runs.run import optimize
from engine.tasks.catalogue import make_task
from engine.tasks.surface import START, SurfaceTask, surface

FIGURE_1 = {
    "data": {"source": "curved surface"},
    "model": {"kind": "two weights"},
    "training": {"iterations": 50},
    "hyperparameters": {
        "learning_rates": {"initial": math.exp(-4.5), "free": True, "granularity": "iteration"},
        "decays": {"initial": 0.99, "free": True, "granularity": "iteration", "domain": "logit"},
        "initial_scales": {"initial": 1.0},
    },
    "meta": {
        "optimizer": "sgd",
        "step": 0.001,
        "momentum": 0.9,
        "iterations": 3,
        "objective": "training",
    },
}


def figure_1(**changes: dict[str, object]) -> Experiment:
    return validate({**FIGURE_1, **changes})


def penalised(penalties: np.ndarray) -> Hyperparameters:
    """Hyperparameters of which only the penalties matter."""
    return Hyperparameters({"l2_penalties": penalties} if penalties.size else {})


def test_the_surface_is_that_of_the_paper() -> None:
    first, second = START
    bend = 100 * (second - first**2) ** 2 + (1 - first) ** 2 + 200 * first
    assert surface(first, second) == pytest.approx(800 / (1 + math.exp(-bend / 500)))


@pytest.mark.parametrize("penalties", [np.zeros(0), np.array([0.1]), np.array([0.1, 0.3])])
def test_its_derivatives_are_those_of_finite_differences(penalties: np.ndarray) -> None:
    granularity = "weight" if penalties.size == 2 else "one"
    oracle = SurfaceTask(granularity).oracle((0, 0, 0), penalised(penalties))
    w, u, h = np.array([0.4, 0.3]), np.array([0.7, -0.2]), 1e-6
    loss, gradient = oracle.gradient(w, 0)
    spread = np.broadcast_to(penalties if penalties.size else 0.0, 2)
    assert loss == pytest.approx(surface(*w) + spread @ w**2)
    slopes = [
        (oracle.gradient(w + h * e, 0)[0] - oracle.gradient(w - h * e, 0)[0]) / (2 * h)
        for e in np.eye(2)
    ]
    np.testing.assert_allclose(gradient, slopes, rtol=1e-6)
    again, product, by_penalty = oracle.gradient_and_products(w, 0, u)
    curved = (oracle.gradient(w + h * u, 0)[1] - oracle.gradient(w - h * u, 0)[1]) / (2 * h)
    np.testing.assert_array_equal(again, gradient)
    np.testing.assert_allclose(product, curved, rtol=1e-6)
    assert by_penalty.size == penalties.size


def test_the_shipped_runs_come_back_bit_for_bit_where_autograd_adds_in_another_order() -> None:
    experiment = override(load_experiment("toy"), {"meta.iterations": "8"})
    done = [event for event in optimize(experiment) if isinstance(event, MetaIterationDone)]
    assert [step.reversed_exactly for step in done] == [True] * 8


def test_two_weights_go_further_down_with_every_meta_iteration() -> None:
    done = [event for event in optimize(figure_1()) if isinstance(event, MetaIterationDone)]
    first, second, third = (step.losses.training for step in done)
    assert first > second > third
    assert all(step.reversed_exactly for step in done)
    assert make_task(figure_1()).measure(START, penalised(np.zeros(0))).training > first


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"model": {"kind": "softmax regression"}}, "model.kind: expected two weights"),
        ({"data": {"source": "iris"}}, "model.kind: expected a model other than two weights"),
        (
            {"meta": {**FIGURE_1["meta"], "objective": "validation"}},
            "meta.objective: expected training",
        ),
    ],
)
def test_what_does_not_go_together_is_refused(changes: dict, sentence: str) -> None:
    with pytest.raises(InputError, match=rf"^{sentence}"):
        figure_1(**changes)
