"""Problems of one's own in the window: nothing runs before somebody has said so."""

from pathlib import Path

import pytest
from driving import click, press, tick, type_into
from own_problems_for_tests import BOWL
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from app.own.consent_question import ConsentQuestion
from app.own.consents import consents_file
from app.own.new_problem import NewProblemDialog
from engine.experiments.files import load_experiment, save_experiment
from engine.own import trusted

PATIENCE = 30_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / 'it\'s "mine".py'
    path.write_text(f"{BOWL}open({str(tmp_path / 'ran')!r}, 'a').write('x')\n")
    return path


def ran(file: Path) -> bool:
    return (file.parent / "ran").exists()


def question(qtbot: QtBot) -> ConsentQuestion:
    def asked() -> list[ConsentQuestion]:
        widgets = QApplication.topLevelWidgets()
        return [one for one in widgets if isinstance(one, ConsentQuestion) and one.isVisible()]

    qtbot.waitUntil(lambda: bool(asked()), timeout=PATIENCE)
    [found] = asked()
    return found


def opened(window: MainWindow, qtbot: QtBot, file: Path) -> None:
    window.own.open_path(str(file))
    click(qtbot, question(qtbot).run)
    qtbot.waitUntil(lambda: window.setup.origin.own.problem.file == str(file), timeout=PATIENCE)


def test_opening_asks_first_and_names_the_file_and_its_rights(
    window: MainWindow, qtbot: QtBot, file: Path
) -> None:
    window.own.open_any(str(file))
    asked = question(qtbot)
    assert 'it\'s "mine".py' in asked.text()
    assert "with your rights" in asked.informativeText()
    assert str(file) in asked.informativeText()
    assert asked.defaultButton() is asked.leave
    click(qtbot, asked.leave)
    assert not ran(file)
    assert not consents_file().exists()
    assert window.setup.origin.own.problem.file is None
    assert "was run" in window.progress.status.text()


def test_what_it_declares_is_in_the_set_up_and_it_runs_to_its_end(
    window: MainWindow, qtbot: QtBot, file: Path
) -> None:
    opened(window, qtbot, file)
    assert ran(file)
    assert window.body.page == "ready"
    assert window.setup.field("hyperparameters.theta_1.free").label == "place"
    assert "3 values" in window.setup.field("hyperparameters.theta_1.initial").reason.text()
    assert "3 parameters in 1 group" in window.setup.data.about.text()
    assert window.setup.field("hyperparameters.theta_1.free").isVisibleTo(window)
    assert not window.setup.field("hyperparameters.theta_2.free").isVisibleTo(window)
    type_into(qtbot, window, "hyperparameters.theta_1.initial", "2")
    tick(qtbot, window, "hyperparameters.learning_rates.free", True)
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    record = window.record
    assert record is not None, window.message_bar.text.text()
    assert record.finished is not None
    assert record.initial["theta_1"].tolist() == [1.0, 0.5, -1.0]
    assert record.data.problem == file.read_text()
    assert window.plot_area.docks["theta_1"].windowTitle() == "θ₁ place"


def test_the_same_content_is_not_asked_about_twice_and_another_is(
    window: MainWindow, qtbot: QtBot, file: Path
) -> None:
    opened(window, qtbot, file)
    press(qtbot, window, "run")
    qtbot.waitUntil(lambda: window.runner.state == "running", timeout=PATIENCE)
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    (file.parent / "ran").unlink()
    file.write_text(file.read_text().replace('"place": numpy', '"spot": numpy').replace(
        'theta["place"]', 'theta["spot"]'))  # fmt: skip
    window.control.run()
    asked = question(qtbot)
    assert "has changed" in asked.text()
    assert not ran(file)
    click(qtbot, asked.run)
    qtbot.waitUntil(lambda: window.runner.state == "running", timeout=PATIENCE)
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)
    assert window.setup.field("hyperparameters.theta_1.free").label == "spot"
    assert window.record is not None
    assert window.record.experiment.problem.theta[0].name == "spot"


def test_a_mistake_is_said_with_its_line_and_the_traceback_only_on_demand(
    window: MainWindow, qtbot: QtBot, file: Path
) -> None:
    file.write_text(BOWL.replace("w - 1.0", "w - one"))
    window.own.open_path(str(file))
    click(qtbot, question(qtbot).run)
    qtbot.waitUntil(lambda: bool(window.message_bar.text.text()), timeout=PATIENCE)
    told = window.message_bar.text.text()
    assert told == "line 12 of it's \"mine\".py: found NameError: name 'one' is not defined."
    assert "in validation_loss" in window.message_bar.text.toolTip()
    assert window.setup.origin.own.problem.file is None


def test_an_experiment_that_names_a_file_opens_without_running_it(
    window: MainWindow, qtbot: QtBot, file: Path
) -> None:
    path = file.parent / "mine.toml"
    path.write_text(f"name = 'mine'\n[problem]\nfile = '''{file.name}'''\n")
    window.setup.open_experiment(path)
    assert not ran(file)
    assert window.setup.is_ready, window.setup.problems
    window.control.run()
    click(qtbot, question(qtbot).leave)
    assert not ran(file)
    assert window.runner.state == "idle"


def test_an_experiment_saved_with_its_file_comes_back_and_asks_before_it_runs(
    window: MainWindow, qtbot: QtBot, file: Path
) -> None:
    opened(window, qtbot, file)
    path = file.parent / "mine.toml"
    save_experiment(window.setup.experiment(), path)
    assert load_experiment(path) == window.setup.experiment()
    consents_file().unlink()
    (file.parent / "ran").unlink()
    trusted._GRANTED.clear()
    window.setup.open_experiment(path)
    window.show_comparison()
    window.comparing.start()
    click(qtbot, question(qtbot).leave)
    window.control.run()
    click(qtbot, question(qtbot).leave)
    assert not ran(file)


def test_stop_ends_a_loss_that_hangs_and_the_window_goes_on(
    window: MainWindow, qtbot: QtBot, file: Path
) -> None:
    loop = "def training_loss(w, theta, t):\n    while t > 3: pass\n"
    file.write_text(
        BOWL.replace("def training_loss(w, theta, t):\n", loop)
        + 'settings["problem.checked"] = False\n'
    )
    opened(window, qtbot, file)
    window.control.run()
    qtbot.waitUntil(lambda: window.record is not None, timeout=PATIENCE)
    window.control.stop()
    qtbot.waitUntil(lambda: window.runner.state == "idle", timeout=PATIENCE)


def test_data_without_a_file_say_what_is_missing(window: MainWindow, qtbot: QtBot) -> None:
    from driving import choose_field

    window.show_run()
    choose_field(qtbot, window, "data.source", "own problem")
    assert not window.setup.is_ready
    assert "New problem…" in window.setup.data.source.problem
    choose_field(qtbot, window, "data.source", "iris")
    assert window.setup.is_ready


def test_a_new_problem_is_written_opened_in_the_editor_and_runs_as_it_is(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited = []
    monkeypatch.setattr("app.own.control.QDesktopServices.openUrl", edited.append)
    window.actions_["new_problem"].trigger()
    [dialog] = [one for one in QApplication.topLevelWidgets() if isinstance(one, NewProblemDialog)]
    assert dialog.files.count() == 3
    assert dialog.files.item(0).text().startswith("A template")
    dialog.reject()
    text = dialog._texts["a-template.py"]
    path = tmp_path / "mine.py"
    window.own.write(text, str(path))
    assert path.read_text() == text
    assert [one.toLocalFile() for one in edited] == [str(path)]
    qtbot.waitUntil(lambda: window.setup.origin.own.problem.file == str(path), timeout=PATIENCE)
    assert window.setup.field("hyperparameters.theta_2.free").value() is False
