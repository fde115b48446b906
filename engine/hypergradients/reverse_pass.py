"""The reverse pass of every method that knows the states which training went through."""

from functools import partial

import numpy as np

from engine.arrays import Floats
from engine.dynamics.dynamics import State, sum_by_group
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import Gradient, Memory, Result, lyapunov_exponent
from engine.hypergradients.training import schedules_at, state_bytes, step_bytes


class ReversePass:
    """Carries the derivatives of the objective back through training, iteration by iteration.

    Args:
        problem: the training run.
        final: the state at its end.

    Attributes:
        validation_loss: the objective there.
    """

    def __init__(self, problem: Problem, final: State) -> None:
        self._problem = problem
        self._final = final
        self.validation_loss, by_w, by_theta = problem.oracle.objective(final[0])
        self._theta = np.array(by_theta)
        self._adjoint: State = (np.array(by_w), *(np.zeros_like(slot) for slot in final[1:]))
        self._length_after = float(np.linalg.norm(by_w))
        self._schedules = {kind: np.zeros_like(full) for kind, full in problem.schedules.items()}

    def undo(self, t: int, before: State, after: State) -> None:
        """Go back through iteration t.

        Args:
            t: the iteration; the last one first.
            before: the state that it led from.
            after: the state that it led to.
        """
        problem = self._problem
        differentiate = partial(problem.oracle.gradient_and_products, before[0], t)
        with np.errstate(over="ignore", invalid="ignore"):  # whoever uses the result looks
            self._adjoint, by_schedules, by_theta = problem.dynamics.pull_back(
                before, after, schedules_at(problem, t), self._adjoint, differentiate
            )
        for kind, by_parameter in by_schedules.items():
            self._schedules[kind][t] = sum_by_group(by_parameter, problem.groups)
        self._theta += by_theta

    def result(
        self, learning_curve: Floats, states_bytes: int, *, reaches_the_start: bool = True
    ) -> Result:
        """What has been found.

        Args:
            learning_curve: (T,) training loss at each iteration's start.
            states_bytes: of the states that were kept for it, at their fullest.
            reaches_the_start: whether every iteration was undone; if not, nothing is known of the
                initial state.
        """
        problem, final, theta = self._problem, self._final, self._theta
        return Result(
            validation_loss=self.validation_loss,
            w_final=final[0],
            v_final=final[1] if len(final) > 1 else None,
            learning_curve=learning_curve,
            gradient=Gradient(self._adjoint if reaches_the_start else None, self._schedules, theta),
            memory=Memory(
                buffer_bytes=0,
                # The adjoint before an iteration and after it, and what it is found with.
                working_bytes=3 * state_bytes(problem) + step_bytes(problem) + 2 * theta.nbytes,
                trajectory_bytes=problem.trajectory_bytes,
                entropy_bits=problem.entropy_bits,
                states_bytes=states_bytes,
            ),
            reversed_exactly=None,
            lyapunov_exponent=(
                lyapunov_exponent(self._length_after, self._adjoint, problem.iterations)
                if reaches_the_start
                else float("nan")
            ),
        )
