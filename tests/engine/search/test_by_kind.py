"""One strategy a kind: together they move as one would, and each remembers for itself."""

import numpy as np
import pytest

from engine.arrays import Floats
from engine.experiments.experiment import Meta
from engine.experiments.strategies import STRATEGIES
from engine.search.by_kind import ByKind
from engine.search.strategy import make_strategy

MOVING = [name for name, one in STRATEGIES.items() if not one.tries]
ALL = {"learning_rates": slice(0, 3), "decays": slice(3, 4)}
ALONE = {"learning_rates": slice(0, 3)}


def gradients(size: int = 4) -> list[Floats]:
    rng = np.random.default_rng(1)
    return [rng.standard_normal(size) * 10.0 ** rng.integers(-6, 6, size) for _ in range(6)]


@pytest.mark.parametrize("name", MOVING)
def test_together_they_move_bit_for_bit_as_one_strategy_does(name: str) -> None:
    meta = Meta(optimizer=name)
    parts, whole = ByKind(meta), make_strategy(meta)
    for gradient in gradients():
        np.testing.assert_array_equal(parts.change(gradient, ALL), whole.change(gradient))


@pytest.mark.parametrize("name", MOVING)
def test_a_kind_that_stays_goes_on_and_one_that_comes_begins(name: str) -> None:
    meta = Meta(optimizer=name)
    parts, stays, comes = ByKind(meta), make_strategy(meta), make_strategy(meta)
    for index, gradient in enumerate(gradients()):
        spans = ALL if index >= 3 else ALONE
        moved = parts.change(gradient[: 4 if index >= 3 else 3], spans)
        np.testing.assert_array_equal(moved[:3], stays.change(gradient[:3]))
        if index >= 3:
            np.testing.assert_array_equal(moved[3:], comes.change(gradient[3:]))


def test_a_kind_that_was_fixed_meanwhile_begins_again() -> None:
    parts, fresh = ByKind(Meta()), make_strategy(Meta())
    for gradient, spans in zip(gradients(), (ALL, ALL, ALONE), strict=False):
        parts.change(gradient[: 4 if spans is ALL else 3], spans)
    assert set(parts.state) == {"learning_rates"}
    gradient = gradients()[5]
    np.testing.assert_array_equal(parts.change(gradient, ALL)[3:], fresh.change(gradient[3:]))


@pytest.mark.parametrize("name", [name for name, one in STRATEGIES.items() if one.uses_step])
def test_with_another_step_it_remembers_and_goes_twice_as_far(name: str) -> None:
    parts, same = ByKind(Meta(optimizer=name)), ByKind(Meta(optimizer=name))
    *before, last = gradients()
    for gradient in before:
        np.testing.assert_array_equal(parts.change(gradient, ALL), same.change(gradient, ALL))
    parts.set_constants(Meta(optimizer=name, step=2 * Meta().step))
    np.testing.assert_array_equal(parts.change(last, ALL), 2 * same.change(last, ALL))


def test_without_anything_free_nothing_moves() -> None:
    assert ByKind(Meta()).change(np.zeros(0), {}).shape == (0,)
