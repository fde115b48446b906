"""A process that records a run, and says which meta-iterations are done, until it is killed."""

import sys

from recording_for_tests import long_run

from engine.library.library import Library
from engine.library.recording import recorded
from engine.runs.events import MetaIterationDone, NotRecorded
from engine.runs.run import optimize


def main(path: str, sort: str, most: str = "") -> None:
    """Record a run, or go on with the one that is there; files grow to so many bytes at most."""
    if most:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (int(most), int(most)))
    run = record = None
    with Library(path) as library:
        for run in library:
            record = run.record
    events = optimize(long_run(sort), threads=1, resume=record)
    for event in recorded(events, path, going_on=run):
        if isinstance(event, MetaIterationDone):
            print(event.index, flush=True)
        if isinstance(event, NotRecorded):
            print(event.sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
