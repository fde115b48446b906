"""What people should know of a run and cannot see at once, a sentence each."""

from collections.abc import Iterator

from engine.experiments.strategies import STRATEGIES
from engine.runs.records import RunRecord


def remarks(record: RunRecord) -> Iterator[str]:
    """Sentences about a run as it stands."""
    for done in record.meta_iterations[-1:]:
        yield from done.remarks
    if (since := _zero_since(record)) is not None:
        yield (
            f"The hypergradient has been zero since meta-iteration {since}: a change of what is "
            f"free no longer changes the {record.experiment.meta.objective} loss, and nothing is "
            "left to learn."
        )


def _zero_since(record: RunRecord) -> int | None:
    """The first of the last meta-iterations, two or more, whose hypergradients are exactly zero."""
    if STRATEGIES[record.experiment.meta.optimizer].shows != "descent":
        return None
    count = 0
    for done in reversed(record.meta_iterations):
        if done.hypergradient_norm != 0:
            break
        count += 1
    return record.meta_iterations[-count].index if count > 1 else None
