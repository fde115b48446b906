"""The methods that find hypergradients, for scripts: `engine.hypergradient(..., method=...)`."""

from engine.hypergradients.catalogue import METHODS
from engine.hypergradients.exact_reversal import ExactReversal
from engine.hypergradients.stored_trajectory import StoredTrajectory

__all__ = ["METHODS", "ExactReversal", "StoredTrajectory"]
