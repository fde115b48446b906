"""Events that differ in numbers alone are kept as one, and come back as they were."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from experiments_for_tests import done, events_of, record_of, tiny, tiny_with_everything_free
from hypothesis import given
from hypothesis import strategies as st
from recording_for_tests import assert_same, assert_same_records, record_in

from engine.library import recording
from engine.library.codec import decode_each
from engine.library.library import Library
from engine.library.npy import from_npy
from engine.library.recording import recorded
from engine.library.stacks import Stack
from engine.runs.events import Event, MetaIterationDone, RunFinished

SHORT = {"meta.iterations": "7"}


def through(events: list[MetaIterationDone]) -> list[MetaIterationDone]:
    """The same, written as one and read."""
    stack = Stack(events[0])
    for event in events[1:]:
        assert stack.add(event)
    body, npy = stack.encoded()
    arrays = {name: from_npy(content) for name, content in npy.items()}
    return list(decode_each(body, arrays, len(events)))


@pytest.mark.parametrize("experiment", [tiny(SHORT), tiny_with_everything_free(SHORT)])
def test_what_is_read_equals_what_was_told(experiment: object) -> None:
    events = done(events_of(experiment))
    assert_same(through(events), events)


@given(
    st.lists(
        st.tuples(
            st.floats(allow_nan=True),
            st.integers(-(2**63), 2**63 - 1),
            st.lists(st.floats(), min_size=2, max_size=2),
        ),
        min_size=2,
        max_size=4,
    )
)
def test_any_numbers_come_back_to_the_bit(
    numbers: list[tuple[float, int, list[float]]],
) -> None:
    like = done(events_of(tiny()))[0]
    events = [
        replace(
            like,
            index=place,
            objective=number,
            memory=replace(like.memory, buffer_bytes=integer),
            learning_curve=np.array(curve),
        )
        for place, (number, integer, curve) in enumerate(numbers)
    ]
    assert_same(through(events), events)


@pytest.mark.parametrize(
    "other",
    [
        {"remarks": ("look out",)},
        {"cost": None},
        {"reversed_exactly": None},
        {"objective": 1},
        {"learning_curve": np.zeros(3)},
        {"learning_curve": np.zeros(8, np.float32)},
        {"growing": {"decays": np.zeros(8)}},
        {"tolerance": 0.5},
    ],
)
def test_what_differs_in_more_is_not_taken(other: dict[str, object]) -> None:
    like = done(events_of(tiny()))[0]
    stack = Stack(like)
    assert not stack.add(replace(like, **other))
    assert len(stack) == 1
    assert not stack.add(events_of(tiny())[-1])


def test_short_meta_iterations_share_a_transaction_and_are_passed_on_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "monotonic", lambda: 0.0)
    events, path = events_of(tiny(SHORT)), tmp_path / "runs.retrograde"
    passed = []
    for event in recorded(events, path):
        passed.append(event)
        if isinstance(event, MetaIterationDone | RunFinished):
            with Library(path) as library:
                (run,) = library
                assert run.done == 7
                assert len(run.record.meta_iterations) == 7
    assert passed == list(events)


@pytest.mark.parametrize("place", [0, 3, 6])
def test_one_of_another_kind_among_them_breaks_nothing(
    place: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "monotonic", lambda: 0.0)
    events = [
        replace(event, remarks=("an odd one",), cost=None)
        if isinstance(event, MetaIterationDone) and event.index == place
        else event
        for event in events_of(tiny(SHORT))
    ]
    assert_same_records(record_in(tmp_path / "runs.retrograde", events), record_of(events))


def test_an_error_between_two_transactions_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "monotonic", lambda: 0.0)
    path, passed = tmp_path / "runs.retrograde", list[Event]()

    def events() -> Iterator[Event]:
        yield from events_of(tiny(SHORT))[:-2]
        raise RuntimeError("on purpose")

    def listen() -> None:
        nonlocal passed
        for event in recorded(events(), path):
            passed += [event]

    with pytest.raises(RuntimeError, match="on purpose"):
        listen()
    assert passed == list(events_of(tiny(SHORT))[:-2])
    with Library(path) as library:
        assert {(run.state, run.done) for run in library} == {("failed", len(done(passed)))}
