"""A comparison without a window, interrupted here and there."""

import json
import re
import signal
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest
from experiments_for_tests import FIXED, tiny
from stopping_for_tests import Ended, ending_by_exception

from app.comparison.unattended import compare_unattended
from app.terminal import FailedRunError
from engine.errors import DivergedError, InputError
from engine.experiments.experiment import Experiment
from engine.experiments.files import override
from engine.files import alone_in
from engine.runs import compare as comparing
from engine.runs.comparison import ComparisonEvent, ComparisonRecord, PointMeasured

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def experiment() -> Experiment:
    return tiny({**FIXED, "hyperparameters.learning_rates.free": "true"})


def numbers_in(folder: Path) -> dict:
    return json.loads((folder / "comparison.json").read_text())


def at_the_second(patch: pytest.MonkeyPatch, what) -> None:
    """Have something happen when the second measurement has been taken down."""
    add = ComparisonRecord.add

    def and_then(record: ComparisonRecord, event: ComparisonEvent) -> None:
        add(record, event)
        if isinstance(event, PointMeasured) and len(record.measured) == 2:
            what()

    patch.setattr(ComparisonRecord, "add", and_then)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_comparison_that_is_stopped_keeps_what_was_measured_and_says_so(
    number: int, experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    at_the_second(monkeypatch, lambda: signal.raise_signal(number))
    with ending_by_exception(), pytest.raises(Ended) as ended:
        compare_unattended(experiment, out, ["stored-trajectory", "forward"], [])
    assert ended.value.status == 128 + number
    said = f" after 2 of 3 measurements; their numbers are kept in {out}."
    assert ended.value.sentence.endswith(said)
    told = numbers_in(out)
    assert not told["complete"]
    assert [row["seconds"] is not None for row in told["methods"]] == [True, True, False]


def test_a_worker_that_dies_leaves_what_was_measured(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die() -> None:
        raise BrokenProcessPool("killed")

    out = tmp_path / "out"
    at_the_second(monkeypatch, die)
    said = rf"^A worker process died after 2 of 3 measurements; their numbers are kept in {out}\."
    with pytest.raises(FailedRunError, match=said):
        compare_unattended(experiment, out, ["stored-trajectory", "forward"], [])
    assert numbers_in(out)["methods"][1]["seconds"] is not None


def test_numbers_are_written_as_they_arrive(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.pace.Pace.is_due", lambda _: True)
    found: list[list[bool]] = []

    def look() -> None:
        found.append([row["seconds"] is not None for row in numbers_in(out)["methods"]])

    out = tmp_path / "out"
    at_the_second(monkeypatch, look)
    compare_unattended(experiment, out, ["stored-trajectory", "forward"], [])
    assert found == [[True, False, False]], "the second is being taken down"


def test_a_folder_that_cannot_be_written_to_is_refused_before_anything_is_measured(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[str] = []
    monkeypatch.setattr(comparing, "differentiate", lambda *_: measured.append("something"))
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="expected a folder that can be written to"):
        compare_unattended(experiment, tmp_path / "file", None, [])
    with (
        alone_in(tmp_path / "out"),
        pytest.raises(InputError, match="expected a folder that no other run is writing to"),
    ):
        compare_unattended(experiment, tmp_path / "out", None, [])
    assert not measured


@pytest.mark.parametrize("columns", [None, "80", "40"])
def test_long_names_give_way_in_the_table_and_numbers_never(
    columns: str | None,
    experiment: Experiment,
    tmp_path: Path,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if columns:
        monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setenv("COLUMNS", columns)
    free = override(experiment, {"hyperparameters.l2_penalties.free": "true"})
    long = "implicit-neumann:terms=123:step=0.001234567:minimise_to=0.0123456789"
    compare_unattended(free, tmp_path / "out", [long], [])
    shown = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)
    assert "…" not in shown
    row = numbers_in(tmp_path / "out")["methods"][1]
    for number in (f"{row['cosine']:.6f}", f"{row['relative_error']:.2g}", f"{row['seconds']:.3g}"):
        assert re.search(rf"(?<!\S){re.escape(number)}(?!\S)", shown), number


def test_a_study_of_which_nothing_came_is_told(
    experiment: Experiment, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = comparing.differentiate

    def failing(task, by_it, *rest):
        if by_it.hypergradient.last is not None:
            raise DivergedError(3, "weights", "the gradient is not finite")
        return honest(task, by_it, *rest)

    monkeypatch.setattr(comparing, "differentiate", failing)
    compare_unattended(experiment, tmp_path / "out", ["truncated", "checkpointed"], ["option"])
    told = [line for line in capsys.readouterr().out.splitlines() if "nothing came" in line]
    assert len(told) == 1
    assert told[0].startswith("Truncated: last 10, as usual; nothing came of the study over its o")
    assert "Training diverged" in told[0]
