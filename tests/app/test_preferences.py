import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QCoreApplication, QSettings
from PySide6.QtWidgets import QApplication

from app import preferences as module
from app.preferences import Preferences


@pytest.fixture(autouse=True)
def _application(qapp: QApplication) -> None:
    """Preferences ask the system through it."""


def written(tmp_path: Path, line: str) -> Preferences:
    """Preferences whose file somebody edited by hand."""
    file = Path(QSettings().fileName())
    assert tmp_path in file.parents
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"[General]\n{line}\n")
    return Preferences()


def test_at_first_everything_is_as_usual() -> None:
    found = Preferences()
    assert found.theme == "system"
    assert found.type_size == 1.0
    assert not found.reduced_motion
    assert found.geometry.isEmpty()
    assert found.arrangement.isEmpty()
    assert found.closed_plots == []


def test_what_is_set_is_read_back() -> None:
    Preferences().theme = "dark"
    Preferences().type_size = 1.2
    Preferences().reduced_motion = True
    Preferences().geometry = QByteArray(b"\x00\x01geometry\xff")
    Preferences().arrangement = QByteArray(b"\x02plots")
    Preferences().closed_plots = ["memory", "losses"]
    found = Preferences()
    assert found.theme == "dark"
    assert found.type_size == 1.2
    assert found.reduced_motion
    assert found.geometry == QByteArray(b"\x00\x01geometry\xff")
    assert found.arrangement == QByteArray(b"\x02plots")
    assert found.closed_plots == ["memory", "losses"]


def test_another_process_reads_the_same_no_and_yes() -> None:
    preferences = Preferences()
    preferences.asks_before_losing = False
    preferences.reduced_motion = True
    preferences.closed_plots = ["memory"]
    QSettings().sync()
    program = f"""
from PySide6.QtCore import QCoreApplication, QSettings
from PySide6.QtWidgets import QApplication
from app.preferences import Preferences
application = QApplication([])
application.setOrganizationName("Retrograde")
application.setApplicationName({QCoreApplication.applicationName()!r})
QSettings.setDefaultFormat(QSettings.Format.IniFormat)
QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope,
                  {str(Path(QSettings().fileName()).parents[1])!r})
found = Preferences()
print(found.asks_before_losing, found.reduced_motion, found.closed_plots)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split("\n")[0] == "False True ['memory']"


@pytest.mark.parametrize("line", ["theme=purple", "theme=", "theme=@ByteArray(x)"])
def test_a_theme_that_there_is_not_is_the_systems(tmp_path: Path, line: str) -> None:
    assert written(tmp_path, line).theme == "system"


def test_a_switch_that_is_neither_on_nor_off_is_as_usual(tmp_path: Path) -> None:
    assert written(tmp_path, "asks%20before%20losing=perhaps").asks_before_losing


@pytest.mark.parametrize("line", ["type%20size=3.0", "type%20size=large", "type%20size="])
def test_a_size_of_type_that_there_is_not_is_the_usual_one(tmp_path: Path, line: str) -> None:
    assert written(tmp_path, line).type_size == 1.0


def test_the_systems_wish_for_less_motion_holds_until_a_person_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "system_reduces_motion", lambda: True)
    assert Preferences().reduced_motion
    Preferences().reduced_motion = False
    assert not Preferences().reduced_motion


def test_no_plots_closed_is_remembered_too() -> None:
    Preferences().closed_plots = ["memory"]
    Preferences().closed_plots = []
    assert Preferences().closed_plots == []
