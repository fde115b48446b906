import ast
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import set_up


@pytest.fixture(autouse=True)
def _nobody_installs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_up, "install", lambda packages: False)


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that was said."""
    [line] = capsys.readouterr().err.splitlines()
    return line


def test_an_old_python_is_named_with_the_oldest_that_will_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert set_up.main(str(tmp_path / "environment")) == 1
    assert said(capsys).startswith("Retrograde needs Python 3.11 or newer, and this is 3.9. ")


def test_an_old_python_can_read_the_script() -> None:
    """What comes before the version is looked at must mean something to it."""
    ast.parse(Path(set_up.__file__).read_text(), feature_version=(3, 7))


def test_a_missing_venv_module_is_said_with_what_to_type(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    assert set_up.main(str(tmp_path / "environment")) == 1
    assert "`apt install python3." in said(capsys)


def test_an_environment_that_cannot_be_made_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "a file").touch()
    assert set_up.main(str(tmp_path / "a file" / "environment")) == 1
    assert "cannot be made" in said(capsys)


@pytest.mark.parametrize(
    ("stderr", "sentence"),
    [
        (
            "WARNING: Retrying\nERROR: No matching distribution found for setuptools\n",
            "The packages cannot be downloaded; is there a network? "
            "(pip: ERROR: No matching distribution found for setuptools)",
        ),
        (
            "Temporary failure in name resolution",
            "The packages cannot be downloaded; is there a network? "
            "(pip: Temporary failure in name resolution)",
        ),
        (
            "ERROR: Could not install packages: No space left on device\n\n",
            "The packages cannot be installed: "
            "ERROR: Could not install packages: No space left on device",
        ),
    ],
)
def test_what_pip_complains_of_becomes_one_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    stderr: str,
    sentence: str,
) -> None:
    run = subprocess.run

    def fail_at_pip(command: list[str], **options: object) -> object:
        if "pip" in command:
            return SimpleNamespace(returncode=1, stderr=stderr)
        return run([sys.executable, "-c", "pass"], **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "run", fail_at_pip)
    assert set_up.main(str(tmp_path / "environment")) == 1
    assert said(capsys) == sentence
