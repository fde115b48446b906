import subprocess
import sys

import pytest

from app import system_libraries
from app.display import why_no_window

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux leaves these to people")


@pytest.fixture
def _no_egl(monkeypatch: pytest.MonkeyPatch) -> None:
    load = system_libraries.ctypes.CDLL

    def refuse(name: str) -> object:
        if "EGL" in name or "cursor" in name:
            raise OSError(f"{name}: cannot open shared object file")
        return load(name)

    monkeypatch.setattr(system_libraries.ctypes, "CDLL", refuse)


@on_linux
@pytest.mark.usefixtures("_no_egl")
def test_a_missing_library_is_named_with_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert why_no_window() == (
        "System libraries needed for a window are missing; on Debian or Ubuntu, type "
        "`apt install libegl1` as root"
    )


@on_linux
@pytest.mark.usefixtures("_no_egl")
def test_what_a_window_on_a_display_needs_does_not_count_without_one() -> None:
    assert system_libraries.missing_packages(system_libraries.FOR_QT) == ["libegl1"]
    assert system_libraries.missing_packages(system_libraries.FOR_X11) == ["libxcb-cursor0"]


def test_other_systems_bring_all_that_qt_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert system_libraries.missing_packages(["no such library"]) == []


def test_where_all_is_there_pytest_is_asked_for_nothing() -> None:
    command = [sys.executable, "-m", "app.system_libraries"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
