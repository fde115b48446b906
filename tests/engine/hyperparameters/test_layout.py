from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.arrays import Floats
from engine.errors import InputError
from engine.groups import ParameterGroup
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.layout import Layout
from engine.hyperparameters.settings import Setting
from engine.hyperparameters.values import Hyperparameters

T = 5
GROUPS = (
    ParameterGroup("layer 1 weights", 0, 4, 0, "weights", 2),
    ParameterGroup("layer 1 biases", 4, 6, 0, "biases"),
    ParameterGroup("layer 2 weights", 6, 11, 1, "weights", 5),
)
G, P = 3, 11
SHAPES: dict[tuple[str, str], tuple[int, ...]] = {
    ("learning_rates", "one"): (1, 1),
    ("learning_rates", "iteration"): (T, 1),
    ("learning_rates", "group"): (1, G),
    ("learning_rates", "iteration and group"): (T, G),
    ("decays", "one"): (1, 1),
    ("decays", "iteration"): (T, 1),
    ("decays", "group"): (1, G),
    ("decays", "iteration and group"): (T, G),
    ("initial_scales", "one"): (1,),
    ("initial_scales", "group"): (G,),
    ("l2_penalties", "one"): (1,),
    ("l2_penalties", "group"): (G,),
    ("l2_penalties", "input"): (2 + 1,),
    ("l2_penalties", "weight"): (P,),
}
FULL_SHAPES: dict[str, tuple[int, ...]] = {
    "learning_rates": (T, G),
    "decays": (T, G),
    "initial_scales": (G,),
}
DOMAINS = {
    "learning_rates": ("log", "identity"),
    "decays": ("logit", "identity"),
    "initial_scales": ("log", "identity"),
    "l2_penalties": ("log", "identity"),
}
FIXED = {
    "learning_rates": Setting(initial=0.1),
    "decays": Setting(initial=0.9, domain="logit"),
    "initial_scales": Setting(initial=0.2),
    "l2_penalties": Setting(initial=0.01),
    "training_inputs": Setting(initial=0.01, granularity="entry", domain="identity"),
    "sharing": Setting(initial=0.5, granularity="entry", domain="identity"),
}
CASES = [(*case, domain) for case in SHAPES for domain in DOMAINS[case[0]]]
unhurried = settings(deadline=None, max_examples=50)
each_case = pytest.mark.parametrize(("kind", "granularity", "domain"), CASES)


def layout(**chosen: Setting) -> Layout:
    return Layout({**FIXED, **chosen}, T, GROUPS, USUAL)


USUAL = [name for name, kind in KINDS.items() if not kind.is_set_by_entry]


def nested(values: Floats) -> Any:
    """Tuples as pydantic wants them."""
    return tuple(map(tuple, values.tolist())) if values.ndim == 2 else tuple(values.tolist())


def free_setting(kind: str, granularity: str, domain: str, seed: int = 0) -> tuple[Setting, Floats]:
    initial = np.random.default_rng(seed).uniform(0.05, 0.95, SHAPES[kind, granularity])
    fields = {"initial": nested(initial), "granularity": granularity, "domain": domain}
    return Setting.model_validate({"free": True, **fields}), initial


@st.composite
def free_settings(draw: st.DrawFn) -> dict[str, Setting]:
    """Any of the kinds free, each set as finely and in the domain that chance decides."""
    chosen = {}
    for kind in draw(st.sets(st.sampled_from(USUAL))):
        granularity = draw(st.sampled_from([g for k, g in SHAPES if k == kind]))
        domain = draw(st.sampled_from(DOMAINS[kind]))
        chosen[kind], _ = free_setting(kind, granularity, domain, draw(st.integers(0, 99)))
    return chosen


def smooth(seed: int) -> tuple[Callable[[Hyperparameters], float], Any]:
    """A smooth function of all full-shape values, and its gradient."""

    def weights(kind: str, shape: tuple[int, ...]) -> Floats:
        return np.random.default_rng([seed, list(FIXED).index(kind)]).standard_normal((2, *shape))

    def value(values: Hyperparameters) -> float:
        total = 0.0
        for kind, x in values.items():
            a, b = weights(kind, x.shape)
            total += float(np.sum(a * np.sin(x) + b * x * x))
        return total

    def gradient(values: Hyperparameters) -> Hyperparameters:
        found = {}
        for kind, x in values.items():
            a, b = weights(kind, x.shape)
            found[str(kind)] = a * np.cos(x) + 2 * b * x
        return Hyperparameters(found)

    return value, gradient


def test_the_kinds_allow_what_these_tests_expect() -> None:
    assert {kind: KINDS[kind].domains for kind in USUAL} == DOMAINS
    assert [(kind, g) for kind in USUAL for g in KINDS[kind].granularities] == list(SHAPES)
    for kind in set(KINDS) - set(USUAL):
        own = KINDS[kind].multiplies_the_start
        assert own or KINDS[kind].domains in (("identity",), ("log",))
        assert KINDS[kind].granularities == ("entry",)


@each_case
def test_the_initial_vector_gives_the_initial_values_back_at_full_shape(
    kind: str, granularity: str, domain: str
) -> None:
    setting, initial = free_setting(kind, granularity, domain)
    made = layout(**{kind: setting})
    values = dict(made.values(made.initial_vector()))
    full = FULL_SHAPES.get(kind, initial.shape)
    found = values.pop(kind)
    assert found.shape == full
    np.testing.assert_allclose(found, np.broadcast_to(initial, full), rtol=1e-14)
    for other, fixed in values.items():
        shape = FULL_SHAPES.get(other, (1,))
        np.testing.assert_array_equal(fixed, np.full(shape, FIXED[other].initial))


@each_case
def test_one_number_fills_any_shape(kind: str, granularity: str, domain: str) -> None:
    fields = {"initial": 0.25, "free": True, "granularity": granularity, "domain": domain}
    made = layout(**{kind: Setting.model_validate(fields)})
    assert made.shape(kind) == SHAPES[kind, granularity]
    assert made.size == np.prod(SHAPES[kind, granularity])
    np.testing.assert_allclose(made.values(made.initial_vector())[kind], 0.25, rtol=1e-15)


@each_case
def test_pulling_back_is_the_chain_rule(kind: str, granularity: str, domain: str) -> None:
    assert_chain_rule({kind: free_setting(kind, granularity, domain)[0]}, 1)


@unhurried
@given(free_settings(), st.integers(0, 1000))
def test_pulling_back_is_the_chain_rule_whatever_is_free(
    chosen: dict[str, Setting], seed: int
) -> None:
    assert_chain_rule(chosen, seed)


def assert_chain_rule(chosen: dict[str, Setting], seed: int) -> None:
    made = layout(**chosen)
    value, gradient = smooth(seed)
    vector = made.initial_vector() + 0.1 * np.random.default_rng(seed).standard_normal(made.size)
    pulled = made.pull_back(vector, gradient(made.values(vector)))
    step = 1e-6
    differences = [
        (value(made.values(vector + step * e)) - value(made.values(vector - step * e))) / (2 * step)
        for e in np.eye(made.size)
    ]
    np.testing.assert_allclose(pulled, differences, rtol=1e-6, atol=1e-7)


@unhurried
@given(free_settings())
def test_only_free_kinds_are_in_the_vector(chosen: dict[str, Setting]) -> None:
    made = layout(**chosen)
    sizes = {k: int(np.prod(SHAPES[k, s.granularity])) for k, s in chosen.items()}
    assert set(made.free) == set(chosen)
    assert made.initial_vector().shape == (made.size,) == (sum(sizes.values()),)
    assert {kind: span.stop - span.start for kind, span in made.spans.items()} == sizes
    moved = made.values(made.initial_vector() + 0.5)
    at_first = made.values(made.initial_vector())
    assert {kind for kind in USUAL if np.any(moved[kind] != at_first[kind])} == set(chosen)


@pytest.mark.parametrize(
    ("kind", "granularity", "domain"),
    CASES,
)
def test_projected_values_stay_in_their_range(kind: str, granularity: str, domain: str) -> None:
    made = layout(**{kind: free_setting(kind, granularity, domain)[0]})
    low, high = {
        "learning_rates": (-2048.0, 2048.0),
        "decays": (2.0**-16 if domain == "logit" else 0.0, 1.0),
        "initial_scales": (0.0, np.inf),
        "l2_penalties": (0.0, np.inf),
    }[kind]
    for far in (-1e300, -800.0, -40.0, 40.0, 800.0, 1e300):
        values = made.values(made.project(np.full(made.size, far)))[kind]
        assert np.all(values >= low - 1e-12 * abs(low))
        assert np.all(values <= high * (1 + 1e-12))


@unhurried
@given(free_settings(), st.data())
def test_projecting_twice_is_projecting_once(
    chosen: dict[str, Setting], data: st.DataObject
) -> None:
    made = layout(**chosen)
    vector = data.draw(arrays(float, made.size, elements=st.floats(-50, 50)))
    projected = made.project(vector)
    np.testing.assert_array_equal(made.project(projected), projected)
    np.testing.assert_array_equal(made.project(made.initial_vector()), made.initial_vector())


def test_values_cannot_be_written_to() -> None:
    made = layout(learning_rates=Setting(initial=0.1, free=True))
    for values in made.values(made.initial_vector()).values():
        with pytest.raises(ValueError, match="read-only"):
            values[...] = 0


def test_a_schedule_can_be_a_list_of_rows() -> None:
    rows = ((0.1,), (0.2,), (0.3,), (0.4,), (0.5,))
    made = layout(learning_rates=Setting(initial=rows, granularity="iteration"))
    expected = np.repeat(rows, G, axis=1)
    np.testing.assert_array_equal(made.values(made.initial_vector())["learning_rates"], expected)


def test_a_schedule_can_be_a_flat_list() -> None:
    flat = (0.1, 0.2, 0.3, 0.4, 0.5)
    made = layout(learning_rates=Setting(initial=flat, granularity="iteration"))
    expected = np.repeat(np.reshape(flat, (T, 1)), G, axis=1)
    np.testing.assert_array_equal(made.values(made.initial_vector())["learning_rates"], expected)


def test_a_penalty_fixed_at_zero_is_left_out() -> None:
    made = layout(l2_penalties=Setting(initial=0.0, granularity="weight"))
    assert "l2_penalties" not in made.values(made.initial_vector())


@pytest.mark.parametrize(
    ("kind", "fields", "field", "expected"),
    [
        ("learning_rates", {"granularity": "weight"}, "granularity", "one, iteration, group"),
        ("initial_scales", {"granularity": "iteration"}, "granularity", "one, group"),
        ("l2_penalties", {"granularity": "iteration"}, "granularity", "one, group, input, weight"),
        ("learning_rates", {"domain": "logit"}, "domain", "log, identity"),
        ("decays", {"domain": "log"}, "domain", "logit, identity"),
        ("learning_rates", {"initial": (0.1, 0.2)}, "initial", r"shape \(1, 1\)"),
        ("l2_penalties", {"initial": (1.0, 2.0), "granularity": "group"}, "initial", r"\(3,\)"),
        ("initial_scales", {"initial": ((1.0,), (2.0, 3.0))}, "initial", "same length"),
        ("learning_rates", {"initial": -0.1, "free": True}, "initial", "more than 0"),
        ("learning_rates", {"initial": 0.0, "free": True}, "initial", "log domain"),
        ("learning_rates", {"initial": 2049.0}, "initial", "-2048 to 2048"),
        ("decays", {"initial": 1.0, "free": True, "domain": "logit"}, "initial", "less than 1"),
        ("decays", {"initial": -0.1, "domain": "identity"}, "initial", "to 1"),
        ("decays", {"initial": 0.0, "free": True, "domain": "logit"}, "initial", "at least 1.5"),
        ("decays", {"initial": 1.5, "domain": "identity"}, "initial", "to 1"),
        ("initial_scales", {"initial": -1.0}, "initial", "0 to"),
        ("l2_penalties", {"initial": -1.0, "domain": "identity"}, "initial", "0 to"),
        ("l2_penalties", {"initial": 0.0, "free": True}, "initial", "more than 0"),
    ],
)
def test_a_setting_that_does_not_fit_is_refused_by_name(
    kind: str, fields: dict[str, Any], field: str, expected: str
) -> None:
    setting = Setting.model_validate({"initial": 0.5, **fields})
    with pytest.raises(InputError, match=rf"^hyperparameters\.{kind}\.{field}: .*{expected}.*\.$"):
        layout(**{kind: setting})


# Other kinds free


@unhurried
@given(st.data())
def test_freed_kinds_start_where_they_are_and_the_others_stay_to_the_bit(
    data: st.DataObject,
) -> None:
    before = {kind: data.draw(st.booleans(), label=f"{kind} free") for kind in USUAL}
    after = {kind: data.draw(st.booleans(), label=f"{kind} free now") for kind in USUAL}
    settings_of = {
        kind: FIXED[kind].model_copy(update={"free": free, "granularity": "group"})
        for kind, free in before.items()
    }
    first = layout(**settings_of)
    moves = data.draw(arrays(np.float64, first.size, elements=st.floats(-0.5, 0.5)))
    vector = first.initial_vector() + moves
    now = {kind: one.model_copy(update={"free": after[kind]}) for kind, one in settings_of.items()}
    second, moved = first.freed({**FIXED, **now}, vector)
    assert second.free == tuple(kind for kind in USUAL if after[kind])
    for kind, span in second.spans.items():
        if before[kind]:
            np.testing.assert_array_equal(moved[span], vector[first.spans[kind]])
    values, was = second.values(moved), first.values(vector)
    for kind, array in values.items():
        if not after[kind]:
            np.testing.assert_array_equal(array, was[kind])
        else:
            np.testing.assert_allclose(array, was[kind], rtol=1e-14)
    back, again = second.freed({**FIXED, **settings_of}, moved)
    np.testing.assert_allclose(again, vector, rtol=1e-9, atol=1e-12)
    assert back.free == first.free


def test_a_freed_kind_starts_from_the_nearest_values_that_meet_its_constraint() -> None:
    fields = {"initial": 0.5, "granularity": "group", "domain": "identity"}
    penalties = Setting(**fields, constraint="L1 ball", bound=0.6)
    free = penalties.model_copy(update={"free": True})
    _, moved = layout(l2_penalties=penalties).freed({**FIXED, "l2_penalties": free}, np.zeros(0))
    np.testing.assert_allclose(moved, np.full(G, 0.2))


def test_a_kind_that_was_free_is_there_even_where_it_makes_no_difference() -> None:
    fields = {"initial": 0.0, "granularity": "group", "domain": "identity"}
    penalties = Setting(**fields)
    free = penalties.model_copy(update={"free": True})
    assert "l2_penalties" not in layout(l2_penalties=penalties).values(np.zeros(0))
    first = layout(l2_penalties=free)
    second, moved = first.freed({**FIXED, "l2_penalties": penalties}, first.initial_vector())
    third, moved = second.freed({**FIXED, "l2_penalties": penalties}, moved)
    assert "l2_penalties" in third.values(moved)
