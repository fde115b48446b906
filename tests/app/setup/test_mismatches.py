"""What is marked before any data are loaded is what a run would refuse, and nothing else."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.setup.mismatches import mismatches
from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.problems import validate
from engine.hyperparameters.kinds import KINDS
from engine.runs.layouts import make_layout
from engine.tasks.catalogue import make_task

T = 3
SIZES = st.sampled_from([1, 2, T, 4, 5, 6])
SHAPES = st.one_of(st.just(()), st.tuples(SIZES), st.tuples(SIZES, SIZES))
MODELS: list[tuple[str, dict[str, Any]]] = [
    ("curved surface", {"kind": "two weights"}),
    ("iris", {"kind": "softmax regression"}),
    ("iris", {"kind": "dense network", "hidden": [2, 2]}),
    ("rotated digits", {"kind": "shared networks", "hidden": [2]}),
]
KINDS_OF_DATA = {"curved surface": "surface", "rotated digits": "several tasks"}


def experiment(
    source: str, model: dict[str, Any], kind: str, setting: dict[str, Any]
) -> Experiment:
    return validate(
        {
            "data": {"source": source, "scaling": "none"},
            "model": model,
            "training": {"iterations": T},
            "hyperparameters": {kind: setting},
            "meta": {"objective": "training"},
        }
    )


def refusal(made: Experiment) -> str:
    """The field that a run would name."""
    try:
        make_layout(made, make_task(made))
    except InputError as error:
        return str(error).partition(": ")[0]
    return ""


@given(
    model=st.sampled_from(MODELS),
    kind=st.sampled_from([name for name, kind in KINDS.items() if not kind.is_set_by_entry]),
    shape=SHAPES,
    data=st.data(),
)
def test_a_start_is_marked_if_and_only_if_a_run_would_refuse_it(
    model: tuple[str, dict[str, Any]], kind: Any, shape: tuple[int, ...], data: st.DataObject
) -> None:
    only_data_can_tell = ("weight", "input")
    granularities = [one for one in KINDS[kind].granularities if one not in only_data_can_tell]
    granularity = data.draw(st.sampled_from(granularities))
    setting = {"initial": np.full(shape, 0.5).tolist(), "granularity": granularity}
    made = experiment(*model, kind, setting)
    found = mismatches(made, KINDS_OF_DATA.get(model[0], "classification"))
    assert list(found) == ([refused] if (refused := refusal(made)) else [])
    assert all(sentence.startswith("expected ") for sentence in found.values())


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"data": {"source": "rotated digits"}}, "data.scaling"),
        (
            {
                "data": {"source": "rotated digits", "scaling": "none"},
                "training": {"batch_size": 5},
            },
            "training.batch_size",
        ),
        ({"data": {"source": "digits", "scaling": "none"}}, "model.kind"),
    ],
)
def test_what_does_not_go_with_shared_networks_is_marked(changes: dict[str, Any], key: str) -> None:
    made = validate({"model": {"kind": "shared networks", "hidden": [2]}, **changes})
    kind = KINDS_OF_DATA.get(str(made.data.source), "classification")
    assert list(mismatches(made, kind)) == [key]
    if key != "model.kind":
        assert refusal(made) == key


def test_learned_inputs_need_classes() -> None:
    made = validate(
        {
            "data": {"source": "diabetes", "learned_per_class": 1},
            "model": {"kind": "linear regression", "loss": "squared"},
        }
    )
    assert list(mismatches(made, "regression")) == ["data.learned_per_class"] == [refusal(made)]


def test_data_that_are_not_known_yet_are_given_the_benefit_of_the_doubt() -> None:
    made = validate({"data": {"file": "later.csv"}, "model": {"kind": "softmax regression"}})
    assert not mismatches(made, None)
