"""Compiling the kernels before a run, piece by piece, so that no later step has to wait."""

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.derivatives.hessian import Hessian
from engine.derivatives.stretches import Calls
from engine.dynamics.dynamics import Adjoint, Dynamics
from engine.dynamics.stretches import take_steps, undo_steps
from engine.groups import partition
from engine.hypergradients.method import Method
from engine.hypergradients.problem import make_problem
from engine.hypergradients.result import drain
from engine.hyperparameters.kinds import KINDS
from engine.runs.events import Preparing
from engine.tasks.task import Piece, Task

_THREAD: Final = "retrograde-compiling"
_SECONDS_BETWEEN_WORDS = 0.1


def is_compiling() -> bool:
    """Whether something is being compiled, for a run or for one that was given up."""
    return any(thread.name == _THREAD for thread in threading.enumerate())


def warm_up(
    task: Task,
    dynamics: Dynamics,
    *,
    tangents: bool = False,
    methods: Sequence[Method] = (),
    forecasts: bool = False,
) -> Generator[Preparing]:
    """Run what training needs once on a tiny problem; fast, once it has been compiled.

    What is being compiled cannot be interrupted. If nobody waits for it any more, it goes on beside
    whatever is done instead.

    Args:
        task: what is to be trained.
        dynamics: how.
        tangents: whether tangents will be carried along.
        methods: that will be measured, whose first run should load and compile nothing any more.
        forecasts: whether learning curves will be forecast.

    Yields:
        What goes on, ten times a second.
    """
    pieces = [
        *steps_of(dynamics),
        *task.pieces(tangents=tangents or bool(methods)),
        *(rehearsal_of(method, dynamics) for method in methods),
        *([("forecasts of learning curves", _rehearse_a_forecast)] if forecasts else []),
    ]
    from engine.kernels.keeping import COMPILING, FOLDER  # with numba: not before a run

    compiling = "first run only" if FOLDER else "in each run, as it can be kept nowhere"
    for number, (what, run) in enumerate(pieces):
        is_compiled = False
        for _ in _while_done(run):
            is_compiled |= COMPILING.is_set()
            how = f"Compiling ({compiling})" if is_compiled else "Loading"
            yield Preparing(f"{how}: {what}", number, len(pieces))


def _rehearse_a_forecast() -> None:
    from engine.forecasting.forecast import rehearse  # with numba, too

    rehearse()


def _while_done(run: Callable[[], object]) -> Iterator[None]:
    """Ten times a second, until another thread has done something.

    Raises:
        Exception: what it raised.
    """
    raised: list[Exception] = []

    def do() -> None:
        try:
            run()
        except Exception as error:  # raised again where it is waited for
            raised.append(error)

    thread = threading.Thread(target=do, name=_THREAD)
    thread.start()
    while thread.is_alive():
        thread.join(_SECONDS_BETWEEN_WORDS)
        if thread.is_alive():
            yield
    if raised:
        raise raised[0]


def steps_of(dynamics: Dynamics) -> list[Piece]:
    """A step of one parameter in exact arithmetic and in floats, and back."""
    if not dynamics.is_reversible:
        return []
    one = np.zeros(1)
    schedules = {kind: np.full((1, 1), KINDS[kind].usual.initial) for kind in dynamics.schedules}
    start, groups, flat = dynamics.begin(one, one), partition(None, 1), _Flat()
    training, in_stretches = (dynamics.exact(start, groups, schedules) for _ in range(2))

    def forwards() -> None:
        training.step(flat, 0)
        take_steps(in_stretches, flat, 0, 1)
        state, moves = dynamics.begin(one, one), {kind: row[0] for kind, row in schedules.items()}
        dynamics.step(state, one, moves)

    def back() -> None:
        training.turn_round()
        training.undo(flat, 0)
        undo_steps(in_stretches, flat, 0, Adjoint(start, {**schedules}, np.zeros(0)))

    return [
        ("the training step", forwards),
        ("the reverse step", back),
    ]


def rehearsal_of(method: Method, dynamics: Dynamics) -> Piece:
    """A method from its beginning to its end, on one parameter in two iterations."""
    schedules = {kind: np.full(2, KINDS[kind].usual.initial) for kind in dynamics.schedules}
    problem = make_problem(_Bowl(), np.ones(1), schedules=schedules, dynamics=dynamics)
    return method.title, lambda: drain(method.run(problem))


class _Flat:
    """The derivatives of a loss that is zero everywhere, of one parameter."""

    theta_size = 0

    def gradient(self, w: Floats, t: int) -> tuple[float, Floats]:
        return 0.0, np.zeros(1)

    def gradient_and_products(
        self, w: Floats, t: int, direction: Floats
    ) -> tuple[Floats, Floats, Floats]:
        return np.zeros(1), np.zeros(1), np.zeros(0)

    def forward_calls(self, w: Floats, iterations: range) -> Calls:
        no_calls = np.zeros(0, np.int64)
        return Calls(1, no_calls, np.zeros(1), np.zeros(1), np.zeros(1), lambda done: None, None)

    def reverse_calls(
        self, w: Floats, iterations: range, direction: Floats, theta: Floats
    ) -> Calls:
        return self.forward_calls(w, iterations)

    def objective(self, w: Floats) -> tuple[float, Floats, Floats]:
        return 0.0, np.zeros(1), np.zeros(0)

    def objective_value(self, w: Floats) -> float:
        return 0.0


class _Bowl:
    """The derivatives of w² θ/2, of one parameter, for training and as the objective."""

    theta_size = 1

    def __init__(self, theta: float = 1.0) -> None:
        self.theta = np.array([theta])

    def at(self, theta: Floats) -> "_Bowl":
        return _Bowl(float(theta[0]))

    def gradient(self, w: Floats, t: int) -> tuple[float, Floats]:
        return self.objective_value(w), self.theta * w

    def gradient_and_products(
        self, w: Floats, t: int, direction: Floats
    ) -> tuple[Floats, Floats, Floats]:
        return self.theta * w, self.theta * direction, w * direction

    def gradient_and_hessian(self, w: Floats, t: int) -> tuple[float, Floats, Hessian]:
        loss, gradient = self.gradient(w, t)
        return loss, gradient, Hessian(1, lambda directions: self.theta * np.asarray(directions))

    def mixed_product(self, w: Floats, t: int, theta_direction: Floats) -> Floats:
        return w * theta_direction

    def objective(self, w: Floats) -> tuple[float, Floats, Floats]:
        return self.objective_value(w), self.theta * w, w**2 / 2

    def objective_value(self, w: Floats) -> float:
        return float(self.theta[0] * w[0] ** 2 / 2)
