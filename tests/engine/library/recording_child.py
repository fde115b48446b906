"""A process that records a run, and says which meta-iterations are done, until it is killed."""

import sys

from experiments_for_tests import tiny

from engine.library.library import Library
from engine.library.recording import recorded
from engine.runs.events import MetaIterationDone
from engine.runs.run import optimize


def long_run(strategy: str, method: str, iterations: str) -> object:
    """What is run."""
    return tiny({"meta.iterations": iterations, "meta.optimizer": strategy, "method": method})


def main(path: str, strategy: str, method: str, iterations: str) -> None:
    """Record a run, or go on with the one that is there."""
    experiment = long_run(strategy, method, iterations)
    run = record = None
    with Library(path) as library:
        for run in library:
            record = run.record
    events = optimize(experiment, threads=1, resume=record)
    for event in recorded(events, path, going_on=run):
        if isinstance(event, MetaIterationDone):
            print(event.index, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
