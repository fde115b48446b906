"""What a method is: a way from a training run to its hypergradient."""

from typing import ClassVar, Literal, Protocol

from engine.hypergradients.problem import Problem
from engine.hypergradients.result import Steps
from engine.hyperparameters.extents import Enters

Need = Literal["reversible", "tangents", "stationary"]


def trains(method: "Method") -> bool:
    """Whether a method trains as the experiment says; some find the minimum instead."""
    return "training" in method.phases and getattr(method, "minimise_to", None) is None


class Method(Protocol):
    """A way to a hypergradient: a small frozen dataclass whose fields are its options.

    Attributes:
        name: what experiments call it.
        title: what people call it.
        needs: of the training run: a "reversible" dynamics, "tangents" of the dynamics, an end that
            is "stationary".
        gives: the hyperparameters that it finds derivatives for, by where they enter.
        phases: what it goes through, in order, as its `Progress` names them: "training" and
            "reversing" report every iteration once, quick ones several together; what is trained
            again is "recomputing".
        agrees_within: how far from the exact methods it may be, relative to the largest entry; None
            of an approximation.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    needs: ClassVar[frozenset[Need]]
    gives: ClassVar[frozenset[Enters]]
    phases: ClassVar[tuple[str, ...]]
    agrees_within: ClassVar[float | None]

    def run(self, problem: Problem) -> Steps:
        """Find the hypergradient, with its progress after every iteration, or several quick ones.

        Raises:
            DivergedError: training left the range of its numbers.
        """
