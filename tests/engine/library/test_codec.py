"""Events become text and arrays, and back."""

import io
import json
import math

import numpy as np
import pytest
from experiments_for_tests import DIVERGES_AFTER_ONE, events_of, tiny
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as of_arrays
from recording_for_tests import assert_same

from engine.experiments.changes import Change
from engine.experiments.experiment import Experiment
from engine.experiments.files import list_experiments
from engine.experiments.measures import Measures
from engine.library.codec import KNOWN, decode, encode
from engine.library.npy import from_npy, to_npy
from engine.runs.events import JudgingProgress, ResumePoint, RunFinished

NUMBERS = st.floats(allow_nan=True, allow_infinity=True, width=64) | st.integers() | st.booleans()
ARRAYS = of_arrays.arrays(
    st.sampled_from([np.float64, np.int64, np.bool_, np.float32]),
    of_arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)
NAMES = st.text(max_size=5)
STATES = st.dictionaries(
    NAMES,
    st.recursive(
        NUMBERS | NAMES | st.none(),
        lambda inner: st.tuples(inner, inner) | st.dictionaries(NAMES, inner) | st.lists(inner),
        max_leaves=6,
    ),
)


@given(STATES, st.integers(0))
def test_whatever_a_strategy_remembers_comes_back_to_the_bit(state: object, number: int) -> None:
    point = ResumePoint(number, {"state": state})
    body, arrays = encode(point)
    assert json.loads(body, parse_constant=pytest.fail)
    assert_same(decode(body, arrays), point)


@given(ARRAYS)
def test_arrays_are_the_bytes_of_numpys_own_files(array: np.ndarray) -> None:
    saved = io.BytesIO()
    np.save(saved, array, allow_pickle=False)
    assert to_npy(array) == saved.getvalue()
    assert_same(from_npy(to_npy(array)), np.ascontiguousarray(array).reshape(array.shape))


def test_transposed_arrays_and_scalars_come_back() -> None:
    for array in (np.arange(6.0).reshape(2, 3).T, np.array(3.5), np.arange(8)[::2]):
        np.testing.assert_array_equal(from_npy(to_npy(array)), array)
        assert not from_npy(to_npy(array)).flags.writeable


def test_objects_are_no_arrays() -> None:
    with pytest.raises(ValueError, match="allow_pickle"):
        to_npy(np.array([object()]))


@pytest.mark.parametrize("bits", ["7ff8000000000000", "fff8000000000000", "7ff8000000000001"])
def test_numbers_that_are_none_keep_their_bits(bits: str) -> None:
    number = np.frombuffer(bytes.fromhex(bits), ">f8")[0].item()
    assert math.isnan(number)
    again = decode(*encode(Measures({"test_loss": number})))
    assert_same(again, Measures({"test_loss": number}))


@pytest.mark.parametrize("changes", [{}, DIVERGES_AFTER_ONE], ids=["completed", "diverged"])
def test_every_event_of_a_run_comes_back_to_the_bit(changes: dict[str, str]) -> None:
    for event in events_of(tiny(changes)):
        if type(event).__name__ in KNOWN:
            assert_same(decode(*encode(event)), event)


@pytest.mark.parametrize("name", list(list_experiments()))
def test_every_shipped_experiment_comes_back(name: str) -> None:
    experiment: Experiment = list_experiments()[name]
    assert decode(*encode(experiment)) == experiment


def test_changes_and_ends_come_back() -> None:
    change = Change(3, {"meta.step": 0.25, "hyperparameters.decays.free": True})
    assert decode(*encode(change)) == change
    end = RunFinished("completed", "Done.", events_of(tiny())[-1].hyperparameters, None)
    assert_same(decode(*encode(end)), end)


def test_what_a_library_does_not_know_is_refused() -> None:
    with pytest.raises(TypeError, match="keeps no JudgingProgress"):
        encode(JudgingProgress(0, 1))
