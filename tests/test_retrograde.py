import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run_in(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command where Python looks for packages before it looks for Retrograde's."""
    return subprocess.run(
        [sys.executable, "-m", "retrograde", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_runs_from_any_folder(tmp_path: Path) -> None:
    done = run_in(tmp_path, "list")
    assert (done.returncode, done.stderr) == (0, "")
    assert "moons" in done.stdout


@pytest.mark.parametrize("name", ["app", "engine", "resources"])
@pytest.mark.parametrize("kind", ["package", "folder", "module"])
def test_a_package_in_the_way_is_named_in_one_line(tmp_path: Path, name: str, kind: str) -> None:
    place = tmp_path / name
    if kind == "module":
        place = tmp_path / f"{name}.py"
        place.touch()
    else:
        place.mkdir()
        (place / ("__init__.py" if kind == "package" else "other.py")).touch()
    done = run_in(tmp_path, "list")
    if kind == "folder":  # Python prefers a package to a mere folder
        assert done.returncode == 0
        return
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert f"own package {name} in {ROOT}, found {place.resolve()}." in done.stderr
