"""What the run's thread does to have its run recorded."""

import secrets
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from engine.runs.changes import Changes
from engine.runs.events import Event

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from engine.experiments.experiment import Experiment
    from engine.library.stored_run import StoredRun
    from engine.runs.records import RunRecord


@dataclass(frozen=True)
class Recording:
    """Where a run is recorded, and what it goes on with, if it does.

    Attributes:
        library: the file; None: it is not recorded.
        going_on: the run there that it goes on with.
        record: of that run, as far as it came.
        id: of the run in the library.
    """

    library: Path | None = None
    going_on: "StoredRun | None" = None
    record: "RunRecord | None" = None
    id: str = field(default_factory=lambda: secrets.token_hex(8))

    def __post_init__(self) -> None:
        if self.going_on is not None:
            object.__setattr__(self, "id", self.going_on.id)

    def changes(self, experiment: "Experiment") -> Changes:
        """Those of a run of this experiment; what was changed in it before is changed again."""
        return Changes(experiment, self.record.changes if self.record else ())

    def events(
        self,
        experiment: "Experiment",
        cores: int,
        executor: "Executor | None",
        changes: Changes,
    ) -> Generator[Event, None, None]:
        """Run an experiment, from the beginning or from where it was, and record it."""
        from engine.runs.own_runs import optimize_safely  # with all that training needs

        events = optimize_safely(experiment, cores, executor, changes, self.record)
        if self.library is None:
            return events
        from engine.library.recording import recorded

        return recorded(events, self.library, going_on=self.going_on, run=self.id)
