"""A run without a window, interrupted here and there."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from experiments_for_tests import FIXED, tiny
from stopping_for_tests import Ended, ending_by_exception

from app.stopping import WORDS
from app.unattended import run_unattended
from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.files import override
from engine.experiments.strategies import STRATEGIES
from engine.files import alone_in
from engine.output.reading import read_numbers
from engine.runs.events import Event
from engine.runs.records import RunRecord

ROOT = Path(__file__).parents[2]


@pytest.fixture
def experiment() -> Experiment:
    return tiny({**FIXED, "hyperparameters.learning_rates.free": "true"})


def stop_at(patch: pytest.MonkeyPatch, name: str, number: int = signal.SIGINT) -> None:
    """Have a signal come when an event of a name has been taken down."""
    add = RunRecord.add

    def stopped(record: RunRecord, event: Event) -> None:
        add(record, event)
        if type(event).__name__ == name:
            signal.raise_signal(number)

    patch.setattr(RunRecord, "add", stopped)


@pytest.mark.parametrize(("name", "done"), [("MetaIterationDone", 1), ("RunFinished", 3)])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_keeps_what_was_done_and_says_so(
    name: str,
    done: int,
    number: int,
    experiment: Experiment,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.pace.Pace.is_due", lambda _: False)
    stop_at(monkeypatch, name, number)
    with ending_by_exception(), pytest.raises(Ended) as ended:
        run_unattended(experiment, tmp_path / "out")
    assert ended.value.status == 128 + number
    where = f"their numbers are kept in {tmp_path / 'out'}."
    assert ended.value.sentence.endswith(f"after {STRATEGIES['adam'].amount(done)}; {where}")
    result, _ = read_numbers(tmp_path / "out")
    assert len(result["meta_iterations"]) == done
    assert not list((tmp_path / "out").glob("*.svg"))


@pytest.mark.usefixtures("undrawn")
def test_a_run_that_is_stopped_while_figures_are_drawn_has_its_numbers(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "engine.output.files.write_figures", lambda *_: signal.raise_signal(signal.SIGTERM)
    )
    with ending_by_exception(), pytest.raises(Ended) as ended:
        run_unattended(experiment, tmp_path / "out")
    assert ended.value.sentence.startswith("Terminated while the figures were drawn; after 3 meta")
    result, _ = read_numbers(tmp_path / "out")
    assert result["outcome"] == "completed"


def test_a_run_that_is_stopped_before_it_began_writes_nothing(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.runs.run.optimize", lambda *_, **__: signal.raise_signal(2))
    with ending_by_exception(), pytest.raises(Ended) as ended:
        run_unattended(experiment, tmp_path / "out")
    assert ended.value.sentence == "Interrupted before training began; nothing was written."
    assert not (tmp_path / "out").exists()


def test_a_folder_that_another_run_writes_to_is_refused(
    experiment: Experiment, tmp_path: Path
) -> None:
    with (
        alone_in(tmp_path / "out"),
        pytest.raises(InputError, match="expected a folder that no other run is writing to"),
    ):
        run_unattended(experiment, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.fixture
def no_signal_ignored() -> Iterator[None]:
    """Programs that are started here listen, even if a shell started this one to go on without."""
    usual = {number: signal.signal(number, signal.SIG_DFL) for number in WORDS}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for number, handler in usual.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("no_signal_ignored")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_the_command_ends_with_one_line_and_the_status_of_its_signal(
    name: str, tmp_path: Path
) -> None:
    number, out = signal.Signals[name], tmp_path / "out"
    words = ["run", "moons", "--meta-iterations", "5000", "--workers", "2", "--out", str(out)]
    process = subprocess.Popen(
        [sys.executable, "-m", "retrograde", *words, "--set", "meta.seeds=2"],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        while process.poll() is None and not (out / "result.json").exists():
            time.sleep(0.05)
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 128 + number, said
    assert said.count("\n") == 1
    assert f"; their numbers are kept in {out}." in said
    result, _ = read_numbers(out)
    assert f"after {STRATEGIES['adam'].amount(len(result['meta_iterations']))}" in said


@pytest.mark.usefixtures("drawn_once")
def test_what_is_known_beforehand_is_said_before_the_first_trial_and_once(
    experiment: Experiment,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("optuna")
    monkeypatch.setattr("engine.runs.remarks._QUICK", 0)
    slow = override(experiment, {"meta.optimizer": "tpe", "meta.iterations": "2"})
    told = "TPE takes more than a second for each proposal of 1 values"
    run_unattended(slow, tmp_path / "whole")
    assert " ".join(capsys.readouterr().err.split()).count(told) == 1
    stop_at(monkeypatch, "MetaIterationStarted")
    with ending_by_exception(), pytest.raises(Ended):
        run_unattended(slow, tmp_path / "stopped")
    assert told in " ".join(capsys.readouterr().err.split())


@pytest.mark.usefixtures("drawn_once")
def test_the_last_loss_that_is_said_is_that_of_where_the_run_arrived(
    experiment: Experiment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    experiment = override(
        experiment, {"meta.step": "1.0", "hyperparameters.learning_rates.initial": "0.3"}
    )
    run_unattended(experiment, tmp_path)
    final = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))["final"]
    loss = final[f"{experiment.meta.objective}_loss"]
    assert f"loss {loss:.4g}" in capsys.readouterr().err.splitlines()[-1]
