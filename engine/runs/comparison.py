"""A comparison of methods: what is measured, the events that tell of it, and the record of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

import numpy as np

from engine.arrays import Floats
from engine.experiments.contenders import Contender
from engine.experiments.experiment import Experiment
from engine.hypergradients.result import Cost, Memory, Solution
from engine.runs.events import Preparing

Study: TypeAlias = Literal["methods", "iterations", "option", "hyperparameters"]
STUDIES: Final[tuple[Study, ...]] = get_args(Study)
"""The methods as they are; over T; over an option of each; over how many hyperparameters there
are."""


@dataclass(frozen=True)
class Point:
    """One thing to be measured: a method on a training run.

    Attributes:
        study: what it is for.
        x: where it stands in that: T, the option's value, or the number of hyperparameters.
        contender: the method.
        experiment: the training run, by whichever method.
    """

    study: Study
    x: float
    contender: Contender
    experiment: Experiment


@dataclass(frozen=True)
class Likeness:
    """How a hypergradient compares with the reference.

    Attributes:
        cosine: of the angle between the two.
        relative_error: length of their difference, relative to the reference.
    """

    cosine: float
    relative_error: float


@dataclass(frozen=True, eq=False)
class Measurement:
    """What a method found, and what that took.

    Attributes:
        gradient: by free kind that the method gives, derivatives by the kind's own values.
        missing: the free kinds that it does not give.
        likeness: with the reference, over all kinds that both give; None where there is none.
        by_kind: the same, kind by kind.
        cost, memory: of the method.
        objective: the loss after training.
        solution: of an implicit method.
        own_error: what a method that estimates its error says of it, relative to the gradient.
        remarks: what to know before it is trusted.
        failure: why there is nothing of it, as a sentence; or "".
    """

    gradient: Mapping[str, Floats]
    missing: tuple[str, ...] = ()
    likeness: Likeness | None = None
    by_kind: Mapping[str, Likeness] | None = None
    cost: Cost | None = None
    memory: Memory | None = None
    objective: float | None = None
    solution: Solution | None = None
    own_error: float | None = None
    remarks: tuple[str, ...] = ()
    failure: str = ""


@dataclass(frozen=True, eq=False)
class ComparisonStarted:
    """The data are loaded.

    Attributes:
        experiment: what is compared on.
        reference: what the others are compared with; the first of the points.
        points: what will be measured, in this order.
        parameters: P.
        groups: names of the parameter groups.
    """

    experiment: Experiment
    reference: Contender
    points: tuple[Point, ...]
    parameters: int
    groups: tuple[str, ...]


@dataclass(frozen=True)
class PointStarted:
    """A measurement begins; `index` is of its point."""

    index: int


@dataclass(frozen=True)
class PointProgress:
    """A measurement goes on.

    Attributes:
        index: of its point.
        phase: of the method.
        iteration: of training, or round of the solver.
        held_bytes: what the method keeps.
        part: which training run of how many, where the phase takes several.
    """

    index: int
    phase: str
    iteration: int
    held_bytes: int
    part: tuple[int, int] = (1, 1)


@dataclass(frozen=True)
class PointsProgress:
    """So many points are measured, elsewhere."""

    done: int


@dataclass(frozen=True, eq=False)
class PointMeasured:
    """A measurement is done; `index` is of its point."""

    index: int
    measurement: Measurement


@dataclass(frozen=True)
class ComparisonFinished:
    """All is measured."""

    failures: int


ComparisonEvent: TypeAlias = (
    Preparing
    | ComparisonStarted
    | PointStarted
    | PointProgress
    | PointsProgress
    | PointMeasured
    | ComparisonFinished
)


class ComparisonRecord:
    """Collects the events of one comparison; everything that shows it reads it from here.

    Attributes:
        experiment, reference, points, parameters, groups: as in `ComparisonStarted`.
        measured: by the point's index.
        current: the index of the point that is measured now; None between two.
        is_over: whether all is measured.
    """

    def __init__(self, started: ComparisonStarted) -> None:
        self.experiment, self.reference = started.experiment, started.reference
        self.points, self.parameters = started.points, started.parameters
        self.groups = started.groups
        self.measured: dict[int, Measurement] = {}
        self.current: int | None = None
        self.is_over = False

    def add(self, event: ComparisonEvent) -> None:
        """Take in what happened."""
        match event:
            case PointStarted(index):
                self.current = index
            case PointMeasured(index, measurement):
                self.measured[index] = measurement
                self.current = None
            case ComparisonFinished():
                self.is_over = True

    @property
    def contenders(self) -> list[Contender]:
        """The methods that are compared, in order; the reference first."""
        return [point.contender for point in self.points if point.study == "methods"]

    def of(self, contender: Contender) -> Measurement | None:
        """What a method found on the experiment as it is; None if that is not measured yet."""
        for index, point in enumerate(self.points):
            if point.study == "methods" and point.contender == contender:
                return self.measured.get(index)
        return None

    def along(self, study: Study, contender: Contender) -> list[tuple[float, Measurement]]:
        """What was measured of a method in a study, by where it stands there, from low to high.

        Over an option, a method is the same whatever it is told otherwise.
        """
        over_option = study == "option"
        found = [
            (point.x, self.measured[index])
            for index, point in enumerate(self.points)
            if point.study == study
            and index in self.measured
            and (
                point.contender == contender
                or (over_option and point.contender.method == contender.method)
            )
        ]
        return sorted(found, key=lambda pair: pair[0])

    def fruitless(self) -> Iterator[tuple[Study, Contender, str]]:
        """Studies of which nothing came of a method that works as it is, and why not."""
        for study in STUDIES[1:]:
            for contender in self.contenders:
                as_it_is, along = self.of(contender), self.along(study, contender)
                works = as_it_is is not None and not as_it_is.failure
                if works and along and all(one.failure for _, one in along):
                    yield study, contender, along[0][1].failure


def likeness(found: Sequence[Floats], expected: Sequence[Floats]) -> Likeness:
    """Of two hypergradients, given in the same pieces; NaN where the angle means nothing."""
    one = np.concatenate([piece.ravel() for piece in found])
    other = np.concatenate([piece.ravel() for piece in expected])
    with np.errstate(over="ignore", invalid="ignore"):  # beyond 1e154 lengths are infinite
        lengths = float(np.linalg.norm(one)), float(np.linalg.norm(other))
        apart = float(np.linalg.norm(one - other))
    if not all(lengths):
        return Likeness(float("nan"), apart / lengths[1] if lengths[1] else _beyond(apart))
    cosine = float(np.clip((one / lengths[0]) @ (other / lengths[1]), -1.0, 1.0))
    return Likeness(cosine, apart / lengths[1])


def _beyond(apart: float) -> float:
    """A distance relative to nothing."""
    return float("inf") if apart else 0.0
