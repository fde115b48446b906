"""The catalogue of methods: one line each."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from engine.arrays import Floats
from engine.dynamics.dynamics import Dynamics, reversible_from
from engine.errors import InputError
from engine.hypergradients.checkpointed import Checkpointed
from engine.hypergradients.exact_reversal import ExactReversal
from engine.hypergradients.finite_differences import FiniteDifferences
from engine.hypergradients.forward import Forward
from engine.hypergradients.implicit_cg import ImplicitCG
from engine.hypergradients.implicit_cholesky import ImplicitCholesky
from engine.hypergradients.implicit_fixed_point import ImplicitFixedPoint
from engine.hypergradients.implicit_neumann import ImplicitNeumann
from engine.hypergradients.method import Method
from engine.hypergradients.stored_trajectory import StoredTrajectory
from engine.hypergradients.truncated import Truncated

METHODS: Final[dict[str, type[Method]]] = {
    "exact-reversal": ExactReversal,
    "stored-trajectory": StoredTrajectory,
    "checkpointed": Checkpointed,
    "truncated": Truncated,
    "forward": Forward,
    "implicit-cg": ImplicitCG,
    "implicit-neumann": ImplicitNeumann,
    "implicit-fixed-point": ImplicitFixedPoint,
    "implicit-cholesky": ImplicitCholesky,
    "finite-differences": FiniteDifferences,
}
"""By the name that an experiment gives."""


def find_method(method: str | Method) -> Method:
    """A method by its name, with its usual options; an object stays as it is.

    Raises:
        InputError: there is none of this name.
    """
    if isinstance(method, str) and method in METHODS:
        return METHODS[method]()
    if isinstance(method, str | type) or not callable(getattr(method, "run", None)):
        names = ", ".join(METHODS)
        raise InputError("method", f"expected one of {names}, or a method, found {method!r}.")
    return method


def irreversible(
    method: Method, dynamics: Dynamics, schedules: Mapping[str, Floats]
) -> InputError | None:
    """What keeps a method from undoing training with such schedules; None if nothing does.

    Args:
        method: that may have to undo it.
        dynamics: that it fits.
        schedules: by kind, of any shape.
    """
    if "reversible" not in method.needs:
        return None
    for kind, least in reversible_from(dynamics).items():
        if np.any(too_low := schedules[kind] < least):
            others = [name for name, other in METHODS.items() if "reversible" not in other.needs]
            return InputError(
                kind,
                f"expected at least {least:.15g}, because {method.name} cannot undo less, "
                f"found {schedules[kind][too_low].flat[0]:.15g}; {', '.join(others)} allow 0.",
            )
    return None


def misfit(method: Method, dynamics: Dynamics) -> InputError | None:
    """What keeps a method from differentiating through a dynamics; None if nothing does."""
    lacking = {
        "reversible": not dynamics.is_reversible and "cannot be undone bit for bit",
        "tangents": not hasattr(dynamics, "push_forward") and "has no tangents",
    }
    for need, reason in lacking.items():
        if reason and need in method.needs:
            others = [name for name, other in METHODS.items() if need not in other.needs]
            because = f"because {dynamics.title} {reason}."
            return InputError("method", f"expected one of {', '.join(others)}, {because}")
    return None
