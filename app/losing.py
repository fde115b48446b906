"""A question before a run is lost that is not recorded, and that nobody has exported."""

from typing import Final

from PySide6.QtWidgets import QCheckBox, QMessageBox, QWidget

from app.plain_text import PlainQuestion, without_key
from app.runner import State
from engine.experiments.strategies import STRATEGIES
from engine.runs.records import RunRecord

_STATES: Final = {"running": "is going on", "paused": "is paused"}


class LosingQuestion(PlainQuestion):
    """Names the run that would be lost, and asks whether it may be.

    Args:
        record: the run.
        state: "running", "paused" or, once it is over, "idle".
        action: what would lose it, as a button says it: "Start the new run".
        parent: the window.

    Attributes:
        lose, keep, export: the buttons; the last opens what exports the run.
        never_again: ticked by who does not want to be asked any more.
    """

    def __init__(self, record: RunRecord, state: State, action: str, parent: QWidget) -> None:
        experiment = record.experiment
        done, total = len(record.meta_iterations), record.planned
        strategy = STRATEGIES[experiment.meta.optimizer]
        told = _STATES.get(state, "has not been exported")
        amount = f"Its {strategy.amount(done, None if done == total else total)}"
        if told == _STATES["running"]:  # a number would be wrong as soon as it is read
            amount = f"What it has done of its {strategy.amount(total)}"
        text = f"The run of “{experiment.title or experiment.name}” {told}."
        super().__init__(text, f"{amount} and the plots would be lost.", parent)
        self.lose = self.addButton(without_key(action), QMessageBox.ButtonRole.DestructiveRole)
        self.export = self.addButton("Export…", QMessageBox.ButtonRole.ActionRole)
        self.keep = self.addButton("Keep the run", QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self.keep)
        self.setEscapeButton(self.keep)
        self.never_again = QCheckBox("Do not ask again")
        self.setCheckBox(self.never_again)
