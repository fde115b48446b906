import json
import subprocess
import sys
from concurrent.futures import BrokenExecutor, Executor, Future
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from commands import Captured
from experiments_for_tests import DIVERGES_AFTER_ONE, FIXED, tiny

from app.command_line import main
from app.pace import Pace
from engine.errors import InputError
from engine.experiments.files import list_experiments, load_experiment, save_experiment
from engine.output.reading import read_numbers


def errors(capsys: Captured) -> list[str]:
    """The lines on standard error, but for the progress bar's."""
    lines = capsys.readouterr().err.splitlines()
    return [line for line in lines if "meta-iterations" not in line]


def test_every_mistake_of_a_file_has_its_line(tiny_file: str, capsys: Captured) -> None:
    text = Path(tiny_file).read_text().replace("step = ", "stepp = ")
    Path(tiny_file).write_text(text.replace('"validation"', '"valid"'))
    assert main(["check", tiny_file]) == 2
    told = errors(capsys)
    fields = {line.split(": ")[2] for line in told}
    assert {"meta.stepp", "meta.objective"} <= fields
    assert all(line.startswith("retrograde: mine.toml: ") for line in told)


# list


def test_list_names_every_experiment_on_a_line_of_its_own(capsys: Captured) -> None:
    assert main(["list"]) == 0
    told = capsys.readouterr()
    lines = told.out.splitlines()
    assert [line.split()[0] for line in lines] == list(list_experiments())
    for line, experiment in zip(lines, list_experiments().values(), strict=True):
        assert line.endswith(experiment.title)
    assert told.err == ""


def test_the_command_works_as_a_module(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "app.command_line", "list"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "schedules" in done.stdout
    assert done.stderr == ""


# run


def test_run_leaves_its_files(tiny_file: str, tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "results"
    changes = ["training.iterations=5", "model.activation=ReLU", "meta.objective=training"]
    arguments = ["--meta-iterations", "2", "--seed", "7", "--set", *changes, "--out", str(out)]
    assert main(["run", tiny_file, *arguments]) == 0
    result = json.loads((out / "result.json").read_text(encoding="utf-8"))
    assert [step["index"] for step in result["meta_iterations"]] == [0, 1]
    assert result["outcome"] == "completed"
    for key in ("learning_rates", "losses", "learning_curves", "memory", "hypergradient"):
        for kind, start in (
            ("svg", b"<?xml"),
            ("pdf", b"%PDF-"),
            ("png", b"\x89PNG"),
            ("csv", b""),
        ):
            assert (out / f"{key}.{kind}").read_bytes().startswith(start)
        assert len((out / f"{key}.csv").read_text(encoding="utf-8").splitlines()) > 2
    with np.load(out / "hyperparameters.npz", allow_pickle=False) as arrays:
        assert arrays["final.learning_rates"].shape == (5, 2)
    ran = load_experiment(out / "experiment.toml")
    assert (ran.meta.iterations, ran.meta.seed, ran.training.iterations) == (2, 7, 5)
    assert (ran.model.activation, ran.meta.objective) == ("ReLU", "training")
    told = capsys.readouterr()
    assert told.out.splitlines() == [f"{len(list(out.iterdir()))} files in {out}"]
    assert "2/2 meta-iterations" in told.err
    assert len(told.err.splitlines()) == 1


@pytest.mark.usefixtures("undrawn")
def test_worker_processes_leave_the_same_numbers(tiny_file: str, tmp_path: Path) -> None:
    arguments = ["run", tiny_file, "--meta-iterations", "1", "--set", "meta.seeds=2", "--out"]
    assert main([*arguments, str(tmp_path / "here")]) == 0
    assert main([*arguments, str(tmp_path / "workers"), "--workers", "2"]) == 0
    with (
        np.load(tmp_path / "here" / "hyperparameters.npz") as here,
        np.load(tmp_path / "workers" / "hyperparameters.npz") as workers,
    ):
        for name, values in here.items():
            np.testing.assert_array_equal(values, workers[name])


@pytest.mark.usefixtures("undrawn")
def test_a_dead_worker_is_one_sentence_and_what_was_done_is_there(
    tiny_file: str, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(Executor):
        def submit(self, call: Any, /, *args: Any, **options: Any) -> Future[Any]:
            future: Future[Any] = Future()
            future.set_exception(BrokenExecutor("it died"))
            return future

    monkeypatch.setattr("app.workers.Workers", lambda count: Broken())
    assert main(["run", tiny_file, "--workers", "2", "--out", str(tmp_path / "run")]) == 1
    line = capsys.readouterr().err.splitlines()[-1]
    assert line.startswith("retrograde: A worker process died")
    assert "after 0 meta-iterations" in line
    assert (tmp_path / "run" / "result.json").exists()


@pytest.mark.usefixtures("drawn_once")
def test_a_diverged_run_fails_and_keeps_what_was_done(tmp_path: Path, capsys: Captured) -> None:
    path, out = tmp_path / "mine.toml", tmp_path / "results"
    save_experiment(tiny(DIVERGES_AFTER_ONE), path)
    assert main(["run", str(path), "--out", str(out)]) == 1
    [line] = errors(capsys)
    assert line.startswith("retrograde: Training diverged at iteration ")
    result = json.loads((out / "result.json").read_text(encoding="utf-8"))
    assert result["outcome"] == "diverged"
    assert result["message"] in line
    assert len(result["meta_iterations"]) == 1
    assert (out / "l2_penalties.pdf").is_file()


def test_a_folder_that_cannot_be_written_to_is_named(
    tiny_file: str, tmp_path: Path, capsys: Captured
) -> None:
    (tmp_path / "taken").write_text("mine")
    assert main(["run", tiny_file, "--out", str(tmp_path / "taken")]) == 2
    [line] = errors(capsys)
    assert line.startswith(f"retrograde: {tmp_path / 'taken'}: expected a folder")
    assert (tmp_path / "taken").read_text() == "mine"


# Bad input


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (["run", "regresion"], "did you mean regression?"),
        (["run", "none.toml"], "none.toml"),
        (["check", "none.toml"], "none.toml"),
        (["run", "regression", "--set", "training.iterations=0"], "training.iterations"),
        (["run", "regression", "--set", "meta.step=1", "training.x=1"], "training.x"),
        (["run", "regression", "--set", "meta.optimizer=magic"], "meta.optimizer"),
        (["run", "regression", "--set", "nonsense"], "--set nonsense"),
        (["run", "regression", "--set", "=3"], "--set =3"),
        (["run", "regression", "--set"], "--set"),
        (
            ["run", "regression", "--set", "training.iteratons="],
            "did you mean training.iterations?",
        ),
        (["check", "regression", "--set", "typo="], "typo: there is no such field."),
        (["run", "regression", "--meta-iterations", "0"], "meta.iterations"),
        (["run", "regression", "--meta-iterations", "many"], "--meta-iterations"),
        (["run", "regression", "--seed", "-1"], "meta.seed"),
        (["run", "regression", "--workers", "0"], "--workers"),
        (["run", "regression", "--set", "training.buffer_megabytes=-1"], "buffer_megabytes"),
        (["run"], "NAME|FILE.toml"),
        (["nonsense"], "nonsense"),
        (["list", "--nonsense"], "--nonsense"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_bad_input_is_one_line_that_names_it(
    arguments: list[str], field: str, capsys: Captured, home: Path
) -> None:
    assert main(arguments) == 2
    told = capsys.readouterr()
    [line] = told.err.splitlines()
    assert line.startswith("retrograde: ")
    assert field in line
    assert told.out == ""
    assert list(home.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ("data.source=iris", "model.kind"),
        ("data.source=irises", "data.source"),
        ("data.file=none.csv", "none.csv"),
        ("data.validation=0", "data.validation"),
        ("hyperparameters.decays.initial=[0.5,0.6]", "hyperparameters.decays.initial"),
    ],
)
def test_data_that_do_not_fit_are_named(
    change: str, field: str, capsys: Captured, home: Path
) -> None:
    assert main(["run", "regression", "--set", change]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("retrograde: ")
    assert field in line
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("name", ["{0}", "[/b]"])
@pytest.mark.usefixtures("undrawn")
def test_any_name_can_be_shown(name: str, tiny_file: str, tmp_path: Path) -> None:
    out = str(tmp_path / "results")
    assert main(["run", tiny_file, "--set", f"name={name}", "--out", out]) == 0


@pytest.mark.parametrize("name", [".", "..", "...", "/", " . "])
def test_a_name_that_names_no_folder_is_refused(
    name: str, tiny_file: str, home: Path, capsys: Captured
) -> None:
    assert main(["run", tiny_file, "--set", f"name={name!r}"]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("retrograde: name: expected a name with more in it than points")
    assert list(home.iterdir()) == []


# The window


@pytest.fixture
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("there is always a display here")
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(variable, raising=False)


@pytest.mark.usefixtures("no_display")
@pytest.mark.parametrize("arguments", [[], ["--start"], ["--experiment", "schedules"]])
def test_without_a_display_the_window_says_what_works_instead(
    arguments: list[str], capsys: Captured
) -> None:
    assert main(arguments) != 0
    told = capsys.readouterr()
    [line] = told.err.splitlines()
    assert "retrograde run" in line
    assert told.out == ""


@pytest.mark.usefixtures("no_display")
def test_list_needs_no_display() -> None:
    assert main(["list"]) == 0


@pytest.mark.usefixtures("undrawn")
def test_a_name_with_slashes_stays_inside_the_folder_out(tiny_file: str, home: Path) -> None:
    assert main(["run", tiny_file, "--set", "name=a/../../x"]) == 0
    assert [path.name for path in home.iterdir()] == ["out"]
    assert (home / "out" / "a-..-..-x" / "result.json").exists()


@pytest.fixture
def always_due(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every meta-iteration is time enough to write again."""
    monkeypatch.setattr(Pace, "is_due", lambda _: True)


def result_in(folder: Path) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    return kept


@pytest.mark.usefixtures("always_due")
def test_what_was_done_is_there_after_a_kill(
    tiny_file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(record: object, folder: object) -> None:
        raise SystemExit("as if by a signal that cannot be caught")

    monkeypatch.setattr("app.unattended.write_run", killed)
    with pytest.raises(SystemExit):
        main(["run", tiny_file, "--out", str(tmp_path / "kept")])
    assert len(result_in(tmp_path / "kept")["meta_iterations"]) == 3


@pytest.mark.usefixtures("always_due")
def test_a_kill_in_the_middle_of_writing_leaves_whole_files(
    tiny_file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, replace, writes = tmp_path / "kept", Path.replace, count(1)

    def killed(self: Path, target: Path) -> Path:
        if next(writes) == 6:  # the second time, with two of three files in their place
            raise SystemExit("as if by a signal that cannot be caught")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(SystemExit):
        main(["run", tiny_file, "--out", str(kept)])
    assert len(result_in(kept)["meta_iterations"]) == 0
    assert load_experiment(kept / "experiment.toml").name == "tiny"
    with np.load(kept / "hyperparameters.npz", allow_pickle=False) as arrays:
        assert len(arrays["meta_iterations.learning_rates"]) == 1
    with pytest.raises(InputError, match="after 0 and 1 meta-iterations"):
        read_numbers(kept)


def test_an_error_that_nobody_foresaw_is_one_line_that_says_what_and_where(
    tiny_file: str, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by\nhand.")

    monkeypatch.setattr("app.unattended.write_run", broken)
    assert main(["run", tiny_file, "--out", str(tmp_path / "run")]) == 1
    [line] = errors(capsys)
    assert line.startswith(
        "retrograde: Internal error: ZeroDivisionError: by hand (test_command_line.py,"
    )


# notes on data


@pytest.mark.parametrize("command", ["run", "check"])
@pytest.mark.usefixtures("drawn_once")
def test_what_was_decided_about_a_file_is_said(command: str, capsys: Captured, home: Path) -> None:
    rows = [f"{index % 7},{index % 5},{'xy'[index % 2]}" for index in range(40)]
    (home / "points.csv").write_text("\n".join(rows))
    changes = {"hyperparameters.learning_rates.free": "true", "data.file": "points.csv"}
    save_experiment(tiny({**FIXED, **changes}), home / "mine.toml")
    assert main([command, "mine.toml"]) == 0
    told = [line for line in errors(capsys) if "points.csv" in line]
    assert told == [
        "retrograde: points.csv, line 1: taken as an example, because 'x' occurs again below."
    ]
