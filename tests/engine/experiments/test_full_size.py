from pathlib import Path
from typing import Any

import pytest
from library_for_tests import put_at_hand

from engine.data.published import LIBRARY, is_at_hand
from engine.errors import InputError
from engine.experiments.files import list_experiments, load_experiment, parse_experiment, to_toml
from engine.experiments.full_size import at_its_size
from engine.experiments.problems import validate
from engine.experiments.shipped import FORMER_NAMES, shipped_texts

OWN = """
description = "Mine."
[data]
source = "iris"
train = 0.5
[model]
hidden = [3, 3]
[training]
iterations = 10
batch_size = 7
[[full_size]]
[full_size.data]
source = "mnist"
train = 10000
[full_size.model]
hidden = [50]
[[full_size]]
[full_size.data]
source = "mnist-test"
train = 5000
[full_size.training]
iterations = 20
"""


def without(experiment: Any, *fields: str) -> dict[str, Any]:
    """The fields of an experiment but for some, by dotted names of two parts at most."""
    tables: dict[str, Any] = experiment.model_dump()
    for field in fields:
        table, _, last = field.rpartition(".")
        (tables[table] if table else tables).pop(last)
    return tables


def test_without_the_data_an_experiment_runs_on_its_own_and_says_what_full_size_needs() -> None:
    experiment = parse_experiment(OWN, "mine.toml")
    assert (experiment.data.source, experiment.data.train) == ("iris", 0.5)
    assert experiment.description == (
        "Mine. On iris, which ship with Retrograde; for full size, fetch MNIST digits or "
        "MNIST test digits (File > Data sets…)."
    )


def test_with_the_data_at_hand_what_full_size_says_is_laid_over_it_and_the_rest_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small = parse_experiment(OWN, "mine.toml")
    put_at_hand(monkeypatch, "mnist-test")
    full = parse_experiment(OWN, "mine.toml")
    assert (full.data.source, full.data.train, full.data.validation) == ("mnist-test", 5000, 0.2)
    assert (full.training.iterations, full.training.batch_size) == (20, 7)
    assert full.description == "Mine. On MNIST test digits, at full size."
    changed = ("data.source", "data.train", "training.iterations", "description")
    assert without(full, *changed) == without(small, *changed)


def test_the_first_variant_whose_data_are_at_hand_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put_at_hand(monkeypatch, "mnist-test", "mnist")
    full = parse_experiment(OWN, "mine.toml")
    assert (full.data.source, full.model.hidden) == ("mnist", (50,))
    assert full.training.iterations == 10


def test_data_of_full_size_take_the_place_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    text = OWN.replace('source = "iris"', 'file = "a.csv"\ntarget = "b"', 1)
    small = parse_experiment(text, "mine.toml")
    assert small.data.file == "a.csv"
    assert "On its own data; for full size" in small.description
    put_at_hand(monkeypatch, "mnist")
    full = parse_experiment(text, "mine.toml")
    assert (full.data.source, full.data.file, full.data.target) == ("mnist", None, None)


def test_the_data_that_ship_can_be_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    put_at_hand(monkeypatch, "mnist", "mnist-test")
    (tmp_path / "mine.toml").write_text(OWN)
    for experiment in (
        parse_experiment(OWN, "mine.toml", stand_in=True),
        load_experiment(tmp_path / "mine.toml", stand_in=True),
    ):
        assert experiment.data.source == "iris"
        assert experiment.description == "Mine. On iris, which ship with Retrograde."


def test_an_experiment_without_full_size_says_nothing_of_it() -> None:
    text = OWN[: OWN.index("[[full_size]]")]
    assert parse_experiment(text, "mine.toml").description == "Mine."


def test_what_is_saved_stays_as_it_was_run_whatever_is_at_hand_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small = parse_experiment(OWN, "mine.toml")
    put_at_hand(monkeypatch, "mnist")
    assert parse_experiment(to_toml(small), "saved.toml") == small
    full = parse_experiment(OWN, "mine.toml")
    assert parse_experiment(to_toml(full), "saved.toml") == full


@pytest.mark.parametrize(
    ("full_size", "sentence"),
    [
        ("3", r"full_size: expected tables, each under \[\[full_size\]\]\."),
        ("[3]", r"full_size: expected tables, each under \[\[full_size\]\]\."),
        ("[{}]", r"full_size\.data\.source: expected one of mnist, .*, found None\."),
        ("[{data = 3}]", r"full_size\.data\.source: expected one of mnist, .*, found None\."),
        ("[{data.source = 3}]", r"full_size\.data\.source: expected one of mnist, .*, found 3\."),
        ('[{data.source = "iris"}]', r"full_size\.data\.source: .*, found 'iris'\."),
    ],
)
def test_a_full_size_that_is_none_is_named(full_size: str, sentence: str) -> None:
    text = f'full_size = {full_size}\n[data]\nsource = "iris"\n[model]\nhidden = [3]\n'
    with pytest.raises(InputError, match=rf"^mine\.toml: {sentence}$"):
        parse_experiment(text, "mine.toml")


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ('description = "Mine."', "description = 3", "description"),
        ('[data]\nsource = "iris"\ntrain = 0.5', "data = 3", "data"),
        ("hidden = [50]", "hidden = 50", "model.hidden"),
    ],
)
def test_a_wrong_field_is_named_at_either_size(
    before: str, after: str, field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_at_hand(monkeypatch, "mnist")
    text = OWN.replace(before, after, 1)
    text = text if "data = 3" not in text else f"data = 3\n{text.replace('data = 3', '')}"
    with pytest.raises(InputError, match=rf"^mine\.toml: {field}\b"):
        parse_experiment(text, "mine.toml", stand_in=field == "data")


# What ships


@pytest.mark.parametrize("name", list(list_experiments(stand_in=True)))
def test_an_experiment_that_ships_is_sound_at_every_size_it_has(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = list_experiments(stand_in=True)[name]
    assert small.data.source not in LIBRARY
    for source in LIBRARY:
        with monkeypatch.context() as patched:
            put_at_hand(patched, source)
            full = list_experiments()[name]
        assert (full.name, full.title) == (small.name, small.title)
        if full.data.source == source:
            assert full.description.endswith(", at full size.")
            assert full.model.kind == small.model.kind
        else:
            assert full.data == small.data


def test_the_experiments_of_the_paper_on_digits_have_a_full_size() -> None:
    assert not any(map(is_at_hand, LIBRARY))
    promised = {
        name for name, one in list_experiments().items() if "for full size" in one.description
    }
    assert promised == {
        "schedules",
        "initial-hypergradient",
        "pixel-penalties",
        "learned-data",
        "weight-sharing",
        "chaos",
        "real-time",
        "task-interactions",
        "hyper-representation",
        "hyper-cleaning",
        "hoag",
    }


@pytest.mark.parametrize(("former", "present"), FORMER_NAMES.items())
def test_a_former_name_still_loads_the_experiment(former: str, present: str) -> None:
    assert load_experiment(former) == load_experiment(present)
    assert former not in list_experiments()


def test_the_texts_are_what_the_experiments_are_made_of() -> None:
    assert len(shipped_texts()) == len(list_experiments())
    assert all(name.endswith(".toml") for name in shipped_texts())


def test_tables_are_not_changed_by_choosing_a_size() -> None:
    tables = {"data": {"source": "iris"}, "model": {"hidden": [3]}, "full_size": []}
    chosen = at_its_size(tables)
    assert "full_size" in tables
    assert validate(chosen).description == ""
