"""A team shares out the parts of compiled work, and none waits for a helper that has not come."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from numba import njit

from engine.kernels import team as kernels
from engine.kernels import threads
from engine.kernels.atomics import add, load, pause, swap
from engine.kernels.calls import describe_call
from engine.kernels.team import share_out
from engine.kernels.threads import Team

OPEN, INSIDE, LAST_WAITS = range(3)
"""Entries of a gate: whether it is open, how many are inside, whether the last part waits at it."""


@njit(nogil=True)
def _count_part(counts: Any, fails: Any, part: Any) -> None:
    add(counts, part, 1)
    if fails and part == counts.size - 1:
        raise ValueError("the last part fails")


@njit(nogil=True)
def count_parts(counts: Any, fails: Any, board: Any) -> None:
    """Count how often each part is done."""
    share_out(describe_call(_count_part, (counts, fails)), counts.size, board)


@njit(nogil=True)
def _pass_gate(gate: Any, part: Any) -> None:
    add(gate, INSIDE, 1)
    while load(gate, INSIDE) < 2:  # until each part is with a thread of its own
        pause()
    if part == 1:  # the poster claims the first part, a helper the last
        while not load(gate, OPEN):
            pause()


@njit(nogil=True)
def pass_gate(gate: Any, board: Any) -> None:
    """Two parts, of which the helper's ends when the gate is opened."""
    share_out(describe_call(_pass_gate, (gate,)), 2, board)


@njit(nogil=True)
def set_entry(array: Any, index: Any, value: Any) -> None:
    swap(array, index, value)


@pytest.fixture
def make_team() -> Iterator[Callable[[int], Team]]:
    teams: list[Team] = []

    def make(most: int) -> Team:
        teams.append(Team(most))
        return teams[-1]

    yield make
    for team in teams:
        team.stop()


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_every_part_is_done_once_however_large_the_team(
    size: int, make_team: Callable[[int], Team]
) -> None:
    team = make_team(size)
    for parts in (0, 1, 2, 7, 1000):
        counts = np.zeros(parts, np.int64)
        for times in range(1, 51):
            team.run(count_parts, size, counts, False)
            np.testing.assert_array_equal(counts, times)


def test_work_is_done_without_members_who_never_come() -> None:
    board = np.zeros(kernels.size_of_board(3), np.int64)
    board[kernels.SIZE] = 3
    counts = np.zeros(7, np.int64)
    count_parts(counts, False, board)
    np.testing.assert_array_equal(counts, 1)
    assert board[kernels.BUSY] == kernels.SHORTEST_BUSY, "they are awake, so others have their time"


def pass_late(team: Team) -> None:
    """Have the team do work whose last part takes until its poster sleeps."""
    gate = np.zeros(2, np.int64)
    posting = threading.Thread(target=team.run, args=(pass_gate, 2, gate))
    posting.start()
    while not team.board[kernels.JOIN]:  # it is asleep, or just about to be
        assert posting.is_alive(), "a part that a helper has begun is not waited for"
    set_entry(gate, OPEN, 1)
    posting.join()


def test_a_part_that_a_helper_has_begun_is_waited_for_asleep(
    make_team: Callable[[int], Team],
) -> None:
    team = make_team(2)
    for _ in range(20):
        pass_late(team)


def test_after_a_late_join_nobody_spins_for_a_while_and_for_longer_if_that_was_too_short(
    make_team: Callable[[int], Team],
) -> None:
    team = make_team(2)
    counts = np.zeros(0, np.int64)
    board, alone = team.board, np.zeros(2, np.int64)

    def post(times: int) -> None:
        """Work that no helper takes part in, so that no join can be late."""
        board[kernels.SIZE] = 1
        for _ in range(times):
            count_parts(alone, False, board)

    team.run(count_parts, 2, counts, False)  # hires the helper
    many, few = board[kernels.MANY_SPINS], board[kernels.FEW_SPINS]
    assert many > few > 0
    expected = kernels.SHORTEST_BUSY
    for _ in range(8):
        pass_late(team)
        assert board[kernels.SPINS] == few
        post(expected)
        assert board[kernels.SPINS] == few
        post(1)
        assert board[kernels.SPINS] == many
        expected = min(2 * expected, kernels.LONGEST_BUSY)
    post(expected + 1)  # calm for longer than it was busy
    pass_late(team)
    assert board[kernels.BUSY] == kernels.SHORTEST_BUSY


@pytest.mark.parametrize("size", [1, 2])
def test_a_part_that_fails_fails_the_work_but_not_what_comes_after(
    size: int, make_team: Callable[[int], Team]
) -> None:
    team = make_team(size)
    for _ in range(20):
        counts = np.zeros(4, np.int64)
        with pytest.raises(RuntimeError, match="has failed"):
            team.run(count_parts, size, counts, True)
        np.testing.assert_array_equal(counts, 1)
        team.run(count_parts, size, counts, False)
        np.testing.assert_array_equal(counts, 2)


def test_who_comes_while_somebody_has_the_helpers_does_without(
    make_team: Callable[[int], Team],
) -> None:
    team = make_team(2)
    gate, counts = np.zeros(2, np.int64), np.zeros(4, np.int64)
    posting = threading.Thread(target=team.run, args=(pass_gate, 2, gate))
    posting.start()
    while gate[INSIDE] < 2:
        assert posting.is_alive()
    team.run(count_parts, 2, counts, False)
    np.testing.assert_array_equal(counts, 1)
    set_entry(gate, OPEN, 1)
    posting.join()


def test_a_team_that_was_stopped_still_does_its_work(make_team: Callable[[int], Team]) -> None:
    team = make_team(3)
    counts = np.zeros(7, np.int64)
    team.run(count_parts, 3, counts, False)
    team.stop()
    team.run(count_parts, 3, counts, False)
    np.testing.assert_array_equal(counts, 2)


FORK = """
import multiprocessing
import sys
import warnings

import numpy as np

from engine.kernels import momentum_sgd, threads
from engine.kernels.calls import NOT_KEPT

warnings.simplefilter("ignore", DeprecationWarning)  # of forking a process with threads

def train():
    numbers = np.zeros(100, np.int64)
    training = momentum_sgd.Training(
        numbers, numbers.copy(), np.zeros(100), np.zeros(100), np.array([[0, 100]]),
        np.ones(1, np.int64), 2,
    )
    failures = np.ones((2, 1), np.int64)
    threads.run(
        momentum_sgd.step, 2, training, np.ones(100), np.ones(1), np.full(1, 2**15), failures,
        NOT_KEPT,
    )
    assert not failures.any() and training.values.all()

train()
child = multiprocessing.get_context("fork").Process(target=train)
child.start()
child.join()
sys.exit(child.exitcode)
"""


@pytest.mark.skipif(not hasattr(threads.os, "fork"), reason="no forks here")
def test_a_forked_process_has_a_team_of_its_own() -> None:
    finished = subprocess.run([sys.executable, "-c", FORK], capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
    assert not finished.stderr
