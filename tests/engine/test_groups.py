import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InputError
from engine.groups import ParameterGroup, partition


@st.composite
def cut_ups(draw):
    """A number of parameters, and slices that partition them: some empty, in any order."""
    size = draw(st.integers(0, 20))
    cuts = sorted(draw(st.lists(st.integers(0, size), max_size=6)))
    spans = [slice(start, stop) for start, stop in zip([0, *cuts], [*cuts, size], strict=True)]
    return size, draw(st.permutations(spans))


def members(groups):
    return [index for group in groups for index in range(group.start, group.stop)]


@given(cut_ups())
def test_slices_that_partition_are_kept_in_their_order_empty_ones_too(cut_up):
    size, slices = cut_up
    groups = partition(slices, size)
    assert [group.span for group in groups] == slices
    assert [group.name for group in groups] == [f"group {i}" for i in range(len(slices))]
    assert sorted(members(groups)) == list(range(size))


@given(cut_ups(), st.data())
def test_leaving_out_a_slice_that_holds_something_is_refused(cut_up, data):
    size, slices = cut_up
    full = [group for group in slices if group.start < group.stop]
    if full:
        slices.remove(data.draw(st.sampled_from(full)))
        with pytest.raises(InputError, match="groups"):
            partition(slices, size)


@given(cut_ups(), st.data())
def test_a_slice_that_takes_a_parameter_twice_is_refused(cut_up, data):
    size, slices = cut_up
    if size:
        start = data.draw(st.integers(0, size - 1))
        stop = data.draw(st.integers(start + 1, size))
        with pytest.raises(InputError, match="groups"):
            partition([*slices, slice(start, stop)], size)


@pytest.mark.parametrize(
    "slices", [[slice(4, 4)], [slice(0, 2), slice(3, 3), slice(3, 4)], [slice(4, 2), slice(0, 0)]]
)
def test_an_empty_slice_does_not_hide_a_gap(slices):
    with pytest.raises(InputError, match="groups"):
        partition(slices, 4)


def test_without_slices_everything_is_one_group():
    assert partition(None, 7) == (ParameterGroup("all parameters", 0, 7),)
    assert partition(None, 0) == (ParameterGroup("all parameters", 0, 0),)


def test_slices_may_leave_their_ends_open_or_count_from_the_end():
    groups = partition([slice(-3, None), slice(None, 4)], 7)
    assert [(group.start, group.stop) for group in groups] == [(4, 7), (0, 4)]


@pytest.mark.parametrize(
    ("slices", "complaint"),
    [
        ([slice(0, 3)], "groups"),
        ([slice(1, 4)], "groups"),
        ([slice(0, 1), slice(2, 4)], "groups"),
        ([slice(0, 3), slice(2, 4)], "groups"),
        ([slice(0, 4), slice(0, 4)], "groups"),
        ([], "groups"),
        ([slice(0, 2), slice(2, 4, 2)], r"groups\[1\].*step 2"),
        ([slice(3, None, -1)], r"groups\[0\].*step -1"),
    ],
    ids=["short", "late", "gap", "overlap", "twice", "none", "step 2", "backwards"],
)
def test_what_is_no_partition_is_refused_in_one_sentence(slices, complaint):
    with pytest.raises(InputError, match=complaint) as refusal:
        partition(slices, 4)
    assert str(refusal.value).endswith(".")


def test_a_group_says_its_size_and_picks_itself_out():
    group = ParameterGroup("layer 1 weights", 2, 5)
    assert group.size == 3
    assert np.array_equal(np.arange(9)[group.span], [2, 3, 4])


def test_named_groups_have_to_partition_too():
    named = (ParameterGroup("a", 0, 2), ParameterGroup("b", 2, 3))
    assert partition(named, 3) == named
    with pytest.raises(InputError, match="groups"):
        partition(named[:1], 3)
