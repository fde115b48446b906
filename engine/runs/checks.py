"""Is the hypergradient right? Against finite differences, and method against method."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

import numpy as np

from engine.arrays import Floats
from engine.dynamics.catalogue import DYNAMICS
from engine.errors import InputError, UnsolvedError
from engine.experiments.experiment import Experiment
from engine.experiments.method_options import MethodOptions, make_method
from engine.hypergradients.catalogue import METHODS, irreversible, misfit
from engine.hypergradients.method import Method
from engine.hypergradients.result import Gradient, Result, Steps, drain
from engine.hypergradients.scalars import scalars
from engine.hypergradients.training import train_in_floats
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.values import Hyperparameters
from engine.randomness import generator
from engine.runs.layouts import make_layout
from engine.runs.promises import promises_of
from engine.runs.replicates import by_hyperparameters, training_problem
from engine.runs.slopes import has_kink, slope
from engine.tasks.catalogue import make_task
from engine.tasks.task import Task

FINITE_DIFFERENCE_TOLERANCE = 1e-5
_BESIDE = 1e-3
"""Of the way along a direction, to where an objective has a derivative."""
_MOVED = (
    "There is no derivative here, but a kink, as ReLU has at 0: compared where values are moved "
    f"by about {_BESIDE} of themselves."
)
_BLURRED = (
    "There is no derivative here, but a kink, as ReLU has at 0, nor where the values are moved by "
    f"about {_BESIDE} of themselves: finite differences cannot tell."
)
_MOST_DIFFERENCES = 32
_PATIENCE = 30.0
"""Seconds for a method that nobody asked for: conjugate gradients may go on for hours."""
_MOST_TANGENTS = 4_000
"""Hyperparameters for which finite differences are looked at unasked: four trainings each."""


@dataclass(frozen=True)
class Check:
    """One comparison.

    Attributes:
        what: the two things compared.
        kind: the hyperparameters, as people call them.
        found: the hypergradient, along a random direction; or its largest entry.
        expected: what the other way of computing it gives.
        difference: between the two, relative to the larger.
        passed: whether the difference is within the tolerance.
        is_told: whether nobody promised anything, and it is only good to know.
        remark: why it cannot be held to a promise, as a sentence; or empty.
    """

    what: str
    kind: str
    found: float
    expected: float
    difference: float
    passed: bool
    is_told: bool = False
    remark: str = ""


def check(experiment: Experiment) -> Iterator[Check]:
    """Check the hypergradient of an experiment's first training run.

    An exact method is held to finite differences (central ones of training in float64, along a
    random direction for each kind of hyperparameter), and to the other exact ones that fit, within
    what they claim. Approximate ones are held to what they promise; how far they are from the exact
    hypergradient is told besides.

    Raises:
        InputError: the experiment does not fit its data.
        DivergedError: training diverges.
    """
    bench = _Bench(experiment)
    main = experiment.method
    gradient, _ = bench.find(main)
    exact = main if METHODS[main].agrees_within is not None else "stored-trajectory"
    if exact == main:
        yield from bench.against_differences(main, gradient)
    for other, method in METHODS.items():
        if bench.misfit(method()) or other == main or bench.has_too_many_tangents(method):
            continue
        if method.agrees_within is not None and exact == main:
            expected, _ = bench.find(other)
            name = f"{main} against {other}"
            yield from bench.compare(name, gradient, expected, method.agrees_within)
        elif method.agrees_within is None and bench.is_worth_it(other):
            yield from bench.held_to_its_promise(other, _PATIENCE)
    if exact != main:
        yield from bench.held_to_its_promise(main)
        expected, _ = bench.find(exact)
        name = f"{main} against {exact}"
        for told in bench.compare(name, gradient, expected, np.inf):
            yield replace(told, is_told=True)


def check_against_differences(experiment: Experiment) -> Iterator[Check]:
    """Check the exact hypergradient of the first training run against finite differences alone.

    Raises:
        InputError, DivergedError: as `check` does.
    """
    bench = _Bench(experiment)
    gradient, _ = bench.find("stored-trajectory")
    yield from bench.against_differences("stored-trajectory", gradient)


class _Bench:
    """An experiment's first training run, and methods on it."""

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self._task = make_task(experiment)
        self._layout = make_layout(experiment, self._task)
        values = self._layout.values(self._layout.initial_vector())
        self.dynamics = DYNAMICS[experiment.training.dynamics]
        usable = self.dynamics.usable({kind: values[kind] for kind in self.dynamics.schedules})
        self._values = values.replace(**usable)
        self._key = (experiment.meta.seed, 0, 0)
        self._problem, self._noise = training_problem(
            self._task, experiment, self._key, self._values
        )

    def misfit(self, method: Method) -> InputError | None:
        """Why a method cannot go through this training; None if it can."""
        refusal = irreversible(method, self.dynamics, self._problem.schedules)
        return misfit(method, self.dynamics) or refusal

    def has_too_many_tangents(self, method: type[Method]) -> bool:
        """Whether a tangent for each entry of θ would take minutes: a network has thousands."""
        return "tangents" in method.needs and self._problem.oracle.theta_size > _MOST_TANGENTS

    def find(
        self, name: str, values: Hyperparameters | None = None
    ) -> tuple[Hyperparameters, Result]:
        """The hypergradient by a method: with the experiment's options, if it is its own.

        Args:
            name: the method's.
            values: where to find it; None: where the experiment starts.
        """
        problem, noise = self._problem, self._noise
        if values is not None:
            problem, noise = training_problem(self._task, self._experiment, self._key, values)
        result = drain(self._made(name).run(problem))
        values = self._values if values is None else values
        return by_hyperparameters(problem, result, noise, values), result

    def is_worth_it(self, name: str) -> bool:
        """Whether a method that nobody asked for gives something, in time."""
        gives = METHODS[name].gives
        wanted = [KINDS[kind].enters for kind in self._experiment.free]
        if name == "implicit-cholesky" or not gives.intersection(wanted):
            return False
        return name != "finite-differences" or (
            "start" not in wanted and len([*scalars(self._problem)]) <= _MOST_DIFFERENCES
        )

    def held_to_its_promise(self, name: str, patience: float = np.inf) -> Iterator[Check]:
        """A method against what it claims; told alone where it says that it could not keep it.

        Args:
            name: the method's.
            patience: seconds after which it is left out.
        """
        method = self._made(name)
        what, began = f"{name} is left out", time.monotonic()
        try:
            result = _within(method.run(self._problem), patience)
        except UnsolvedError as error:
            if patience == np.inf:
                raise
            yield Check(what, "found nothing", np.nan, np.nan, np.nan, True, True, error.sentence)
            return
        if result is None:
            taken = time.monotonic() - began
            remark = f"{name} was given {patience:g} s, because it is not this experiment's method."
            yield Check(what, "seconds", taken, patience, 0.0, True, True, remark)
            return
        gradient = self._by_kind(result.gradient, result)
        for promise in promises_of(method, self._problem, result):
            if promise.expected is None:
                off, within, why = promise.residual or 0.0, promise.within, promise.gave_up
                kept, is_told = off <= within or bool(why), bool(why)
                yield Check(promise.what, "residual", off, within, off, kept, is_told, why)
                continue
            expected = self._by_kind(promise.expected, result)
            margins = self._by_kind(promise.error, result) if promise.error else {}
            yield from self.compare(promise.what, gradient, expected, promise.within, margins)

    def against_differences(self, main: str, gradient: Hyperparameters) -> Iterator[Check]:
        """A hypergradient along a random direction for each kind, and training to both sides."""
        middle = self._objective(self._values)
        for number, name in enumerate(KINDS):
            if name not in gradient:
                continue
            found, values = gradient[name], self._values
            own = generator(self._experiment.meta.seed, number).standard_normal(found.shape)
            own *= (np.abs(values[name]) if found.shape == values[name].shape else 1.0) + 1e-3
            is_full = found.shape == values[name].shape
            direction = own if is_full else self._layout.spread(name, own)
            objective = partial(self._objective_along, name, direction)
            told = _against_slope(main, name, found, own, objective, middle)
            if told.passed or not has_kink(objective, middle):
                yield told
                continue
            there = self._moved(name, _BESIDE * direction)
            beside, _ = self.find(main, there)
            objective, middle_there = partial(objective, start=_BESIDE), self._objective(there)
            told = _against_slope(main, name, beside[name], own, objective, middle_there)
            blurred = not told.passed and has_kink(objective, middle_there)
            remark = _BLURRED if blurred else _MOVED
            yield replace(told, passed=told.passed or blurred, is_told=blurred, remark=remark)

    def _moved(self, name: str, by: Floats) -> Hyperparameters:
        return self._values.replace(**{name: self._values[name] + by})

    def _objective_along(
        self, name: str, direction: Floats, distance: float, start: float = 0.0
    ) -> float:
        return self._objective(self._moved(name, (start + distance) * direction))

    def _objective(self, values: Hyperparameters) -> float:
        return _objective_after_training(self._task, self._experiment, self._key, values)

    def compare(
        self,
        what: str,
        gradient: Mapping[str, Floats],
        expected: Mapping[str, Floats],
        tolerance: float,
        margins: Mapping[str, Floats] = MappingProxyType({}),
    ) -> Iterator[Check]:
        """Two hypergradients, for each kind that both give; as finely as the coarser of them."""
        for kind in gradient:
            if kind not in expected:
                continue
            found, wanted, margin = gradient[kind], expected[kind], margins.get(kind)
            if found.shape != wanted.shape:
                found, wanted = self._layout.own(kind, found), self._layout.own(kind, wanted)
            yield _compare_arrays(what, KINDS[kind].plural, found, wanted, tolerance, margin)

    def _made(self, name: str) -> Method:
        is_own = name == self._experiment.method
        options = self._experiment.hypergradient if is_own else MethodOptions()
        return make_method(name, options, self._task.epoch)

    def _by_kind(self, gradient: Gradient, result: Result) -> Hyperparameters:
        given = replace(result, gradient=gradient)
        return by_hyperparameters(self._problem, given, self._noise, self._values)


def _within(steps: Steps, patience: float) -> Result | None:
    """A method's result; None once it has taken longer than some seconds."""
    began = time.monotonic()
    while time.monotonic() - began <= patience:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]
    steps.close()
    return None


def _objective_after_training(
    task: Task, experiment: Experiment, key: tuple[int, ...], values: Hyperparameters
) -> float:
    """The objective after training in float64, where nothing is rounded or kept in its range."""
    schedules = DYNAMICS[experiment.training.dynamics].schedules
    in_range = {
        kind: np.clip(values[kind], KINDS[kind].low, KINDS[kind].high) for kind in schedules
    }
    problem, _ = training_problem(task, experiment, key, values.replace(**in_range))
    as_given = replace(problem, schedules={kind: values[kind] for kind in schedules})
    steps = train_in_floats(as_given, keep=1)
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            [(w, *_)], _ = stop.value
            return problem.oracle.objective_value(w)


def _against_slope(
    main: str,
    name: str,
    gradient: Floats,
    own: Floats,
    objective: Callable[[float], float],
    middle: float,
) -> Check:
    """A derivative along a direction and the slope there, within a tolerance and rounding."""
    found = float(np.sum(gradient * own))
    measured = slope(objective, middle, FINITE_DIFFERENCE_TOLERANCE)
    off, larger = abs(found - measured.value), max(abs(found), abs(measured.value))
    return Check(
        f"{main} against finite differences",
        KINDS[name].plural,
        found,
        measured.value,
        off / larger if larger else 0.0,
        off <= FINITE_DIFFERENCE_TOLERANCE * larger + measured.rounding,
    )


def _compare_arrays(
    what: str,
    kind: str,
    found: Floats,
    expected: Floats,
    tolerance: float,
    margin: Floats | None = None,
) -> Check:
    """At the place where they are furthest apart, beyond a margin that each may have."""
    apart = np.abs(found - expected)
    beyond = apart if margin is None else np.maximum(apart - margin, 0.0)
    worst = np.unravel_index(np.argmax(beyond), found.shape)
    larger = float(max(np.abs(found).max(), np.abs(expected).max()))
    difference = float(apart[worst]) / larger if larger else 0.0
    off = float(beyond.max()) / larger if larger else 0.0
    return Check(
        what, kind, float(found[worst]), float(expected[worst]), difference, off <= tolerance
    )
