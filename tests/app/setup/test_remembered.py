from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from app.application import make_application, make_window
from app.main_window import MainWindow
from app.preferences import Preferences
from engine.experiments.files import list_experiments, save_experiment


def next_window(qtbot: QtBot, *named: str) -> MainWindow:
    make_application()
    made = make_window(*named)
    qtbot.addWidget(made)
    return made


def test_the_set_up_is_as_it_was_left(qtbot: QtBot) -> None:
    window = next_window(qtbot)
    window.setup.set_experiment(window.setup.shipped["spirals"])
    window.setup.change("meta.iterations", 17)
    window.close()
    again = next_window(qtbot)
    assert again.setup.experiment() == window.setup.experiment()
    assert again.setup.experiment_box.value() == "spirals"
    assert again.setup.is_modified
    assert not again.setup.history.canUndo(), "nobody has done anything yet"
    again.setup.reset_to_own()
    assert again.setup.experiment() == again.setup.shipped["spirals"]
    again.setup.history.undo()
    assert again.setup.field("meta.iterations").value() == 17
    again.close()


def test_an_experiment_that_is_named_comes_before_what_was_left(qtbot: QtBot) -> None:
    window = next_window(qtbot, "spirals")
    window.close()
    named = next_window(qtbot, "toy")
    assert named.setup.experiment() == named.setup.shipped["toy"]
    named.close()


def test_what_was_wrong_when_it_was_left_leaves_what_was_right_before(qtbot: QtBot) -> None:
    window = next_window(qtbot, "spirals")
    window.close()
    again = next_window(qtbot)
    again.setup.change("meta.iterations", "many")
    assert not again.setup.is_ready
    again.close()
    assert next_window(qtbot).setup.experiment_box.value() == "spirals"


@pytest.mark.parametrize("is_there", [True, False])
def test_a_file_that_was_open_is_open_again_if_it_is_there(
    qtbot: QtBot, tmp_path: Path, is_there: bool
) -> None:
    path = tmp_path / "mine.toml"
    mine = list_experiments()["toy"].model_copy(update={"name": "mine", "title": "Mine"})
    save_experiment(mine, path)
    window = next_window(qtbot)
    window.setup.open_experiment(path)
    window.setup.change("meta.iterations", 5)
    window.close()
    if not is_there:
        path.unlink()
    again = next_window(qtbot)
    assert again.setup.experiment().meta.iterations == 5
    assert again.setup.origin.path == (path if is_there else None)
    assert again.setup.is_modified == is_there
    again.close()


@pytest.mark.parametrize(
    "text", ["", "nonsense", "[1]", "{}", '{"from": 1, "experiment": 2}', '{"from": "toy"}']
)
def test_a_set_up_that_means_nothing_is_as_good_as_none(qtbot: QtBot, text: str) -> None:
    QSettings().setValue("set-up", text)
    window = next_window(qtbot)
    assert window.setup.experiment() == next(iter(window.setup.shipped.values()))
    assert Preferences().setup == text
    window.close()
