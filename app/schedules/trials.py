"""What training with the original schedule and with the edited one comes to, as far as is known."""

from collections.abc import Callable
from typing import Literal

import numpy as np

from app.schedules.schedule_edits import ScheduleEdits
from app.schedules.try_out_panel import TryOutPanel
from engine.arrays import Floats
from engine.runs.try_out import TryOut

_Which = Literal["original", "edited"]
_Result = tuple[TryOut | None, str]


class Trials:
    """Asks for results while a schedule is edited, and shows those of the schedule that is there.

    What is known of a schedule is shown again as soon as an edit is undone or done again.

    Args:
        edits: the schedule.
        panel: shows the results.
        ask: called with (T, G) or (T, 1) values; the answer to the latest call is to be passed to
            `note`.
    """

    def __init__(
        self, edits: ScheduleEdits, panel: TryOutPanel, ask: Callable[[Floats], None]
    ) -> None:
        self._edits, self._panel, self._ask_outside = edits, panel, ask
        self._asked: _Which | None = None
        self._asked_about: Floats = edits.original
        self._is_stale = False  # something changed since then
        self._known: dict[bytes, _Result] = {}
        self._edited: _Result = None, ""

    def begin(self) -> None:
        """Ask about the original."""
        self._ask("original")

    def follow_sketch(self) -> None:
        """The mouse is still held: ask once the previous answer has arrived."""
        if self._asked is None:
            self._ask("edited")
        else:
            self._is_stale = True

    def follow_edit(self) -> None:
        """An edit is complete, undone or done again: questions about older ones need no answer."""
        known = self._known.get(self._edits.values.tobytes())
        if self._asked == "original":
            self._is_stale = True
        elif known:
            self._asked = None
            self._show(known)
            self._panel.set_busy(False)
        elif not np.array_equal(self._edits.values, self._asked_about):
            self._ask("edited")

    def note(self, outcome: TryOut | None, problem: str) -> None:
        """Take an answer: a result, or why there is none."""
        which, self._asked = self._asked, None
        if which is None:
            return
        self._known[self._asked_about.tobytes()] = outcome, problem
        if which == "edited" or not self._edits.is_changed:
            self._edited = outcome, problem
        self._show(self._edited)
        self._panel.set_busy(False)
        if self._is_stale:
            self._ask("edited")

    def _ask(self, which: _Which) -> None:
        self._asked, self._is_stale = which, False
        self._panel.set_busy(True)
        self._asked_about = self._edits.original if which == "original" else self._edits.values
        self._ask_outside(self._asked_about)

    def _show(self, edited: _Result) -> None:
        self._edited = edited
        original, problem = self._known.get(self._edits.original.tobytes(), (None, ""))
        self._panel.show_runs(original, edited[0], edited[1] or problem)
