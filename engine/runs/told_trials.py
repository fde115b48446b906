"""What there is of a search that goes on: which trial was the best, and where trials ended."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from engine.runs.events import MetaIterationDone, ResumePoint
from engine.runs.resuming import Sparingly, kept
from engine.runs.tried import Trial
from engine.runs.warm_starts import WarmStarts
from engine.search.trials import Search

_NOWHERE: Final = np.zeros(0)
"""The proposal of a trial that nothing starts from."""


class Standing:
    """How a search stands.

    Attributes:
        best: its objective, and the trial; None before the first that came to anything.
        most_accurate: the best accuracy on the validation part, if trials have one.
    """

    def __init__(self) -> None:
        self.best: tuple[float, Trial] | None = None
        self.most_accurate: float | None = None

    def weigh(self, done: MetaIterationDone, trial: Trial | None = None) -> None:
        """Take note of a trial that is over."""
        if not np.isfinite(done.objective):
            return
        accuracy = done.measures.get("validation_accuracy")
        if accuracy is not None and done.prediction is None:
            self.most_accurate = max(accuracy, self.most_accurate or 0.0)
        if self.best is None or done.objective < self.best[0]:
            told = trial or Trial(done.index, done.hyperparameters, _NOWHERE, None)
            self.best = done.objective, told

    def to_beat(self, judged_by: str) -> float | None:
        """What the next trials are held against; None: nothing."""
        if judged_by == "accuracy":
            return self.most_accurate
        return self.best[0] if self.best else None


class Points:
    """What a search goes on from, now and then.

    Where trials start warm, all minima that are known belong to it; so it is told seldom, and
    trials after it are done once more.

    Args:
        search: whose.
        starts: where trials start.
        standing: of the search.
    """

    def __init__(self, search: Search, starts: WarmStarts, standing: Standing) -> None:
        self._search, self._starts, self._standing = search, starts, standing
        self._sparingly = Sparingly()

    def before(self, number: int) -> ResumePoint | None:
        """What the search goes on from before a trial, if that is to be told."""
        state: dict[str, Any] = {"strategy": kept(self._search.state)}
        if self._starts.wanted:
            if not self._sparingly.is_due():
                return None
            best = self._standing.best
            state["best_warm"] = kept(best[1].warm) if best else None
            state["warm"] = kept(self._starts.state)
        return ResumePoint(number, state)

    def go_on(self, state: Mapping[str, Any] | None, done: Sequence[MetaIterationDone]) -> None:
        """Stand as after the trials before the point, from what was told then.

        Args:
            state: of the point; None: the search begins.
            done: the trials before the point.
        """
        for one in done:
            self._standing.weigh(one)
        if state is None:
            return
        self._search.state = dict(state["strategy"])
        if self._starts.wanted:
            self._starts.state = state["warm"]
            if best := self._standing.best:
                objective, trial = best
                self._standing.best = objective, trial._replace(warm=state["best_warm"])
