"""What a comparison of methods measures besides the experiment as it is."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from engine.errors import InputError
from engine.experiments.contenders import TAKES_TIME_FOR_EACH, Contender, given_by, run_by
from engine.experiments.experiment import Experiment
from engine.groups import ParameterGroup
from engine.hyperparameters.extents import Sizes
from engine.hyperparameters.kinds import KINDS
from engine.runs.comparison import Point, Study

_PARTS_OF_T: Final = (0.125, 0.25, 0.5, 1.0, 2.0)
_STEPS: Final = (1, 2, 5)
"""Of an option's values, in each power of ten."""

_STEPPED: Final = {
    "checkpointed": ("snapshots", 1000),
    "truncated": ("last", 1000),
    "implicit-cg": ("iterations", 50),
    "implicit-neumann": ("terms", 200),
    "implicit-fixed-point": ("iterations", 200),
}
"""The option that a method is looked at over, and its most."""

_MOST_AT_ONCE: Final = 256
"""Hyperparameters, of methods that take time for each, in studies that nobody chose one by one."""


def points(
    experiment: Experiment,
    reference: Contender,
    contenders: Sequence[Contender],
    groups: tuple[ParameterGroup, ...],
    studies: Sequence[Study],
) -> tuple[Point, ...]:
    """What to measure, in this order; of each training run the reference comes first.

    Args:
        experiment: as it is.
        reference: what the others are compared with.
        contenders: the others.
        groups: the G parameter groups.
        studies: what to look at besides the methods as they are.
    """
    every = [reference, *(one for one in dict.fromkeys(contenders) if one != reference)]
    found = [Point("methods", experiment.training.iterations, one, experiment) for one in every]
    if "iterations" in studies:
        for longer in _over_iterations(experiment):
            count = how_many(longer, groups)
            x = longer.training.iterations
            found += _worth_it("iterations", x, every, longer, count)
    if "option" in studies:
        for contender in {one.method: one for one in reversed(every)}.values():
            found += [
                Point("option", value, contender.told_to(option, value), experiment)
                for option, value in _over_option(contender, experiment.training.iterations)
            ]
    if "hyperparameters" in studies:
        for finer in _over_hyperparameters(experiment, groups):
            count = how_many(finer, groups)
            found += _worth_it("hyperparameters", count, every, finer, count)
    return tuple(found)


def how_many(experiment: Experiment, groups: tuple[ParameterGroup, ...]) -> int:
    """The number of free hyperparameters, but for those whose shape the task says."""
    sizes = Sizes(experiment.training.iterations, groups)
    return sum(
        int(np.prod(KINDS[kind].extent.shape(setting.granularity, sizes)))
        for kind, setting in experiment.hyperparameters.items()
        if setting.free and not KINDS[kind].is_set_by_entry
    )


def option_of(method: str) -> str | None:
    """The option that a method is looked at over; None if there is none."""
    return _STEPPED[method][0] if method in _STEPPED else None


def _worth_it(
    study: Study, x: float, every: Sequence[Contender], experiment: Experiment, count: int
) -> Iterator[Point]:
    for contender in every:
        is_slow = contender.method in TAKES_TIME_FOR_EACH and count > _MOST_AT_ONCE
        if not is_slow and _fits(experiment, contender):
            yield Point(study, x, contender, experiment)


def _fits(experiment: Experiment, contender: Contender) -> bool:
    try:
        run_by(experiment, contender)
    except InputError:
        return False
    return True


def _over_iterations(experiment: Experiment) -> Iterator[Experiment]:
    """The same training, shorter and longer; not where it has a schedule of its own length."""
    total = experiment.training.iterations
    schedules = [
        setting
        for kind, setting in experiment.hyperparameters.items()
        if KINDS[kind].enters == "schedule" and "iteration" in setting.granularity
    ]
    if any(not isinstance(setting.initial, int | float) for setting in schedules):
        return
    for iterations in sorted({max(1, round(part * total)) for part in _PARTS_OF_T}):
        training = experiment.training.model_copy(update={"iterations": iterations})
        yield experiment.model_copy(update={"training": training})


def _over_option(contender: Contender, iterations: int) -> Iterator[tuple[str, int]]:
    if contender.method not in _STEPPED:
        return
    option, most = _STEPPED[contender.method]
    if option in ("snapshots", "last"):
        most = min(most, iterations)
    values = [step * 10**power for power in range(4) for step in _STEPS]
    for value in sorted({*(value for value in values if value < most), most}):
        yield option, value


def _over_hyperparameters(
    experiment: Experiment, groups: tuple[ParameterGroup, ...]
) -> list[Experiment]:
    """The kind that has the most values free, ever more finely; and another one with it."""
    sizes = Sizes(experiment.training.iterations, groups)
    levels = {
        kind: _by_count(kind, sizes)
        for kind in given_by(experiment, "stored-trajectory")
        if not KINDS[kind].is_set_by_entry
        and isinstance(experiment.hyperparameters[kind].initial, int | float)
    }
    kinds = sorted(levels, key=lambda kind: -max(levels[kind]))
    found: dict[int, Experiment] = {}
    for together in (kinds[:1], kinds[:2]):
        for level in range(max((len(levels[kind]) for kind in together), default=0)):
            free = {kind: [*levels[kind].items()][: level + 1][-1] for kind in together}
            count = sum(many for many, _ in free.values())
            granularities = {kind: granularity for kind, (_, granularity) in free.items()}
            found.setdefault(count, _with_free(experiment, granularities))
    return [found[count] for count in sorted(found)]


def _by_count(kind: str, sizes: Sizes) -> dict[int, str]:
    """How finely a kind can be set, from coarse to fine, by how many values it has then."""
    extent = KINDS[kind].extent
    counts: dict[int, str] = {}
    for granularity in KINDS[kind].granularities:
        if granularity == "input":  # which only some models have
            continue
        counts.setdefault(int(np.prod(extent.shape(granularity, sizes))), granularity)
    return dict(sorted(counts.items()))


def _with_free(experiment: Experiment, granularities: Mapping[str, str]) -> Experiment:
    """These kinds free, set as finely as is said, and no others."""
    settings = {
        kind: setting.model_copy(
            update={
                "free": kind in granularities,
                "granularity": granularities.get(kind, setting.granularity),
            }
        )
        for kind, setting in experiment.hyperparameters.items()
    }
    hyperparameters = experiment.hyperparameters.replace(settings)
    return experiment.model_copy(update={"hyperparameters": hyperparameters})
