"""Hypergradients of losses that a person writes, in one call."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from engine.derivatives.autograd_oracle import AutogradOracle, Loss
from engine.dynamics.catalogue import find_dynamics
from engine.dynamics.dynamics import Dynamics
from engine.errors import DivergedError, InputError
from engine.hypergradients.catalogue import find_method, irreversible, misfit
from engine.hypergradients.counting import find
from engine.hypergradients.method import Method
from engine.hypergradients.numbers import as_floats
from engine.hypergradients.problem import Problem, make_problem
from engine.hypergradients.result import Gradient, Result, drain
from engine.sentences import shown


def hypergradient(
    training_loss: Loss,
    validation_loss: Loss,
    w0: ArrayLike,
    *,
    learning_rates: ArrayLike | None = None,
    decays: ArrayLike | None = None,
    theta: ArrayLike | None = None,
    groups: Sequence[slice] | None = None,
    v0: ArrayLike | None = None,
    method: str | Method = "exact-reversal",
    dynamics: str | Dynamics = "momentum-sgd",
    schedules: Mapping[str, ArrayLike] | None = None,
    buffer_memory: int | None = None,
) -> Result:
    """Differentiate the validation loss after training with respect to what training depends on.

    Unless ``dynamics`` says otherwise, training is momentum SGD (Maclaurin et al. 2015, Algorithm
    1): v ← γ v − (1 − γ) ∇L(w, θ, t), then w ← w + α v. Decays are rounded to multiples of 2⁻¹⁶.

    Args:
        training_loss: (w, theta, t) → scalar, in ``autograd.numpy``; t counts from 0. It must be
            deterministic: whatever is random in it is a function of t. One that is not the same
            when it is evaluated again is refused, and so is one that writes to w or theta.
        validation_loss: (w, theta) → scalar, in ``autograd.numpy``; likewise.
        w0: (P,) initial elementary parameters, strictly between ±2048.
        learning_rates: α, (T,) or (T, G).
        decays: γ from 0 to 1, (T,) or (T, G); from 2⁻¹⁶ for exact reversal.
        theta: (M,) passed to both losses, or None.
        groups: G slices that partition range(P); None is one group.
        v0: (P,) initial velocity; zeros when None.
        method: a name in `engine.methods.METHODS`, or a method.
        dynamics: a name in `engine.dynamics.DYNAMICS`, or a dynamics.
        schedules: (T,) or (T, G) of other kinds that the dynamics owns, by their names.
        buffer_memory: bytes of the information buffer to keep in memory; what comes beyond goes to
            a temporary file. None: all of it.

    Raises:
        InputError: an argument is not what it should be; the message names it.
        DivergedError: training left ±2048 or met a gradient that is not finite; or another
            derivative is not finite, and is named (`engine.errors.NoDerivativeError`).
    """
    way, moves = find_method(method), find_dynamics(dynamics)
    if refusal := misfit(way, moves):
        raise refusal
    given = _joined({"learning_rates": learning_rates, "decays": decays}, schedules)
    parameters = None if theta is None else as_floats("theta", theta, "a vector or None")
    problem = make_problem(
        AutogradOracle(training_loss, validation_loss, parameters),
        w0,
        schedules=given,
        groups=groups,
        v0=v0,
        dynamics=moves,
        buffer_memory=buffer_memory,
    )
    if refusal := irreversible(way, moves, problem.schedules):
        raise refusal
    result = drain(find(way, problem))
    if not result.gradient.is_finite:
        raise DivergedError(None, "", "the hypergradient is not finite")
    return _like(given, problem, result)


def _joined(
    named: Mapping[str, ArrayLike | None], others: Mapping[str, ArrayLike] | None
) -> dict[str, ArrayLike]:
    """The schedules given by arguments of their own and by name, each kind once."""
    if not isinstance(others, Mapping | None):
        raise InputError("schedules", f"expected arrays by name, found {type(others).__name__}.")
    given = {kind: values for kind, values in named.items() if values is not None}
    for kind in others or {}:
        if not isinstance(kind, str):
            raise InputError("schedules", f"expected arrays by name, found the key {shown(kind)}.")
        if kind in given:
            raise InputError("schedules", f"expected {kind} once, found an argument of that name.")
    return {**given, **(others or {})}


def _like(given: Mapping[str, ArrayLike], problem: Problem, result: Result) -> Result:
    """Shape the gradients of schedules like the arrays that were given."""

    def shaped(gradient: Gradient) -> Gradient:
        schedules = gradient.schedules and {
            kind: problem.own(kind, full).reshape(np.shape(given[kind]))
            for kind, full in gradient.schedules.items()
        }
        return replace(gradient, schedules=schedules)

    error = result.error and shaped(result.error)
    return replace(result, gradient=shaped(result.gradient), error=error)
