"""A representation that episodes share: the parameters of a network as hyperparameters.

Franceschi et al. (2018), section 5: hyper-representation.
"""

from engine.hyperparameters.extents import OverEntries
from engine.hyperparameters.kind import Kind
from engine.hyperparameters.settings import Setting

REPRESENTATION = Kind(
    name="representation",
    singular="representation",
    plural="representation",
    symbol="Φ",
    unit="scale",
    tip="Scale of the network's initial weights, usually 1: a variance of 2 over the fan-in.",
    extent=OverEntries(),
    domains=("identity",),
    low=-2048.0,
    high=2048.0,
    scales_the_start=True,
    usual=Setting(initial=1.0, granularity="entry", domain="identity"),
    missing="expected false, because only episodes share a representation.",
)
