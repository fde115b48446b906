"""TOML that would take long to read, or cannot be, is refused at once and in one line."""

import os
import tomllib
from pathlib import Path

import pytest
from experiments_for_tests import tiny

from engine.errors import InputError
from engine.experiments import toml_texts
from engine.experiments.files import load_experiment, override, parse_experiment, to_toml
from engine.experiments.toml_texts import MAX_BYTES, MAX_KEYS, read_toml

HEAD = "[data]\nsource = 'iris'\n[model]\nkind = 'softmax regression'\nhidden = []\n"
INITIAL = "[hyperparameters.learning_rates]\ninitial = "


def refusal(text: str) -> str:
    with pytest.raises(InputError) as error:
        parse_experiment(text, "mine.toml")
    assert str(error.value).startswith("mine.toml: ")
    return str(error.value).removeprefix("mine.toml: ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (".".join("a" * 20_000) + " = 1", "a key has at most 20 parts with dots between them"),
        ("[" + ' . "a b"' * 30 + "]", "a key has at most 20 parts with dots between them"),
        ("a = {" + "b." * 30 + "b = 1}", "a key has at most 20 parts with dots between them"),
        ("[" + "'a'." * 30 + "b]", "a key has at most 20 parts with dots between them"),
        ("\n".join(f"k{i}=1" for i in range(MAX_KEYS + 1)), "at most 10,000 keys are read"),
        ("[a]\n" * 100_002, "at most 100,000 tables are read"),
        ("#" * (MAX_BYTES + 1), "at most 3,000,000 characters are read"),
        ("a = " + "[" * 100_000, "it is nested too deeply"),
        ("a = " + "{a=" * 9_000, "it is nested too deeply"),
    ],
)
def test_what_would_take_long_is_not_parsed(
    text: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "nested" not in message:
        monkeypatch.setattr(tomllib, "loads", None)
    assert refusal(text.replace("[ .", "[")) == f"expected TOML: {message}."


def test_what_people_write_is_read() -> None:
    text = "[a.b.'c d'.\"e.f\"]\ng = '" + "x, y. " * 99 + "'\nh = [" + "0.25, " * 9000 + "]\n"
    assert read_toml(text) == tomllib.loads(text)
    assert toml_texts.MAX_PARTS == 20
    longest = ".".join("a" * 20)
    assert read_toml(f"{longest} = 1") == tomllib.loads(f"{longest} = 1")


@pytest.mark.parametrize(
    "value",
    [
        "0x" + "f" * 9000,
        "['', " + "'', " * 99_000 + "]",
        "[" + "['x'], " * 9000 + "]",
        "'" + "y" * 9999 + "'",
    ],
    ids=["digits", "texts", "rows", "text"],
)
def test_what_was_found_is_shown_in_short(value: str) -> None:
    message = refusal(f"{HEAD}{INITIAL}{value}")
    assert message.startswith(
        "hyperparameters.learning_rates.initial: expected a number, or a list of them, found "
    )
    assert len(message) < 200


def test_thousands_of_unknown_fields_are_refused_by_the_first() -> None:
    names = "\n".join(f"k{index} = 1" for index in range(9000))
    assert refusal(f"{names}\n{HEAD}").startswith("k0: there is no such field")


@pytest.mark.parametrize("source", ["[]", "{}", "1", "'iris'", "'" + "m" * 999 + "'"])
def test_full_size_names_data_that_are_fetched(source: str) -> None:
    message = refusal(f"{HEAD}[[full_size]]\ndata = {{source = {source}}}")
    assert message.startswith("full_size.data.source: expected one of mnist, ")
    assert len(message) <= 300


@pytest.mark.parametrize("field", ["file", "labels"])
def test_a_file_that_no_file_can_be_is_refused(tmp_path: Path, field: str) -> None:
    (tmp_path / "mine.toml").write_text(to_toml(tiny({"data.file": "t.csv"})))
    text = (tmp_path / "mine.toml").read_text()
    changed = text.replace('file = "t.csv"', 'file = "t.csv"\nlabels = "l"')
    value = {"file": '"t.csv"', "labels": '"l"'}[field]
    changed = changed.replace(f"{field} = {value}", f'{field} = "a\\u0000b"')
    (tmp_path / "mine.toml").write_text(changed)
    with pytest.raises(InputError, match=r"expected the path of a file, found .a.x00b.") as error:
        load_experiment(tmp_path / "mine.toml")
    assert error.value.field == f"data.{field}"


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo], ids=["folder", "pipe"])
def test_only_an_ordinary_file_is_read(tmp_path: Path, make) -> None:
    make(tmp_path / "mine.toml")
    with pytest.raises(InputError, match=r"mine\.toml: expected a TOML file, found (a|no) "):
        load_experiment(tmp_path / "mine.toml")


@pytest.mark.parametrize("name", ["a\0.toml", "a" * 300 + ".toml"])
def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="expected a readable TOML file"):
        load_experiment(tmp_path / name)


def test_a_file_that_is_too_large_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    with path.open("wb") as file:
        file.truncate(10**12)  # takes no room
    with pytest.raises(InputError, match="expected an experiment of at most 3,000,000 bytes"):
        load_experiment(path)


@pytest.mark.parametrize("text", ["60\nvalue2 = 70", "60\n[data]\nsource = 'iris'"])
def test_a_setting_is_one_value(text: str) -> None:
    with pytest.raises(InputError, match=r"^training\.iterations: expected a whole number"):
        override(tiny({}), {"training.iterations": text})
