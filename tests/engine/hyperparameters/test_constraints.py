"""Projections are the nearest points of their sets."""

from fractions import Fraction
from itertools import pairwise

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
        "sum": bool(np.all(x >= 0)) and x.sum() <= bound + slack,
        "box and sum": bool(np.all((x >= 0) & (x <= 1))) and x.sum() <= bound + slack,
    }[name]


def points_in(name: str, size: int, bound: float) -> np.ndarray:
    """Some points of the set, its corners among them."""
    random = np.random.default_rng(size)
    inside = random.dirichlet(np.ones(size), 20)
    corners = np.eye(size)
    if name == "simplex":
        return bound * np.concatenate([corners, inside])
    if name == "sum":
        return bound * np.concatenate([corners, inside, 0.3 * inside, np.zeros((1, size))])
    if name == "box and sum":
        boxed = random.uniform(size=(20, size))
        some = np.concatenate([corners, inside, boxed, np.ones((1, size)), np.zeros((1, size))])
        return some * np.minimum(1.0, bound / np.maximum(some.sum(axis=1, keepdims=True), 1e-9))
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


Rationals = list[Fraction]


def lowered(x: Rationals, bound: Fraction, high: Fraction | None, at_least: Fraction) -> Rationals:
    """clip(x − m, 0, high) of the least m from ``at_least`` on whose sum is at most the bound.

    Exactly: the sum goes straight between two bends, so that its two ends give m.
    """

    def clipped(m: Fraction) -> Rationals:
        below = [max(value - m, Fraction(0)) for value in x]
        return below if high is None else [min(value, high) for value in below]

    bends = {at_least, *x, *(() if high is None else (value - high for value in x))}
    ahead = sorted(bend for bend in bends if bend >= at_least)
    if sum(clipped(ahead[0])) <= bound:
        return clipped(ahead[0])
    for start, end in pairwise(ahead):
        first, last = sum(clipped(start)), sum(clipped(end))
        if first >= bound >= last and first > last:
            return clipped(start + (end - start) * (first - bound) / (first - last))
    raise AssertionError("beyond the largest value nothing is left")


def exactly(name: str, x: Rationals, bound: Fraction) -> Rationals:
    """The nearest point of a set, without rounding."""
    none, one = Fraction(0), Fraction(1)
    sizes = [abs(value) for value in x]
    lowest = min(x) - bound - 1  # there the sum is above the bound
    projected = {
        "non-negative": lambda: [max(value, none) for value in x],
        "simplex": lambda: lowered(x, bound, None, lowest),
        "sum": lambda: lowered(x, bound, None, none),
        "box and sum": lambda: lowered(x, bound, one, none),
        "L1 ball": lambda: [
            size if value >= 0 else -size
            for value, size in zip(x, lowered(sizes, bound, None, none), strict=True)
        ],
    }
    return projected[name]()


@every_constraint
@given(
    arrays(float, st.integers(1, 12), elements=st.floats(-4, 4) | st.sampled_from([0.5, 0.25, 1])),
    st.floats(0.01, 10) | st.sampled_from([0.5, 1.0, 2.0, 3.0]),
)
def test_a_projection_is_that_of_exact_rationals(name: str, x: np.ndarray, bound: float) -> None:
    nearest = CONSTRAINTS[name].project(x, bound)
    exact = exactly(name, [Fraction(value) for value in x.tolist()], Fraction(bound))
    roundings = (x.size + 2) * 2.0**-52 * (np.abs(x).max() + bound)
    for found, wanted in zip(nearest.tolist(), exact, strict=True):
        assert abs(Fraction(found) - wanted) <= roundings


@given(arrays(float, st.integers(1, 40), elements=st.floats(-5, 5)), st.floats(0.05, 30))
def test_in_the_box_with_a_sum_roundings_do_not_add_up(x: np.ndarray, bound: float) -> None:
    nearest = CONSTRAINTS["box and sum"].project(x, bound)
    exact = exactly("box and sum", [Fraction(value) for value in x.tolist()], Fraction(bound))
    for found, wanted in zip(nearest.tolist(), exact, strict=True):
        assert abs(Fraction(found) - wanted) <= 2.0**-50


def test_equal_weights_share_a_bound_evenly() -> None:
    nearest = CONSTRAINTS["box and sum"].project(np.ones(2500), 1250.0)
    assert np.all(nearest == 0.5)


@pytest.mark.parametrize("name", ["simplex", "L1 ball", "sum", "box and sum"])
@pytest.mark.parametrize("largest", [1e6, -1e6, 1e17])
def test_a_bound_is_not_lost_beside_large_values(name: str, largest: float) -> None:
    nearest = CONSTRAINTS[name].project(np.array([largest, 0.25 * largest]), 1e-12)
    expected = 0.0 if largest < 0 and name in ("sum", "box and sum") else 1e-12
    assert np.abs(nearest).sum() == pytest.approx(expected, rel=1e-9)


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


def test_a_simplex_is_projected_onto_from_where_the_step_led() -> None:
    """Not from the nearest values of at least 0, which would be another point of it."""
    layout = penalties(initial=0.25, constraint="simplex", bound=1.0)
    moved = layout.project(np.array([0.2, -1.0, -1.0, -1.0]))
    np.testing.assert_allclose(moved, [1.0, 0.0, 0.0, 0.0])


def weights(start: np.ndarray, **fields: object) -> Layout:
    """Example weights that a task has start somewhere."""
    settings = {name: kind.usual for name, kind in KINDS.items()}
    own = {"free": True, **settings["example_weights"].model_dump(), **fields}
    settings["example_weights"] = Setting.model_validate(own)
    return Layout(settings, 3, GROUPS, ("example_weights",), {"example_weights": start})


def test_example_weights_start_where_their_sum_allows_seed_by_seed() -> None:
    layout = weights(np.ones((2, 4)), free=True, constraint="box and sum", bound=1.0)
    vector = layout.initial_vector()
    np.testing.assert_array_equal(vector, np.full(8, 0.25))
    moved = layout.project(vector + np.array([0.0, 0.0, 1.0, -1.0, -1.0, -1.0, -1.0, 0.1]))
    np.testing.assert_allclose(moved, [0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.35])


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
