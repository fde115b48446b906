"""Learning rates α of the elementary optimization."""

from engine.hyperparameters.extents import OverIterationsAndGroups
from engine.hyperparameters.kind import Kind
from engine.hyperparameters.settings import Setting

LEARNING_RATES = Kind(
    name="learning_rates",
    singular="learning rate",
    plural="learning rates",
    symbol="α",
    unit="α",
    tip="Initial learning rate α, usually 0.01 to 1.",
    extent=OverIterationsAndGroups(),
    domains=("log", "identity"),
    low=-2048.0,
    high=2048.0,
    usual=Setting(initial=0.1),
    constraints=("non-negative",),
)
