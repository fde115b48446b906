"""Divergence in plain words, and suggested changes that one click can make."""

from typing import Any, Final, NamedTuple

import numpy as np

from engine.experiments.experiment import Experiment
from engine.experiments.problems import problems, validate
from engine.plots import apart
from engine.runs.events import Divergence
from engine.runs.records import RunRecord

_GREW: Final = 1.2  # factor of growth that is worth mentioning


class Suggestion(NamedTuple):
    """One change of the experiment.

    Attributes:
        label: what a button says, with the old and the new value.
        key: dotted name of the field.
        value: what to put there.
    """

    label: str
    key: str
    value: Any


class Explanation(NamedTuple):
    """Why a run diverged.

    Attributes:
        sentence: one or two, for people.
        what_to_try: changes, the most promising first.
    """

    sentence: str
    what_to_try: list[Suggestion]


def explain(
    divergence: Divergence, experiment: Experiment, record: RunRecord | None = None
) -> Explanation:
    """Explain why a run diverged.

    Args:
        divergence: where and why.
        experiment: what was run.
        record: the run up to that point.
    """
    if not divergence.smaller_steps_help:
        return Explanation(_without_a_derivative(divergence), [])
    done = len(record.meta_iterations) if record else 0
    chaotic = divergence.iteration is None
    if chaotic:
        sentence = (
            f"Training is chaotic in meta-iteration {divergence.meta_iteration}: tiny changes "
            "of the hyperparameters change the result completely, so the hypergradient is "
            "uninformative. Fewer iterations or smaller learning rates keep it meaningful."
        )
    else:
        sentence = _of_training(divergence, done, record)
    tries = [
        _halved(experiment, "hyperparameters.learning_rates.initial", "Halve the learning rate"),
        _shorter(experiment),
        _halved(experiment, "hyperparameters.initial_scales.initial", "Halve the initial scale"),
    ]
    if done:  # it trained at first, so a meta-step caused the divergence
        tries.insert(0, _halved(experiment, "meta.step", "Halve the meta-step"))
    elif chaotic:
        tries[:2] = tries[1::-1]
    possible = [one for one in tries if one and not _is_refused(experiment, one)]
    return Explanation(sentence, possible)


def changed(experiment: Experiment, key: str, value: Any) -> Experiment:
    """The experiment with one field changed, by its dotted name.

    Raises:
        InputError: the field cannot hold the value.
    """
    return validate(_tables(experiment, key, value))


def _tables(experiment: Experiment, key: str, value: Any) -> dict[str, Any]:
    tables: dict[str, Any] = experiment.model_dump(exclude_none=True)
    *rooms, last = key.split(".")
    table = tables
    for room in rooms:
        table = table[room]
    table[last] = value
    return tables


def _of_training(divergence: Divergence, done: int, record: RunRecord | None) -> str:
    when = f"in meta-iteration {done}" if done else "with the initial hyperparameters"
    first = (
        f"Training diverged {when}: at iteration {divergence.iteration} {divergence.reason}, "
        f"in {divergence.group}."
    )
    if record is None or not done:
        return f"{first} The steps are too large for this loss."
    before = float(np.max(np.abs(record.initial["learning_rates"])))
    now = float(np.max(np.abs(record.current["learning_rates"])))
    if before > 0 and now > _GREW * before:
        grown = " to ".join(apart([before, now], 3))
        return f"{first} The largest learning rate had grown from {grown}."
    return f"{first} The last meta-step changed the hyperparameters too much."


def _without_a_derivative(divergence: Divergence) -> str:
    at = (
        "after training" if divergence.iteration is None else f"at iteration {divergence.iteration}"
    )
    return (
        f"In meta-iteration {divergence.meta_iteration}, {divergence.reason} {at}, although "
        "the parameters are: the loss has no derivative there. Another start may avoid the place."
    )


def _halved(experiment: Experiment, key: str, label: str) -> Suggestion | None:
    """Half of a number, or of every number of a schedule; nothing if it is zero."""
    value: Any = experiment.model_dump()
    for part in key.split("."):
        value = value[part]
    if not np.any(np.asarray(value, dtype=np.float64)):
        return None
    half = _half(value)
    shown = f" ({value:g} → {half:g})" if isinstance(value, float) else " (the whole schedule)"
    return Suggestion(label + shown, key, half)


def _half(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return tuple(_half(part) for part in value)
    return value / 2


def _shorter(experiment: Experiment) -> Suggestion | None:
    """Half as many iterations, unless a schedule has one value for each of them."""
    iterations = experiment.training.iterations
    settings = (experiment.hyperparameters["learning_rates"], experiment.hyperparameters["decays"])
    if iterations < 2 or any(isinstance(setting.initial, tuple) for setting in settings):
        return None
    half = iterations // 2
    return Suggestion(f"Fewer iterations ({iterations:,} → {half:,})", "training.iterations", half)


def _is_refused(experiment: Experiment, suggestion: Suggestion) -> bool:
    return bool(problems(_tables(experiment, suggestion.key, suggestion.value)))
