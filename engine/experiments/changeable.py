"""Which fields of an experiment may change while its run goes on."""

from typing import Final

from engine.experiments.experiment import Experiment
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
"""Also in a sweep or an average, whose meta-iterations have to be alike."""


def changeable(experiment: Experiment | None = None) -> frozenset[str]:
    """The dotted names of the fields that may change during a run.

    Args:
        experiment: what is run; None: the fields that may change in some run.
    """
    if experiment and (experiment.is_one_run or experiment.meta.optimizer == "grid"):
        return frozenset()
    if experiment and STRATEGIES[experiment.meta.optimizer].shows != "descent":
        return _ANYWHERE
    of_kinds = {f"hyperparameters.{kind}.free" for kind in KINDS}
    return frozenset(of_kinds.union(f"meta.{name}" for name in _OF_META))
