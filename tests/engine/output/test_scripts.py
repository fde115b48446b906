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


def run_script(text: str, folder: Path, *arguments: str) -> str:
    script = folder / "run.py"
    script.write_text(text, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-W", "error", str(script), *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=folder,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def embedded(text: str) -> Experiment:
    """The experiment that a script would run, without running it."""
    names: dict[str, object] = {}
    exec(text.partition("losses = []")[0], names)
    experiment = names["experiment"]
    assert isinstance(experiment, Experiment)
    return experiment


@pytest.mark.parametrize(
    "experiment",
    [tiny(), tiny_with_everything_free({"meta.new_seed": "true", "meta.seeds": "2"})],
    ids=["three numbers free", "everything free"],
)
def test_the_script_gives_the_same_numbers_to_the_last_bit(
    experiment: Experiment, tmp_path: Path
) -> None:
    output = run_script(to_python(experiment), tmp_path, str(tmp_path / "out"))

    events = events_of(experiment)
    meta_iterations, end = done(events), finished(events)
    for one in meta_iterations:
        assert (
            f"meta-iteration {one.index}: training loss {one.losses.training!r}, "
            f"validation loss {one.losses.validation!r}, "
            f"hypergradient norm {one.hypergradient_norm!r}\n"
        ) in output
    assert end.outcome in output

    result = json.loads((tmp_path / "out" / "result.json").read_text())
    assert len(result["meta_iterations"]) == len(meta_iterations) == experiment.meta.iterations
    for written, one in zip(result["meta_iterations"], meta_iterations, strict=True):
        for name in ("training", "validation", "test"):
            assert repr(written[f"{name}_loss"]) == repr(getattr(one.losses, name))
        assert repr(written["hypergradient_norm"]) == repr(one.hypergradient_norm)
        assert written["reversed_exactly"] is True
    assert end.losses is not None
    assert repr(result["final"]["validation_loss"]) == repr(end.losses.validation)
    with np.load(tmp_path / "out" / "hyperparameters.npz", allow_pickle=False) as arrays:
        for kind, values in end.hyperparameters.items():
            assert arrays[f"final.{kind}"].tobytes() == values.tobytes(), kind


def test_the_script_that_a_changed_run_leaves_gives_its_numbers_to_the_last_bit(
    tmp_path: Path,
) -> None:
    changes = [
        engine.Change(1, {"hyperparameters.decays.free": False, "meta.step": 0.0125}),
        engine.Change(2, {"meta.iterations": 4}),
    ]
    record = record_of([*engine.optimize(tiny(), changes=changes)])
    engine.write_numbers(record, tmp_path / "run")
    script = (tmp_path / "run" / "run.py").read_text(encoding="utf-8")
    run_script(script, tmp_path, str(tmp_path / "again"))

    written, again = (engine.read_numbers(tmp_path / name) for name in ("run", "again"))
    for result in (written[0], again[0]):
        for step in result["meta_iterations"]:
            del step["seconds"]
    assert again[0] == written[0]
    for name, values in written[1].items():
        np.testing.assert_array_equal(again[1][name], values)
    texts = [(tmp_path / name / "experiment.toml").read_text() for name in ("run", "again")]
    assert texts[0] == texts[1]
    assert parse_experiment(texts[0], "experiment.toml") == tiny()


def test_without_a_folder_the_script_writes_no_file(tmp_path: Path) -> None:
    run_script(to_python(tiny({"meta.iterations": "1"})), tmp_path)
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
