"""An experiment that is saved, copied as a script or typed finds the same data again."""

import ast
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path

import numpy as np
import pytest

from engine.data.dataset import Dataset
from engine.data.readers import Reading, read_dataset
from engine.experiments.experiment import Experiment
from engine.experiments.files import (
    list_experiments,
    load_experiment,
    override,
    parse_experiment,
    save_experiment,
    to_toml,
)
from engine.output.scripts import to_python
from engine.tasks.catalogue import make_task
from engine.tasks.fitting import open_dataset, reading_of

ROWS = """1,5;rot;31.01.2024;7;x
;blau;01.02.2024;8;y
2,5;?;02.02.2024;9;x
3,5;rot;03.02.2024;10;y
"""
TABLE = "Größe;Farbe;Tag;Nr;Art\n" + 5 * ROWS
SETTINGS = [
    {"text": "one-hot", "missing": "mean", "dates": "days"},
    {"text": "one-hot", "missing": "median", "ignore": ["Tag", "Nr"]},
    {"ignore": ["Farbe", "Tag"], "missing": "drop", "header": True},
]


@pytest.fixture(params=SETTINGS)
def experiment(request: pytest.FixtureRequest, tmp_path: Path) -> Experiment:
    path = tmp_path / "messung.csv"
    path.write_bytes(TABLE.encode("cp1252"))
    said = {"encoding": "windows-1252", "separator": "semicolon", "decimal": "comma"}
    tables = list_experiments()["moons"].model_dump(exclude_none=True)
    del tables["data"]["source"]
    tables["data"] |= {"file": str(path), "train": 0.5, **said, **request.param}
    return Experiment.model_validate(tables)


def assert_same(one: Dataset, other: Dataset) -> None:
    assert one.inputs.tobytes() == other.inputs.tobytes()
    assert one.targets.tobytes() == other.targets.tobytes()
    assert (one.feature_names, one.class_names, one.notes, one.fill) == (
        other.feature_names,
        other.class_names,
        other.notes,
        other.fill,
    )


def test_what_is_said_of_a_table_is_what_its_reader_hears(experiment: Experiment) -> None:
    assert experiment.data.file is not None
    read = read_dataset(experiment.data.file, reading=reading_of(experiment.data))
    assert_same(open_dataset(experiment.data), read)
    assert read.size >= 2


def test_a_saved_experiment_finds_the_same_data(experiment: Experiment, tmp_path: Path) -> None:
    save_experiment(experiment, tmp_path / "mine.toml")
    again = load_experiment(tmp_path / "mine.toml")
    assert again == experiment
    assert_same(open_dataset(again.data), open_dataset(experiment.data))


def test_a_script_finds_the_same_data(experiment: Experiment) -> None:
    module = ast.parse(to_python(experiment))
    toml = next(
        ast.literal_eval(node.value)
        for node in module.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "EXPERIMENT"
    )
    again = parse_experiment(toml, "EXPERIMENT")
    assert_same(open_dataset(again.data), open_dataset(experiment.data))


def test_fields_that_are_typed_find_the_same_data(experiment: Experiment) -> None:
    def typed(value: object) -> str:
        if isinstance(value, tuple):
            return f"[{', '.join(map(repr, value))}]"
        return str(value).lower() if isinstance(value, bool) else str(value)

    said: Mapping[str, object] = asdict(reading_of(experiment.data))
    settings = {f"data.{name}": typed(value) for name, value in said.items() if value is not None}
    settings["data.file"] = str(experiment.data.file)
    again = override(list_experiments()["moons"], settings)
    assert_same(open_dataset(again.data), open_dataset(experiment.data))


def test_a_run_trains_on_numbers_alone(experiment: Experiment) -> None:
    split = make_task(experiment).split  # type: ignore[attr-defined]
    for part in (split.train, split.validation):
        assert np.isfinite(part.inputs).all()


def test_an_experiment_of_which_nothing_is_said_says_nothing() -> None:
    for one in list_experiments().values():
        assert reading_of(one.data) == Reading()
        written = tomllib.loads(to_toml(one))["data"]
        assert not [field.name for field in fields(Reading) if field.name in written]
