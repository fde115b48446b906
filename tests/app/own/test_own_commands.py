"""Problems of one's own on the command line, and what never runs them."""

import csv
import json
from pathlib import Path

import pytest
from commands import Captured
from own_problems_for_tests import BOWL
from recording_for_tests import until

from app.command_line import main
from app.own.consents import consents_file
from app.own.unattended import trusted_as_recorded
from engine.errors import InputError
from engine.experiments.files import load_experiment
from engine.library.library import open_library
from engine.library.recording import recorded
from engine.own import trusted
from engine.runs.events import RunFinished
from engine.runs.own_runs import optimize_safely


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "bowl.py"
    path.write_text(f"{BOWL}open({str(tmp_path / 'ran')!r}, 'a').write('x')\n")
    return path


pytestmark = pytest.mark.usefixtures("undrawn")


def ran(file: Path) -> bool:
    return (file.parent / "ran").exists()


def test_it_runs_once_it_is_trusted_and_only_that_content(
    file: Path, tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "out"
    words = ["run", "--problem", str(file), "--out", str(out)]
    assert main(words) == 2
    assert capsys.readouterr().err == (
        "retrograde: --trust: expected it, because bowl.py is Python code that would run with "
        "your rights.\n"
    )
    assert not ran(file)
    assert main([*words, "--trust"]) == 0
    assert ran(file)
    assert main(words) == 0, "this content is known now"
    assert (out / "problem.py").read_text() == file.read_text()
    result = json.loads((out / "result.json").read_text())
    assert result["outcome"] == "completed"
    written = load_experiment(out / "experiment.toml")
    assert written.problem.theta[0].name == "place"
    (tmp_path / "ran").unlink()
    file.write_text(file.read_text() + "# changed\n")
    for again in (words, ["run", str(out / "experiment.toml"), "--out", str(out)]):
        assert main(again) == 2
    assert not ran(file)
    assert main(["run", str(out / "experiment.toml"), "--trust", "--out", str(out)]) == 0
    assert "has changed since the experiment was written" in capsys.readouterr().err


def test_an_experiment_may_name_a_file_and_no_more(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[problem]\nfile = 'bowl.py'\n[hyperparameters.theta_1]\nfree = true\n")
    assert main(["run", str(path), "--out", str(tmp_path / "out")]) == 2
    assert not ran(file)
    assert main(["run", str(path), "--trust", "--out", str(tmp_path / "out"),
                 "--set", "meta.iterations=1", "training.iterations=3"]) == 0  # fmt: skip


def test_check_and_compare_take_it(file: Path, tmp_path: Path, capsys: Captured) -> None:
    assert main(["check", "--problem", str(file), "--trust"]) == 0
    told = capsys.readouterr().out
    assert "θ₁ place" in told
    assert "DIFFERS" not in told
    words = ["compare", "--problem", str(file), "--methods", "exact-reversal,stored-trajectory"]
    assert main([*words, "--studies", "none", "--out", str(tmp_path / "compared")]) == 0
    compared = json.loads((tmp_path / "compared" / "comparison.json").read_text())
    assert {one["name"] for one in compared["methods"]} == {"exact-reversal", "stored-trajectory"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["run"], "NAME|FILE.toml: expected an experiment or --problem FILE.py, found neither."),
        (["run", "toy", "--problem", "{file}"], "NAME|FILE.toml: expected an experiment or --"),
        (["run", "--problem", "{file}x"], "expected a readable Python file: No such file"),
        (["run", "--problem", "{file}", "--trust", "--workers", "2"], "problem.file: expected to "
         "run here"),
        (["run", "--problem", "{file}", "--trust", "--set", "meta.step=much"], "meta.step: "),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_a_line(
    words: list[str], told: str, file: Path, capsys: Captured, tmp_path: Path
) -> None:
    assert main([word.replace("{file}", str(file)) for word in words]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert told in line


def test_a_recorded_run_keeps_the_text_and_reading_it_runs_nothing(
    file: Path, tmp_path: Path
) -> None:
    library = tmp_path / "mine.retrograde"
    words = ["run", "--problem", str(file), "--trust", "--library", str(library)]
    assert main([*words, "--out", str(tmp_path / "out")]) == 0
    [run] = open_library(library)
    begun = until(optimize_safely(run.record.started_from), 1)
    list(recorded(begun, library, "cut short"))
    (tmp_path / "ran").unlink()
    trusted._GRANTED.clear()
    run = open_library(library)["cut short"]
    assert run.record.data.problem == file.read_text()
    assert run.record.started_from.problem.sha256 is not None
    assert run.record.initial["theta_1"].tolist() == [0.5, 0.25, -0.5]
    assert not ran(file)
    consents_file().unlink()
    file.unlink()
    with pytest.raises(InputError, match="--trust: expected it, because bowl"):
        trusted_as_recorded(run.record, trust=False)
    trusted_as_recorded(run.record, trust=True)
    again = list(optimize_safely(run.record.started_from, resume=run.record))
    assert isinstance(again[-1], RunFinished)


def test_files_beside_a_table_or_an_experiment_are_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("numpy.py", "csv.py", "mine.py", "autograd.py", "sitecustomize.py"):
        (tmp_path / name).write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    monkeypatch.chdir(tmp_path)
    with (tmp_path / "mine.csv").open("w", newline="") as table:
        csv.writer(table).writerows([["x", "y"], *([n, n % 2] for n in range(40))])
    (tmp_path / "mine.toml").write_text(
        "[data]\nfile = 'mine.csv'\n[model]\nkind = 'softmax regression'\n"
        "[training]\niterations = 3\n[meta]\niterations = 1\n[problem]\ntime_limit = 3.0\n"
    )
    assert main(["run", str(tmp_path / "mine.toml"), "--out", str(tmp_path / "out")]) == 0
    assert not (tmp_path / "ran").exists()
