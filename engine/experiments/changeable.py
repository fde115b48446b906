"""Which fields of an experiment may change while its run goes on."""

from typing import Final

from engine.experiments.experiment import Experiment
from engine.experiments.stopping import STOPPED_BY_HAND
from engine.experiments.stopping_misfits import never_stops_in
from engine.experiments.strategies import STRATEGIES
from engine.hyperparameters.kinds import KINDS

_OF_META: Final = (
    "step",
    "momentum",
    "memory",
    "beta1",
    "beta2",
    "epsilon",
    "beta1_decay",
    "iterations",
    "seeds",
    "penalty",
)
IN_REAL_TIME: Final = (
    "Nothing of this run can change while it goes on: it is one training run, and is compared with "
    "others that were started alike. Edits count for the next run."
)
"""Why no field may change in real time, for the window."""

_ANYWHERE: Final = frozenset({"meta.iterations"})
"""Also in a sweep or an average, whose meta-iterations have to be alike, and where a strategy has
objectives to compare."""


_OF_STOPPING: Final = frozenset(
    {"stopping.when", "stopping.threshold", "stopping.patience", "stopping.least", STOPPED_BY_HAND}
)


def changeable(experiment: Experiment | None = None) -> frozenset[str]:
    """The dotted names of the fields that may change during a run.

    Args:
        experiment: what is run; None: the fields that may change in some run.
    """
    if experiment and experiment.is_one_run:
        return frozenset()
    may_stop = experiment is None or not never_stops_in(experiment)
    stopping = _OF_STOPPING if may_stop else frozenset[str]()
    if experiment and experiment.meta.optimizer == "grid":
        return stopping
    if experiment:
        strategy = STRATEGIES[experiment.meta.optimizer]
        if strategy.shows != "descent" or strategy.sees_objective:
            return _ANYWHERE | stopping
    of_kinds = {f"hyperparameters.{kind}.free" for kind in KINDS}
    return stopping.union(of_kinds, (f"meta.{name}" for name in _OF_META))
