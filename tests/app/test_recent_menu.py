from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from app.main_window import MainWindow
from app.preferences import Preferences
from app.recent_menu import RecentMenu
from engine.experiments.files import load_experiment, save_experiment


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{name}.toml" for name in ("moons", "spirals")]
    for path in paths:
        save_experiment(load_experiment(path.stem), path)
    return paths


def names(menu: RecentMenu) -> list[str]:
    return [action.text() for action in menu.actions()]


def test_what_was_opened_or_saved_last_stands_in_front_also_at_the_next_start(
    window: MainWindow, files: list[Path], tmp_path: Path
) -> None:
    assert not window.recent.isEnabled()
    for path in (*files, files[0]):
        window.setup.open_experiment(path)
    window.setup.save_experiment(tmp_path / "copy.toml")
    assert names(window.recent) == ["copy.toml", "moons.toml", "spirals.toml"]
    assert names(RecentMenu(Preferences())) == names(window.recent)


def test_a_click_opens_it_again(window: MainWindow, files: list[Path]) -> None:
    for path in files:
        window.setup.open_experiment(path)
    window.recent.actions()[1].trigger()
    assert window.setup.experiment().name == "moons"
    assert names(window.recent) == ["moons.toml", "spirals.toml"]


def test_what_is_no_longer_there_is_not_offered(window: MainWindow, files: list[Path]) -> None:
    for path in files:
        window.setup.open_experiment(path)
    files[1].unlink()
    assert names(RecentMenu(Preferences())) == ["moons.toml"]


@pytest.mark.parametrize("text", ["", "{", "3", "[1, null]"])
def test_settings_that_make_no_sense_offer_nothing(window: MainWindow, text: str) -> None:
    QSettings().setValue("recent", text)
    assert not RecentMenu(Preferences()).isEnabled()


def test_only_so_many_are_remembered() -> None:
    for number in range(20):
        Preferences().note_recent(f"/{number}.toml")
    assert Preferences().recent[:2] == ["/19.toml", "/18.toml"]
    assert len(Preferences().recent) == 8
