"""`retrograde forecast --library`: how well recorded runs are forecast."""

from pathlib import Path

import pytest
from commands import Captured
from experiments_for_tests import tiny

from app.command_line import main
from engine.library.recording import recorded
from engine.runs.run import optimize


def test_the_command_prints_the_table(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "runs.retrograde"
    run = tiny({"meta.iterations": "2", "training.iterations": "30"})
    list(recorded(optimize(run), path))
    out = tmp_path / "out"
    assert main(["forecast", str(path), "--library", "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert "elementary learning curves" in told
    assert "In the 90 % band" in told
    assert sorted(one.name for one in out.iterdir()) == ["accuracy.csv", "accuracy.json"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--library", "none.retrograde"], "none.retrograde: expected a run library, found"),
        (["--library", "--replay"], "--replay: expected none with --library."),
        ([], "Missing argument 'FILE.csv|SET'"),
    ],
)
def test_what_cannot_be_measured_is_one_line(
    words: list[str], said: str, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["forecast", *words]) == 2
    assert capsys.readouterr().err.startswith(f"retrograde: {said}")
