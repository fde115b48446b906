"""The values of all hyperparameters."""

from dataclasses import dataclass, field

import numpy as np

from engine.arrays import Floats
from engine.hyperparameters.kinds import KINDS, Kind


@dataclass(frozen=True, eq=False)
class Hyperparameters:
    """The values of all hyperparameters, or a gradient with respect to them; read-only.

    Attributes:
        learning_rates: (T, G) α.
        decays: (T, G) γ.
        initial_scales: (G,) standard deviation of the initial parameters.
        l2_penalties: (1,), (G,) or (P,) λ in Σ λ w²; or (0,) when there is none.
        training_inputs: (N, D) examples that are learned; or (0,) when they are given.
        sharing: (L, n, n) how the n tasks of a network with L layers mix their parameters; or (0,).
    """

    learning_rates: Floats
    decays: Floats
    initial_scales: Floats
    l2_penalties: Floats
    training_inputs: Floats = field(default_factory=lambda: np.zeros(0))
    sharing: Floats = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        for values in self.arrays().values():
            values.setflags(write=False)

    @property
    def theta(self) -> Floats:
        """(M,) what stands inside the losses: penalties, training inputs and sharing."""
        parts = (self.l2_penalties, self.training_inputs, self.sharing)
        return np.concatenate([part.ravel() for part in parts])

    def arrays(self) -> dict[Kind, Floats]:
        """The values by kind."""
        return {kind: getattr(self, kind) for kind in KINDS}
