"""The catalogue of dynamics: one line each."""

from typing import Final

from engine.dynamics.dynamics import Dynamics
from engine.dynamics.gradient_descent import GradientDescent
from engine.dynamics.momentum_sgd import MomentumSGD
from engine.errors import InputError

DYNAMICS: Final[dict[str, Dynamics]] = {
    "momentum-sgd": MomentumSGD(),
    "gradient-descent": GradientDescent(),
}
"""By the name that an experiment gives."""


def find_dynamics(dynamics: str | Dynamics) -> Dynamics:
    """A dynamics by its name; one that is an object already stays as it is.

    Raises:
        InputError: there is none of this name.
    """
    if isinstance(dynamics, str) and dynamics in DYNAMICS:
        return DYNAMICS[dynamics]
    if isinstance(dynamics, str | type) or not callable(getattr(dynamics, "step", None)):
        names = ", ".join(DYNAMICS)
        raise InputError("dynamics", f"expected one of {names}, or a dynamics, found {dynamics!r}.")
    return dynamics
