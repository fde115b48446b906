from pathlib import Path
from typing import Any

import pytest
from experiments_for_tests import tiny
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import InputError
from engine.experiments import (
    Experiment,
    list_experiments,
    load_experiment,
    override,
    parse_experiment,
    problems,
    save_experiment,
    to_toml,
    validate,
)
from engine.tasks.task import make_task

unhurried = settings(deadline=None, max_examples=60)
SHIPPED = list(list_experiments())
SMALLEST = '[data]\nsource = "iris"\n[model]\nkind = "softmax regression"\n'
CSV = "a,b,kind\n" + "".join(f"{i},{i * i},{'odd' if i % 2 else 'even'}\n" for i in range(20))

positive = st.floats(1e-6, 1e3)
fractions = st.floats(0, 0.33) | st.integers(0, 40)
choices = st.fixed_dictionaries(
    {},
    optional={
        "name": st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=100),
        "title": st.text(),
        "description": st.text(),
        "method": st.sampled_from(["exact-reversal", "stored-trajectory"]),
        "data": st.fixed_dictionaries(
            {"source": st.just("iris")},
            optional={
                "train": fractions,
                "validation": fractions,
                "test": fractions,
                "scaling": st.sampled_from(["each feature", "all features", "none"]),
                "seed": st.integers(0, 2**63 - 1),
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


def sentence(error: pytest.ExceptionInfo[InputError]) -> str:
    """The message, once it is one sentence on one line."""
    text = str(error.value)
    assert "\n" not in text
    assert text.endswith((".", "?"))
    return text


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
    assert any(
        getattr(experiment.hyperparameters, kind).free
        for kind in type(experiment.hyperparameters).model_fields
    )


# Round trips


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_experiment_survives_toml(name: str) -> None:
    experiment = load_experiment(name)
    assert parse_experiment(to_toml(experiment), "copy.toml") == experiment


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
    assert changed.hyperparameters.learning_rates.free is free
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


# What is wrong is said in one sentence that names file and field


@pytest.mark.parametrize(
    ("toml", "field", "expected"),
    [
        (SMALLEST + "[training]\niteration = 3", "training.iteration", "no such field"),
        (SMALLEST + "[trainings]\niterations = 3", "trainings", "no such field"),
        (SMALLEST + "[training]\niterations = 'many'", "training.iterations", "a whole number"),
        (SMALLEST + "[training]\niterations = 1.5", "training.iterations", "a whole number"),
        (SMALLEST + "[training]\niterations = 0", "training.iterations", "at least 1"),
        (SMALLEST + "[training]\niterations = 1000001", "training.iterations", "at most 1000000"),
        (SMALLEST + "[training]\nbatch_size = 0", "training.batch_size", "at least 1"),
        (SMALLEST + "[meta]\nstep = 0", "meta.step", "more than 0"),
        (SMALLEST + "[meta]\nmomentum = 1", "meta.momentum", "less than 1"),
        (SMALLEST + "[meta]\nstep = nan", "meta.step", "a finite number"),
        (SMALLEST + "[meta]\nseed = -1", "meta.seed", "at least 0"),
        (SMALLEST + "[meta]\nnew_seed = 'perhaps'", "meta.new_seed", "true or false"),
        (SMALLEST + "[meta]\noptimizer = 'magic'", "meta.optimizer", "'sgd', 'rmsprop' or 'adam'"),
        ("method = 'magic'\n" + SMALLEST, "method", "'exact-reversal' or 'stored-trajectory'"),
        ("name = 3\n" + SMALLEST, "name", "text"),
        ("[model]\nhidden = [3]", "data", "missing"),
        ("[data]\nsource = 'iris'", "model", "missing"),
        ("[data]\nsource = 'iris'\nfile = 'x.csv'\n[model]\nhidden = [3]", "data", "either"),
        ("[data]\n[model]\nhidden = [3]", "data", "either source or file"),
        ("[data]\nsource = 'iris'\ntrain = -1\n[model]\nhidden = [3]", "data.train", "at least 0"),
        ("[data]\nsource = 'iris'\n[model]", "model", "at least one hidden layer"),
        (SMALLEST + "hidden = [3]", "model", "no hidden layers in a softmax regression"),
        ("[data]\nsource = 'iris'\n[model]\nhidden = [0]", "model.hidden.0", "at least 1"),
        ("[data]\nsource = 'iris'\n[model]\nhidden = 3", "model.hidden", "whole numbers"),
        (
            "[data]\nsource = 'iris'\n[model]\nkind = 'linear regression'",
            "model",
            "the squared loss",
        ),
        (
            SMALLEST + "[hyperparameters.learning_rates]\ninitial = 'fast'",
            "hyperparameters.learning_rates.initial",
            "a number",
        ),
        (
            SMALLEST + "[hyperparameters.learning_rates]\ninitial = [[1], [2, 3]]",
            "hyperparameters.learning_rates.initial",
            "rows of the same length",
        ),
        (
            SMALLEST + "[hyperparameters.learning_rates]\ninitial = -1\nfree = true",
            "hyperparameters.learning_rates.initial",
            "more than 0",
        ),
        (
            SMALLEST + "[hyperparameters.decays]\ninitial = 2\ndomain = 'logit'",
            "hyperparameters.decays.initial",
            "to 1",
        ),
        (
            SMALLEST + "[hyperparameters.decays]\ninitial = 0.5\ndomain = 'log'",
            "hyperparameters.decays.domain",
            "logit, identity",
        ),
        (SMALLEST + "[training]\nbatch-size = 3", "training.batch-size", "no such field"),
    ],
    ids=lambda value: "file" if "\n" in value else value,
)
def test_what_is_wrong_in_a_file_is_said_by_name(
    toml: str, field: str, expected: str, tmp_path: Path
) -> None:
    (tmp_path / "mine.toml").write_text(toml)
    with pytest.raises(InputError) as error:
        load_experiment(tmp_path / "mine.toml")
    text = sentence(error)
    assert text.startswith(f"mine.toml: {field}: ")
    assert expected in text


@pytest.mark.parametrize(
    "content",
    [
        b"this is not TOML",
        b"[data\n",
        b"[data]\nsource = 'iris'\nsource = 'wine'\n",
        b"\xff\xfe\x00",
        b"a = " + b"[" * 5000,
        b"a = " + b"9" * 5000,
    ],
)
def test_a_file_that_is_not_toml_is_said_to_be_none(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes(content)
    with pytest.raises(InputError) as error:
        load_experiment(tmp_path / "mine.toml")
    text = sentence(error)
    assert "mine.toml: expected " in text
    assert "TOML" in text


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        load_experiment(tmp_path / "none.toml")
    assert sentence(error).startswith(f"{tmp_path / 'none.toml'}: expected a readable TOML file")


def test_a_folder_is_no_experiment(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(InputError) as error:
        load_experiment(tmp_path / "folder.toml")
    assert sentence(error).startswith(f"{tmp_path / 'folder.toml'}: expected")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("regresion", "did you mean regression?"),
        ("schedule", "did you mean schedules?"),
        ("pixel_penalties", "did you mean pixel-penalties?"),
        ("xyz", "see `retrograde list`."),
    ],
)
def test_an_unknown_name_comes_with_a_hint(name: str, hint: str) -> None:
    with pytest.raises(InputError) as error:
        load_experiment(name)
    assert sentence(error).startswith(f"{name}: expected ")
    assert sentence(error).endswith(hint)


def test_all_problems_are_found_at_once_and_the_first_is_raised() -> None:
    tables = {
        "data": {"source": "iris", "seed": -1},
        "model": {"hidden": [3]},
        "meta": {"step": 0, "beta1": 2},
    }
    found = problems(tables)
    assert list(found) == ["data.seed", "meta.step", "meta.beta1"]
    with pytest.raises(InputError, match=r"^data\.seed: expected at least 0, found -1\.$"):
        validate(tables)


def test_an_experiment_without_problems_has_none() -> None:
    assert problems(tiny().model_dump(exclude_none=True)) == {}


# Overriding


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("training.iterations", "0", "training.iterations: expected at least 1, found 0."),
        ("training.iterations", "x", "training.iterations: expected a whole number, found 'x'."),
        ("training.nothing", "1", "training.nothing: there is no such field."),
        ("nothing", "1", "nothing: there is no such field."),
        ("name.x", "1", "name.x: expected the name of a field."),
        ("data.source", "3", "data.source: expected text, found 3."),
        ("training.iterations.x.y", "1", "training.iterations.x.y: expected the name of a field."),
    ],
)
def test_an_override_that_cannot_be_is_refused_by_name(
    field: str, value: str, expected: str
) -> None:
    with pytest.raises(InputError) as error:
        override(tiny(), {field: value})
    assert sentence(error) == expected


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
            lambda e: e.hyperparameters.learning_rates.initial == ((0.1,), (0.2,)),
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
    decays = parse_experiment(text, "mine.toml").hyperparameters.decays
    assert (decays.initial, decays.free, decays.domain) == (0.8, True, "logit")


def test_a_byte_order_mark_is_read_over(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes(b"\xef\xbb\xbf" + SMALLEST.encode())
    assert load_experiment(tmp_path / "mine.toml").data.source == "iris"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = ''\n" + SMALLEST, "name: expected a line of text, found ''."),
        ("training = 3\n" + SMALLEST, "training: expected a table, found 3."),
        (
            SMALLEST + "[training]\niterations = true",
            "training.iterations: expected a whole number, found True.",
        ),
        (
            SMALLEST.replace("[model]", "train = 1.5\n[model]"),
            "data.train: expected a count of examples, at least 0, or a fraction from 0.0 to 1.0, "
            "found 1.5.",
        ),
    ],
)
def test_messages_say_what_was_expected(text: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        parse_experiment(text, "mine.toml")
    assert sentence(error) == f"mine.toml: {message}"


def test_an_empty_override_unsets_a_field() -> None:
    with_batches = override(tiny(), {"training.batch_size": "7"})
    assert override(with_batches, {"training.batch_size": ""}).training.batch_size is None


@pytest.mark.parametrize("text", ["9" * 5000, "[" * 5000])
def test_an_override_that_no_parser_takes_is_text(text: str) -> None:
    with pytest.raises(InputError, match=r"^meta\.seed: expected a whole number"):
        override(tiny(), {"meta.seed": text})
