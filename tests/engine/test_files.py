import errno
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.errors import InputError
from engine.files import alone_in, write_together, write_whole


def test_a_file_is_written_with_its_folders_and_written_over(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert [*path.parent.iterdir()] == [path]


def test_what_fails_leaves_the_old_content_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def fail(*_: Any) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", fail)
        with pytest.raises(OSError, match="no space left"):
            write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert [*tmp_path.iterdir()] == [path]


def test_files_that_are_written_together_are_all_there_before_the_first_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_together(tmp_path, {"one": b"1", "two": b"2"})
    with pytest.raises(TypeError):  # the second has no content
        write_together(tmp_path, {"one": b"3", "two": None})  # type: ignore[dict-item]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "one": b"1",
        "two": b"2",
    }


def test_a_folder_is_for_one_at_a_time(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    for _ in range(2):
        with alone_in(folder):
            with pytest.raises(InputError, match="no other run"), alone_in(folder):
                pass
            with alone_in(tmp_path / "other"):
                pass
    assert list(folder.iterdir()) == []


def test_a_folder_is_free_again_when_the_process_that_held_it_is_killed(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from engine.files import alone_in\n"
        "with alone_in(Path(sys.argv[1])): os.abort()"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    assert done.returncode != 0
    with alone_in(tmp_path):
        pass


def test_where_there_are_no_locks_nobody_is_kept_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: int) -> None:
        raise OSError(errno.ENOLCK, "no locks")

    monkeypatch.setattr("engine.locks._lock", refuse)
    with alone_in(tmp_path), alone_in(tmp_path):
        pass
