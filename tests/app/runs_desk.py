"""The list of runs with what is ticked in it, without the rest of the window."""

from pathlib import Path
from typing import Any, cast

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.library.control import RunsControl
from app.library.overlay_page import OverlayPage
from app.library.runs_panel import RunsPanel
from app.library.shelf import Shelf
from app.message_bar import MessageBar
from app.runner import Runner
from app.theme import LIGHT
from engine.library.stored_run import StoredRun


class Desk(QWidget):
    """Shows a library.

    Args:
        path: its file.
    """

    def __init__(self, path: Path | None) -> None:
        super().__init__()
        self.shelf = Shelf(path, self)
        self.bar = MessageBar()
        self.panel = RunsPanel(self.shelf)
        self.page = OverlayPage(self.panel.table, self.shelf, LIGHT)
        nobody = cast(Any, None)  # opens a run, or takes a set-up
        self.control = RunsControl(
            self.panel, self.shelf, Runner(self), nobody, nobody, self.bar, self
        )
        self.panel.setFixedWidth(320)
        beside = QHBoxLayout()
        beside.addWidget(self.panel)
        beside.addWidget(self.page, 1)
        whole = QVBoxLayout(self)
        whole.addWidget(self.bar)
        whole.addLayout(beside, 1)
        whole.addWidget(self.page.lanes)
        self.resize(1280, 720)

    def let_go(self) -> None:
        """Leave nothing behind."""
        self.close()
        self.shelf.shut_down()

    def tick(self, *names: str) -> None:
        """Tick runs in this order."""
        by_name = {run.name: run.id for run in self.panel.table.runs}
        for name in names:
            self.panel.table.tick(by_name[name], on=True)


def stored(number: int) -> StoredRun:
    """A run in the list of a library that is not there."""
    loss = None if number == 17 else 1.0 + (number * 7919 % 1000)
    return StoredRun(
        id=f"{number:016x}",
        name=f"run {number}",
        note="",
        starred=False,
        created=f"2026-05-17T12:{number // 60:02}:{number % 60:02}+00:00",
        experiment_name="tiny",
        data="iris",
        method="exact-reversal",
        strategy="adam",
        seed=0,
        planned=9,
        done=3,
        best_validation_loss=loss,
        seconds=1.0,
        state="running",
        message="",
        versions={},
        machine={},
        experiment_toml="",
        library=None,  # type: ignore[arg-type]
    )
