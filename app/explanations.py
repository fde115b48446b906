"""Divergence in plain words, and suggested changes that one click can make."""

import math
from typing import Any, Final, NamedTuple

import numpy as np

from engine.experiments.experiment import Experiment
from engine.experiments.problems import problems, validate
from engine.experiments.tasks import task_of
from engine.hyperparameters.kinds import KINDS
from engine.plots import apart
from engine.runs.events import Divergence
from engine.runs.records import RunRecord

_GREW: Final = 1.2  # factor of growth that is worth mentioning
_PULLS: Final = 0.5  # a rate times a penalty: what a step undoes of the parameters, about
_USUAL_RATE: Final = 1.0  # beyond it the learning rate itself is the first to blame
_AT_ONCE: Final = 10  # iterations in which steps that are a little too large do not diverge yet


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
    if divergence.sentence:
        return Explanation(divergence.sentence, [])
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
    rate, scale = (
        f"hyperparameters.{kind}.initial" for kind in ("learning_rates", "initial_scales")
    )
    starts_anywhere = any(fit.losses for fit in task_of(experiment).fits.values())  # not a surface
    tries = [
        _divided(experiment, rate, "Halve the learning rate", 2),
        _shorter(experiment, divergence.iteration),
        _divided(experiment, scale, "Halve the initial scale", 2) if starts_anywhere else None,
    ]
    if not done and divergence.iteration is not None and divergence.iteration <= _AT_ONCE:
        tries[:1] = [
            _divided(experiment, rate, f"Divide the learning rate by {by:,}", by)
            for by in _powers_of_ten(experiment.hyperparameters["learning_rates"].initial)
        ][: 2 if starts_anywhere else 3]
    if not done and not chaotic:
        tries[:0] = _weaker(experiment, record)
    if done:  # it trained at first, so a meta-step caused the divergence
        tries.insert(0, _divided(experiment, "meta.step", "Halve the meta-step", 2))
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


def value_of(experiment: Experiment, key: str) -> Any:
    """What an experiment has at the dotted name of a field."""
    value: Any = experiment.model_dump()
    for part in key.split("."):
        value = value[part]
    return value


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
        f"Training diverged {when}: at iteration {divergence.iteration} {divergence.reason}"
        f"{', in ' if divergence.group else ''}{divergence.group}."
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


def _divided(experiment: Experiment, key: str, label: str, by: int) -> Suggestion | None:
    """A part of a number, or of every number of a schedule; nothing if it is zero."""
    value = value_of(experiment, key)
    if not np.any(np.asarray(value, dtype=np.float64)):
        return None
    part = _part(value, by)
    shown = f" ({value:g} → {part:g})" if isinstance(value, float) else " (the whole schedule)"
    return Suggestion(label + shown, key, part)


def _weaker(experiment: Experiment, record: RunRecord | None) -> list[Suggestion | None]:
    """Less of what pulls parameters so strongly that a step goes far beyond where it leads."""
    rate = _largest(experiment.hyperparameters["learning_rates"].initial)
    found: list[Suggestion | None] = []
    if rate > _USUAL_RATE:
        return found
    for kind in ("l2_penalties", "interactions"):
        pull = rate * _largest(experiment.hyperparameters[kind].initial)
        if record is not None and kind in record.initial and pull > _PULLS:
            by = 10 ** math.ceil(math.log10(pull / _PULLS) + 1)
            key, what = f"hyperparameters.{kind}.initial", KINDS[kind].plural
            found.append(_divided(experiment, key, f"Divide the {what} by {by:,}", by))
    return found


def _largest(values: Any) -> float:
    return float(np.max(np.abs(np.asarray(values, np.float64))))


def _powers_of_ten(rates: float | tuple[Any, ...]) -> tuple[int, int, int]:
    """The first by which no rate is beyond 1, but 10 at least; and the next two."""
    first = max(1, math.ceil(math.log10(max(_largest(rates), 1.0))))
    return 10**first, 10 ** (first + 1), 10 ** (first + 2)


def _part(value: Any, by: int) -> Any:
    if isinstance(value, tuple | list):
        return tuple(_part(one, by) for one in value)
    return value / by


def _shorter(experiment: Experiment, diverged_at: int | None) -> Suggestion | None:
    """Half as many iterations, unless they diverge too, or a schedule has a value for each."""
    iterations = experiment.training.iterations
    if diverged_at is not None and diverged_at <= iterations // 2:
        return None
    settings = (experiment.hyperparameters["learning_rates"], experiment.hyperparameters["decays"])
    if iterations < 2 or any(isinstance(setting.initial, tuple) for setting in settings):
        return None
    half = iterations // 2
    return Suggestion(f"Fewer iterations ({iterations:,} → {half:,})", "training.iterations", half)


def _is_refused(experiment: Experiment, suggestion: Suggestion) -> bool:
    return bool(problems(_tables(experiment, suggestion.key, suggestion.value)))
