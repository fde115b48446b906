"""Where a run goes next: what the loop of meta-iterations asks of every strategy."""

from pkgutil import resolve_name
from typing import Any, NamedTuple, Protocol, cast

from engine.arrays import Floats
from engine.experiments.experiment import Meta
from engine.experiments.strategies import STRATEGIES
from engine.hyperparameters.layout import Layout
from engine.search.by_kind import ByKind


class Found(NamedTuple):
    """What a meta-iteration found where it was.

    Attributes:
        vector: (N,) the coordinates of what is free.
        objective: there, as far as the method went.
        at_minimum: the same at the minimum of the training loss, to first order, of a method that
            knows it; else the objective.
        gradient: (N,) the hypergradient by the coordinates.
    """

    vector: Floats
    objective: float
    at_minimum: float
    gradient: Floats

    @property
    def at_worst(self) -> float:
        """The higher one of the objective and its estimate: what it may well come to."""
        return max(self.objective, self.at_minimum)


class Walk(Protocol):
    """Goes from meta-iteration to meta-iteration.

    Attributes:
        state: all that it remembers, as numbers and arrays by name; setting it takes the walk back
            to where that was.
    """

    state: Any

    @property
    def tolerance(self) -> float | None:
        """To which the next hypergradient has to be found; None: as the experiment says."""

    @property
    def final_tolerance(self) -> float | None:
        """The same, of what the run arrived at."""

    @property
    def is_over(self) -> bool:
        """Whether it will go nowhere else."""

    def set_constants(self, meta: Meta) -> None:
        """Go on with other constants of the same strategy, and with all that is remembered."""

    def after(self, found: Found, layout: Layout) -> Floats:
        """(N,) where to go, within the ranges and constraints of what is free."""

    def candidates(self, vector: Floats) -> list[Floats]:
        """(N,) each: what may come out in the end, given where the last step led.

        If there are several, the one counts whose objective is lowest once it is found to
        `final_tolerance`.
        """


def make_walk(meta: Meta) -> Walk:
    """The walk of an experiment's strategy, at its beginning."""
    strategy = STRATEGIES[meta.optimizer]
    if strategy.sees_objective:
        return cast(Walk, resolve_name(strategy.made_by)(meta))
    return Steps(meta)


class Steps(ByKind):
    """A step against each hypergradient, kind by kind; a `Walk`."""

    tolerance = final_tolerance = None
    is_over = False

    def after(self, found: Found, layout: Layout) -> Floats:
        """(N,) a step further."""
        return layout.project(found.vector + self.change(found.gradient, layout.spans))

    def candidates(self, vector: Floats) -> list[Floats]:
        """Where the last step led, (N,)."""
        return [vector]
