"""Decisions replayed in the window, by its own fields and buttons, and by the command."""

import json
from pathlib import Path

import numpy as np
import pytest
from commands import Captured
from driving import click, go_round
from on_compare import PATIENCE
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.command_line import main
from app.comparison.decisions_panel import DecisionsPanel
from app.main_window import MainWindow
from engine.runs.decisions import CurveProgress, DecisionsRecord
from engine.runs.events import Preparing


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Three curves of twelve epochs: the first is good, the second hopeless, the third better."""
    t = np.arange(1, 13)
    curves = [end * (1 - np.exp(-t / 2)) for end in (0.9, 0.3, 0.95)]
    rows = [",".join(f"{value:.4f}" for value in row) for row in np.transpose(curves)]
    path = tmp_path / "three.csv"
    path.write_text("good,hopeless,better\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def stopping(comparing: MainWindow, qtbot: QtBot) -> MainWindow:
    """Turned to Stopping."""
    click(qtbot, comparing.comparing.left.buttons["decisions"])
    return comparing


def drop(panel: DecisionsPanel, path: Path) -> bool:
    """Drag a file over the panel and let go; returns whether it would be taken."""
    dragged = QMimeData()
    dragged.setUrls([QUrl.fromLocalFile(str(path))])
    where, action = QPointF(50, 50), Qt.DropAction.CopyAction
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where.toPoint(), action, dragged, button, keys)
    enter.ignore()
    QApplication.sendEvent(panel, enter)
    if enter.isAccepted():
        QApplication.sendEvent(panel, QDropEvent(where, action, dragged, button, keys))
    return enter.isAccepted()


def replay(qtbot: QtBot, window: MainWindow) -> DecisionsRecord:
    control = window.comparing
    click(qtbot, control.decisions.button)
    qtbot.waitUntil(lambda: control.runner.state != "idle", timeout=PATIENCE)
    qtbot.waitUntil(lambda: control.runner.state == "idle", timeout=PATIENCE)
    go_round(qtbot)
    assert isinstance(control.record, DecisionsRecord)
    return control.record


def test_a_file_that_is_dropped_is_replayed_and_another_rule_acts_at_once(
    stopping: MainWindow, qtbot: QtBot, file: Path
) -> None:
    control = stopping.comparing
    panel, page = control.decisions, control.page
    assert drop(panel, file)
    assert panel.about.text() == "3 curves of 12 points."
    assert panel.curves.currentText() == "three.csv"
    panel.every.setValue(4)
    panel.least.setValue(3)
    panel.patience.setValue(1)
    record = replay(qtbot, stopping)
    assert record.is_over
    assert [one.stopped_at for one in record.decisions] == [None, 4, None]
    said = "22 % of 36 epochs saved; 0 of 1 winner stopped."
    qtbot.waitUntil(lambda: page.headline.text() == said)
    assert control.progress.status.text() == "Replayed 3 curves."
    assert control.progress.phases.words == ()  # nothing is forecast any more
    assert "better than all before it that were not stopped" in page.headline.toolTip()
    assert [page.table.item(1, column).text() for column in (0, 1, 4, 5)] == [
        "hopeless",
        "4",
        "right",
        "67 %",
    ]
    assert [place.box.itemText(0) for place in page.places] == [
        "Curves and where they were stopped",
        "What a threshold saves",
        "Truths within the bands",
    ]
    panel.patience.setValue(2)
    later = "11 % of 36 epochs saved; 0 of 1 winner stopped."
    qtbot.waitUntil(lambda: page.headline.text() == later)
    assert control.runner.state == "idle"
    assert control.progress.status.text() == "Replayed 3 curves."
    panel.every.setValue(5)
    assert control.progress.status.text().startswith("Of “three.csv”, as it was: press Replay")
    assert page.headline.text() == later


def test_what_is_wrong_is_said_above_the_button(
    stopping: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    panel = stopping.comparing.decisions
    assert panel.button.isEnabled()
    panel.threshold.selectAll()
    qtbot.keyClicks(panel.threshold, "2")
    said = "Threshold: expected a number between 0 and 1, found 2."
    assert panel.complaint.text().startswith(said[:-1])
    assert not panel.button.isEnabled()
    panel.threshold.selectAll()
    qtbot.keyClicks(panel.threshold, "5 %")
    assert panel.asked().rule.threshold == 0.05
    assert panel.button.isEnabled()
    assert panel.threshold.property("wrong") == "false"
    panel.threshold.selectAll()
    qtbot.keyClicks(panel.threshold, "1.5x")
    assert panel.threshold.property("wrong") == "true"
    panel.threshold.selectAll()
    qtbot.keyClicks(panel.threshold, "0.05")
    panel.patience.selectAll()
    qtbot.keyClicks(panel.patience, "0\t")
    assert panel.complaint.text() == "Patience: expected a whole number from 1 to 100, found 0."
    assert panel.patience.property("wrong") == "true"
    assert panel.threshold.property("wrong") == "false"
    assert not panel.button.isEnabled()


def test_a_file_that_cannot_be_read_leaves_what_was_chosen(
    stopping: MainWindow, qtbot: QtBot, file: Path, tmp_path: Path
) -> None:
    panel = stopping.comparing.decisions
    panel.open_file(str(file))
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,x\n", encoding="utf-8")
    panel.open_file(str(bad))
    assert panel.refusal.text() == "bad.csv, line 2: expected a number, found 'x'."
    assert panel.refusal.isVisible()
    assert panel.curves.currentText() == "three.csv"
    assert panel.chosen_curves.count == 3
    assert panel.button.isEnabled()
    panel.open_file(str(file))
    assert not panel.refusal.isVisible()


def test_curves_that_turn_out_to_be_no_accuracies_leave_the_page_marked(
    stopping: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    control = stopping.comparing
    panel = control.decisions
    path = tmp_path / "losses.csv"
    path.write_text("a,b\n" + "\n".join(f"{9 / n},{8 / n}" for n in range(1, 9)), encoding="utf-8")
    panel.open_file(str(path))
    panel.every.setValue(6)
    replay(qtbot, stopping)
    panel.quantity.setFocus()
    qtbot.keyClick(panel.quantity, Qt.Key.Key_Up)
    assert "expected accuracies between 0 and 1" in panel.complaint.text()
    assert control.progress.status.text().startswith("Of “losses.csv”, as it was")


@pytest.mark.usefixtures("drawn_once")
def test_what_was_left_out_is_said_once(
    stopping: MainWindow, qtbot: QtBot, file: Path, capsys: Captured, tmp_path: Path
) -> None:
    text = file.read_text(encoding="utf-8").splitlines()
    text = [
        f"{line},{'short' if n == 0 else '0.5' if n < 5 else ''}" for n, line in enumerate(text)
    ]
    file.write_text("\n".join(text), encoding="utf-8")
    said = "Without 1 curve that ends before the others do."
    control = stopping.comparing
    control.decisions.open_file(str(file))
    control.decisions.every.setValue(6)
    replay(qtbot, stopping)
    qtbot.waitUntil(lambda: bool(control.page.headline.text()))
    assert control.decisions.about.text().endswith(said)
    assert said not in control.page.headline.text()
    assert (
        main(["forecast", str(file), "--replay", "--every", "6", "--out", str(tmp_path / "o")]) == 0
    )
    assert capsys.readouterr().out.count(said) == 1
    kept = json.loads((tmp_path / "o" / "comparison.json").read_text(encoding="utf-8"))
    assert kept["sentence"].endswith(said)


def test_curves_that_ship_are_accuracies_or_losses(stopping: MainWindow, qtbot: QtBot) -> None:
    panel = stopping.comparing.decisions
    assert panel.chosen_curves.title == "Digits"
    assert panel.about.text() == "40 curves of 100 points."
    panel.quantity.setFocus()
    qtbot.keyClick(panel.quantity, Qt.Key.Key_Down)
    assert panel.chosen_curves.quantity == "loss"
    assert panel.about.text() == "14 curves of 100 points."
    assert panel.every.value() == 10


def test_curves_of_a_finished_run_are_offered(comparing: MainWindow, qtbot: QtBot) -> None:
    comparing.setup.change("meta.iterations", 3)
    comparing.show_run()
    comparing.control.run()
    qtbot.waitUntil(lambda: comparing.runner.state != "idle", timeout=PATIENCE)
    qtbot.waitUntil(lambda: comparing.runner.state == "idle", timeout=PATIENCE)
    comparing.show_comparison()
    click(qtbot, comparing.comparing.left.buttons["decisions"])
    panel = comparing.comparing.decisions
    panel.curves.setCurrentIndex(panel.curves.findData("run"))
    curves = panel.chosen_curves
    assert (curves.count, curves.points, curves.quantity) == (3, 12, "loss")
    assert curves.along == "training iteration"
    assert comparing.view.record is not None
    done = comparing.view.record.meta_iterations
    np.testing.assert_array_equal(curves.values, [one.learning_curve for one in done])
    assert not panel.quantity.isEnabled()
    panel.curves.setCurrentIndex(panel.curves.findData("digits"))  # whose quantity is its own
    assert panel.chosen_curves.quantity == panel.quantity.currentData() == "accuracy"
    assert panel.about.text() == "40 curves of 100 points."


def test_points_that_stand_for_several_iterations_are_told(
    comparing: MainWindow, qtbot: QtBot
) -> None:
    comparing.setup.change("meta.iterations", 2)
    comparing.setup.change("training.iterations", 150)
    comparing.show_run()
    comparing.control.run()
    qtbot.waitUntil(lambda: comparing.runner.state != "idle", timeout=PATIENCE)
    qtbot.waitUntil(lambda: comparing.runner.state == "idle", timeout=PATIENCE)
    comparing.show_comparison()
    click(qtbot, comparing.comparing.left.buttons["decisions"])
    panel = comparing.comparing.decisions
    panel.curves.setCurrentIndex(panel.curves.findData("run"))
    assert panel.about.text() == "2 curves of 75 points, one every 2 training iterations."


def test_what_is_loaded_is_said_only_until_something_else_happens(
    stopping: MainWindow, qtbot: QtBot
) -> None:
    control = stopping.comparing
    click(qtbot, control.decisions.button)
    qtbot.waitUntil(lambda: isinstance(control.record, DecisionsRecord), timeout=PATIENCE)
    said = control.progress.status
    qtbot.waitUntil(lambda: said.text().startswith("Forecasting network"), timeout=PATIENCE)
    before = said.text()
    control.runner.happened.emit(Preparing("Loading: forecasts"))
    assert said.text() == "Loading: forecasts …"
    control.runner.happened.emit(CurveProgress(0, 10))
    assert said.text() == before
    click(qtbot, control.decisions.stop_button)
    qtbot.waitUntil(lambda: control.runner.state == "idle", timeout=PATIENCE)
    go_round(qtbot)
    assert said.text().startswith("Stopped after")


def test_a_replay_can_be_paused_and_stopped(stopping: MainWindow, qtbot: QtBot) -> None:
    control = stopping.comparing
    panel = control.decisions
    click(qtbot, panel.button)
    qtbot.waitUntil(lambda: isinstance(control.record, DecisionsRecord), timeout=PATIENCE)
    assert not panel.threshold.isEnabled()
    click(qtbot, panel.button)
    qtbot.waitUntil(lambda: control.runner.state == "paused", timeout=PATIENCE)
    assert panel.button.text() == "Resume"
    click(qtbot, panel.stop_button)
    qtbot.waitUntil(lambda: control.runner.state == "idle", timeout=PATIENCE)
    go_round(qtbot)
    assert isinstance(control.record, DecisionsRecord)
    assert control.progress.status.text() == f"Stopped after {control.record.done} of 40."


@pytest.mark.usefixtures("drawn_once")
def test_the_command_replays_a_file(file: Path, tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "out"
    words = ["--replay", "--every", "4", "--least", "3", "--patience", "1", "--out", str(out)]
    assert main(["forecast", str(file), *words]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[-2:] == ["22 % of 36 epochs saved; 0 of 1 winner stopped.", f"18 files in {out}"]
    kept = json.loads((out / "comparison.json").read_text(encoding="utf-8"))
    assert kept["saved"] == pytest.approx(8 / 36)
    assert [one["stopped_at"] for one in kept["decisions"]] == [None, 4.0, None]
    assert kept["calibration"]["known"] == [4.0, 8.0]
    rows = (out / "comparison.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0].startswith("curve,stopped_at,predicted,low,high,truth,best,probability,right")
    assert rows[2].startswith("hopeless,4.0,")
    assert {"curves.svg", "threshold.pdf", "calibration.png", "ends.csv"} <= {
        path.name for path in out.iterdir()
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["digits", "--replay", "--threshold", "2"], "--threshold: expected a number between 0"),
        (["digits", "--replay", "--best", "0.5"], "--best: expected none with --replay"),
        (["digits", "--replay", "--quantity", "x"], "--quantity: expected accuracy or loss"),
        (["nothing.csv", "--replay"], "nothing.csv"),
        (["digits"], "Missing option '--horizon'"),
    ],
)
def test_what_cannot_be_replayed_is_refused(words: list[str], said: str, capsys: Captured) -> None:
    assert main(["forecast", *words]) == 2
    assert said in capsys.readouterr().err
