"""The catalogue of methods: one line each."""

from collections.abc import Callable, Mapping
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
from engine.sentences import quoted

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


def title_of(name: str) -> str:
    """What people call the method of a name, in quotation marks: some titles have commas."""
    return quoted(METHODS[name].title)


def irreversible(
    method: Method,
    dynamics: Dynamics,
    schedules: Mapping[str, Floats],
    called: Callable[[str], str] = str,
) -> InputError | None:
    """What keeps a method from undoing training with such schedules; None if nothing does.

    Args:
        method: that may have to undo it.
        dynamics: that it fits.
        schedules: by kind, of any shape.
        called: what methods are called, by their names.
    """
    if "reversible" not in method.needs:
        return None
    for kind, least in reversible_from(dynamics).items():
        if np.any(too_low := schedules[kind] < least):
            others = _without("reversible", called)
            return InputError(
                kind,
                f"expected at least {least:.15g}, because {called(method.name)} cannot undo less, "
                f"found {schedules[kind][too_low].flat[0]:.15g}; {others} allow 0.",
            )
    return None


def misfit(
    method: Method, dynamics: Dynamics, called: Callable[[str], str] = str
) -> InputError | None:
    """What keeps a method from differentiating through a dynamics; None if nothing does.

    Args:
        method: that is to do it.
        dynamics: that it may not fit.
        called: what methods are called, by their names.
    """
    lacking = {
        "reversible": not dynamics.is_reversible and "cannot be undone bit for bit",
        "tangents": not hasattr(dynamics, "push_forward") and "has no tangents",
    }
    for need, reason in lacking.items():
        if reason and need in method.needs:
            because = f"because {dynamics.title} {reason}."
            return InputError("method", f"expected one of {_without(need, called)}, {because}")
    return None


def _without(need: str, called: Callable[[str], str]) -> str:
    """The methods that do not need something, as a list in words."""
    return ", ".join(called(name) for name, one in METHODS.items() if need not in one.needs)
