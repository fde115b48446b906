"""Calls that are kept, and done by another kernel."""

from typing import Any, NamedTuple

import numba
import numpy as np

from engine.kernels.calls import (
    NOT_KEPT,
    address_of,
    call,
    call_kept,
    describe_call,
    keep_call,
    room_for_call,
)
from engine.kernels.compiling import helper, kernel


class Given(NamedTuple):
    """Arguments within arguments."""

    numbers: np.ndarray
    factor: float


@helper()
def add_to(given, total, number):  # type: ignore[no-untyped-def]
    total[number] += given.factor * given.numbers[number]
    if number > 2:
        raise ValueError("there are three")


@kernel()
def add_or_keep(given, total, number, kept):  # type: ignore[no-untyped-def]
    arguments = given, total
    code, packed = describe_call(add_to, arguments)
    if kept.size:
        return keep_call(code, arguments, kept)
    return call(code, packed, number)


@kernel()
def do_again(address, times):  # type: ignore[no-untyped-def]
    failed = False
    for number in range(times):
        failed |= call_kept(address, number)
    return failed


def test_a_kept_call_is_done_as_often_as_one_likes() -> None:
    numbers, total, room = np.array([1.0, 2.0, 3.0]), np.zeros(3), room_for_call()
    assert add_or_keep(Given(numbers, 0.5), total, 0, room)
    assert not total.any(), "it was kept, not done"
    for _ in range(1000):
        assert not do_again(address_of(room), 3)
    np.testing.assert_allclose(total, 500 * numbers)
    numbers *= 2  # it finds what is there when it is done
    do_again(address_of(room), 1)
    assert total[0] == 501


def test_a_call_that_is_not_kept_is_done() -> None:
    total = np.zeros(3)
    assert not add_or_keep(Given(np.ones(3), 2.0), total, 1, NOT_KEPT)
    assert total.tolist() == [0, 2, 0]


def test_a_kept_call_tells_that_it_failed() -> None:
    room = room_for_call()
    numbers, total = np.ones(4), np.zeros(4)
    add_or_keep(Given(numbers, 1.0), total, 0, room)
    assert do_again(address_of(room), 4)


def test_nobody_counts_who_refers_to_an_array_in_a_helper() -> None:
    rest_of: Any = helper()(lambda numbers, begin: numbers[begin:])
    types: Any = numba.types
    rest_of.get_call_template([types.float64[::1], types.int64], {})
    [compiled] = rest_of.overloads.values()
    assert "NRT_incref" not in compiled.library.get_llvm_str()
