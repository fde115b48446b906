from pathlib import Path

import pytest
from experiments_for_tests import SMALLEST, sentence, tiny

from engine.errors import InputError
from engine.experiments.files import load_experiment, parse_experiment
from engine.experiments.problems import problems, validate


@pytest.mark.parametrize(
    ("toml", "field", "expected"),
    [
        (SMALLEST + "[training]\niteration = 3", "training.iteration", "no such field"),
        (SMALLEST + "[trainings]\niterations = 3", "trainings", "no such field"),
        (SMALLEST + "[training]\niterations = 'many'", "training.iterations", "a whole number"),
        (SMALLEST + "[training]\niterations = 1.5", "training.iterations", "a whole number"),
        (SMALLEST + "[training]\niterations = 0", "training.iterations", "from 1 to"),
        (SMALLEST + "[training]\niterations = 1000001", "training.iterations", "to 1,000,000"),
        (SMALLEST + "[training]\nbatch_size = 0", "training.batch_size", "at least 1"),
        (SMALLEST + "[meta]\nstep = 0", "meta.step", "more than 0"),
        (SMALLEST + "[meta]\nmomentum = 1", "meta.momentum", "less than 1"),
        (SMALLEST + "[meta]\nstep = nan", "meta.step", "a finite number"),
        (SMALLEST + "[meta]\nseed = -1", "meta.seed", "at least 0"),
        (SMALLEST + "[meta]\nnew_seed = 'perhaps'", "meta.new_seed", "true or false"),
        (
            SMALLEST + "[meta]\noptimizer = 'magic'",
            "meta.optimizer",
            "'sgd', 'sweep', 'none', 'real-time', 'grid'",
        ),
        ("method = 'magic'\n" + SMALLEST, "method", "'exact-reversal', 'stored-trajectory'"),
        ("name = 3\n" + SMALLEST, "name", "text"),
        ("[model]\nhidden = [3]", "data", "missing"),
        ("[data]\nsource = 'iris'", "model", "missing"),
        ("[data]\nsource = 'iris'\nfile = 'x.csv'\n[model]\nhidden = [3]", "data", "either"),
        ("[data]\n[model]\nhidden = [3]", "data", "either source or file"),
        ("[data]\nsource = 'iris'\ntrain = -1\n[model]\nhidden = [3]", "data.train", "at least 0"),
        ("[data]\nsource = 'iris'\n[model]", "model.hidden", "at least one hidden layer"),
        (SMALLEST + "hidden = [3]", "model.hidden", "no hidden layers in a softmax regression"),
        ("[data]\nsource = 'iris'\n[model]\nhidden = [0]", "model.hidden.0", "from 1 to"),
        ("[data]\nsource = 'iris'\n[model]\nhidden = 3", "model.hidden", "whole numbers"),
        (
            "[data]\nsource = 'iris'\n[model]\nkind = 'linear regression'",
            "model.loss",
            "squared",
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
    with pytest.raises(InputError, match=r"^data\.seed: expected a whole number .* found -1\.$"):
        validate(tables)


@pytest.mark.parametrize(
    ("compares", "said"),
    [
        (["nope"], "expected some of exact-reversal, stored-trajectory, "),
        ([""], "expected some of exact-reversal, stored-trajectory, "),
        (["truncated:lost=3"], "expected options of truncated (last), found 'lost'."),
        (["truncated:last=-1"], "last of truncated: expected a whole number from 1 to 1,000,000, "),
        (
            ["checkpointed:snapshots=2:megabytes=1"],
            "megabytes of checkpointed: expected none, because snapshots are given.",
        ),
        (["forward", "forward"], "expected each method once, found 'forward' again."),
        (["truncated", "truncated:last=10"], "expected each method once, found 'truncated:"),
    ],
)
def test_methods_to_compare_are_looked_at_where_an_experiment_is_read(
    compares: list[str], said: str
) -> None:
    text = f"compares = {compares}\n{SMALLEST}"
    with pytest.raises(InputError) as error:
        parse_experiment(text, "mine.toml")
    assert sentence(error).startswith(f"mine.toml: compares: {said}")


PLAIN = {"training": {"dynamics": "gradient-descent"}}
NO_MOMENTUM = {"hyperparameters": {"decays": {"initial": 0.0}}}
FREE_RATES = {"method": "implicit-cg", "hyperparameters": {"learning_rates": {"free": True}}}


@pytest.mark.parametrize("changes", [PLAIN, NO_MOMENTUM, FREE_RATES])
def test_methods_are_named_as_one_reads_them_where_the_mistake_was_made(changes: dict) -> None:
    tables = {"data": {"source": "iris"}, "model": {"kind": "softmax regression"}, **changes}
    in_a_file, in_the_window = (problems(tables, typed) for typed in (None, {}))
    assert list(in_a_file) == list(in_the_window)
    [read], [seen] = in_a_file.values(), in_the_window.values()
    assert "stored-trajectory" in read
    assert "Stored trajectory" not in read
    assert "“Stored trajectory”" in seen
    assert "-" not in seen.replace("1.52587890625e-05", "")


def test_an_experiment_without_problems_has_none() -> None:
    assert problems(tiny().model_dump(exclude_none=True)) == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "name = ''\n" + SMALLEST,
            "name: expected a single line of text of at most 100 characters, found ''.",
        ),
        ("training = 3\n" + SMALLEST, "training: expected a table, found 3."),
        (
            SMALLEST + "[training]\niterations = true",
            "training.iterations: expected a whole number from 1 to 1,000,000, found True.",
        ),
        (
            SMALLEST.replace("[model]", "train = 1.5\n[model]"),
            "data.train: expected a whole number of at least 0, or a fraction from 0.0 to 1.0, "
            "found 1.5.",
        ),
    ],
)
def test_messages_say_what_was_expected(text: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        parse_experiment(text, "mine.toml")
    assert sentence(error) == f"mine.toml: {message}"
