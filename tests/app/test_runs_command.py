"""The command `retrograde runs`, and runs that are recorded."""

from pathlib import Path

import pytest
from commands import Captured
from experiments_for_tests import events_of, record_of, tiny
from recording_for_tests import assert_same_records, cut_short

from app import places
from app.command_line import main
from engine.experiments.files import save_experiment
from engine.library.library import Library
from engine.library.recording import recorded
from engine.output.reading import read_numbers


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "runs.retrograde"
    list(recorded(events_of(tiny()), path, "first"))
    list(recorded(events_of(tiny()), path, "[bold]second[/bold]"))
    return path


def test_runs_are_listed(path: Path, capsys: Captured) -> None:
    assert main(["runs", "list", "--library", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert "[bold]second[/bold]" in lines[1]
    for word in ("first", "tiny", "iris", "exact-reversal", "sgd", "3 of 3", "completed"):
        assert word in lines[2]


def test_a_library_without_runs_says_so(path: Path, capsys: Captured) -> None:
    with Library(path) as library:
        for run in [*library]:
            run.delete()
    assert main(["runs", "list", "--library", str(path)]) == 0
    assert capsys.readouterr().out == f"{path} keeps no runs yet.\n"


def test_a_run_is_shown_with_its_settings(path: Path, capsys: Captured) -> None:
    assert main(["runs", "show", "first", "--library", str(path)]) == 0
    told = capsys.readouterr().out
    finished = record_of(events_of(tiny())).finished
    assert finished is not None
    assert finished.measures is not None
    losses = [f"validation {finished.measures['validation_loss']:.6g}", "Final losses", "test "]
    for part in (
        *losses,
        "completed, 3 of 3 meta-iterations",
        "NumPy",
        "processor",
        'source = "iris"',
    ):
        assert part in told


def test_a_run_is_exported_as_a_folder(path: Path, tmp_path: Path, drawn_once: None) -> None:
    out = tmp_path / "there"
    assert main(["runs", "export", "first", "--out", str(out), "--library", str(path)]) == 0
    result, _ = read_numbers(out)
    expected = record_of(events_of(tiny())).meta_iterations
    told = [one["validation_loss"] for one in result["meta_iterations"]]
    assert told == [one.measures["validation_loss"] for one in expected]
    assert (out / "losses.svg").exists()


def test_a_run_is_deleted(path: Path, capsys: Captured) -> None:
    assert main(["runs", "delete", "first", "--library", str(path)]) == 0
    assert "Deleted first" in capsys.readouterr().out
    with Library(path) as library:
        assert len(library) == 1


@pytest.mark.parametrize(
    "command", [["list"], *([word, "x"] for word in ("show", "resume", "export", "delete"))]
)
def test_what_is_not_there_is_said_in_a_sentence(
    command: list[str], path: Path, tmp_path: Path, capsys: Captured
) -> None:
    for where in (tmp_path / "nowhere.retrograde", path):
        status = main(["runs", *command, "--library", str(where)])
        told = capsys.readouterr().err
        if command == ["list"] and where == path:
            continue
        assert status == 2
        assert told.startswith(f"retrograde: {where}: expected")
        assert len(told.splitlines()) == 1
        assert not (tmp_path / "nowhere.retrograde").exists()


@pytest.mark.parametrize("how", ["file", "usual", "default", "with equals", "library", "named"])
def test_a_run_is_recorded_where_it_is_asked_for(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drawn_once: None
) -> None:
    monkeypatch.delenv("RETROGRADE_LIBRARY")
    monkeypatch.setattr(places, "user_data_path", lambda _: tmp_path / "user data")
    save_experiment(tiny(), tmp_path / "tiny.toml")
    named = tmp_path / "mine.retrograde"
    words = {
        "file": ["--record", str(named)],
        "usual": [],
        "default": ["--record"],
        "named": [],
        "with equals": [f"--record={named}"],
        "library": ["--library", str(named)],
    }[how]
    monkeypatch.setattr("app.unattended.write_run", lambda *_: [])
    if how == "named":
        monkeypatch.setenv("RETROGRADE_LIBRARY", str(named))
    run = ["run", *words, str(tmp_path / "tiny.toml"), "--out", str(tmp_path / "out")]
    assert main(run) == 0
    usual = tmp_path / "user data" / "runs.retrograde"
    where = usual if how in ("usual", "default") else named
    with Library(where) as library:
        assert [(one.name, one.state) for one in library] == [("tiny", "completed")]


def test_a_run_is_not_recorded_if_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.unattended.write_run", lambda *_: [])
    save_experiment(tiny(), tmp_path / "tiny.toml")
    run = ["run", "--no-record", str(tmp_path / "tiny.toml"), "--out", str(tmp_path / "out")]
    assert main(run) == 0
    assert not (tmp_path / "user data").exists()
    for word in ("--resume", "--library=x.retrograde"):
        assert main([*run, word]) == 2


# Going on


@pytest.mark.parametrize("command", ["runs resume", "run --resume"])
def test_a_run_that_was_interrupted_goes_on(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr("app.unattended.write_run", lambda *_: [])
    where, path = tmp_path / "runs.retrograde", tmp_path / "tiny.toml"
    save_experiment(tiny(), path)
    cut_short(where, tiny(), 2)
    words = {
        "runs resume": ["runs", "resume", "cut short"],
        "run --resume": ["run", str(path), "--resume"],
    }[command]
    assert main([*words, "--library", str(where), "--out", str(tmp_path / "out")]) == 0
    assert "goes on at 2 of 3." in capsys.readouterr().err
    with Library(where) as library:
        (run,) = library
        assert (run.state, run.done) == ("completed", 3)
        assert_same_records(run.record, record_of(events_of(tiny())), clocks=False)


def test_what_cannot_go_on_is_said(path: Path, tmp_path: Path, capsys: Captured) -> None:
    assert main(["runs", "resume", "first", "--library", str(path)]) == 2
    told = capsys.readouterr().err
    assert "expected a run that has ended before its time, first" in told
    assert "is completed." in told
    assert len(told.splitlines()) == 1


def test_a_run_begins_if_there_is_none_to_go_on_with(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr("app.unattended.write_run", lambda *_: [])
    cut_short(path, tiny({"meta.seed": "7"}), 1)
    save_experiment(tiny(), tmp_path / "tiny.toml")
    run = ["run", str(tmp_path / "tiny.toml"), "--resume", "--library", str(path)]
    assert main([*run, "--out", str(tmp_path / "out")]) == 0
    assert "has no run of this that was interrupted" in capsys.readouterr().err
    with Library(path) as library:
        assert [one.state for one in library].count("completed") == 3


def test_that_last_bits_may_differ_is_said_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr("app.unattended.write_run", lambda *_: [])
    monkeypatch.setattr("engine.library.recording.machine", lambda: {"BLAS": "by hand"})
    where = tmp_path / "runs.retrograde"
    cut_short(where, tiny(), 1)
    command = ["runs", "resume", "cut", "--library", str(where)]
    assert main(command) == 2
    command[2] = "cut short"
    assert main([*command, "--out", str(tmp_path / "out")]) == 0
    assert "This run began with BLAS by hand" in capsys.readouterr().err


def test_a_run_whose_library_takes_nothing_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr("app.unattended.write_run", lambda *_: [])
    save_experiment(tiny(), tmp_path / "tiny.toml")
    broken = tmp_path / "broken.retrograde"
    broken.write_bytes(b"no library" * 100)
    run = ["run", str(tmp_path / "tiny.toml"), "--out", str(tmp_path / "out")]
    assert main([*run, "--record", str(broken)]) == 0
    assert f"{broken}: this run is not recorded any further" in capsys.readouterr().err
    assert broken.read_bytes() == b"no library" * 100
