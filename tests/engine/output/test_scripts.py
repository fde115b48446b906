import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from experiments_for_tests import (
    done,
    events_of,
    finished,
    record_of,
    tiny,
    tiny_with_everything_free,
)

import engine
from engine.experiments.experiment import Experiment
from engine.experiments.files import list_experiments, parse_experiment
from engine.experiments.problems import validate
from engine.output.scripts import to_python

RUN_EACH = """
import contextlib, io, json, runpy, sys
for folder in sys.argv[1:]:
    sys.argv = [f"{folder}/run.py", f"{folder}/out"]
    with open(f"{folder}/printed", "w") as printed, contextlib.redirect_stdout(printed):
        runpy.run_path(sys.argv[0], run_name="__main__")
"""
SAME = {
    "three numbers free": tiny(),
    "everything free": tiny_with_everything_free({"meta.new_seed": "true", "meta.seeds": "2"}),
}
CHANGES = [
    engine.Change(1, {"hyperparameters.decays.free": False, "meta.step": 0.0125}),
    engine.Change(2, {"meta.iterations": 4}),
]


def python(folder: Path, *arguments: str) -> str:
    """What a Python process of its own prints."""
    ran = subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=folder,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders of scripts that one process has run, one after the other, each with its ``out``."""
    folder = tmp_path_factory.mktemp("scripts")
    record = record_of([*engine.optimize(tiny(), changes=CHANGES)])
    engine.write_numbers(record, folder / "changed" / "left")
    scripts = {name: to_python(experiment) for name, experiment in SAME.items()}
    scripts["changed"] = (folder / "changed" / "left" / "run.py").read_text(encoding="utf-8")
    for name, text in scripts.items():
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "run.py").write_text(text, encoding="utf-8")
    python(folder, "-c", RUN_EACH, *(str(folder / name) for name in scripts))
    return folder


def embedded(text: str) -> Experiment:
    """The experiment that a script would run, without running it."""
    names: dict[str, object] = {}
    exec(text.partition("losses = []")[0], names)
    experiment = names["experiment"]
    assert isinstance(experiment, Experiment)
    return experiment


@pytest.mark.parametrize("name", SAME)
def test_the_script_gives_the_same_numbers_to_the_last_bit(name: str, ran: Path) -> None:
    experiment, folder = SAME[name], ran / name
    output = (folder / "printed").read_text()

    events = events_of(experiment)
    meta_iterations, end = done(events), finished(events)
    for one in meta_iterations:
        assert (
            f"meta-iteration {one.index}: training loss {one.losses.training!r}, "
            f"validation loss {one.losses.validation!r}, "
            f"hypergradient norm {one.hypergradient_norm!r}\n"
        ) in output
    assert end.outcome in output

    result = json.loads((folder / "out" / "result.json").read_text())
    assert len(result["meta_iterations"]) == len(meta_iterations) == experiment.meta.iterations
    for written, one in zip(result["meta_iterations"], meta_iterations, strict=True):
        for name in ("training", "validation", "test"):
            assert repr(written[f"{name}_loss"]) == repr(getattr(one.losses, name))
        assert repr(written["hypergradient_norm"]) == repr(one.hypergradient_norm)
        assert written["reversed_exactly"] is True
    assert end.losses is not None
    assert repr(result["final"]["validation_loss"]) == repr(end.losses.validation)
    with np.load(folder / "out" / "hyperparameters.npz", allow_pickle=False) as arrays:
        for kind, values in end.hyperparameters.items():
            assert arrays[f"final.{kind}"].tobytes() == values.tobytes(), kind


def test_the_script_that_a_changed_run_leaves_gives_its_numbers_to_the_last_bit(ran: Path) -> None:
    folders = [ran / "changed" / name for name in ("left", "out")]
    written, again = map(engine.read_numbers, folders)
    for result in (written[0], again[0]):
        for step in result["meta_iterations"]:
            del step["seconds"]
    assert again[0] == written[0]
    for name, values in written[1].items():
        np.testing.assert_array_equal(again[1][name], values)
    texts = [(folder / "experiment.toml").read_text() for folder in folders]
    assert texts[0] == texts[1]
    assert parse_experiment(texts[0], "experiment.toml") == tiny()


def test_without_a_folder_the_script_writes_no_file(tmp_path: Path) -> None:
    (tmp_path / "run.py").write_text(to_python(tiny({"meta.iterations": "1"})), encoding="utf-8")
    assert "meta-iteration 0" in python(tmp_path, "run.py")
    assert [path.name for path in tmp_path.iterdir()] == ["run.py"]


@pytest.mark.parametrize("name", list(list_experiments()))
def test_a_script_holds_the_whole_experiment_in_a_page(name: str) -> None:
    experiment = list_experiments()[name]
    text = to_python(experiment)
    assert embedded(text) == experiment
    lines = text.splitlines()
    assert len(lines) < 130
    assert all(len(line) <= 100 for line in lines if not line.startswith("description ="))


def test_data_from_a_file_keep_their_absolute_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tables = tiny().model_dump(exclude_none=True)
    tables["data"] = {"file": "rain.csv", "target": "rain"}
    assert embedded(to_python(validate(tables))).data.file == str(tmp_path / "rain.csv")


def test_schedules_come_through_with_every_digit() -> None:
    tables = tiny().model_dump(exclude_none=True)
    rng = np.random.default_rng(0)
    tables["hyperparameters"]["learning_rates"] |= {
        "granularity": "iteration and group",
        "initial": rng.uniform(1e-9, 1, (8, 40)).tolist(),
    }
    experiment = validate(tables)
    text = to_python(experiment)
    assert embedded(text) == experiment
    assert len(text.splitlines()) < 200


@pytest.mark.parametrize(
    "title",
    [
        "one\nimport os; os._exit(3)",
        "''' + nonsense + '''",
        '""" + nonsense + """',
        "back\\slash {braces} \x00 \u2028 end\r",
        "\\",
    ],
)
def test_nothing_in_a_title_can_become_code(title: str) -> None:
    tables = tiny().model_dump(exclude_none=True) | {"title": title, "description": title}
    experiment = validate(tables)
    assert embedded(to_python(experiment)) == experiment


def test_a_script_uses_public_names_only() -> None:
    used = set(re.findall(r"\bengine\.(\w+)", to_python(tiny()).partition("experiment = ")[2]))
    assert {"optimize", "parse_experiment", "write_numbers"} <= used
    assert used <= set(engine.__all__)


def test_the_experiment_in_a_script_can_be_read_as_toml() -> None:
    text = to_python(tiny())
    toml = text.partition("r'''\n")[2].partition("'''")[0]
    assert parse_experiment(toml, "script") == tiny()
