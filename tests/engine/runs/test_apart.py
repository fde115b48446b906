"""A person's file runs in a process of its own: whatever it does, this one goes on."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from own_problems_for_tests import BOWL, bowl

import engine
from engine.errors import InputError
from engine.own import trusted
from engine.own.contents import Content, read_content
from engine.runs.changes import Changes
from engine.runs.events import MetaIterationDone, RunFinished, StillWorking
from engine.runs.own_runs import optimize_safely, propose
from engine.runs.run import optimize


@pytest.fixture(autouse=True)
def _nothing_trusted_afterwards() -> Iterator[None]:
    before = dict(trusted._GRANTED), set(trusted._HERE)
    yield
    for registry, was in zip((trusted._GRANTED, trusted._HERE), before, strict=True):
        registry.clear()
        registry.update(was)


def granted(content: Content) -> Content:
    trusted.grant(content)
    return content


def refusal(content: Content, time_limit: float = 10.0) -> str:
    with pytest.raises(InputError) as caught:
        propose(granted(content), time_limit)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_run_apart_is_the_run_here_to_the_bit(tmp_path: Path) -> None:
    content = granted(bowl(tmp_path))
    experiment = propose(content)
    apart = [one for one in optimize_safely(experiment) if isinstance(one, MetaIterationDone)]
    trusted.grant(content, here=True)
    here = [one for one in optimize(experiment) if isinstance(one, MetaIterationDone)]
    assert len(apart) == len(here) == 3
    for one, other in zip(apart, here, strict=True):
        assert dict(one.measures) == dict(other.measures)
        assert one.hypergradient["theta_1"].tobytes() == other.hypergradient["theta_1"].tobytes()
        assert not one.learning_curve.flags.writeable
        assert not one.hypergradient["theta_1"].flags.writeable


def test_changes_reach_it(tmp_path: Path) -> None:
    experiment = propose(granted(bowl(tmp_path)))
    changes, done = Changes(experiment), []
    for event in optimize_safely(experiment, changes=changes):
        if isinstance(event, MetaIterationDone):
            done.append(event)
            if len(done) == 1:
                changes.ask({"meta.iterations": 2, "meta.step": 0.001})
    assert len(done) == 2
    moved = [np.abs(one.next_hyperparameters["theta_1"] - one.hyperparameters["theta_1"]).max()
             for one in done]  # fmt: skip
    assert moved[1] < moved[0] / 5


def test_a_run_goes_on_from_its_record_with_the_content_that_it_had(tmp_path: Path) -> None:
    content = granted(bowl(tmp_path))
    experiment = propose(content)
    whole = [one for one in optimize_safely(experiment) if isinstance(one, MetaIterationDone)]
    record = None
    events = optimize_safely(experiment)
    for event in events:
        if isinstance(event, engine.RunStarted):
            record = engine.RunRecord(event)
            assert event.data.problem == content.text
        elif record is not None:
            record.add(event)
        if isinstance(event, MetaIterationDone):
            break
    events.close()
    Path(content.path).unlink()
    rest = [
        one for one in optimize_safely(experiment, resume=record)
        if isinstance(one, MetaIterationDone)
    ]  # fmt: skip
    assert [dict(one.measures) for one in rest] == [dict(one.measures) for one in whole]


def test_an_import_that_goes_on_and_on_is_ended_with_its_line(tmp_path: Path) -> None:
    began = time.monotonic()
    told = refusal(bowl(tmp_path, "while True:\n    pass\n"), 0.5)
    assert re.match(r"line [12] of bowl.py: expected the first evaluation within 0.5 s", told)
    assert time.monotonic() - began < 30
    assert "line 1 " in refusal(bowl(tmp_path, "import time; time.sleep(1000)\n"), 0.5)


def test_a_file_that_ends_its_process_is_told_of(tmp_path: Path) -> None:
    assert "with status 3, as os._exit does" in refusal(bowl(tmp_path, "import os; os._exit(3)\n"))
    told = refusal(bowl(tmp_path, "import os; os.kill(os.getpid(), 9)\n"))
    assert "bowl.py: expected its process to go on, found that SIGKILL ended it" in told


def test_prints_threads_and_a_spoilt_numpy_stay_there(tmp_path: Path, capfd) -> None:
    before = """import sys, threading, time, numpy, os
for _ in range(1000): print("x" * 10_000)
os.write(1, b"y" * 100_000)
threading.Thread(target=lambda: time.sleep(1000)).start()
numpy.mean = None
"""
    experiment = propose(granted(bowl(tmp_path, before)))
    assert experiment.title == "bowl.py"  # its docstring is not its first statement any more
    assert capfd.readouterr().out == ""
    assert callable(np.mean)


def test_a_loss_that_hangs_later_ends_with_the_run(tmp_path: Path) -> None:
    text = BOWL.replace(
        "    return np.sum((w - theta", "    while t > 3: pass\n    return np.sum((w - theta"
    )
    path = tmp_path / "bowl.py"
    path.write_text(text)
    content = granted(read_content(path))
    experiment = propose(content).model_copy(
        update={"problem": propose(content).problem.model_copy(update={"checked": False})}
    )
    events = optimize_safely(experiment)
    waiting = next(one for one in events if isinstance(one, StillWorking) and one.seconds > 0.3)
    assert waiting.seconds < 60
    began = time.monotonic()
    events.close()
    assert time.monotonic() - began < 10


def test_a_loss_that_fails_later_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "bowl.py"
    path.write_text(
        BOWL.replace(
            "def training_loss(w, theta, t):\n",
            "def training_loss(w, theta, t):\n    assert t < 5, 'too late'\n",
        )
    )
    experiment = propose(granted(read_content(path)))
    with pytest.raises(InputError) as caught:
        list(optimize_safely(experiment))
    assert str(caught.value) == "line 9 of bowl.py: found AssertionError: too late."
    assert "line 9, in training_loss: assert t < 5" in caught.value.details


def test_derivatives_that_hide_something_are_refused_before_the_run(tmp_path: Path) -> None:
    path = tmp_path / "bowl.py"
    hidden = "getattr(theta['place'], '_value', theta['place'])"
    path.write_text(BOWL.replace('theta["place"])', f"{hidden})"))
    experiment = propose(granted(read_content(path)))
    with pytest.raises(InputError) as caught:
        list(optimize_safely(experiment))
    told = str(caught.value)
    assert told.startswith("line 9 of bowl.py: expected derivatives by θ₁ place as finite differ")


def test_nothing_runs_that_nobody_trusted(tmp_path: Path) -> None:
    content = bowl(tmp_path, f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    trusted.grant(content)
    experiment = propose(content)
    (tmp_path / "ran").unlink()
    trusted.withdraw(content.sha256)
    for run in (optimize_safely, optimize):
        with pytest.raises(InputError, match=r"problem\.file: expected a file that you trust"):
            list(run(experiment))
    assert not (tmp_path / "ran").exists()


def test_it_finishes_and_says_so(tmp_path: Path) -> None:
    experiment = propose(granted(bowl(tmp_path)))
    *_, last = optimize_safely(experiment)
    assert isinstance(last, RunFinished)
    assert last.outcome == "completed"


def test_a_copy_of_its_process_that_it_makes_does_not_speak(tmp_path: Path) -> None:
    experiment = propose(granted(bowl(tmp_path, after="import os\nos.fork()\n")))
    *_, last = optimize_safely(experiment)
    assert isinstance(last, RunFinished)
