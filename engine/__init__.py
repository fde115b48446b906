"""The science of Retrograde: hypergradients by exact reversal, without a window.

What a script uses is here, loaded when it is first asked for; the rest is reached by its module.
"""

from typing import TYPE_CHECKING

from engine.when_asked import loaded_when_asked

if TYPE_CHECKING:
    from engine.data.fetching import fetch
    from engine.data.published import is_at_hand
    from engine.errors import DivergedError, InputError
    from engine.experiments.changes import Change
    from engine.experiments.experiment import Experiment
    from engine.experiments.files import (
        list_experiments,
        load_experiment,
        parse_experiment,
        save_experiment,
    )
    from engine.forecasting.forecast import Forecast, forecast
    from engine.hypergradients.hypergradient import hypergradient
    from engine.library.library import Library, open_library
    from engine.library.recording import recorded
    from engine.library.stored_run import StoredRun
    from engine.output.comparisons import write_comparison
    from engine.output.files import write_numbers, write_run
    from engine.output.hyperparameters import write_hyperparameters
    from engine.output.imported import with_hyperparameters
    from engine.output.reading import read_numbers
    from engine.output.reports.writing import write_report
    from engine.output.scripts import to_python
    from engine.output.strategies import write_strategies
    from engine.own.trusted import trust
    from engine.runs.changes import Changes
    from engine.runs.compare import compare
    from engine.runs.compare_strategies import compare_strategies
    from engine.runs.comparison import ComparisonRecord, ComparisonStarted, PointMeasured
    from engine.runs.events import (
        MetaIterationDone,
        NotRecorded,
        Preparing,
        ResumePoint,
        RunFinished,
        RunStarted,
        SettingsChanged,
    )
    from engine.runs.records import RunRecord
    from engine.runs.run import optimize
    from engine.runs.strategies_compared import StrategiesRecord, StrategiesStarted
    from engine.tasks.fitting import open_dataset

__all__ = [
    "Change",
    "Changes",
    "ComparisonRecord",
    "ComparisonStarted",
    "DivergedError",
    "Experiment",
    "Forecast",
    "InputError",
    "Library",
    "MetaIterationDone",
    "NotRecorded",
    "PointMeasured",
    "Preparing",
    "ResumePoint",
    "RunFinished",
    "RunRecord",
    "RunStarted",
    "SettingsChanged",
    "StoredRun",
    "StrategiesRecord",
    "StrategiesStarted",
    "compare",
    "compare_strategies",
    "fetch",
    "forecast",
    "hypergradient",
    "is_at_hand",
    "list_experiments",
    "load_experiment",
    "open_dataset",
    "open_library",
    "optimize",
    "parse_experiment",
    "read_numbers",
    "recorded",
    "save_experiment",
    "to_python",
    "trust",
    "with_hyperparameters",
    "write_comparison",
    "write_hyperparameters",
    "write_numbers",
    "write_report",
    "write_run",
    "write_strategies",
]

_HOMES = {
    "engine.errors": ("DivergedError", "InputError"),
    "engine.own.trusted": ("trust",),
    "engine.runs.changes": ("Changes",),
    "engine.runs.events": (
        "MetaIterationDone",
        "NotRecorded",
        "Preparing",
        "ResumePoint",
        "RunFinished",
        "RunStarted",
        "SettingsChanged",
    ),
    "engine.experiments.changes": ("Change",),
    "engine.experiments.experiment": ("Experiment",),
    "engine.experiments.files": (
        "list_experiments",
        "load_experiment",
        "parse_experiment",
        "save_experiment",
    ),
    "engine.forecasting.forecast": ("Forecast", "forecast"),
    "engine.hypergradients.hypergradient": ("hypergradient",),
    "engine.runs.run": ("optimize",),
    "engine.runs.records": ("RunRecord",),
    "engine.runs.compare": ("compare",),
    "engine.runs.compare_strategies": ("compare_strategies",),
    "engine.runs.strategies_compared": ("StrategiesRecord", "StrategiesStarted"),
    "engine.runs.comparison": ("ComparisonRecord", "ComparisonStarted", "PointMeasured"),
    "engine.library.library": ("Library", "open_library"),
    "engine.library.recording": ("recorded",),
    "engine.library.stored_run": ("StoredRun",),
    "engine.output.comparisons": ("write_comparison",),
    "engine.output.strategies": ("write_strategies",),
    "engine.output.files": ("write_numbers", "write_run"),
    "engine.output.hyperparameters": ("write_hyperparameters",),
    "engine.output.imported": ("with_hyperparameters",),
    "engine.output.reading": ("read_numbers",),
    "engine.output.reports.writing": ("write_report",),
    "engine.output.scripts": ("to_python",),
    "engine.data.fetching": ("fetch",),
    "engine.data.published": ("is_at_hand",),
    "engine.tasks.fitting": ("open_dataset",),
}

__getattr__ = loaded_when_asked(__name__, _HOMES)
