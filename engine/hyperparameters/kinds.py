"""The catalogue of hyperparameters: one line a kind.

The order is that of the set-up, of plots, and of the vector that meta-optimization moves.
"""

from typing import Final

from engine.hyperparameters.decays import DECAYS
from engine.hyperparameters.example_weights import EXAMPLE_WEIGHTS
from engine.hyperparameters.initial_scales import INITIAL_SCALES
from engine.hyperparameters.interactions import INTERACTIONS
from engine.hyperparameters.kernel_widths import KERNEL_WIDTHS
from engine.hyperparameters.kind import Kind
from engine.hyperparameters.l2_penalties import L2_PENALTIES
from engine.hyperparameters.learning_rates import LEARNING_RATES
from engine.hyperparameters.own_theta import OWN_THETA
from engine.hyperparameters.past_weights import PAST_WEIGHTS
from engine.hyperparameters.representation import REPRESENTATION
from engine.hyperparameters.sharing import SHARING
from engine.hyperparameters.training_inputs import TRAINING_INPUTS

KINDS: Final[dict[str, Kind]] = {
    "learning_rates": LEARNING_RATES,
    "decays": DECAYS,
    "initial_scales": INITIAL_SCALES,
    "l2_penalties": L2_PENALTIES,
    "example_weights": EXAMPLE_WEIGHTS,
    "training_inputs": TRAINING_INPUTS,
    "sharing": SHARING,
    "interactions": INTERACTIONS,
    "representation": REPRESENTATION,
    "past_weights": PAST_WEIGHTS,
    "kernel_widths": KERNEL_WIDTHS,
    **{kind.name: kind for kind in OWN_THETA},
}
