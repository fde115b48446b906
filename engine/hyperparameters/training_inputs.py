"""Training inputs that are learned: examples as hyperparameters."""

from engine.hyperparameters.extents import OverEntries
from engine.hyperparameters.kind import Kind
from engine.hyperparameters.settings import Setting

TRAINING_INPUTS = Kind(
    name="training_inputs",
    singular="training input",
    plural="training inputs",
    symbol="x",
    unit="std",
    tip="Standard deviation of the noise that the learned inputs start from, usually 0.01.",
    extent=OverEntries(),
    domains=("identity",),
    low=-2048.0,
    high=2048.0,
    usual=Setting(initial=0.01, granularity="entry", domain="identity"),
    missing="expected false, because data.learned_per_class is not set.",
)
