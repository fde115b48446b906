"""The catalogue of methods: one line each."""

from typing import Final

from engine.dynamics.dynamics import Dynamics
from engine.errors import InputError
from engine.hypergradients.exact_reversal import ExactReversal
from engine.hypergradients.method import Method
from engine.hypergradients.stored_trajectory import StoredTrajectory

METHODS: Final[dict[str, type[Method]]] = {
    "exact-reversal": ExactReversal,
    "stored-trajectory": StoredTrajectory,
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


def misfit(method: Method, dynamics: Dynamics) -> InputError | None:
    """What keeps a method from differentiating through a dynamics; None if nothing does."""
    if "reversible" in method.needs and not dynamics.is_reversible:
        others = [name for name, other in METHODS.items() if "reversible" not in other.needs]
        return InputError(
            "method",
            f"expected one of {', '.join(others)}, because {dynamics.title} cannot be undone "
            f"bit for bit.",
        )
    return None
