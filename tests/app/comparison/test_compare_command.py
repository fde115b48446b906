"""The command `retrograde compare`."""

import json
from pathlib import Path

import pytest
from commands import Captured

from app.command_line import main


def test_methods_are_compared_in_a_table_and_files(
    tiny_file: str, tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "compared"
    words = ["--methods", "forward,truncated:last=3", "--studies", "none", "--out", str(out)]
    assert main(["compare", tiny_file, *words]) == 0
    told = json.loads((out / "comparison.json").read_text())
    assert [row["name"] for row in told["methods"]] == ["exact-reversal", "forward", "truncated"]
    assert "Truncated" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--methods", "nonsense"], "expected some of exact-reversal"),
        (["--methods", "truncated:last=0"], "expected a whole number from 1"),
        (["--studies", "bogus"], "--studies: expected some of iterations, option, hyperparam"),
        (["--studies", "bogus"], "or none alone, found 'bogus'."),
        (["--studies", "none,option"], "or none alone, found 'none'."),
        (["--workers", "2", "--scheduler", "tcp://a:1"], "either workers or a scheduler"),
    ],
)
def test_a_wrong_comparison_is_one_sentence(
    tiny_file: str, tmp_path: Path, capsys: Captured, words: list[str], said: str
) -> None:
    assert main(["compare", tiny_file, *words, "--out", str(tmp_path / "none")]) == 2
    assert said in capsys.readouterr().err.splitlines()[-1]
    assert not (tmp_path / "none").exists()
