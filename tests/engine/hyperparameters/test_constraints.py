"""Projections are the nearest points of their sets."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.errors import InputError
from engine.groups import ParameterGroup
from engine.hyperparameters.constraints import CONSTRAINTS
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.layout import Layout
from engine.hyperparameters.settings import Setting

GROUPS = tuple(ParameterGroup(f"group {index}", index, index + 1) for index in range(4))
vectors = arrays(float, st.integers(1, 8), elements=st.floats(-100, 100))
bounds = st.floats(0.01, 50)
every_constraint = pytest.mark.parametrize("name", CONSTRAINTS)


def holds(name: str, x: np.ndarray, bound: float) -> bool:
    slack = 1e-9 * (1 + bound)
    return {
        "non-negative": bool(np.all(x >= 0)),
        "simplex": bool(np.all(x >= 0)) and abs(x.sum() - bound) <= slack,
        "L1 ball": np.abs(x).sum() <= bound + slack,
    }[name]


def points_in(name: str, size: int, bound: float) -> np.ndarray:
    """Some points of the set, its corners among them."""
    random = np.random.default_rng(size)
    inside = random.dirichlet(np.ones(size), 20)
    corners = np.eye(size)
    if name == "simplex":
        return bound * np.concatenate([corners, inside])
    if name == "L1 ball":
        signs = random.choice([-1.0, 1.0], (20, size))
        return bound * np.concatenate([corners, -corners, inside * signs, 0.3 * inside])
    return np.concatenate([corners, 100 * inside, np.zeros((1, size))])


@every_constraint
@given(vectors, bounds)
def test_a_projection_lies_in_the_set_and_nowhere_nearer_to_it(
    name: str, x: np.ndarray, bound: float
) -> None:
    """The projection p of x is the point of a convex set with (x − p)·(y − p) ≤ 0 for all its y."""
    nearest = CONSTRAINTS[name].project(x, bound)
    assert holds(name, nearest, bound)
    for y in points_in(name, x.size, bound):
        assert (x - nearest) @ (y - nearest) <= 1e-7 * (1 + np.abs(x).sum() * (1 + bound))


@pytest.mark.parametrize("name", ["simplex", "L1 ball"])
@pytest.mark.parametrize("largest", [1e6, -1e6, 1e17])
def test_a_bound_is_not_lost_beside_large_values(name: str, largest: float) -> None:
    nearest = CONSTRAINTS[name].project(np.array([largest, 0.25 * largest]), 1e-12)
    assert np.abs(nearest).sum() == pytest.approx(1e-12, rel=1e-9)


@every_constraint
@given(vectors, bounds)
def test_projecting_twice_is_projecting_once(name: str, x: np.ndarray, bound: float) -> None:
    once = CONSTRAINTS[name].project(x, bound)
    np.testing.assert_allclose(CONSTRAINTS[name].project(once, bound), once, atol=1e-9)


def penalties(**fields: object) -> Layout:
    """Four free penalties, one a group, that are kept in a set."""
    setting = {"free": True, "granularity": "group", "domain": "identity", **fields}
    settings = {name: kind.usual for name, kind in KINDS.items()}
    settings["l2_penalties"] = Setting.model_validate(setting)
    return Layout(settings, 3, GROUPS, ("learning_rates", "l2_penalties"))


def test_a_layout_keeps_free_values_in_their_set() -> None:
    layout = penalties(initial=0.25, constraint="simplex", bound=1.0)
    moved = layout.project(layout.initial_vector() + np.array([0.0, 0.5, 1.0, -3.0]))
    np.testing.assert_allclose(moved, [0.0, 0.25, 0.75, 0.0])


@pytest.mark.parametrize(
    ("fields", "field", "expected"),
    [
        ({"initial": 0.3, "constraint": "simplex", "bound": 1.0}, "initial", "sum to 1"),
        ({"initial": 0.25, "constraint": "simplex"}, "bound", "expected a number"),
        ({"initial": 0.25, "constraint": "non-negative", "bound": 1.0}, "bound", "expected none"),
        ({"initial": 0.25, "bound": 1.0}, "bound", "expected none"),
        ({"initial": 0.25, "constraint": "sphere"}, "constraint", "non-negative, simplex"),
        (
            {"initial": 0.25, "constraint": "non-negative", "domain": "log"},
            "constraint",
            "identity domain",
        ),
    ],
)
def test_a_constraint_that_does_not_fit_is_refused_by_name(
    fields: dict[str, object], field: str, expected: str
) -> None:
    with pytest.raises(InputError, match=rf"^hyperparameters\.l2_penalties\.{field}: .*{expected}"):
        penalties(**fields)
