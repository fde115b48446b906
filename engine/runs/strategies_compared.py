"""A comparison of strategies: its runs, the events that tell of it, and the record of them.

Each strategy searches for the best hyperparameters of one experiment, with several seeds. What it
has found so far stands over what that took: gradient evaluations, counted in training runs, and
seconds. A hypergradient is counted as what it takes; a product with second derivatives and a
derivative of a gradient count as a gradient.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from engine.arrays import Floats, Integers
from engine.experiments.experiment import Experiment
from engine.experiments.rival import Rival
from engine.runs.events import Preparing
from engine.runs.predictions import Prediction


class TrialCurve(NamedTuple):
    """How a trial did on the validation part along its training.

    Attributes:
        at: (n,) training iterations.
        values: (n,) what was measured there.
        prediction: of one that was stopped; else None.
    """

    at: Integers
    values: Floats
    prediction: Prediction | None = None


class Step(NamedTuple):
    """What a meta-iteration, or a trial, adds to a search.

    Attributes:
        runs: gradient evaluations so far, in training runs.
        seconds: so far; loading and compiling are not in them.
        objective: of this one; NaN where training diverged, or it was not judged.
        test: the test loss of this one; NaN where there is none.
        accuracy: the test accuracy of this one; NaN where there is none.
        validation: its accuracy on the validation part; NaN where that is not measured.
        trial: its curve along training, if it might be stopped.
    """

    runs: float
    seconds: float
    objective: float
    test: float
    accuracy: float
    validation: float = float("nan")
    trial: TrialCurve | None = None


@dataclass(frozen=True)
class Search:
    """One strategy with one seed.

    Attributes:
        rival: the strategy.
        seed: of weights, minibatches and the strategy.
    """

    rival: Rival
    seed: int


@dataclass(frozen=True)
class StrategiesStarted:
    """The comparison begins.

    Attributes:
        experiment: what is compared on.
        rivals: the strategies, in order.
        searches: what will be run, in this order.
        budget: training runs that each may take; None: what the most expensive of those takes that
            follow hypergradients as the experiment says.
        seconds: that each may take; None: any.
    """

    experiment: Experiment
    rivals: tuple[Rival, ...]
    searches: tuple[Search, ...]
    budget: float | None
    seconds: float | None


@dataclass(frozen=True)
class SearchStarted:
    """A search begins here; `index` is its place among the searches."""

    index: int


@dataclass(frozen=True)
class SearchAdvanced:
    """A meta-iteration of a search is done; `index` is the place of the search."""

    index: int
    step: Step


@dataclass(frozen=True)
class SearchesProgress:
    """So many searches are done, elsewhere."""

    done: int


@dataclass(frozen=True)
class SearchDone:
    """A search is over.

    Attributes:
        index: its place.
        steps: all of it.
        failure: why it did not begin, or ended early; or "".
    """

    index: int
    steps: tuple[Step, ...]
    failure: str = ""


@dataclass(frozen=True)
class StrategiesFinished:
    """All searches are over; so many have failed before their first step."""

    failures: int


_NUMBERS: Final = 6
"""Of a step, before what is no number."""

StrategiesEvent: TypeAlias = (
    Preparing
    | StrategiesStarted
    | SearchStarted
    | SearchAdvanced
    | SearchesProgress
    | SearchDone
    | StrategiesFinished
)


class BestSoFar(NamedTuple):
    """What one search had found when, as steps of a staircase.

    Attributes:
        runs, seconds: (n,) what it had taken.
        objective: (n,) the least objective so far; NaN before the first is known.
        test, accuracy: (n,) of the same hyperparameters.
        validation: (n,) the best accuracy on the validation part so far, of whichever it was; NaN
            before one is known.
    """

    runs: Floats
    seconds: Floats
    objective: Floats
    test: Floats
    accuracy: Floats
    validation: Floats


class Band(NamedTuple):
    """Several searches together.

    Attributes:
        x: (n,) what they had taken.
        median, low, high: (n,) over the seeds; NaN before all of them know something.
    """

    x: Floats
    median: Floats
    low: Floats
    high: Floats


class StrategiesRecord:
    """Collects the events of one comparison; everything that shows it reads it from here.

    Attributes:
        experiment, rivals, searches, budget, seconds: as in `StrategiesStarted`.
        steps: of each search, as far as it is.
        failures: why searches did not begin, or ended early, by their places.
        done: the places of those that are over.
        current: the place of the search that is under way here; None between two.
        is_over: whether all are.
    """

    def __init__(self, started: StrategiesStarted) -> None:
        self.experiment, self.rivals = started.experiment, started.rivals
        self.searches, self.budget = started.searches, started.budget
        self.seconds = started.seconds
        self.steps: dict[int, list[Step]] = {}
        self.failures: dict[int, str] = {}
        self.done: set[int] = set()
        self.current: int | None = None
        self.is_over = False

    def add(self, event: StrategiesEvent) -> None:
        """Take note of what happened."""
        match event:
            case SearchStarted(index):
                self.current = index
            case SearchAdvanced(index, step):
                self.steps.setdefault(index, []).append(step)
            case SearchDone(index, steps, failure):
                self.steps[index] = [*steps]
                if failure:
                    self.failures[index] = failure
                self.done.add(index)
                self.current = None
            case StrategiesFinished():
                self.is_over = True

    def taken_by(self, place: int) -> float:
        """Training runs that a search took so far."""
        steps = self.steps.get(place)
        return steps[-1].runs if steps else 0.0

    def of(self, rival: Rival) -> list[BestSoFar]:
        """What a strategy found, a seed each, as far as it is; without those that found nothing."""
        found = [
            best_so_far(self.steps[place])
            for place, search in enumerate(self.searches)
            if search.rival == rival and self.steps.get(place)
        ]
        return [one for one in found if np.isfinite(one.objective).any()]

    def failure_of(self, rival: Rival) -> str:
        """Why a strategy found nothing, or one of its searches ended early; or ""."""
        for place, search in enumerate(self.searches):
            if search.rival == rival and place in self.failures:
                return self.failures[place]
        return ""


def best_so_far(steps: Sequence[Step]) -> BestSoFar:
    """The best of a search after each of its steps, and what was measured of it."""
    columns = np.array([step[:_NUMBERS] for step in steps], np.float64).T
    runs, seconds, objective, test, accuracy, validation = columns
    known = np.where(np.isfinite(objective), objective, np.inf)
    least = np.minimum.accumulate(known)
    is_better = known < np.concatenate([[np.inf], least[:-1]])
    places = np.maximum.accumulate(np.where(is_better, np.arange(len(known)), -1))
    has_any = places >= 0

    def at_best(values: Floats) -> Floats:
        return np.where(has_any, values[np.maximum(places, 0)], np.nan)

    most = np.fmax.accumulate(validation)
    return BestSoFar(runs, seconds, at_best(objective), at_best(test), at_best(accuracy), most)


def band(searches: Sequence[BestSoFar], along: str, of: str) -> Band:
    """Several searches over a common axis; each stays at its last best after its end.

    Args:
        searches: of one strategy, at least one.
        along: "runs" or "seconds".
        of: "objective", "test", "accuracy" or "validation".
    """
    axes = [getattr(one, along) for one in searches]
    x = np.unique(np.concatenate(axes))
    rows = np.array([value_at(one, along, of, x) for one in searches])
    known = np.isfinite(rows).all(axis=0)
    x, rows = x[known], rows[:, known]
    if not x.size:
        return Band(x, x, x, x)
    return Band(x, np.median(rows, axis=0), rows.min(axis=0), rows.max(axis=0))


def value_at(search: BestSoFar, along: str, of: str, x: Floats) -> Floats:
    """(n,) the best so far of one search, or what was measured of it, at places (n,) of an axis."""
    axis, values = getattr(search, along), getattr(search, of)
    places = np.searchsorted(axis, x, side="right") - 1
    return np.where(places >= 0, values[np.maximum(places, 0)], np.nan)


def end_of(searches: Sequence[BestSoFar], along: str) -> float:
    """Where the shortest of some searches ends; infinite without any."""
    return min((float(getattr(one, along)[-1]) for one in searches), default=float("inf"))
