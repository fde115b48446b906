"""The derivatives that a hypergradient needs of a training loss and an objective."""

from engine.derivatives.autograd_oracle import AutogradOracle
from engine.derivatives.network_oracle import NetworkOracle
from engine.derivatives.oracle import Oracle
from engine.derivatives.sharing_oracle import SharingOracle
from engine.kernels.examples import Examples, make_examples

__all__ = [
    "AutogradOracle",
    "Examples",
    "NetworkOracle",
    "Oracle",
    "SharingOracle",
    "make_examples",
]
