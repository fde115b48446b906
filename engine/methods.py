"""The methods that find hypergradients, for scripts: `engine.hypergradient(..., method=...)`."""

from engine.hypergradients.catalogue import METHODS
from engine.hypergradients.checkpointed import Checkpointed
from engine.hypergradients.exact_reversal import ExactReversal
from engine.hypergradients.finite_differences import FiniteDifferences
from engine.hypergradients.forward import Forward
from engine.hypergradients.implicit_cg import ImplicitCG
from engine.hypergradients.implicit_cholesky import ImplicitCholesky
from engine.hypergradients.implicit_fixed_point import ImplicitFixedPoint
from engine.hypergradients.implicit_neumann import ImplicitNeumann
from engine.hypergradients.stored_trajectory import StoredTrajectory
from engine.hypergradients.truncated import Truncated

__all__ = [
    "METHODS",
    "Checkpointed",
    "ExactReversal",
    "FiniteDifferences",
    "Forward",
    "ImplicitCG",
    "ImplicitCholesky",
    "ImplicitFixedPoint",
    "ImplicitNeumann",
    "StoredTrajectory",
    "Truncated",
]
