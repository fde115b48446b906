"""HOAG (Pedregosa 2016), and L-BFGS-B, on objectives that are known."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.arrays import Floats
from engine.experiments.experiment import HyperparameterSettings, Meta
from engine.groups import ParameterGroup
from engine.hyperparameters.layout import Layout
from engine.search.hoag import EXACT, SEQUENCES, Hoag
from engine.search.walk import Found, Walk, make_walk

Objective = Callable[[Floats], tuple[float, Floats]]


def layout_of(size: int, **setting: Any) -> Layout:
    """Penalties in the logarithm, one for each of some weights."""
    penalties = {"initial": 1.0, "free": True, "granularity": "weight", "domain": "log", **setting}
    settings = HyperparameterSettings.model_validate({"l2_penalties": penalties})
    groups = (ParameterGroup("weights", 0, size),)
    return Layout(settings.root, 1, groups, ("l2_penalties",))


def bowl(at: Floats, steep: Floats) -> Objective:
    """A quadratic with its minimum 1 at a place."""

    def objective(vector: Floats) -> tuple[float, Floats]:
        off = vector - at
        return 1.0 + float(steep @ off**2) / 2, steep * off

    return objective


def gone(walk: Walk, objective: Objective, layout: Layout, steps: int) -> list[Floats]:
    """Where a walk goes, from the layout's start."""
    places = [layout.initial_vector()]
    for _ in range(steps):
        value, gradient = objective(places[-1])
        places.append(walk.after(Found(places[-1], value, value, gradient), layout))
        if walk.is_over:
            break
    return places


@pytest.mark.parametrize(
    ("sequence", "expected"),
    [
        ("quadratic", [0.1, 0.1 / 4, 0.1 / 9]),
        ("cubic", [0.1, 0.1 / 8, 0.1 / 27]),
        ("exponential", [0.1 * 0.9, 0.1 * 0.81, 0.1 * 0.729]),
        ("exact", [EXACT] * 3),
    ],
)
def test_tolerances_shrink_as_their_sequence_says(sequence: str, expected: list[float]) -> None:
    assert set(SEQUENCES) == {"quadratic", "cubic", "exponential", "exact"}
    walk, layout = make_walk(Meta(optimizer="hoag", tolerances=sequence)), layout_of(1)
    found = []
    vector = layout.initial_vector()
    for _ in range(3):
        found.append(walk.tolerance)
        vector = walk.after(Found(vector, 1.0, 1.0, np.ones(1)), layout)
    assert found == pytest.approx(expected)
    assert walk.final_tolerance == EXACT


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 5), st.integers(0, 2**32 - 1), st.sampled_from(sorted(SEQUENCES)))
def test_it_gets_to_the_bottom_of_a_bowl(size: int, seed: int, sequence: str) -> None:
    random = np.random.default_rng(seed)
    at, steep = random.normal(size=size), random.uniform(0.5, 2.0, size)
    walk = make_walk(Meta(optimizer="hoag", tolerances=sequence))
    places = gone(walk, bowl(at, steep), layout_of(size), 80)
    best = min(bowl(at, steep)(place)[0] for place in walk.candidates(places[-1]))
    assert best == pytest.approx(1.0, abs=1e-3)


def test_the_first_step_is_one_in_every_coordinate_on_average() -> None:
    layout = layout_of(4)
    first, then = gone(Hoag(Meta(optimizer="hoag")), bowl(np.full(4, 9.0), np.ones(4)), layout, 1)
    assert np.linalg.norm(then - first) == pytest.approx(2.0)


def test_no_step_is_longer_than_that_even_after_a_gradient_that_was_much_too_short() -> None:
    walk, layout = Hoag(Meta(optimizer="hoag")), layout_of(4)
    place = layout.initial_vector()
    for size in (1e-9, 1.0, 1e3):
        then = walk.after(Found(place, 1.0, 1.0, np.full(4, size)), layout)
        assert np.linalg.norm(then - place) == pytest.approx(2.0)
        place = then


def test_a_rise_takes_it_back_with_half_the_step_and_half_the_tolerance() -> None:
    walk, layout = Hoag(Meta(optimizer="hoag", tolerances="cubic")), layout_of(1)
    start = layout.initial_vector()
    there = walk.after(Found(start, 1.0, 1.0, np.ones(1)), layout)
    back = walk.after(Found(there, 1.2, 1.2, np.ones(1)), layout)
    np.testing.assert_array_equal(back, start)
    assert walk.tolerance == pytest.approx(0.1 / 27 / 2)
    again = walk.after(Found(back, 1.0, 1.0, np.ones(1)), layout)
    assert abs(again - start) == pytest.approx(abs(there - start) / 2, rel=0.06)


def test_the_next_step_is_as_long_as_the_last_one_says_and_finds_the_bottom_of_a_bowl() -> None:
    start = layout_of(1).initial_vector()
    for steep in (0.6, 1.0, 1.9):  # L is 1 at first, if the hypergradient there is
        bottom = start + 1 / steep
        walk = Hoag(Meta(optimizer="hoag", tolerances="exact"))
        places = gone(walk, bowl(bottom, np.full(1, steep)), layout_of(1), 2)
        np.testing.assert_allclose(places[-1], bottom, rtol=1e-12)


@pytest.mark.parametrize(("changed", "times"), [(0.01, 2.0), (0.8, 1 / 0.8), (1.6, 1 / 1.6)])
def test_no_step_is_more_than_twice_as_long_or_half_as_long_as_the_last_one_says(
    changed: float, times: float
) -> None:
    walk, layout = Hoag(Meta(optimizer="hoag", tolerances="exact")), layout_of(1)
    start = layout.initial_vector()
    there = walk.after(Found(start, 10.0, 10.0, np.ones(1)), layout)
    then = walk.after(Found(there, 1.0, 1.0, np.ones(1) - changed), layout)
    longest = float(abs(there - start)[0])
    expected = min(abs(1 - changed) * times, longest)
    assert float((there - then)[0]) == pytest.approx(np.sign(1 - changed) * expected)


@pytest.mark.parametrize("at_minimum", [1.0, 0.4, 1.6])
def test_steps_do_not_become_longer_where_the_objective_may_be_as_wrong_as_they_promise(
    at_minimum: float,
) -> None:
    walk, layout = Hoag(Meta(optimizer="hoag", tolerances="cubic")), layout_of(1)
    there = walk.after(Found(layout.initial_vector(), 10.0, 10.0, np.ones(1)), layout)
    then = walk.after(Found(there, 1.0, at_minimum, np.full(1, 0.5)), layout)
    assert float((there - then)[0]) == pytest.approx(1.0 if at_minimum == 1.0 else 0.5)


def test_the_first_step_waits_for_a_hypergradient_that_is_less_wrong() -> None:
    for tolerances, second in (("cubic", 0.1 / 8), ("exponential", 0.1 * 0.81 / 2)):
        walk, layout = Hoag(Meta(optimizer="hoag", tolerances=tolerances)), layout_of(4)
        start = layout.initial_vector()
        same = walk.after(Found(start, 1.0, 0.8, np.full(4, 0.04)), layout)
        np.testing.assert_array_equal(same, start)
        assert walk.tolerance == pytest.approx(second)
        gone_on = walk.after(Found(same, 1.0, 0.8, np.full(4, 0.06)), layout)
        assert np.linalg.norm(gone_on - start) == pytest.approx(2.0)


def test_tolerances_halve_where_the_objective_is_off_by_more_than_they_say() -> None:
    for at_minimum, expected in ((0.95, 0.1 * 0.9**3), (0.7, 0.1 * 0.9**3 / 2)):
        walk, layout = Hoag(Meta(optimizer="hoag", tolerances="exponential")), layout_of(1)
        there = walk.after(Found(layout.initial_vector(), 1.0, 1.0, np.ones(1)), layout)
        walk.after(Found(there, 1.0, at_minimum, np.full(1, 0.01)), layout)
        assert walk.tolerance == pytest.approx(expected)


def test_steps_that_jump_to_and_fro_become_shorter() -> None:
    start = layout_of(1).initial_vector()
    objective = bowl(start + 0.5, np.ones(1))  # the first step goes as far to the other side
    walk = Hoag(Meta(optimizer="hoag", tolerances="exact"))
    places = gone(walk, objective, layout_of(1), 60)
    np.testing.assert_allclose(places[-1], start + 0.5, atol=1e-4)


def test_its_best_iterate_is_kept_beside_its_last() -> None:
    walk, layout = Hoag(Meta(optimizer="hoag")), layout_of(1)
    vector = layout.initial_vector()
    values = [3.0, 1.0, 1.1, 1.05]
    places = []
    for value in values:
        places.append(vector)
        vector = walk.after(Found(vector, value, value, np.ones(1)), layout)
    kept = walk.candidates(vector)
    assert len(kept) == 2
    np.testing.assert_array_equal(kept, [places[3], places[1]])


def test_an_objective_that_is_low_because_training_was_not_done_is_not_the_best() -> None:
    walk, layout = Hoag(Meta(optimizer="hoag")), layout_of(1)
    first = layout.initial_vector()
    second = walk.after(Found(first, 0.2, 3.0, np.full(1, 9.0)), layout)
    third = walk.after(Found(second, 0.22, 1.0, np.full(1, 9.0)), layout)
    walk.after(Found(third, 2.0, -50.0, np.ones(1)), layout)
    assert not any(np.array_equal(place, first) for place in walk.candidates(third))
    assert any(np.array_equal(place, second) for place in walk.candidates(third))


@pytest.mark.parametrize("name", ["hoag", "l-bfgs-b"])
def test_steps_end_at_the_range(name: str) -> None:
    layout = layout_of(2)
    far = bowl(np.full(2, 100.0), np.ones(2))
    walk = make_walk(Meta(optimizer=name))
    places = gone(walk, far, layout, 200)
    low, high = layout.range()
    assert all(np.all((low <= place) & (place <= high)) for place in places)
    np.testing.assert_allclose(walk.candidates(places[-1])[0], high)


def test_a_constraint_is_kept_by_projection() -> None:
    layout = layout_of(3, domain="identity", constraint="simplex", bound=3.0)
    places = gone(Hoag(Meta(optimizer="hoag")), bowl(np.array([5.0, 0, 0]), np.ones(3)), layout, 40)
    for place in places:
        assert place.sum() == pytest.approx(3.0)
        assert np.all(place >= 0)
    np.testing.assert_allclose(places[-1], [3.0, 0.0, 0.0], atol=1e-2)


@pytest.mark.parametrize("name", ["hoag", "l-bfgs-b"])
def test_a_saved_state_brings_it_back_to_where_it_was(name: str) -> None:
    layout = layout_of(3)
    objective = bowl(np.array([1.0, -2.0, 0.5]), np.array([1.0, 3.0, 0.3]))
    whole = gone(make_walk(Meta(optimizer=name)), objective, layout, 6)
    first, second = make_walk(Meta(optimizer=name)), make_walk(Meta(optimizer=name))
    gone(first, objective, layout, 3)
    second.state = first.state
    place = whole[3]
    for expected in whole[4:]:
        value, gradient = objective(place)
        place = second.after(Found(place, value, value, gradient), layout)
        np.testing.assert_array_equal(place, expected)


def test_l_bfgs_b_ends_where_it_has_converged() -> None:
    at = np.array([0.3, -1.0])
    walk, layout = make_walk(Meta(optimizer="l-bfgs-b")), layout_of(2)
    places = gone(walk, bowl(at, np.array([1.0, 5.0])), layout, 100)
    assert walk.is_over
    assert len(places) < 30
    np.testing.assert_allclose(places[-1], at, atol=1e-6)
    np.testing.assert_array_equal(walk.candidates(places[-1])[0], places[-1])
