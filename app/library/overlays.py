"""Ticked runs, read and laid over each other off the window's thread."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from engine.library.library import Library
    from engine.library.stored_run import StoredRun
    from engine.output.differences import Row
    from engine.plots import Plot
    from engine.runs.records import RunRecord

_SPARING: Final = 10
"""Times what it took to read a run that goes on, before it is read again."""


class Asked(NamedTuple):
    """Which runs are to be laid over each other, and at which moment.

    Attributes:
        runs: by their numbers.
        after: how many meta-iterations count; None: all that there are.
    """

    runs: "Mapping[int, StoredRun]"
    after: int | None


@dataclass(frozen=True)
class Laid:
    """What came of it.

    Attributes:
        asked: what was asked for.
        plots: in the order of the catalogue.
        numbers, names: of the runs; the names begin with the numbers.
        results, differences: what came of them, and what is not the same in their settings.
        most: the meta-iterations of the longest.
        highlights: what the runs are about.
        unreadable: why some are left out, a sentence each.
    """

    asked: Asked
    plots: "list[Plot]"
    numbers: list[int]
    names: list[str]
    results: "list[Row]"
    differences: "list[Row]"
    most: int
    highlights: tuple[str, ...]
    unreadable: list[str]


@dataclass
class Overlays:
    """Makes them; what was read is kept as long as it is ticked, and has not gone on.

    All is done in the library's thread, one thing after another.
    """

    _known: "dict[str, tuple[RunRecord, tuple[int, str]]]" = field(default_factory=dict)
    _read: dict[str, tuple[float, float]] = field(default_factory=dict)  # when, and how long
    _told: "tuple[list[RunRecord], list[Row], list[Row]] | None" = None

    def lay(self, asked: Asked, library: "Library") -> Laid:
        """Lay runs over each other."""
        from engine.errors import InputError
        from engine.output.differences import in_few_words
        from engine.plots import Overlaid, overlays

        unreadable: list[str] = []
        records: dict[int, RunRecord] = {}
        for number, run in sorted(asked.runs.items()):
            try:
                records[number] = self._record(run, library)
            except InputError as error:
                unreadable.append(f"{number} {run.name}: {error.sentence}")
        kept = {run.id for run in asked.runs.values()}
        self._known = {run: known for run, known in self._known.items() if run in kept}
        results, differences = self._tell([*records.values()])
        names = [asked.runs[number].name for number in records]
        if len({*names}) < len(names):  # what people called them tells nothing
            short = in_few_words(differences, len(names))
            names = [one or name for one, name in zip(short, names, strict=True)]
        laid = [
            Overlaid(number, name, _at(record, asked.after))
            for name, (number, record) in zip(names, records.items(), strict=True)
        ]
        about = dict.fromkeys(
            key
            for record in records.values()
            for key in (*record.experiment.highlights, *sorted(record.free))
        )
        return Laid(
            asked,
            overlays(laid) if laid else [],
            [one.number for one in laid],
            [one.label for one in laid],
            results,
            differences,
            max((len(record.meta_iterations) for record in records.values()), default=0),
            tuple(about),
            unreadable,
        )

    def _tell(self, records: "list[RunRecord]") -> "tuple[list[Row], list[Row]]":
        """What came of runs, and what differs between their settings: the same at any moment."""
        from engine.output.differences import rows_of_results, what_differs

        if self._told is None or self._told[0] != records:
            differences = what_differs([record.started_from for record in records])
            self._told = records, rows_of_results(records), differences
        return self._told[1:]

    def _record(self, run: "StoredRun", library: "Library") -> "RunRecord":
        known = self._known.get(run.id)
        if known is None or ((run.done, run.state) != known[1] and self._is_time(run)):
            began = time.monotonic()
            record = library.read(run.id)
            self._read[run.id] = began, time.monotonic() - began
            known = self._known[run.id] = record, (run.done, run.state)
        return known[0]

    def _is_time(self, run: "StoredRun") -> bool:
        """Whether a run is to be read again: one that goes on only now and then."""
        when, took = self._read.get(run.id, (0.0, 0.0))
        return run.state != "running" or time.monotonic() - when > _SPARING * took


def _at(record: "RunRecord", after: int | None) -> "RunRecord":
    """A run as it stood in a meta-iteration, or in its last one if it has fewer."""
    done = len(record.meta_iterations)
    if after is None or after >= done:
        return record
    return record.at(record.last_moment(max(after, 0)))
