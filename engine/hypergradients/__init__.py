"""Hypergradients of one training run: one file a method, one function to call them by."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from numpy.typing import ArrayLike

from engine.arrays import Floats
from engine.derivatives.autograd_oracle import AutogradOracle, Loss
from engine.errors import InputError
from engine.hypergradients.exact_reversal import exact_reversal
from engine.hypergradients.problem import Problem, as_floats, make_problem
from engine.hypergradients.result import Gradient, Memory, Progress, Result, Steps
from engine.hypergradients.stored_trajectory import stored_trajectory

METHODS: dict[str, Callable[[Problem], Steps]] = {
    "exact-reversal": exact_reversal,
    "stored-trajectory": stored_trajectory,
}
"""The methods by name. Each is a generator of `Progress` that returns a `Result`."""

__all__ = ["METHODS", "Gradient", "Memory", "Problem", "Progress", "Result", "Steps"]


def hypergradient(
    training_loss: Loss,
    validation_loss: Loss,
    w0: ArrayLike,
    *,
    learning_rates: ArrayLike,
    decays: ArrayLike,
    theta: ArrayLike | None = None,
    groups: Sequence[slice] | None = None,
    v0: ArrayLike | None = None,
    method: str = "exact-reversal",
    buffer_memory: int | None = None,
) -> Result:
    """Differentiate the validation loss after training by everything that training depends on.

    Training is momentum SGD (Maclaurin et al. 2015, Algorithm 1):
    v ← γ v − (1 − γ) ∇L(w, θ, t), then w ← w + α v. Decays are rounded to multiples of 2⁻¹⁶.

    Args:
        training_loss: (w, theta, t) → scalar, in ``autograd.numpy``; t counts from 0. It must be
            deterministic: whatever is random in it is a function of t.
        validation_loss: (w, theta) → scalar, in ``autograd.numpy``.
        w0: (P,) initial elementary parameters, strictly between ±2048.
        learning_rates: α, (T,) or (T, G).
        decays: γ in (0, 1], (T,) or (T, G).
        theta: (M,) passed to both losses, or None.
        groups: G slices that partition range(P); None is one group.
        v0: (P,) initial velocity; zeros when None.
        method: "exact-reversal" or "stored-trajectory".
        buffer_memory: bytes of the information buffer to keep in memory; what comes beyond goes to
            a temporary file. None: all of it.

    Raises:
        InputError: an argument is not what it should be; the message names it.
        DivergedError: training left ±2048 or met a gradient that is not finite.
    """
    if not isinstance(method, str) or method not in METHODS:
        raise InputError("method", f"expected one of {', '.join(METHODS)}, found {method!r}.")
    parameters = None if theta is None else as_floats("theta", theta)
    if parameters is not None and parameters.ndim != 1:
        raise InputError("theta", f"expected a vector or None, found shape {parameters.shape}.")
    problem = make_problem(
        AutogradOracle(training_loss, validation_loss, parameters),
        w0,
        learning_rates=learning_rates,
        decays=decays,
        groups=groups,
        v0=v0,
        buffer_memory=buffer_memory,
    )
    return like_inputs(problem, drain(METHODS[method](problem)))


def drain(steps: Steps) -> Result:
    """Run a method to its end without looking at its progress."""
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]


def like_inputs(problem: Problem, result: Result) -> Result:
    """Shape the gradients of rates and decays like the arrays that were given."""

    def shaped(gradient: Floats, per_group: bool) -> Floats:
        return gradient if per_group else gradient.sum(axis=1)

    gradient = result.gradient
    return replace(
        result,
        gradient=replace(
            gradient,
            learning_rates=shaped(gradient.learning_rates, problem.rates_per_group),
            decays=shaped(gradient.decays, problem.decays_per_group),
        ),
    )
