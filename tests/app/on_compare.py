"""The page Compare, by its own ticks and buttons."""

from driving import click, go_round
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.comparison.methods_panel import MethodsPanel
from app.main_window import MainWindow

PATIENCE = 60_000


def tick(qtbot: QtBot, panel: MethodsPanel, *methods: str, studies: tuple[str, ...] = ()) -> None:
    """Tick these and no others, as a person would."""
    for name, row in panel.rows.items():
        if row.tick.isChecked() != (name in methods):
            qtbot.keyClick(row.tick, Qt.Key.Key_Space)
    for study, box in panel.studies.items():
        if box.isChecked() != (study in studies):
            qtbot.keyClick(box, Qt.Key.Key_Space)


def compare(qtbot: QtBot, window: MainWindow) -> None:
    """Press the button, and wait for the end."""
    click(qtbot, window.comparing.panel.button)
    qtbot.waitUntil(lambda: window.comparing.runner.state != "idle", timeout=PATIENCE)
    qtbot.waitUntil(lambda: window.comparing.runner.state == "idle", timeout=PATIENCE)
    go_round(qtbot)
