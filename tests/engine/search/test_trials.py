"""Searches without hypergradients: what they propose, and that it can be done again."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.arrays import Floats
from engine.errors import InputError
from engine.experiments.experiment import Experiment, Meta
from engine.experiments.files import parse_experiment
from engine.experiments.strategies import STRATEGIES
from engine.runs.layouts import make_layout
from engine.search.grid import Grid
from engine.search.space import Space
from engine.search.trials import Search, Stopped, make_search
from engine.tasks.catalogue import make_task

TRYING = [name for name, one in STRATEGIES.items() if one.tries and not one.missing]
TOML = """
[data]
source = "moons"
[model]
hidden = [3]
[training]
iterations = 4
[hyperparameters.learning_rates]
free = true
initial = 0.2
granularity = "iteration and group"
[hyperparameters.decays]
free = true
initial = 0.9
[meta]
"""


def experiment(meta: str = "", toml: str = TOML) -> Experiment:
    return parse_experiment(toml + meta, "test")


def space(meta: str = "") -> Space:
    one = experiment(meta)
    task = make_task(one)
    return Space(one, make_layout(one, task), task.groups)


SMALL = space('trials_by = "kind"')
LARGE = space()


def objective(proposal: Floats) -> float:
    """Not finite somewhere, as where training diverges."""
    total = float(((proposal - 0.4) ** 2).sum())
    return np.inf if total > 12 else total


def path(search: Search, batches: int, count: int) -> Floats:
    rows: list[Floats] = []
    for _ in range(batches):
        proposals = search.propose(count)
        rows.extend(proposals)
        search.tell([objective(one) for one in proposals])
    return np.array(rows)


@pytest.mark.parametrize("name", TRYING)
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**63 - 1), spread=st.floats(0.01, 20), count=st.integers(1, 4))
def test_what_is_proposed_is_in_range_whatever_was_told(
    name: str, seed: int, spread: float, count: int
) -> None:
    box = space(f'trials_by = "kind"\ntrials_spread = {spread}')
    search = make_search(Meta(optimizer=name, seed=seed, trials_at_once=count, iterations=16), box)
    found = path(search, 4, count)
    assert found.shape == (4 * count, 2)
    assert np.all((box.low <= found) & (found <= box.high))
    assert np.all((-spread <= box.low) & (box.high <= spread))
    for proposal in found:
        vector = box.vector(proposal)
        np.testing.assert_array_equal(vector, box.vector(proposal))
        assert np.isfinite(vector).all()


@pytest.mark.parametrize("name", TRYING)
def test_the_same_seed_proposes_the_same_and_another_one_something_else(name: str) -> None:
    meta = Meta(optimizer=name, iterations=30, trials_at_once=2)
    once, again = (path(make_search(meta, SMALL), 6, 2) for _ in range(2))
    np.testing.assert_array_equal(once, again)
    other = path(make_search(meta.model_copy(update={"seed": 1}), SMALL), 6, 2)
    assert not np.array_equal(once, other)


@pytest.mark.parametrize("name", TRYING)
def test_a_saved_state_brings_a_search_back_to_where_it_was(name: str) -> None:
    meta = Meta(optimizer=name, iterations=30, trials_at_once=2)
    went_on, restored = make_search(meta, SMALL), make_search(meta, SMALL)
    path(went_on, 4, 2)
    restored.state = went_on.state
    np.testing.assert_array_equal(path(restored, 4, 2), path(went_on, 4, 2))


@pytest.mark.parametrize("name", [name for name in TRYING if name != "grid"])
def test_all_but_a_grid_try_the_start_first(name: str) -> None:
    first = make_search(Meta(optimizer=name), SMALL).propose(1)
    np.testing.assert_array_equal(first, np.zeros((1, 2)))


@pytest.mark.parametrize("name", [name for name in TRYING if name in ("grid", "random")])
def test_what_learns_nothing_proposes_the_same_in_any_batches(name: str) -> None:
    meta = Meta(optimizer=name, iterations=16)
    one_by_one, together = make_search(meta, SMALL), make_search(meta, SMALL)
    np.testing.assert_array_equal(path(one_by_one, 12, 1), path(together, 2, 6))


@pytest.mark.parametrize("name", [name for name in TRYING if name not in ("grid", "random")])
def test_what_learns_gets_nearer_than_random_search(name: str) -> None:
    box = with_ends(2.0)
    learned, random = (
        path(make_search(Meta(optimizer=one, seed=3), box), 60, 1)[-20:] for one in (name, "random")
    )
    assert np.median([objective(one) for one in learned]) < np.median(
        [objective(one) for one in random]
    )


def with_ends(end: float) -> Space:
    box = space('trials_by = "kind"')
    box.low, box.high = np.full(2, -end), np.full(2, end)
    return box


@given(points=st.integers(2, 5), seed=st.integers(0, 100))
@settings(max_examples=20, deadline=None)
def test_a_grid_has_every_combination_once_with_both_ends(points: int, seed: int) -> None:
    grid = Grid(SMALL, points, seed)
    assert grid.most == points**2
    found = grid.propose(points**2 + 3)
    sides = [np.linspace(SMALL.low[side], SMALL.high[side], points) for side in range(2)]
    expected = np.array([(a, b) for a in sides[0] for b in sides[1]])
    order = np.lexsort(found.T[::-1])
    np.testing.assert_allclose(found[order], expected[np.lexsort(expected.T[::-1])], atol=1e-12)


@pytest.mark.parametrize(
    ("trials", "points", "expected"), [(16, None, 16), (24, None, 16), (25, None, 25), (40, 6, 36)]
)
def test_a_grid_is_as_fine_as_the_trials_allow(
    trials: int, points: int | None, expected: int
) -> None:
    meta = Meta(optimizer="grid", iterations=trials, grid_points=points)
    assert make_search(meta, SMALL).most == expected


@pytest.mark.parametrize(
    ("meta", "box", "field", "words"),
    [
        (Meta(optimizer="grid", iterations=3), SMALL, "meta.optimizer", "take 4"),
        (Meta(optimizer="grid", iterations=50), LARGE, "meta.optimizer", "17 hyperparameters"),
        (Meta(optimizer="grid", grid_points=9), SMALL, "meta.grid_points", "take 81"),
        (Meta(optimizer="grid", iterations=50, grid_points=99), LARGE, "meta.grid_points", "10³³"),
    ],
)
def test_a_grid_says_how_many_points_it_would_take(
    meta: Meta, box: Space, field: str, words: str
) -> None:
    with pytest.raises(InputError) as raised:
        make_search(meta, box)
    assert raised.value.field == field
    assert words in raised.value.sentence


@pytest.mark.skipif("cma-es" not in TRYING, reason="needs Optuna and cmaes")
def test_cma_es_refuses_a_single_hyperparameter() -> None:
    text = TOML.replace("free = true\ninitial = 0.9", "initial = 0.9")
    one = experiment('trials_by = "kind"', text)
    task = make_task(one)
    with pytest.raises(InputError, match="at least two"):
        make_search(Meta(optimizer="cma-es"), Space(one, make_layout(one, task), task.groups))


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("kind", 2),
        ("group", 5),
        ("value", 17),
    ],
)
def test_what_moves_together_keeps_its_shape(by: str, names: int) -> None:
    box = space(f'trials_by = "{by}"')
    assert box.size == len(set(box.names)) == names
    start = box.vector(np.zeros(box.size))
    for side in range(box.size):
        proposal = np.zeros(box.size)
        proposal[side] = 0.5
        moved = box.vector(proposal) - start
        changed = moved[moved != 0]
        assert changed.size > 0
        np.testing.assert_allclose(changed, 0.5, rtol=1e-12)


def test_ranges_of_kinds_are_kept() -> None:
    own = "free = true\ninitial = 0.9"
    text = TOML.replace(own, f'domain = "identity"\n{own}')
    one = experiment("trials_spread = 20.0", text)
    task = make_task(one)
    box = Space(one, make_layout(one, task), task.groups)
    layout = make_layout(one, task)
    for corner in (box.low, box.high):
        values = layout.values(box.vector(corner))
        assert np.all((values["decays"] > 0) & (values["decays"] <= 1))


@pytest.mark.parametrize("name", [name for name in TRYING if STRATEGIES[name].packages])
def test_a_sampler_that_was_told_of_stopped_trials_goes_on_where_it_was(name: str) -> None:
    meta = f'optimizer = "{name}"\ntrials_by = "kind"\ntrials_at_once = 3\n'
    search = make_search(experiment(meta).meta, SMALL)
    for _ in range(5):
        rows = search.propose(3)
        found = [objective(row) for row in rows]
        curve = np.linspace(found[1] + 2, found[1] + 1, 4)
        search.tell([found[0], np.inf, found[2]], {1: Stopped(found[1], curve)})
    again = make_search(experiment(meta).meta, SMALL)
    again.state = search.state
    np.testing.assert_array_equal(again.propose(3), search.propose(3))


def told_to_optuna(name: str, stopped: Stopped) -> Any:
    """The second trial, as Optuna has it after it was stopped."""
    meta = f'optimizer = "{name}"\ntrials_by = "kind"\ntrials_at_once = 2\n'
    search: Any = make_search(experiment(meta).meta, SMALL)
    search.propose(2)
    search.tell([0.5, np.inf], {1: stopped})
    return search._study.trials[1]


def test_tpe_is_told_of_a_stopped_trial_as_pruned_with_its_curve() -> None:
    pytest.importorskip("optuna")
    trial = told_to_optuna("tpe", Stopped(0.9, np.array([3.0, 2.0])))
    assert trial.state.name == "PRUNED"
    assert trial.intermediate_values == {1: 3.0, 2: 2.0}


def test_a_sampler_that_leaves_pruned_trials_out_is_told_what_was_predicted() -> None:
    pytest.importorskip("cmaes")
    trial = told_to_optuna("cma-es", Stopped(0.9, np.array([3.0, 2.0])))
    assert trial.state.name == "COMPLETE"
    assert trial.value == 0.9
    unknown = told_to_optuna("cma-es", Stopped(float("nan"), np.array([3.0, 2.0])))
    assert unknown.value == 0.5


@pytest.mark.parametrize("points", [2, 3, 5])
def test_each_point_of_a_warm_grid_comes_after_a_neighbour_above(points: int) -> None:
    warm = Grid(SMALL, points, 0, warm=True)
    step = (SMALL.high - SMALL.low) / (points - 1)
    known: list[tuple[int, ...]] = []
    while len(known) < warm.most:
        assert warm.at_once is not None
        together = warm.propose(warm.at_once)
        places = [tuple(map(int, np.rint((SMALL.high - one) / step))) for one in together]
        for place in places:
            above = [(*place[:k], place[k] - 1, *place[k + 1 :]) for k in range(len(place))]
            assert not known or any(one in known for one in above)
        known += places
        warm.tell([1.0] * len(together))
    assert len(set(known)) == points**SMALL.size
    assert set(map(tuple, Grid(SMALL, points, 0).propose(warm.most))) == {
        tuple(one) for one in Grid(SMALL, points, 0, warm=True).propose(warm.most)
    }
