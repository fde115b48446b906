"""What a strategy that tries is: it proposes hyperparameters, and is told how good they were.

It needs no hypergradient, and gets none: what one would have done without.
"""

from collections.abc import Mapping, Sequence
from pkgutil import resolve_name
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Protocol, cast

from engine.arrays import Floats
from engine.experiments.experiment import Meta
from engine.experiments.strategies import STRATEGIES
from engine.search.space import Space


class Stopped(NamedTuple):
    """What is known of a trial that was stopped before its end.

    Attributes:
        predicted: the objective that it would have come to; NaN: not known.
        curve: (n,) what was measured along its training; less is better.
    """

    predicted: float
    curve: Floats


NONE_STOPPED: Final[Mapping[int, Stopped]] = MappingProxyType({})


class Search(Protocol):
    """Proposes hyperparameters to try.

    Attributes:
        state: all that it remembers, as numbers and arrays by name. Setting it takes the search
            back to where that was; see `make_search` for all else that it depends on.
    """

    state: dict[str, Any]

    @property
    def most(self) -> int | None:
        """How many proposals there are in all; None: as many as are wanted."""

    @property
    def at_once(self) -> int | None:
        """How many proposals it makes now before it is told of the first; None: any number.

        Where trials start warm, those that are made together start from the minima before them.
        """

    def propose(self, count: int) -> Floats:
        """(count, D) the next proposals, in the space's coordinates.

        Args:
            count: how many; after them it is told of all, unless it makes any number of them.
        """

    def tell(self, losses: Sequence[float], stopped: Mapping[int, Stopped] = NONE_STOPPED) -> None:
        """Take note of what proposals led to.

        Args:
            losses: the objective after training with each of the last ones, in their order;
                infinite where training diverged, or was stopped.
            stopped: those that were stopped, by their place.
        """


def make_search(meta: Meta, space: Space) -> Search:
    """The search that an experiment asks for, at its beginning.

    Raises:
        InputError: it cannot search this space.
    """
    return cast(Search, resolve_name(STRATEGIES[meta.optimizer].made_by)(meta, space))
