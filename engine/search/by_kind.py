"""A strategy for each free kind of hyperparameter, so that kinds can become free, or fixed."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.arrays import Floats
from engine.experiments.experiment import Meta
from engine.search.strategy import Strategy, make_strategy


class ByKind:
    """Moves each free kind by a strategy of its own.

    What one coordinate does depends on no other, so together they move as one strategy would. A
    kind that becomes free begins as every kind did at the start; the others remember what they did.

    Args:
        meta: says which strategy it is, and its constants.
    """

    def __init__(self, meta: Meta) -> None:
        self._meta = meta
        self._strategies: dict[str, Strategy] = {}

    @property
    def state(self) -> dict[str, dict[str, Any]]:
        """What the strategy of each free kind remembers; see `Strategy`."""
        return {kind: one.state for kind, one in self._strategies.items()}

    @state.setter
    def state(self, state: Mapping[str, dict[str, Any]]) -> None:
        self._strategies = {}
        for kind, one in state.items():
            self._strategies[kind] = make_strategy(self._meta)
            self._strategies[kind].state = dict(one)

    def set_constants(self, meta: Meta) -> None:
        """Go on with other constants of the same strategy, and with all that is remembered."""
        self._meta = meta
        for kind, state in self.state.items():
            self._strategies[kind] = make_strategy(meta)
            self._strategies[kind].state = state

    def change(self, gradient: Floats, spans: Mapping[str, slice]) -> Floats:
        """What to add to the coordinates.

        Args:
            gradient: (N,) by the coordinates.
            spans: the stretch of them that belongs to each free kind; a kind that is fixed
                meanwhile is forgotten.
        """
        self._strategies = {
            kind: self._strategies.get(kind) or make_strategy(self._meta) for kind in spans
        }
        changes = [one.change(gradient[spans[kind]]) for kind, one in self._strategies.items()]
        return np.concatenate([np.zeros(0), *changes])
