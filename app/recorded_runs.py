"""Which library the command line records in, and which run it goes on with."""

from pathlib import Path
from typing import TYPE_CHECKING

from app.data.listing import print_notes
from app.places import default_library
from app.recording import Recording
from engine.errors import InputError
from engine.library.library import Library, open_library
from engine.library.machine import what_differs

if TYPE_CHECKING:
    from engine.experiments.experiment import Experiment
    from engine.library.stored_run import StoredRun

_UNFINISHED = ("interrupted", "stopped", "failed")


def recording_for(
    experiment: "Experiment", library: Path | None, *, records: bool, resumes: bool
) -> Recording:
    """Where ``retrograde run`` records a run, and what it goes on with.

    Args:
        experiment: what is run.
        library: the file that was named.
        records: whether the run is recorded.
        resumes: whether it goes on with the latest run of the same that was interrupted, if there
            is one.

    Raises:
        InputError: these do not go together, or that run cannot be read.
    """
    if not records:
        if library or resumes:
            option = "--library" if library else "--resume"
            raise InputError(option, "expected none beside --no-record.")
        return Recording()
    where = library or default_library()
    if not resumes:
        return Recording(where)
    if where.exists():
        with open_library(where) as opened:
            found = next((run for run in opened if _is_one_of(run, experiment)), None)
            if found is not None:
                return going_on(found, opened)
    print_notes([f"{where} has no run of this that was interrupted; it begins."])
    return Recording(where)


def going_on(run: "StoredRun", library: Library) -> Recording:
    """What to go on with; says first where it goes on, and what may be otherwise here.

    Raises:
        InputError: the run is over, goes on elsewhere, or cannot be read.
    """
    if run.state not in _UNFINISHED:
        raise InputError(
            str(library.path),
            f"expected a run that has ended before its time, {run.name} "
            f"({run.id[:8]}) is {run.state}.",
        )
    record = run.record
    differs = what_differs({**run.versions, **run.machine})
    where = f"{run.name} ({run.id[:8]}) goes on at {run.done:,} of {run.planned:,}."
    print_notes([where, differs] if differs else [where])
    return Recording(library.path, run, record)


def _is_one_of(run: "StoredRun", experiment: "Experiment") -> bool:
    """Whether a run is of this experiment, and not over."""
    from engine.experiments.files import to_toml

    return run.state in _UNFINISHED and run.experiment_toml == to_toml(experiment)
