"""What a run would refuse because two fields conflict, found before data are loaded."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.experiments.episodes import counts_of_characters, too_many_ways
from engine.experiments.experiment import Experiment
from engine.experiments.series import too_many_coefficients, training_values
from engine.experiments.tasks import misfit, task_of
from engine.groups import ParameterGroup
from engine.hyperparameters.extents import Sizes
from engine.hyperparameters.kinds import KINDS

_ONLY_DATA_CAN_TELL: Final = ("weight", "input")  # how many there are


def mismatches(
    experiment: Experiment, data_kind: str | None, size: int | None = None
) -> dict[str, str]:
    """Conflicts in an experiment whose fields are valid individually.

    Args:
        experiment: as the fields have it.
        data_kind: what `engine.data.datasets` calls the kind of its data; None: not known yet.
        size: how many examples, or values of a series, they have; None: not known yet.

    Returns:
        A sentence for each dotted name.
    """
    found = dict(_of_data(experiment, data_kind, size))
    for kind in KINDS:
        if not KINDS[kind].is_set_by_entry and (sentence := _of_initial(experiment, kind)):
            found[f"hyperparameters.{kind}.initial"] = sentence
    return found


def _of_data(
    experiment: Experiment, data_kind: str | None, size: int | None
) -> Iterator[tuple[str, str]]:
    """Conflicts with the data, or with the model."""
    if data_kind is not None and (refusal := misfit(experiment, data_kind)):
        yield refusal.field, refusal.sentence
    if data_kind == "regression" and experiment.data.learned_per_class:
        yield "data.learned_per_class", "expected none, because the data have no classes."
    if data_kind == "regression" and experiment.data.corrupted:
        yield "data.corrupted", "expected 0.0, because the data have no classes."
    if task_of(experiment).name == "episodes":
        counts = counts_of_characters(experiment)
        if sentence := too_many_ways(experiment.episodes, *counts):
            yield "episodes.ways", sentence
    if data_kind == "series" and task_of(experiment).name == "series":
        train = training_values(experiment, size)
        refused = train is not None and too_many_coefficients(experiment.series, train)
        if refused:
            yield refused.field, refused.sentence
    if experiment.model.kind == "shared networks":
        if experiment.data.scaling != "none":
            yield "data.scaling", "expected none with shared networks."
        if experiment.training.batch_size is not None:
            yield (
                "training.batch_size",
                "expected none, because shared networks train on all drawings.",
            )


def _of_initial(experiment: Experiment, kind: str) -> str:
    """Why an initial value does not fit T, the layers or the granularity; empty if it does."""
    setting = experiment.hyperparameters[kind]
    initial = given = np.array(setting.initial, dtype=np.float64)
    if not initial.ndim or setting.granularity in _ONLY_DATA_CAN_TELL:
        return ""
    rows, columns = experiment.training.iterations, task_of(experiment).groups(experiment)
    if initial.ndim == 1 and setting.granularity == "iteration":
        initial = initial[:, None]
    groups = tuple(ParameterGroup("", place, place + 1) for place in range(columns))
    shape = KINDS[kind].extent.shape(setting.granularity, Sizes(rows, groups))
    try:
        np.broadcast_to(initial, shape)
    except ValueError:
        wanted = {
            "one": "one number",
            "iteration": f"one number or {rows:,}, one for each iteration",
            "group": f"one number or {columns:,}, one for each group",
            "iteration and group": f"one number or {rows:,} rows of {columns:,}, "
            "one for each iteration and group",
        }[setting.granularity]
        return f"expected {wanted}; found {_in_words(given)}."
    return ""


def _in_words(initial: Floats) -> str:
    """How many numbers there are."""
    if initial.ndim == 1:
        return f"{len(initial):,} numbers"
    return f"{initial.shape[0]:,} rows of {initial.shape[1]:,}"
