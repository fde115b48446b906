"""The science of Retrograde: hypergradients by exact reversal, without a window.

What a script uses is here, loaded when it is first asked for; the rest is reached by its module.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.errors import DivergedError, InputError
    from engine.experiments import Experiment, list_experiments, load_experiment, save_experiment
    from engine.hypergradients import hypergradient
    from engine.meta import optimize
    from engine.records import RunRecord
    from engine.runs import write_run

__all__ = [
    "DivergedError",
    "Experiment",
    "InputError",
    "RunRecord",
    "hypergradient",
    "list_experiments",
    "load_experiment",
    "optimize",
    "save_experiment",
    "write_run",
]

_HOMES = {
    "engine.errors": ("DivergedError", "InputError"),
    "engine.experiments": ("Experiment", "list_experiments", "load_experiment", "save_experiment"),
    "engine.hypergradients": ("hypergradient",),
    "engine.meta": ("optimize",),
    "engine.records": ("RunRecord",),
    "engine.runs": ("write_run",),
}


def __getattr__(name: str) -> object:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
