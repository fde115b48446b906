"""A field is described once: its words in one place, its range in another, and they go together."""

import pytest

from engine.dynamics.catalogue import DYNAMICS
from engine.experiments.experiment import Experiment
from engine.experiments.fields import Description, descriptions
from engine.experiments.strategies import STRATEGIES
from engine.hypergradients.catalogue import METHODS
from engine.hyperparameters.kinds import KINDS

ALL = descriptions()


@pytest.mark.parametrize("key", list(ALL))
def test_every_field_has_a_label_and_a_tip_of_its_own(key: str) -> None:
    what = ALL[key]
    assert what.label
    assert what.title
    assert what.tip.endswith(".")
    assert "{" not in what.label + what.title + what.tip + what.text


@pytest.mark.parametrize(
    ("key", "range_"),
    [
        ("training.iterations", "1 to 1,000,000"),
        ("training.batch_size", "at least 1"),
        ("meta.momentum", "at least 0 and less than 1"),
        ("meta.beta1_decay", "more than 0 and at most 1"),
        ("model.hidden", "at most 20 whole numbers from 1 to 10,000"),
        ("data.seed", "at least 0 and less than 2⁶³"),
        ("hyperparameters.initial_scales.initial", "0 to 1,000, more than 0 to be free"),
        (
            "hyperparameters.decays.initial",
            "0 to 1, at least 2⁻¹⁶ and less than 1 to be free in the logit",
        ),
        ("hyperparameters.training_inputs.initial", "−2,048 to 2,048"),
    ],
)
def test_a_range_is_the_model_s_and_part_of_the_tip(key: str, range_: str) -> None:
    assert ALL[key].values.range.startswith(range_)
    assert f"Range: {range_}" in ALL[key].full_tip


@pytest.mark.parametrize(
    ("key", "end"),
    [
        ("training.batch_size", "Empty: all."),
        ("data.learned_per_class", "Empty: none."),
        ("meta.step", "at most 1,000,000,000. Can be changed during a run."),
    ],
)
def test_a_tip_says_what_it_means_to_leave_a_field_empty(key: str, end: str) -> None:
    assert ALL[key].full_tip.endswith(end)


@pytest.mark.parametrize(
    ("key", "catalogue"),
    [("method", METHODS), ("training.dynamics", DYNAMICS), ("meta.optimizer", STRATEGIES)],
)
def test_choices_are_the_entries_of_a_catalogue_by_their_titles(
    key: str, catalogue: dict[str, object]
) -> None:
    titles = {name: entry.title for name, entry in catalogue.items()}  # type: ignore[attr-defined]
    assert ALL[key].choices == titles


@pytest.mark.parametrize("kind", list(KINDS))
def test_what_can_be_chosen_for_a_kind_is_what_it_allows(kind: str) -> None:
    def choices(field: str) -> list[str | None]:
        return list(ALL[f"hyperparameters.{kind}.{field}"].choices)

    assert choices("granularity") == list(KINDS[kind].granularities)
    assert choices("domain") == list(KINDS[kind].domains)
    assert choices("constraint") == [None, *KINDS[kind].constraints]


def test_a_default_is_what_an_experiment_holds_that_does_not_say() -> None:
    made = Experiment.model_validate({"data": {"source": "iris"}, "model": {}})
    tables = made.model_dump()

    def held(what: Description) -> object:
        value = tables
        for part in what.key.split("."):
            value = value[part]
        return value

    unlike = {"experiment", "data.source"}
    for key, what in ALL.items():
        if key not in unlike:
            assert what.default == held(what), key
