from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.hypergradients.binomial import fewest_steps, schedule


@cache
def fewest_of_all(steps: int, snapshots: int) -> int:
    """By trying every place for the next snapshot."""
    if steps == 1:
        return 0
    if snapshots == 1:
        return steps * (steps - 1) // 2
    return min(
        middle + fewest_of_all(steps - middle, snapshots - 1) + fewest_of_all(middle, snapshots)
        for middle in range(1, steps)
    )


def steps_taken(steps: int, snapshots: int) -> int:
    """The steps forwards of a schedule, followed action by action."""
    here, kept, undone, taken = 0, [0], steps, 0
    for action in schedule(steps, snapshots):
        if action.does == "recall":
            here = kept[-1]
        assert action.start == here, action
        if action.does == "advance":
            taken += action.stop - here
            here = action.stop
        elif action.does == "keep":
            kept.append(here)
            assert len(kept) <= snapshots
        elif action.does == "release":
            assert kept.pop() == here
        elif action.does == "undo":
            undone -= 1
            assert undone == here
    assert (undone, kept) == (0, [])
    return taken


@pytest.mark.parametrize("steps", range(1, 61))
def test_the_formula_is_the_best_of_all_schedules(steps: int) -> None:
    for snapshots in range(1, steps + 2):
        assert fewest_steps(steps, snapshots) == fewest_of_all(steps, snapshots)


@pytest.mark.parametrize(
    "steps", [1, 2, 3, 10, 56, 57, 200, pytest.param(1000, marks=pytest.mark.long)]
)
def test_a_schedule_takes_exactly_the_steps_of_the_formula(steps: int) -> None:
    for snapshots in range(1, steps + 1):
        if steps < 100 or snapshots > 2:  # half a million steps with one
            assert steps_taken(steps, snapshots) == fewest_steps(steps, snapshots)


@given(steps=st.integers(1, 1000), snapshots=st.integers(3, 1000))
def test_so_does_any(steps: int, snapshots: int) -> None:
    assert steps_taken(steps, snapshots) == fewest_steps(steps, snapshots)


def test_no_steps_are_undone_by_doing_nothing() -> None:
    assert [*schedule(0, 3)] == []
