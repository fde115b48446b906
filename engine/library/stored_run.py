"""A run in a library."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.experiments.experiment import Experiment
    from engine.runs.records import RunRecord

State: TypeAlias = Literal[
    "running", "completed", "diverged", "stopped", "interrupted", "failed", "damaged"
]
"""What became of a run: its process was killed while it was "interrupted", and ended by an error
that nobody foresaw if it "failed"; nothing else is known of one whose row is "damaged"."""


class Keeper(Protocol):
    """What a run asks of the library that keeps it; see `engine.library.library.Library`."""

    def read(self, run: str) -> RunRecord:
        """The record of a run, by its id."""

    def log(self, run: str) -> list[tuple[str, str]]:
        """What was said of a run, by its id, each with its time."""

    def change(self, run: str, **columns: str | bool) -> None:
        """Change the name, the note or the star of a run, by its id."""

    def delete(self, run: str) -> None:
        """Take a run out of the list, by its id."""

    def undelete(self, run: str) -> None:
        """Bring a run back that was deleted, by its id."""


@dataclass(frozen=True)
class StoredRun:
    """What a library lists of a run; the rest is read when it is asked for.

    Attributes:
        id: 16 hexadecimal digits.
        name: what people call it.
        note: what they wrote about it.
        starred: whether they marked it.
        created: when it began, as in 2026-05-17T12:30:00+00:00.
        experiment_name: of the experiment.
        data: the data set, or the name of its file.
        method, strategy: their names in the catalogues.
        seed: of the run.
        planned: how many meta-iterations there were to be.
        done: how many are done.
        best_validation_loss: the lowest after a meta-iteration's training; None if there is none.
        seconds: that its meta-iterations took.
        state: what became of it.
        message: how it ended, in a sentence.
        versions: of what it ran with, by name.
        machine: what it ran on: processor, system, BLAS, threads.
        experiment_toml: the experiment as it started.
        library: that keeps it.
    """

    id: str
    name: str
    note: str
    starred: bool
    created: str
    experiment_name: str
    data: str
    method: str
    strategy: str
    seed: int
    planned: int
    done: int
    best_validation_loss: float | None
    seconds: float
    state: State
    message: str
    versions: Mapping[str, str]
    machine: Mapping[str, str]
    experiment_toml: str = field(repr=False)
    library: Keeper = field(repr=False, compare=False)

    @property
    def record(self) -> RunRecord:
        """The run as it stood last, the same to the bit as what was recorded.

        It is read each time, so that one that goes on has what is done by now.

        Raises:
            InputError: it is damaged, or not there any more.
        """
        return self.library.read(self.id)

    @property
    def experiment(self) -> Experiment:
        """The experiment as it started."""
        return self.record.started_from

    @property
    def log(self) -> list[tuple[str, str]]:
        """What was said of it, each with its time."""
        return self.library.log(self.id)

    def rename(self, name: str) -> None:
        """Call it otherwise."""
        self.library.change(self.id, name=name)

    def star(self, starred: bool = True) -> None:
        """Mark it, or no longer."""
        self.library.change(self.id, starred=starred)

    def write_note(self, note: str) -> None:
        """Put something in the place of its note."""
        self.library.change(self.id, note=note)

    def delete(self) -> None:
        """Take it out of the list; gone when the library is closed."""
        self.library.delete(self.id)

    def undelete(self) -> None:
        """Bring it back, before the library is closed."""
        self.library.undelete(self.id)
