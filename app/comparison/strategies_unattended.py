"""A comparison of strategies without a window: a progress bar, a table, and files."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from app.comparison.subjects import STRATEGIES
from app.comparison.unattended import take_down
from engine.experiments.experiment import Experiment
from engine.runs.own_runs import generate_safely


def compare_strategies_unattended(
    experiment: Experiment,
    folder: Path,
    strategies: Sequence[str] | None,
    seeds: int,
    budget: float | None,
    seconds: float | None,
    workers: int | None = None,
    scheduler: str = "",
    report: Path | None = None,
) -> int:
    """Compare strategies on an experiment, print the table, and write everything to a folder.

    Numbers are written as they arrive, figures at the end.

    Args:
        experiment: what to compare on.
        folder: for the files; no other run may be writing to it.
        strategies: names with settings; None: the usual ones.
        seeds: searches of each strategy.
        budget: training runs that a search may take; None: see
            `engine.runs.compare_strategies.compare_strategies`.
        seconds: that a search may take; None: any.
        workers: processes that search; see `app.places`.
        scheduler: of a Dask cluster that searches.
        report: the file of a report besides, which is not counted.

    Returns:
        How many files were written.

    Raises:
        InputError: the experiment, a strategy or the folder cannot be used; before any training.
        FailedRunError: no strategy found anything, or a worker died; what was found is kept.
    """
    compare = "engine.runs.compare_strategies:compare_strategies"
    begin = partial(generate_safely, compare, experiment, strategies, seeds, budget, seconds)
    return take_down(STRATEGIES, folder, begin, workers, scheduler, report)
