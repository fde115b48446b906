"""What a strategy is: how a meta-iteration's hyperparameters follow from the last ones."""

from pkgutil import resolve_name
from typing import Any, Protocol, cast

from engine.arrays import Floats
from engine.experiments.experiment import Meta
from engine.experiments.strategies import STRATEGIES


class Strategy(Protocol):
    """Turns hypergradients, one after the other, into changes.

    Attributes:
        state: all that it remembers, as numbers and arrays by name. Setting it takes the strategy
            back to where that was; see `make_strategy` for all else that it depends on.
    """

    state: dict[str, Any]

    def change(self, gradient: Floats) -> Floats:
        """What to add to the (N,) coordinates, given their (N,) hypergradient."""


def make_strategy(meta: Meta) -> Strategy:
    """The strategy that an experiment asks for, at its beginning."""
    return cast(Strategy, resolve_name(STRATEGIES[meta.optimizer].made_by)(meta))
