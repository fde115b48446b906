"""Where compiled code is kept, found out by processes with other folders than this one's."""

import compileall
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FIRST = """
from engine.kernels.compiling import kernel
from engine.kernels.second import factor
@kernel()
def scale(value):
    return factor() * value
"""
SECOND = """
from engine.kernels.compiling import helper
@helper()
def factor():
    return 2.0
"""
ASK = """
from engine.kernels.first import scale
from engine.kernels.keeping import FOLDER
print(scale(1.5), sum(scale.stats.cache_misses.values()), FOLDER)
"""
NOWHERE = """
import tempfile
def nowhere():
    raise FileNotFoundError("no usable temporary directory found")
tempfile.gettempdir = nowhere
"""
FULL = """
import os
def full(*_):
    raise OSError(28, "No space left on device")
os.replace = full
"""

on_linux = pytest.mark.skipif(
    sys.platform != "linux", reason="other systems name these folders otherwise"
)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The engine with two kernels more, somewhere else."""
    home = tmp_path / "package"
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "engine", home / "engine", ignore=ignore)
    (home / "engine" / "kernels" / "first.py").write_text(FIRST)
    (home / "engine" / "kernels" / "second.py").write_text(SECOND)
    return home


def ask(package: Path, script: str = ASK, **environment: str) -> tuple[float, int, str]:
    """What 1.5 is scaled to, how much was compiled for it, and where that is kept."""
    usual = {"PATH": os.environ["PATH"], "HOME": str(package.parent / "home")}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=package,
        env={**usual, "PYTHONPATH": str(package), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert not list(package.rglob("*.nbi")), "numba keeps nothing of its own"
    scaled, compiled, folder = done.stdout.split(maxsplit=2)
    return float(scaled), int(compiled), folder.strip()


def edit(package: Path) -> None:
    (package / "engine" / "kernels" / "second.py").write_text(SECOND.replace("2.0", "30.0"))


def places(tmp_path: Path) -> dict[str, dict[str, str]]:
    """Environments in which kernels are kept in one place or another."""
    a_file = tmp_path / "a file"
    a_file.touch()
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    return {
        "where somebody says": {"NUMBA_CACHE_DIR": str(tmp_path / "said")},
        "for the user": {"XDG_CACHE_HOME": str(tmp_path / "user")},
        "in a temporary folder": {"XDG_CACHE_HOME": str(a_file), "TMPDIR": str(temporary)},
    }


@on_linux
@pytest.mark.parametrize(
    ("place", "folder"),
    [
        ("for the user", "user/retrograde"),
        pytest.param("where somebody says", "said", marks=pytest.mark.long),
        pytest.param(
            "in a temporary folder", "temporary/retrograde-kernels-", marks=pytest.mark.long
        ),
    ],
)
def test_code_is_kept_and_an_edit_in_another_file_is_compiled_anew(
    place: str, folder: str, package: Path, tmp_path: Path
) -> None:
    environment = places(tmp_path)[place]
    scaled, compiled, before = ask(package, **environment)
    assert (scaled, compiled) == (3.0, 1)
    assert before.startswith(str(tmp_path / folder))
    assert ask(package, **environment) == (3.0, 0, before)
    edit(package)
    scaled, compiled, after = ask(package, **environment)
    assert (scaled, compiled) == (45.0, 1)
    assert after != before


@on_linux
@pytest.mark.long
def test_where_nothing_can_be_kept_each_process_compiles(package: Path, tmp_path: Path) -> None:
    environment = places(tmp_path)["in a temporary folder"]
    assert ask(package, NOWHERE + ASK, **environment) == (3.0, 1, "None")
    edit(package)
    assert ask(package, NOWHERE + ASK, **environment) == (45.0, 1, "None")


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="there are no owners of files here")
def test_a_folder_that_others_may_write_to_is_not_trusted(package: Path, tmp_path: Path) -> None:
    open_to_all = tmp_path / "open to all"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    _, _, folder = ask(package, NUMBA_CACHE_DIR=str(open_to_all))
    assert not folder.startswith(str(open_to_all))
    open_to_all.chmod(0o1777)  # as /tmp is: nobody can replace what is another's
    _, _, folder = ask(package, NUMBA_CACHE_DIR=str(open_to_all))
    assert folder.startswith(str(open_to_all))


@pytest.mark.long
def test_what_changes_the_code_changes_the_folder(package: Path, tmp_path: Path) -> None:
    chosen = {"NUMBA_CACHE_DIR": str(tmp_path / "said")}
    _, _, usual = ask(package, **chosen)
    _, _, with_checks = ask(package, **chosen, NUMBA_BOUNDSCHECK="1")
    assert with_checks != usual
    assert ask(package, **chosen, NUMBA_DISABLE_JIT="1") == (3.0, 0, usual)


@pytest.mark.long
def test_without_source_files_what_is_loaded_instead_names_the_folder(
    package: Path, tmp_path: Path
) -> None:
    chosen = {"NUMBA_CACHE_DIR": str(tmp_path / "said")}
    folders = set()
    for factor in ("2.0", "30.0"):
        kernels = package / "engine" / "kernels"
        (kernels / "second.py").write_text(SECOND.replace("2.0", factor))
        compileall.compile_dir(kernels, quiet=1, legacy=True, force=True)
        bare = tmp_path / f"bare {factor}"
        shutil.copytree(package, bare, ignore=shutil.ignore_patterns("__pycache__"))
        for source in (bare / "engine" / "kernels").glob("*.py"):
            source.unlink()
        scaled, compiled, folder = ask(bare, **chosen)
        assert (scaled, compiled) == (1.5 * float(factor), 1)
        folders.add(folder)
    assert len(folders) == 2


@pytest.mark.long
def test_a_full_disk_is_no_reason_not_to_compute(package: Path, tmp_path: Path) -> None:
    chosen = {"NUMBA_CACHE_DIR": str(tmp_path / "said")}
    assert ask(package, FULL + ASK, **chosen)[:2] == (3.0, 1)
    assert ask(package, **chosen)[:2] == (3.0, 1)
