"""What a hypergradient method gives back, at the end and on the way."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np

from engine.arrays import Floats, Integers


@dataclass(frozen=True, eq=False)
class Gradient:
    """The derivative of the objective after training with respect to everything before it.

    What a method does not give is None; see `engine.hypergradients.method.Method.gives`.

    Attributes:
        state: the initial state, a slot each: (P,) initial elementary parameters first.
        schedules: by kind, shaped like the schedules given.
        theta: (M,) the θ inside the losses; empty without one.
    """

    state: tuple[Floats, ...] | None
    schedules: Mapping[str, Floats] | None
    theta: Floats | None

    @property
    def lengths(self) -> dict[str, float]:
        """The Euclidean norm of what was found, by kind of schedule, and of θ as "theta"."""
        arrays = {**(self.schedules or {})}
        if self.theta is not None and self.theta.size:
            arrays["theta"] = self.theta
        return {name: float(np.linalg.norm(array)) for name, array in arrays.items()}

    @property
    def flat(self) -> Floats:
        """All that was found, one after the other."""
        arrays = [*(self.state or ()), *(self.schedules or {}).values()]
        if self.theta is not None:
            arrays.append(self.theta)
        return np.concatenate([np.zeros(0), *(array.ravel() for array in arrays)])

    @property
    def is_finite(self) -> bool:
        """Whether all that was found are numbers."""
        return bool(np.isfinite(self.flat).all())

    @property
    def w0(self) -> Floats | None:
        """(P,) initial elementary parameters."""
        return self.state[0] if self.state else None

    @property
    def v0(self) -> Floats | None:
        """(P,) initial velocity; None where the dynamics has none."""
        return self.state[1] if self.state and len(self.state) > 1 else None

    @property
    def learning_rates(self) -> Floats | None:
        """Shaped like the learning rates given."""
        return (self.schedules or {}).get("learning_rates")

    @property
    def decays(self) -> Floats | None:
        """Shaped like the decays given."""
        return (self.schedules or {}).get("decays")


@dataclass(frozen=True)
class Memory:
    """What a method had to hold: the arrays that grow with P or T, counted at their fullest.

    Measured from outside, it is what the peak of a process's memory rises by, above a process that
    evaluates each derivative of the losses once. The room that losses evaluate them in is theirs;
    the learning curve, and what losses of a person's own are checked by, are 24 bytes an iteration.

    Attributes:
        buffer_bytes: the information buffer at its fullest, packed as it is kept when training
            turns round; 0 for methods without one.
        file_bytes: how many of them were in a temporary file.
        working_bytes: what the method holds besides, whatever T is: adjoints, and what a step is
            taken and undone with.
        states_bytes: states, snapshots or tangents that the method kept, at their fullest.
        trajectory_bytes: keeping the state of every iteration in float64: 16·P·T for w and v.
        entropy_bits: sum over iterations and parameters of log₂(1/γ); +∞ with a γ of 0, which
            nothing can undo.
    """

    buffer_bytes: int
    working_bytes: int
    trajectory_bytes: int
    entropy_bits: float
    file_bytes: int = 0
    states_bytes: int = 0

    @property
    def held_bytes(self) -> int:
        """All that the method held, at its fullest."""
        return self.buffer_bytes + self.states_bytes + self.working_bytes


@dataclass(frozen=True)
class Cost:
    """What a method evaluated, in training and after it.

    Attributes:
        gradients: of the training loss.
        products: second derivatives of the training loss along one direction each.
        tangents: derivatives of a gradient along one direction each.
        judgements: what measuring a learning curve on the validation part took besides, in
            gradients of the training loss; see `engine.runs.held_against.look_in_gradients`.
        seconds: that the method took; the time that whoever looked at its progress took is not in
            it.
    """

    gradients: int = 0
    products: int = 0
    tangents: int = 0
    seconds: float = 0.0
    judgements: float = 0.0


def total_cost(costs: Sequence[Cost]) -> Cost:
    """What several runs of a method took together."""
    return Cost(
        sum(one.gradients for one in costs),
        sum(one.products for one in costs),
        sum(one.tangents for one in costs),
        sum(one.seconds for one in costs),
        sum(one.judgements for one in costs),
    )


@dataclass(frozen=True)
class Solution:
    """How far an implicit hypergradient can be trusted.

    Attributes:
        gradient_norm: of the training loss where it was evaluated.
        stationarity: that, relative to the one at the start of training.
        residual: ‖H q − ∇E‖ relative to ‖∇E‖.
        rounds: products with the Hessian H that solving took.
        lowest_curvature: the lowest u·Hu/u·u of the directions tried; below 0, H is indefinite.
        gave_up: why the solver says that it did not solve, as a sentence; empty if it does not.
        iterations: of L-BFGS, that went to the minimum; 0 where training did.
        at_minimum: what the objective comes to at the minimum of the training loss, to first order:
            E − q · ∇_wL.
    """

    gradient_norm: float
    stationarity: float
    residual: float
    rounds: int
    lowest_curvature: float
    gave_up: str = ""
    iterations: int = 0
    at_minimum: float = float("nan")


@dataclass(frozen=True, eq=False)
class Result:
    """A hypergradient, and the training run that it belongs to.

    Attributes:
        validation_loss: the objective at the trained parameters.
        w_final: (P,) the trained parameters.
        v_final: (P,) the velocity after training; None where the dynamics has none.
        learning_curve: (T,) training loss at each iteration's start.
        gradient: the hypergradient.
        memory: what the reverse pass had to hold.
        reversed_exactly: whether the reverse pass ended at the initial state, every bit of it; None
            where a method does not reverse.
        lyapunov_exponent: (1/T) log of how much longer the derivative of the objective by the state
            (w, v) is before training than after it: above 0, training runs that begin close to each
            other part, and training is chaotic; NaN where a method does not tell.
        cost: what it took.
        remarks: what to know before the hypergradient is trusted.
        solution: of an implicit method.
        error: how far off each derivative may be, of a method that estimates it.
        q: (P,) of an implicit method, what solves H q = ∇_wE.
    """

    validation_loss: float
    w_final: Floats
    v_final: Floats | None
    learning_curve: Floats
    gradient: Gradient
    memory: Memory
    reversed_exactly: bool | None
    lyapunov_exponent: float
    cost: Cost = Cost()
    remarks: tuple[str, ...] = ()
    solution: Solution | None = None
    error: Gradient | None = None
    q: Floats | None = None


def lyapunov_exponent(after: float, before: tuple[Floats, ...], iterations: int) -> float:
    """How fast the derivative by the state grows from the end of training back to its start.

    Args:
        after: length of the derivative of the objective by the trained parameters.
        before: (P,) derivatives by each slot of the initial state.
        iterations: T.

    Returns:
        −∞ where the derivative vanishes, NaN where it is not finite or was zero to begin with.
    """
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        length = np.hypot.reduce([np.linalg.norm(slot) for slot in before])
        grown = np.divide(length, after)
        return float(np.log(grown) / iterations) if np.isfinite(grown) else float("nan")


class Several(NamedTuple):
    """Iterations of training or of reversal that were told of together.

    Attributes:
        losses: (n,) training loss at the start of each step, in the order they were gone through.
        buffer_bytes: (n,) the information buffer after each, packed.
    """

    losses: Floats
    buffer_bytes: Integers


class Progress(NamedTuple):
    """Where a method stands; one comes after every iteration of training and of reversal.

    Where iterations are quick, it may come after several.

    Attributes:
        phase: what is going on; one of the method's phases.
        iteration: t, the number of training steps taken and not undone.
        loss: training loss at the start of the step just taken or undone; NaN if not evaluated.
        buffer_bytes: the information buffer at this moment, packed.
        states_bytes: states, snapshots or tangents that are kept at this moment.
        gradient: the hypergradient of the training run so far, from a method that has it.
        part: which training run of how many, where a phase takes several: (3, 8) for the third.
        several: the iterations since the last one, if they are more than one; the rest is of the
            last of them.
    """

    phase: str
    iteration: int
    loss: float
    buffer_bytes: int
    states_bytes: int = 0
    gradient: Gradient | None = None
    part: tuple[int, int] = (1, 1)
    several: Several | None = None

    @property
    def iterations(self) -> int:
        """How many it tells of."""
        return 1 if self.several is None else len(self.several.losses)

    @property
    def losses(self) -> Floats:
        """(n,) training loss at the start of each of their steps."""
        return np.array([self.loss]) if self.several is None else self.several.losses

    @property
    def kept_bytes(self) -> Integers:
        """(n,) bytes kept for the reverse pass after each of them."""
        if self.several is None:
            return np.array([self.buffer_bytes + self.states_bytes])
        return self.several.buffer_bytes + self.states_bytes


Steps: TypeAlias = Generator[Progress, None, Result]


def told_together(phase: str, iteration: int, losses: Floats, buffer_bytes: Integers) -> Progress:
    """Progress after one iteration, or after several.

    Args:
        phase: see `Progress`.
        iteration: after the last of them.
        losses: (n,) see `Several`.
        buffer_bytes: (n,) see there.
    """
    several = Several(losses, buffer_bytes) if len(losses) > 1 else None
    last = float(losses[-1]), int(buffer_bytes[-1])
    return Progress(phase, iteration, *last, several=several)


def drain(steps: Steps) -> Result:
    """Run a method to its end without looking at its progress."""
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]
