"""A toy kind of hyperparameter: how much of each step is taken."""

from engine.hyperparameters.extents import OverIterationsAndGroups
from engine.hyperparameters.kind import Kind
from engine.hyperparameters.settings import Setting

DAMPING = Kind(
    name="damping",
    singular="damping",
    plural="dampings",
    symbol="c",
    unit="c",
    tip="How much of each step is taken; 0 to 1.",
    extent=OverIterationsAndGroups(),
    domains=("logit", "identity"),
    low=0.0,
    high=1.0,
    usual=Setting(initial=0.5, domain="logit"),
    missing="expected false, because this dynamics is not damped.",
)
