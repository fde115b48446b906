"""The end of a run that could not go on."""

from collections.abc import Mapping

from engine.errors import DivergedError, UnsolvedError
from engine.experiments.measures import Measures
from engine.hyperparameters.values import Hyperparameters
from engine.runs.events import Divergence, RunFinished


def diverged(
    meta_iteration: int,
    error: DivergedError,
    values: Hyperparameters,
    measures: Measures | None = None,
    baselines: Mapping[str, Measures] | None = None,
) -> RunFinished:
    """What its last event says.

    Args:
        meta_iteration: in which one it was.
        error: what happened.
        values: the hyperparameters of then.
        measures: what was judged before, if anything was.
        baselines: the same of what it is compared with.
    """
    where = Divergence(
        meta_iteration,
        error.iteration,
        error.group,
        error.reason,
        error.smaller_steps_help,
        str(error) if isinstance(error, UnsolvedError) else "",
    )
    return RunFinished("diverged", str(error), values, measures, baselines or {}, where)
