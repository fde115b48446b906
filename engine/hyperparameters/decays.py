"""Momentum decays γ of the elementary optimization."""

from engine.hyperparameters.extents import OverIterationsAndGroups
from engine.hyperparameters.kind import Kind
from engine.hyperparameters.settings import Setting
from engine.kernels.fixed_point import DECAY_BITS

DECAYS = Kind(
    name="decays",
    singular="momentum decay",
    plural="momentum decays",
    symbol="γ",
    unit="γ",
    tip="Initial momentum decay γ.",
    extent=OverIterationsAndGroups(),
    domains=("logit", "identity"),
    low=0.0,
    high=1.0,
    least_positive=2.0**-DECAY_BITS,
    usual=Setting(initial=0.9, domain="logit"),
    missing="expected false, because this dynamics has no momentum.",
)
