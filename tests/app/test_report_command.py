"""The commands `retrograde report` and `retrograde runs hyperparameters`, and options like them."""

import json
from pathlib import Path

import pytest
from commands import Captured
from experiments_for_tests import events_of, record_of, tiny

from app.command_line import main
from engine.experiments.files import save_experiment
from engine.library.recording import recorded
from engine.output.hyperparameters import hyperparameters_of
from engine.output.imported import with_hyperparameters


@pytest.fixture
def library(tmp_path: Path) -> Path:
    path = tmp_path / "runs.retrograde"
    list(recorded(events_of(tiny()), path, "first"))
    return path


def test_a_recorded_run_is_reported(library: Path, tmp_path: Path, capsys: Captured) -> None:
    page = tmp_path / "page.html"
    assert main(["report", "first", "--library", str(library), "--out", str(page)]) == 0
    assert capsys.readouterr().out == f"Report in {page}\n"
    assert "run first, experiment tiny" in page.read_text()


@pytest.mark.parametrize(
    "words",
    [
        ["report", "first", "--out", "page.doc"],
        ["run", "tiny.toml", "--report", "page.doc"],
        ["compare", "tiny.toml", "--report", "page.doc"],
    ],
)
def test_a_report_of_no_kind_is_refused_before_anything_is_done(
    words: list[str], capsys: Captured
) -> None:
    assert main(words) == 2
    told = capsys.readouterr().err
    assert f"{words[-2]}: expected a file that ends in .html or .pdf, found 'page.doc'." in told


def test_a_run_starts_where_another_one_arrived_and_is_reported(
    library: Path, tmp_path: Path, capsys: Captured, drawn_once: None
) -> None:
    table, own = tmp_path / "found.csv", tmp_path / "tiny.toml"
    words = ["runs", "hyperparameters", "first", "--at", "final", "--out", str(table)]
    assert main([*words, "--library", str(library)]) == 0
    assert capsys.readouterr().out == f"Hyperparameters in {table}\n"
    save_experiment(tiny({"meta.iterations": "1"}), own)
    out, page = tmp_path / "out", tmp_path / "page.html"
    words = ["run", str(own), "--hyperparameters", str(table), "--no-record"]
    assert main([*words, "--out", str(out), "--report", str(page)]) == 0
    assert f"files in {out}, and a report in {page}" in capsys.readouterr().out
    first = record_of(events_of(tiny()))
    assert first.finished is not None
    assert first.finished.measures is not None
    told = json.loads((out / "result.json").read_text())["meta_iterations"][0]
    loss = first.finished.measures["validation_loss"]
    assert told["validation_loss"] == pytest.approx(loss, rel=1e-9)
    assert f"{told['validation_loss']:.4g}" in page.read_text()


def test_a_meta_iteration_that_is_not_there_is_refused(library: Path, capsys: Captured) -> None:
    words = ["runs", "hyperparameters", "first", "--library", str(library), "--at"]
    assert main([*words, "17"]) == 2
    assert "one of the meta-iterations from 0 to 3, found 17." in capsys.readouterr().err
    assert main([*words, "soon"]) == 2
    assert "--at: expected best, final, initial or the number" in capsys.readouterr().err


def test_hyperparameters_of_a_meta_iteration_are_written(library: Path, tmp_path: Path) -> None:
    path = tmp_path / "one.npz"
    words = ["runs", "hyperparameters", "first", "--library", str(library), "--at", "1"]
    assert main([*words, "--out", str(path)]) == 0
    wanted = hyperparameters_of(record_of(events_of(tiny())), 1)["decays"][0, 0]
    assert with_hyperparameters(tiny(), path).hyperparameters["decays"].initial == wanted
