"""The command `retrograde runs`, and runs that are recorded."""

from pathlib import Path

import pytest
from commands import Captured
from experiments_for_tests import events_of, record_of, tiny

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


@pytest.mark.parametrize("command", [["list"], ["show", "x"], ["export", "x"], ["delete", "x"]])
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


@pytest.mark.parametrize("how", ["file", "default", "with equals", "library"])
def test_a_run_is_recorded_where_it_is_asked_for(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drawn_once: None
) -> None:
    monkeypatch.setattr(places, "user_data_path", lambda _: tmp_path / "user data")
    save_experiment(tiny(), tmp_path / "tiny.toml")
    named = tmp_path / "mine.retrograde"
    words = {
        "file": ["--record", str(named)],
        "default": ["--record"],
        "with equals": [f"--record={named}"],
        "library": ["--library", str(named)],
    }[how]
    monkeypatch.setattr("app.unattended.write_run", lambda *_: [])
    run = ["run", *words, str(tmp_path / "tiny.toml"), "--out", str(tmp_path / "out")]
    assert main(run) == 0
    where = tmp_path / "user data" / "runs.retrograde" if how == "default" else named
    with Library(where) as library:
        assert [(one.name, one.state) for one in library] == [("tiny", "completed")]


def test_a_run_is_not_recorded_unless_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "user_data_path", lambda _: tmp_path / "user data")
    monkeypatch.setattr("app.unattended.write_run", lambda *_: [])
    save_experiment(tiny(), tmp_path / "tiny.toml")
    assert main(["run", str(tmp_path / "tiny.toml"), "--out", str(tmp_path / "out")]) == 0
    assert not (tmp_path / "user data").exists()


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
