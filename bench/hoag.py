"""HOAG against what else one would do: processor seconds to a penalty that is nearly the best.

A logistic regression with one penalty, on breast cancer and, where they are available, on MNIST
digits 0–4 against 5–9 (Pedregosa 2016, section 4). Everything runs in the same process, one after
the other, by the same minimiser. What counts of an iterate is its objective at the exact minimum,
which is found afterwards; the optimum is the least of all of them.

    [RETROGRADE_DATA=FOLDER] python -m bench.hoag
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np

from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.hypergradients.minimiser import minimise
from engine.hyperparameters.values import Hyperparameters
from engine.kernels.blas import one_blas_thread
from engine.runs.events import MetaIterationDone, MetaIterationStarted
from engine.runs.replicates import training_problem
from engine.runs.run import optimize
from engine.tasks.catalogue import make_task
from engine.tasks.task import Task

POINTS: Final = 25
SPREAD: Final = 4.0
"""How far a grid and random search look, in the logarithm: a factor of 55 either way."""
EXACT: Final = 1e-8
OF_SEARCH: Final = 1e-6
"""The tolerance of training without hypergradients: 0.01 % of the objective needs no less."""


@dataclass(frozen=True)
class Iterate:
    """Where a search was, and when."""

    seconds: float
    penalty: float


def by_strategy(experiment: Experiment, **changes: str) -> list[Iterate]:
    """The iterates of a run; seconds are of the processor, what is shown of it among them."""
    named = {name.replace("__", "."): value for name, value in changes.items()}
    changed = override(experiment, named)
    began, found = 0.0, list[Iterate]()
    for event in optimize(changed, threads=1):
        if isinstance(event, MetaIterationStarted):
            began = began or time.process_time()  # the data are loaded
        if isinstance(event, MetaIterationDone):
            penalty = float(event.hyperparameters["l2_penalties"][0])
            found.append(Iterate(time.process_time() - began, penalty))
    return found


def by_bare_grid(experiment: Experiment, task: Task) -> list[Iterate]:
    """The same grid as a loop that judges validation alone: the least that a warm grid can take."""
    start = float(np.log(experiment.hyperparameters["l2_penalties"].initial))
    began, found, warm = time.process_time(), list[Iterate](), None
    for penalty in np.exp(np.linspace(start + SPREAD, start - SPREAD, POINTS)):
        warm = at_minimum(experiment, task, float(penalty), OF_SEARCH, warm)
        judged(experiment, task, float(penalty), warm)
        found.append(Iterate(time.process_time() - began, float(penalty)))
    return found


def at_minimum(
    experiment: Experiment,
    task: Task,
    penalty: float,
    tolerance: float,
    warm: np.ndarray | None = None,
) -> np.ndarray:
    """(P,) where L-BFGS ends."""
    problem, _ = training_problem(task, experiment, (0, 0, 0), values_of(experiment, penalty))
    steps = minimise(replace(problem, warm=warm), 1, tolerance)
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            w: np.ndarray = stop.value.w
            return w


def exactly(experiment: Experiment, task: Task, penalties: set[float]) -> dict[float, float]:
    """The validation loss at the exact minimum of each penalty."""
    found, warm = {}, None
    for penalty in sorted(penalties, reverse=True):
        warm = at_minimum(experiment, task, penalty, EXACT, warm)
        found[penalty] = judged(experiment, task, penalty, warm)
    return found


def judged(experiment: Experiment, task: Task, penalty: float, w: np.ndarray) -> float:
    """The validation loss of weights."""
    return task.oracle((0, 0, 0), values_of(experiment, penalty)).objective_value(w)


def values_of(experiment: Experiment, penalty: float) -> Hyperparameters:
    """All hyperparameters of a training run with a penalty; schedules play no part."""
    iterations = experiment.training.iterations
    return Hyperparameters(
        {
            "learning_rates": np.ones((iterations, 1)),
            "initial_scales": np.zeros(1),
            "l2_penalties": np.array([penalty]),
        }
    )


Search: TypeAlias = Callable[[], list[Iterate]]


def contenders(
    experiment: Experiment, task: Task, *, is_first: bool = False
) -> Iterator[tuple[str, Search]]:
    """What is compared, by name; the first time with no more trials than meta-iterations."""
    for sequence in ("quadratic", "cubic", "exponential", "exact"):
        yield (
            f"HOAG, {sequence}",
            lambda s=sequence: by_strategy(experiment, meta__optimizer="hoag", meta__tolerances=s),
        )
    yield "exact, L-BFGS-B", lambda: by_strategy(experiment, meta__optimizer="l-bfgs-b")
    if not is_first:
        yield "warm grid, as a bare loop", lambda: by_bare_grid(experiment, task)
    trials = min(POINTS, int(experiment.meta.iterations)) if is_first else POINTS
    for name, title, warm in (
        ("grid", f"warm grid of {POINTS}", "true"),
        ("random", f"random search, {POINTS} trials", "false"),
        ("tpe", f"Optuna's TPE, {POINTS} trials", "false"),
    ):
        yield (
            title,
            lambda n=name, w=warm: by_strategy(
                experiment,
                meta__optimizer=n,
                meta__iterations=str(trials),
                meta__trials_spread=str(SPREAD),
                meta__trials_warm=w,
                hypergradient__minimise_to=str(OF_SEARCH),
            ),
        )


def compare(title: str, experiment: Experiment) -> None:
    """Print a table: seconds to within 1 % and 0.01 % of the optimum, and in all."""
    start = 1 / (2 * int(experiment.data.train))  # log 2Nλ = 0
    experiment = override(experiment, {"hyperparameters.l2_penalties.initial": str(start)})
    task = make_task(experiment)
    short = override(experiment, {"meta.iterations": "2"})
    for _, search in contenders(short, task, is_first=True):
        search()  # what is loaded the first time is not measured
    found = {name: search() for name, search in contenders(experiment, task)}
    exact = exactly(experiment, task, {one.penalty for each in found.values() for one in each})
    objectives = {name: [exact[one.penalty] for one in each] for name, each in found.items()}
    best = min(exact.values())
    print(f"\n{title}: processor seconds; the optimum is {best:.8f}")
    print(f"{'':28}{'to 1 %':>10}{'to 0.01 %':>12}{'in all':>10}{'best / optimum − 1':>22}")
    for name, iterates in found.items():
        values = np.array(objectives[name])
        times = [
            next((one.seconds for one, v in zip(iterates, values, strict=True) if v <= top), None)
            for top in (best * 1.01, best * 1.0001)
        ]
        told = ["never" if one is None else f"{one:.3f}" for one in times]
        print(
            f"{name:28}{told[0]:>10}{told[1]:>12}{iterates[-1].seconds:>10.3f}"
            f"{values.min() / best - 1:>22.1e}"
        )


def main() -> None:
    """Both data sets."""
    with one_blas_thread():
        compare("Breast cancer", load_experiment("hoag", stand_in=True))
        full = load_experiment("hoag")
        if full.data.source == "mnist-test":
            compare("MNIST, 0–4 against 5–9", full)


if __name__ == "__main__":
    main()
