"""Real time: hyperparameters that move while one training run goes on.

Franceschi et al. (2017), "Forward and reverse gradient-based hyperparameter optimization", section
4, RTHO. Tangents Z_t = A_t Z_{t−1} + B_t are carried along with training; every Δ iterations (the
hyperbatch) the hyperparameters take a step against ∇_sE(s_t) Z_t + ∂_λE, and training goes on from
where it is. Coordinates of the domains stand for λ: the logarithm of a rate, the logit of a decay.

With Δ = 1, and tangents that are set to zero after each update, it is the hypergradient descent of
Baydin et al. (2018), "Online learning rate adaptation with hypergradient descent".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from engine.arrays import Floats
from engine.derivatives.oracle import BatchOracle
from engine.dynamics.dynamics import Schedules, State
from engine.errors import DivergedError, InputError
from engine.experiments.experiment import Meta
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import Progress
from engine.hypergradients.scalars import Scalar
from engine.hypergradients.tangents import Tangents
from engine.hypergradients.training import are_as_before, check_range, move, schedules_at
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.layout import Layout
from engine.hyperparameters.values import Hyperparameters
from engine.randomness import JUDGED, generator
from engine.search.strategy import Strategy, make_strategy

LARGEST_HYPERGRADIENT: Final = 1e150
"""Its square is still a number."""


def mover(meta: Meta) -> Strategy:
    """The strategy whose steps the updates are."""
    return make_strategy(meta.model_copy(update={"optimizer": meta.update_by}))


@dataclass(frozen=True, eq=False)
class Update:
    """What an update of the hyperparameters did.

    Attributes:
        index: which one, from 0.
        first, stop: the training iterations before it, since the last one.
        objective: the loss that it went against, on the examples drawn for it.
        gradient: (N,) of it by the coordinates.
        before, after: (N,) the coordinates.
        slopes: (N,) how fast each free value moved with its coordinate.
    """

    index: int
    first: int
    stop: int
    objective: float
    gradient: Floats
    before: Floats
    after: Floats
    slopes: Floats


class RealTime:
    """One training run, in floating point, whose hyperparameters move while it goes on.

    Args:
        problem: the training run, as it would be if nothing moved.
        layout: of its hyperparameters.
        meta: how they move.
        key: (seed, 0, replicate): what the examples of the objective depend on.

    Raises:
        InputError: the objective cannot be measured on some of its examples, and is to be.

    Attributes:
        iteration: t, the training iterations taken.
        vector: (N,) the coordinates now.
        update: what the last iteration led to, if that was an update.
    """

    def __init__(self, problem: Problem, layout: Layout, meta: Meta, key: tuple[int, ...]) -> None:
        if meta.objective_batch and not isinstance(problem.oracle, BatchOracle):
            raise InputError(
                "meta.objective_batch",
                "expected none, because only the objective of one network without interactions of "
                "classes is measured on some of its examples; this one is measured whole.",
            )
        self.iteration = 0
        self.vector = layout.initial_vector()
        self.update: Update | None = None
        self._schedules: Schedules | None = None  # as iteration t uses them
        self._layout, self._meta, self._key = layout, meta, key
        self._present = tuple(layout.values(self.vector))
        self._mover = mover(meta)
        self._state: State = problem.start
        self._applied = {
            kind: self._spread(kind, len(problem.groups)) for kind in problem.schedules
        }
        used = {kind: full.copy() for kind, full in problem.schedules.items()}
        self._problem = replace(problem, schedules=used)
        self._moving = tuple(kind for kind in layout.free if kind in self._applied)
        self._scalars = tuple(self._every_scalar())
        self._tangents = Tangents(self._problem, self._scalars)
        self._enter()

    @property
    def state(self) -> dict[str, Any]:
        """All that it remembers, as numbers and arrays by name; arrays are copies.

        Setting it takes a run of the same problem, layout and meta there: what follows is the same
        to the bit.
        """
        return {
            "iteration": self.iteration,
            "vector": self.vector.copy(),
            "state": tuple(slot.copy() for slot in self._state),
            "tangents": self._tangents.stacks,
            "applied": {kind: rows.copy() for kind, rows in self._applied.items()},
            "mover": dict(self._mover.state),
        }

    @state.setter
    def state(self, state: Mapping[str, Any]) -> None:
        self.iteration, self.update = state["iteration"], None
        self.vector = state["vector"].copy()
        self._state = tuple(slot.copy() for slot in state["state"])
        self._applied = {kind: rows.copy() for kind, rows in state["applied"].items()}
        for kind, rows in self._problem.dynamics.usable(self._applied).items():
            self._problem.schedules[kind][:] = rows
        self._mover.state = dict(state["mover"])
        self._enter()
        self._tangents.stacks = state["tangents"]

    @property
    def w(self) -> Floats:
        """(P,) the elementary parameters now; not to be written to."""
        return self._state[0]

    @property
    def trained(self) -> State:
        """The state now, a slot each; not to be written to."""
        return self._state

    @property
    def tangent_bytes(self) -> int:
        """What the tangents take."""
        return self._tangents.nbytes

    @property
    def free(self) -> int:
        """N, the number of free hyperparameters."""
        return len(self._scalars)

    @property
    def free_in_losses(self) -> int:
        """How many of them are in the losses."""
        return sum(scalar.kind == "theta" for scalar in self._scalars)

    @property
    def judged(self) -> int:
        """Examples that an update is judged on; 0 of an objective that is no mean over examples."""
        oracle, batch = self._problem.oracle, self._meta.objective_batch
        if not isinstance(oracle, BatchOracle):
            return 0
        return min(batch or oracle.judged_examples, oracle.judged_examples)

    @property
    def entropy_bits(self) -> Floats:
        """(T,) what each iteration drops, by the schedules applied and what follows from now."""
        problem = self._problem
        usable = problem.dynamics.usable(self._as_applied())
        return problem.dynamics.dropped_bits(usable, problem.groups)

    @property
    def hyperparameters(self) -> Hyperparameters:
        """The schedules as they were applied, and as they are from here on; others as they are."""
        return self._present_values(self._as_applied())

    def during(self, first: int, vector: Floats, stretch: int) -> Hyperparameters:
        """What training uses in a stretch of iterations.

        Args:
            first: the first of them.
            vector: (N,) the coordinates then.
            stretch: how many there are; after the end of training, rows are as the last one.
        """
        which = np.minimum(np.arange(first, first + stretch), self._problem.iterations - 1)
        rows = {kind: full[which] for kind, full in self._applied.items()}
        own = self._layout.own_values(vector)
        for kind in self._moving:
            rows[kind][:] = own[kind]
        return self._present_values(rows, vector)

    def _as_applied(self) -> dict[str, Floats]:
        """(T, G) by kind of schedule."""
        t, own = self.iteration, self._layout.own_values(self.vector)
        full = {kind: rows.copy() for kind, rows in self._applied.items()}
        for kind in self._moving:
            full[kind][t:] = own[kind]
        return full

    def _present_values(
        self, schedules: Mapping[str, Floats], vector: Floats | None = None
    ) -> Hyperparameters:
        own = self._layout.own_values(self.vector if vector is None else vector)
        return Hyperparameters(
            {
                kind: self._layout.spread(kind, values)
                if kind not in schedules
                else schedules[kind]
                for kind, values in own.items()
                if kind in self._present
            }
        )

    def train(self) -> Iterator[Progress]:
        """Train to the end, with progress after every iteration; see `update`.

        Raises:
            DivergedError: training left the range of its numbers, or a hypergradient is not finite.
        """
        check_range(self._problem, self._state, self._state[0], self.iteration)
        while self.iteration < self._problem.iterations:
            loss = self._step()
            self.update = None
            if self._is_time_for_an_update():
                self._update()
            yield Progress("training", self.iteration, loss, 0, self._tangents.nbytes)

    def _step(self) -> float:
        """Take a training step, and carry the tangents through it; returns the loss before it."""
        t, before, problem = self.iteration, self._state, self._problem
        wants_tangents = True
        if self._meta.tangents == "last step":
            wants_tangents = self._ends_a_stretch(t + 1)
            if wants_tangents:
                self._tangents.forget()
        loss, found, hessian = problem.oracle.gradient_and_hessian(before[0], t)
        gradient = found.copy()  # the oracle uses its array again
        if self._schedules is None or not are_as_before(problem, t):
            self._schedules = schedules_at(problem, t)
        self._state = move(problem, before, gradient, t, self._schedules)
        if wants_tangents:
            self._tangents.push(t, before, self._state, self._schedules, gradient, hessian)
        self.iteration += 1
        return loss

    def _ends_a_stretch(self, iteration: int) -> bool:
        return iteration % self._meta.update_every == 0 or iteration == self._problem.iterations

    def _is_time_for_an_update(self) -> bool:
        return self._ends_a_stretch(self.iteration)

    def _update(self) -> None:
        """Move the hyperparameters against their hypergradient, and go on with them."""
        index = (self.iteration - 1) // self._meta.update_every
        first = index * self._meta.update_every
        loss, by_w, by_theta = self._objective(index)
        slopes = self._layout.slopes(self.vector)
        gradient = self._tangents.products(by_w)
        for place, scalar in enumerate(self._scalars):
            if scalar.kind == "theta":
                gradient[place] += slopes[place] * by_theta[scalar.place]
        self._add_penalty(gradient, slopes)
        if not np.all(np.abs(gradient) < LARGEST_HYPERGRADIENT):
            raise DivergedError(
                self.iteration - 1,
                "",
                f"the hypergradient is not finite, or beyond {LARGEST_HYPERGRADIENT:g}",
            )
        before = self.vector
        moved = before + self._mover.change(gradient)
        self.vector = self._layout.project(moved)
        self.update = Update(
            index, first, self.iteration, loss, gradient, before, self.vector, slopes
        )
        if self._meta.tangents != "kept":
            self._tangents.forget()
        self._enter()

    def _objective(self, index: int) -> tuple[float, Floats, Floats]:
        """E at the state now, on examples drawn for this update; and ∇_wE, ∇_θE."""
        oracle, batch = self._problem.oracle, self.judged
        if not isinstance(oracle, BatchOracle) or batch == oracle.judged_examples:
            return oracle.objective(self.w)
        drawn = generator(*self._key, JUDGED, index)
        chosen = drawn.choice(oracle.judged_examples, batch, replace=False)
        return oracle.objective_on(self.w, np.sort(chosen))

    def _add_penalty(self, gradient: Floats, slopes: Floats) -> None:
        """Add the derivative of c Σ λ² of the penalties, which is a part of the objective."""
        span = self._layout.spans.get("l2_penalties")
        if self._meta.penalty and span is not None:
            own = self._layout.own_values(self.vector)["l2_penalties"].ravel()
            gradient[span] += 2 * self._meta.penalty * own * slopes[span]

    def _enter(self) -> None:
        """Train from here on with the hyperparameters as they are now."""
        t, problem = self.iteration, self._problem
        stretch = slice(t, t + self._meta.update_every)
        own = self._layout.own_values(self.vector)
        for kind in self._moving:
            self._applied[kind][stretch] = own[kind]
        if self._moving and t < problem.iterations:
            rows = {kind: full[stretch] for kind, full in self._applied.items()}
            for kind, usable in problem.dynamics.usable(rows).items():
                problem.schedules[kind][stretch] = usable
        if problem.oracle.theta_size:
            values = {kind: own[kind] for kind in self._present}
            theta = Hyperparameters({kind: one.copy() for kind, one in values.items()}).theta
            problem = self._problem = replace(problem, oracle=problem.oracle.at(theta))
        self._schedules = None
        self._tangents.go_on(problem)
        self._tangents.slopes = self._layout.slopes(self.vector)

    def _spread(self, kind: str, groups: int) -> Floats:
        """(T, G) a schedule as it is in the beginning."""
        own = self._layout.own_values(self.vector)[kind]
        return np.broadcast_to(own, (self._layout.iterations, groups)).copy()

    def _every_scalar(self) -> Iterator[Scalar]:
        """The free hyperparameters one by one, in the order of the coordinates."""
        iterations, begins = self._problem.iterations, 0
        places = {}
        for kind, own in self._layout.own_values(self.vector).items():
            if KINDS[kind].enters == "loss" and kind in self._present:
                places[kind] = begins
                begins += own.size
        for kind in self._layout.free:
            shape = self._layout.shape(kind)
            for index in range(int(np.prod(shape))):
                if KINDS[kind].enters == "loss":
                    yield Scalar("theta", (places[kind] + index,), 0, iterations)
                else:
                    yield Scalar(kind, (0, index), 0, iterations)
