from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from experiments_for_tests import SMALLEST, sentence, tiny
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.files import (
    list_experiments,
    load_experiment,
    override,
    parse_experiment,
    save_experiment,
    to_toml,
)
from engine.experiments.problems import problems, validate
from engine.experiments.tasks import TASKS
from engine.tasks.catalogue import make_task

unhurried = settings(deadline=None, max_examples=60)
SHIPPED = list(list_experiments())
CSV = "a,b,kind\n" + "".join(f"{i},{i * i},{'odd' if i % 2 else 'even'}\n" for i in range(20))

positive = st.floats(1e-6, 1e3)
fractions = st.floats(0, 0.33) | st.integers(0, 40)
choices = st.fixed_dictionaries(
    {},
    optional={
        "name": st.text(
            st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=100
        ).filter(lambda name: name.strip("./\\ ")),
        "title": st.text(),
        "description": st.text(),
        "method": st.sampled_from(["exact-reversal", "stored-trajectory"]),
        "data": st.fixed_dictionaries(
            {"source": st.just("iris")},
            optional={
                "train": fractions,
                "validation": fractions,
                "test": fractions,
                "scaling": st.sampled_from(["each feature", "all features", "centre", "none"]),
                "seed": st.integers(0, 2**63 - 1),
                "corrupted": st.floats(0, 1),
                "corruption_seed": st.integers(0, 2**63 - 1),
                "noise_inputs": st.integers(0, 1000),
                "noise_seed": st.integers(0, 2**63 - 1),
            },
        )
        | st.fixed_dictionaries(
            {"file": st.text(min_size=1)}, optional={"target": st.text(), "labels": st.text()}
        ),
        "model": st.fixed_dictionaries(
            {"hidden": st.lists(st.integers(1, 10_000), min_size=1, max_size=20)},
            optional={
                "activation": st.sampled_from(["tanh", "ReLU", "softplus"]),
                "loss": st.sampled_from(["cross-entropy", "squared"]),
            },
        ),
        "training": st.fixed_dictionaries(
            {}, optional={"iterations": st.integers(1, 10**6), "batch_size": st.integers(1, 10**9)}
        ),
        "hyperparameters": st.fixed_dictionaries(
            {},
            optional={
                "learning_rates": st.fixed_dictionaries(
                    {"initial": positive | st.lists(positive) | st.lists(st.lists(positive))},
                    optional={
                        "free": st.booleans(),
                        "granularity": st.sampled_from(["one", "iteration and group"]),
                        "domain": st.sampled_from(["log", "identity"]),
                    },
                ),
                "decays": st.fixed_dictionaries(
                    {"initial": st.floats(0.01, 0.99), "domain": st.just("logit")}
                ),
            },
        ),
        "meta": st.fixed_dictionaries(
            {},
            optional={
                "optimizer": st.sampled_from(["adam", "rmsprop", "sgd"]),
                "step": st.floats(0, 1e9, exclude_min=True),
                "beta1_decay": st.floats(0, 1, exclude_min=True),
                "epsilon": st.floats(0, exclude_min=True, allow_infinity=False),
                "seed": st.integers(0, 2**63 - 1),
                "new_seed": st.booleans(),
            },
        ),
    },
)


# What ships


def test_at_least_four_experiments_ship() -> None:
    assert len(SHIPPED) >= 4
    assert "schedules" in SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_experiment_loads_by_its_name(name: str) -> None:
    experiment = load_experiment(name)
    assert experiment.name == name
    assert experiment.title
    assert experiment.description
    assert make_task(experiment).size > 0
    assert any(setting.free for _, setting in experiment.hyperparameters.items())


# Round trips


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_experiment_survives_toml(name: str) -> None:
    experiment = load_experiment(name)
    assert parse_experiment(to_toml(experiment), "copy.toml") == experiment


def test_a_field_that_makes_no_difference_may_be_one_that_most_experiments_do_not_mention(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ignored = {"data.corrupted", "data.corruption_seed", "meta.updates"}
    episodes = replace(TASKS["episodes"], ignores=(*TASKS["episodes"].ignores, *ignored))
    monkeypatch.setitem(TASKS, "episodes", episodes)
    experiment = load_experiment("hyper-representation")
    assert parse_experiment(to_toml(experiment), "copy.toml") == experiment
    assert "corrupted" not in to_toml(experiment)


@unhurried
@given(choices)
def test_any_experiment_survives_toml(chosen: dict[str, Any]) -> None:
    tables = {"data": {"source": "iris"}, "model": {"hidden": [3]}, **chosen}
    if found := problems(tables):  # rows of different lengths
        assert list(found) == ["hyperparameters.learning_rates.initial"]
        return
    experiment = validate(tables)
    assert parse_experiment(to_toml(experiment), "copy.toml") == experiment


@unhurried
@given(st.integers(1, 10**6), st.floats(1e-9, 1e9), st.booleans(), st.sampled_from(["adam", "sgd"]))
def test_overridden_fields_hold_their_values(
    iterations: int, step: float, free: bool, optimizer: str
) -> None:
    changed = override(
        load_experiment("regression"),
        {
            "training.iterations": str(iterations),
            "meta.step": repr(step),
            "hyperparameters.learning_rates.free": str(free).lower(),
            "meta.optimizer": optimizer,
        },
    )
    assert changed.training.iterations == iterations
    assert changed.meta.step == step
    assert changed.hyperparameters["learning_rates"].free is free
    assert changed.meta.optimizer == optimizer
    assert changed.data == load_experiment("regression").data


def test_a_saved_experiment_loads_back(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "mine.toml"
    save_experiment(tiny(), path)
    assert load_experiment(path) == load_experiment(str(path)) == tiny()
    save_experiment(tiny({"meta.iterations": "7"}), path)
    assert load_experiment(path).meta.iterations == 7
    assert [file.name for file in path.parent.iterdir()] == ["mine.toml"]


def test_a_save_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.toml"
    save_experiment(tiny(), path)

    def fail(*_: Any) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", fail)
        with pytest.raises(OSError, match="no space left"):
            save_experiment(tiny({"meta.iterations": "7"}), path)
    assert load_experiment(path) == tiny()
    assert [file.name for file in tmp_path.iterdir()] == ["mine.toml"]


# Files of data


@pytest.mark.parametrize("folder", ["", "data/", "../"])
def test_a_data_file_is_found_beside_its_experiment(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    (home / "data").mkdir(parents=True)
    elsewhere.mkdir()
    (home / folder / "points.csv").write_text(CSV)
    toml = SMALLEST.replace('source = "iris"', f'file = "{folder}points.csv"')
    (home / "mine.toml").write_text(toml)
    monkeypatch.chdir(elsewhere)
    for path in (home / "mine.toml", Path("../home/mine.toml")):
        task = make_task(load_experiment(path))
        assert task.dataset.feature_names == ("a", "b")


def test_an_absolute_data_file_stays_where_it_is(tmp_path: Path) -> None:
    far = tmp_path / "far" / "points.idx"
    toml = SMALLEST.replace('source = "iris"', f"file = '{far}'\nlabels = 'l.idx'")
    (tmp_path / "mine.toml").write_text(toml)
    data = load_experiment(tmp_path / "mine.toml").data
    assert (data.file, data.labels) == (str(far), str(tmp_path / "l.idx"))


def test_naming_a_data_file_replaces_the_built_in_source_and_the_other_way_round() -> None:
    with_file = override(tiny(), {"data.file": "points.csv"})
    assert (with_file.data.source, with_file.data.file) == (None, "points.csv")
    with_source = override(with_file, {"data.source": "wine"})
    assert (with_source.data.source, with_source.data.file) == ("wine", None)


# Overriding


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        (
            "training.iterations",
            "0",
            "training.iterations: expected a whole number from 1 to 1,000,000, found 0.",
        ),
        (
            "training.iterations",
            "x",
            "training.iterations: expected a whole number from 1 to 1,000,000, found 'x'.",
        ),
        ("training.nothing", "1", "training.nothing: there is no such field."),
        ("nothing", "1", "nothing: there is no such field."),
        ("name.x", "1", "name.x: there is no such field; did you mean name?"),
        ("typo", "", "typo: there is no such field."),
        (
            "training.iteratons",
            "",
            "training.iteratons: there is no such field; did you mean training.iterations?",
        ),
        (
            "hyperparameters.learning_rate.free",
            "true",
            "hyperparameters.learning_rate.free: there is no such field; "
            "did you mean hyperparameters.learning_rates.free?",
        ),
        ("data.source", "3", "data.source: expected text, found 3."),
        (
            "training.iterations.x.y",
            "1",
            "training.iterations.x.y: there is no such field; did you mean training.iterations?",
        ),
    ],
)
def test_an_override_that_cannot_be_is_refused_by_name(
    field: str, value: str, expected: str
) -> None:
    with pytest.raises(InputError) as error:
        override(tiny(), {field: value})
    assert sentence(error) == expected


def test_what_could_not_be_loaded_again_is_not_saved(tmp_path: Path) -> None:
    long = tuple(1 / (3 + step) for step in range(200_000))
    experiment = tiny({"training.iterations": "200000"})
    setting = experiment.hyperparameters["decays"].model_copy(
        update={"initial": long, "granularity": "iteration"}
    )
    settings = experiment.hyperparameters.replace({"decays": setting})
    with pytest.raises(InputError, match=r"expected schedules that fit into 3,000,000 bytes"):
        save_experiment(
            experiment.model_copy(update={"hyperparameters": settings}), tmp_path / "x.toml"
        )
    assert not list(tmp_path.iterdir())


def test_a_table_that_a_setting_before_has_replaced_is_named() -> None:
    with pytest.raises(InputError, match=r"^data: expected a table, found 'points'"):
        override(tiny(), {"data": "points", "data.train": "0.5"})


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("title", "plain text", lambda e: e.title == "plain text"),
        ("title", '"quoted"', lambda e: e.title == "quoted"),
        ("model.activation", "ReLU", lambda e: e.model.activation == "ReLU"),
        ("training.batch_size", "7", lambda e: e.training.batch_size == 7),
        ("data.train", "0.25", lambda e: e.data.train == 0.25),
        ("data.train", "25", lambda e: isinstance(e.data.train, int) and e.data.train == 25),
        (
            "hyperparameters.learning_rates.initial",
            "[[0.1], [0.2]]",
            lambda e: e.hyperparameters["learning_rates"].initial == ((0.1,), (0.2,)),
        ),
    ],
)
def test_an_override_is_toml_or_plain_text(field: str, value: str, found: Any) -> None:
    before = tiny()
    changed = override(before, {field: value})
    assert found(changed)
    assert before == tiny() != changed


def test_an_experiment_cannot_be_changed_in_place() -> None:
    experiment: Experiment = tiny()
    with pytest.raises(ValueError, match="frozen"):
        experiment.training.iterations = 3  # type: ignore[misc]


# What people leave out, and what they write


def test_a_kind_that_is_given_in_part_keeps_the_rest_of_its_default() -> None:
    text = SMALLEST + "[hyperparameters.decays]\ninitial = 0.8\nfree = true"
    decays = parse_experiment(text, "mine.toml").hyperparameters["decays"]
    assert (decays.initial, decays.free, decays.domain) == (0.8, True, "logit")


def test_a_byte_order_mark_is_read_over(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes(b"\xef\xbb\xbf" + SMALLEST.encode())
    assert load_experiment(tmp_path / "mine.toml").data.source == "iris"


def test_an_empty_override_unsets_a_field() -> None:
    with_batches = override(tiny(), {"training.batch_size": "7"})
    assert override(with_batches, {"training.batch_size": ""}).training.batch_size is None


@pytest.mark.parametrize("text", ["9" * 5000, "[" * 5000])
def test_an_override_that_no_parser_takes_is_text(text: str) -> None:
    with pytest.raises(InputError, match=r"^meta\.seed: expected a whole number"):
        override(tiny(), {"meta.seed": text})
