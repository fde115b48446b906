"""The command `retrograde check`."""

import numpy as np
import pytest
from commands import Captured

from app.command_line import main
from engine.hypergradients.catalogue import METHODS
from engine.hypergradients.stored_trajectory import StoredTrajectory

# check


def test_check_passes_on_a_right_hypergradient(tiny_file: str, capsys: Captured) -> None:
    assert main(["check", tiny_file]) == 0
    told = capsys.readouterr()
    assert "exact-reversal against finite differences" in told.out
    assert "exact-reversal against stored-trajectory" in told.out
    assert "truncated is the reverse pass of the last" in told.out
    assert told.out.count(" ok ") > 4 * 3, "four kinds by three ways, and promises"
    assert "DIFFERS" not in told.out
    assert told.err == ""


def test_check_fails_on_methods_that_differ(
    tiny_file: str, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Wrong(StoredTrajectory):
        def run(self, problem):  # type: ignore[no-untyped-def]
            result = yield from super().run(problem)
            np.multiply(result.gradient.decays, 1.01, out=result.gradient.decays)
            return result

    monkeypatch.setitem(METHODS, "stored-trajectory", Wrong)
    assert main(["check", tiny_file]) == 1
    told = capsys.readouterr()
    assert told.out.count("DIFFERS") == 1
    [line] = told.err.splitlines()
    assert line == "retrograde: Comparisons that differ by more than their tolerance: 1."
