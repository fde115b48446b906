"""The science of Retrograde: hypergradients by exact reversal, without a window.

What a script uses is here, loaded when it is first asked for; the rest is reached by its module.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.errors import DivergedError, InputError
    from engine.events import MetaIterationDone, Preparing, RunFinished, RunStarted
    from engine.experiments import (
        Experiment,
        list_experiments,
        load_experiment,
        parse_experiment,
        save_experiment,
    )
    from engine.hypergradients import hypergradient
    from engine.meta import optimize
    from engine.records import RunRecord
    from engine.runs import write_numbers, write_run
    from engine.scripts import to_python
    from engine.tasks.fetching import fetch
    from engine.tasks.library import is_at_hand
    from engine.tasks.task import open_dataset

__all__ = [
    "DivergedError",
    "Experiment",
    "InputError",
    "MetaIterationDone",
    "Preparing",
    "RunFinished",
    "RunRecord",
    "RunStarted",
    "fetch",
    "hypergradient",
    "is_at_hand",
    "list_experiments",
    "load_experiment",
    "open_dataset",
    "optimize",
    "parse_experiment",
    "save_experiment",
    "to_python",
    "write_numbers",
    "write_run",
]

_HOMES = {
    "engine.errors": ("DivergedError", "InputError"),
    "engine.events": ("MetaIterationDone", "Preparing", "RunFinished", "RunStarted"),
    "engine.experiments": (
        "Experiment",
        "list_experiments",
        "load_experiment",
        "parse_experiment",
        "save_experiment",
    ),
    "engine.hypergradients": ("hypergradient",),
    "engine.meta": ("optimize",),
    "engine.records": ("RunRecord",),
    "engine.runs": ("write_numbers", "write_run"),
    "engine.scripts": ("to_python",),
    "engine.tasks.fetching": ("fetch",),
    "engine.tasks.library": ("is_at_hand",),
    "engine.tasks.task": ("open_dataset",),
}


def __getattr__(name: str) -> object:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
