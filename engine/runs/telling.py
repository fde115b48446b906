"""Events made of what a run knows at a moment."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.errors import DivergedError, UnsolvedError
from engine.experiments.measures import Measures
from engine.hypergradients.result import Progress
from engine.hyperparameters.values import Hyperparameters
from engine.runs.events import (
    Divergence,
    Event,
    ReversalProgress,
    RunFinished,
    TrainingProgress,
)
from engine.runs.replicates import Replicate


def diverged(
    meta_iteration: int,
    error: DivergedError,
    values: Hyperparameters,
    measures: Measures | None = None,
    baselines: Mapping[str, Measures] | None = None,
) -> RunFinished:
    """The end of a run that could not go on."""
    where = Divergence(
        meta_iteration,
        error.iteration,
        error.group,
        error.reason,
        error.smaller_steps_help,
        str(error) if isinstance(error, UnsolvedError) else "",
    )
    return RunFinished("diverged", str(error), values, measures, baselines or {}, where)


def progress_event(index: int, replicate: int, untold: Sequence[Progress]) -> Event:
    """One event for several steps of the same phase."""
    buffer_bytes = frozen(np.concatenate([one.kept_bytes for one in untold]))
    iteration = untold[-1].iteration
    if untold[-1].phase == "reversing":
        return ReversalProgress(index, replicate, iteration, buffer_bytes)
    losses = frozen(np.concatenate([progress.losses for progress in untold]))
    lengths = [one.gradient.lengths for one in untold if one.gradient is not None]
    names = lengths[0] if lengths else ()
    growing = {name: frozen([each[name] for each in lengths]) for name in names}
    return TrainingProgress(index, replicate, iteration, losses, buffer_bytes, growing)


def all_reversed(replicates: Sequence[Replicate]) -> bool | None:
    """Whether every training run came back bit for bit; None if none was to."""
    told = [one.reversed_exactly for one in replicates if one.reversed_exactly is not None]
    return all(told) if told else None


def frozen(values: ArrayLike) -> NDArray[Any]:
    """A read-only copy, as events carry it."""
    array = np.array(values)
    array.setflags(write=False)
    return array
