"""Hypergradients by truncated reverse mode: only the last iterations of training are undone.

What came before them counts as given, so that the derivative by θ is biased (Shaban et al. 2019).
"""

from dataclasses import dataclass
from typing import ClassVar

from engine.hypergradients.method import Need
from engine.hypergradients.options import check_count
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import Progress, Steps
from engine.hypergradients.reverse_pass import ReversePass
from engine.hypergradients.training import state_bytes, train_in_floats
from engine.hyperparameters.extents import Enters


@dataclass(frozen=True)
class Truncated:
    """Undo the last iterations alone; see `engine.hypergradients.method.Method`.

    Learning rates and decays of earlier iterations have derivative zero. Of the start nothing is
    known, unless all iterations are undone.

    Attributes:
        last: K, how many iterations to undo.

    Raises:
        InputError: it is not at least 1.
    """

    last: int = 10

    name: ClassVar[str] = "truncated"
    title: ClassVar[str] = "Truncated"
    needs: ClassVar[frozenset[Need]] = frozenset()
    gives: ClassVar[frozenset[Enters]] = frozenset({"schedule", "loss"})
    phases: ClassVar[tuple[str, ...]] = ("training", "reversing")
    agrees_within: ClassVar[float | None] = None

    def __post_init__(self) -> None:
        check_count("last", self.last, 1, needed=True)

    def run(self, problem: Problem) -> Steps:
        """Train, keeping the last states; go back through them, with progress on the way.

        Raises:
            DivergedError: a value left ±2048 (as in exact arithmetic) or was not finite.
        """
        undone = min(self.last, problem.iterations)
        states, learning_curve = yield from train_in_floats(problem, keep=undone + 1)
        one = state_bytes(problem)
        states_bytes = one * len(states)
        reverse = ReversePass(problem, states[-1])
        for t in reversed(range(problem.iterations - undone, problem.iterations)):
            after = states.pop()  # what has been used is let go
            reverse.undo(t, states[-1], after)
            yield Progress("reversing", t, learning_curve[t], 0, one * len(states))
        return reverse.result(
            learning_curve, states_bytes, reaches_the_start=undone == problem.iterations
        )
