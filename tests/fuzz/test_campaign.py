import os
from pathlib import Path
from random import Random

import pytest

from fuzz.campaign import campaign
from fuzz.kinds import KINDS


@pytest.fixture(autouse=True)
def _path(monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config) -> None:
    root = pytestconfig.rootpath
    monkeypatch.setenv("PYTHONPATH", f"{root}{os.pathsep}{root / 'tests'}")


def test_hundreds_of_damaged_inputs_are_read_or_refused(tmp_path: Path) -> None:
    outcome = campaign(20150207, 40 * len(KINDS), tmp_path)
    assert not outcome.failures, "\n".join(outcome.failures)
    for kind, count in outcome.counts.items():
        assert count.total() == 40
        assert count["refused"] > 5, kind
        assert count["read"] > 0, kind
    assert f"{40 * len(KINDS):,} inputs of seed 20150207 in " in str(outcome)
    assert "failures: 0." in str(outcome)


def test_every_fault_is_found_and_kept(tmp_path: Path) -> None:
    outcome = campaign(7, 7, tmp_path, module="fuzz.faults", most_seconds=4.0)
    assert outcome.counts["refused"] == {"refused": 1}
    said = dict(line.split("-7-0: ", 1) for line in outcome.failures)
    found = {Path(place).name: reason for place, reason in said.items()}
    assert found.keys() == {"other exceptions", "no end", "memory", "files", "programs", "lines"}
    assert found["other exceptions"].startswith("KeyError: ")
    assert found["no end"] == "no answer in 4 s"
    assert found["memory"] == "too much memory"
    assert found["files"].startswith("open of ")
    assert found["programs"] == "os.system"
    assert found["lines"].startswith("a message that is not one short line")
    assert len((tmp_path / "memory-7-0" / "input").read_bytes()) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_an_input_is_the_same_whenever_it_is_made(kind: str) -> None:
    for number in range(5):
        made = [KINDS[kind].make(Random(f"3 {kind} {number}")) for _ in range(2)]
        assert made[0] == made[1]
        assert made[0]
