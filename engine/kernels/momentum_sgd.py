"""Momentum SGD, forwards and backwards: the fused loops of `engine.dynamics.momentum_sgd`."""

from typing import NamedTuple

import numpy as np

from engine.kernels.arrays import add
from engine.kernels.calls import describe_call, keep_call
from engine.kernels.compiling import helper, kernel
from engine.kernels.exact import (
    as_float,
    divide_one,
    in_units,
    increment,
    make_exchange,
    multiply_one,
    nearest_integer,
)
from engine.kernels.fixed_point import DENOMINATOR, SCALE
from engine.kernels.team import share_out


class Training(NamedTuple):
    """A training run's state, for the kernels.

    Attributes:
        position, velocity: (P,) w and v in fixed point.
        values: (P,) w as floats.
        digits: (P,) live digits of the information buffer.
        spans: (G, 2) where each group begins and ends.
        bounds: (G,) of the live digits before the multiplication to do or to undo.
        parts: how many parts the parameters are worked through in, perhaps side by side.
    """

    position: np.ndarray
    velocity: np.ndarray
    values: np.ndarray
    digits: np.ndarray
    spans: np.ndarray
    bounds: np.ndarray
    parts: int


FITS, BAD_GRADIENT, VELOCITY_LEAVES, POSITION_LEAVES = 0, 1, 2, 3


@kernel()
def step(training, gradient, rates, numerators, failures, kept, board):  # type: ignore[no-untyped-def]
    """Take a training step: v ← γ v − (1 − γ) g, then w ← w + α v.

    Args:
        training: a `Training`.
        gradient: (P,).
        rates: (G,) α.
        numerators: (G,) γ in units of 2⁻¹⁶.
        failures: (parts, G) filled with FITS, or what went wrong with a group; the state is then
            spoiled.
        kept: `NOT_KEPT`; or room for the call of a part, which is kept there instead of done.
        board: see `share_out`; bits do not depend on it.
    """
    arguments = training, gradient, rates, numerators, failures
    _do_or_keep(describe_call(_step_part, arguments), arguments, training.parts, kept, board)


@kernel()
def undo_position(training, rates, numerators, dw, dv, direction, d_rates, kept, board):  # type: ignore[no-untyped-def]
    """Undo the position's half of `step`, and the adjoints' part that needs no gradient.

    Args:
        training: a `Training`.
        rates: as in the step.
        numerators: as in the step.
        dw: (P,) adjoint of w.
        dv: (P,) adjoint of v; has α dw added.
        direction: (P,) filled with (1 − γ) dv.
        d_rates: (parts, G) filled with the derivatives by the learning rates, to be summed over
            parts.
        kept: see `step`.
        board: see `step`.
    """
    arguments = training, rates, numerators, dw, dv, direction, d_rates
    described = describe_call(_undo_position_part, arguments)
    _do_or_keep(described, arguments, training.parts, kept, board)


@kernel()
def undo_velocity(training, gradient, numerators, product, dw, dv, d_decays, kept, board):  # type: ignore[no-untyped-def]
    """Undo the velocity's half of `step`, and the rest of the adjoints.

    Args:
        training: a `Training`.
        gradient: (P,) the very bits that the step had.
        numerators: as in the step.
        product: (P,) second derivatives times the direction.
        dw: (P,) becomes the adjoint of w before the step.
        dv: (P,) becomes the adjoint of v before the step.
        d_decays: (parts, G) filled with the derivatives by the decays, to be summed over parts.
        kept: see `step`.
        board: see `step`.
    """
    arguments = training, gradient, numerators, product, dw, dv, d_decays
    described = describe_call(_undo_velocity_part, arguments)
    _do_or_keep(described, arguments, training.parts, kept, board)


@kernel()
def step_in_floats(w, v, rates, decays, gradient, further, w_after, v_after):  # type: ignore[no-untyped-def]
    """Take a step in floating point, or carry a tangent through it, which is the same.

    Args:
        w: (P,) before it; or how it moves.
        v: (P,) before it; or how it moves.
        rates: (P,) α.
        decays: (P,) γ.
        gradient: (P,) of the training loss; or how it moves.
        further: (P,) what v moves by besides; empty for nothing.
        w_after: (P,) filled with w after it; may be w.
        v_after: (P,) filled with v after it; may be v.
    """
    for i in range(v.size):
        v_after[i] = decays[i] * v[i] - (1 - decays[i]) * gradient[i]
    if further.size:
        add(v_after, further)
    for i in range(w.size):
        w_after[i] = w[i] + rates[i] * v_after[i]


@helper()
def _do_or_keep(described, arguments, parts, kept, board):  # type: ignore[no-untyped-def]
    if kept.size:
        if not keep_call(described[0], arguments, kept):
            raise RuntimeError("there is no room for a call")
    else:
        share_out(described, parts, board)


@helper()
def _span(training, part, group):  # type: ignore[no-untyped-def]
    """Where a part's share of a group begins and ends."""
    size = training.position.size
    begin = max(size * part // training.parts, training.spans[group, 0])
    end = min(size * (part + 1) // training.parts, training.spans[group, 1])
    return begin, max(begin, end)


@helper()
def _step_part(training, gradient, rates, numerators, failures, part):  # type: ignore[no-untyped-def]
    for group in range(rates.size):
        begin, end = _span(training, part, group)
        failures[part, group] = _step_span(
            training.position[begin:end],
            training.velocity[begin:end],
            training.values[begin:end],
            training.digits[begin:end],
            gradient[begin:end],
            rates[group],
            make_exchange(numerators[group], training.bounds[group]),
        )


@helper()
def _step_span(position, velocity, values, digits, gradient, rate, exchange):  # type: ignore[no-untyped-def]
    kept = 1.0 - exchange.numerator / DENOMINATOR
    all_fit = True
    for i in range(velocity.size):
        v, digits[i] = multiply_one(velocity[i], digits[i], exchange)
        kick, fits = increment(v, -(kept * gradient[i] * SCALE))
        velocity[i] = v + kick
        all_fit &= fits
    if not all_fit:
        return VELOCITY_LEAVES if _are_finite(gradient) else BAD_GRADIENT
    for i in range(position.size):
        move, fits = increment(position[i], rate * as_float(velocity[i]))
        position[i] += move
        values[i] = in_units(position[i])
        all_fit &= fits
    return FITS if all_fit else POSITION_LEAVES


@helper()
def _are_finite(values):  # type: ignore[no-untyped-def]
    finite = True
    for value in values:
        finite &= np.isfinite(value)
    return finite


@helper()
def _undo_position_part(training, rates, numerators, dw, dv, direction, d_rates, part):  # type: ignore[no-untyped-def]
    for group in range(rates.size):
        begin, end = _span(training, part, group)
        d_rates[part, group] = _undo_position_span(
            training.position[begin:end],
            training.velocity[begin:end],
            training.values[begin:end],
            rates[group],
            numerators[group],
            dw[begin:end],
            dv[begin:end],
            direction[begin:end],
        )


@helper()
def _undo_position_span(position, velocity, values, rate, numerator, dw, dv, direction):  # type: ignore[no-untyped-def]
    kept = 1.0 - numerator / DENOMINATOR
    for i in range(position.size):
        position[i] -= nearest_integer(rate * as_float(velocity[i]))
        values[i] = in_units(position[i])
    for i in range(position.size):
        dv[i] += rate * dw[i]
        direction[i] = kept * dv[i]
    return _dot_velocity(dw, velocity)


@helper()
def _undo_velocity_part(training, gradient, numerators, product, dw, dv, d_decays, part):  # type: ignore[no-untyped-def]
    for group in range(numerators.size):
        begin, end = _span(training, part, group)
        d_decays[part, group] = _undo_velocity_span(
            training.velocity[begin:end],
            training.digits[begin:end],
            gradient[begin:end],
            make_exchange(numerators[group], training.bounds[group]),
            product[begin:end],
            dw[begin:end],
            dv[begin:end],
        )


@helper()
def _undo_velocity_span(velocity, digits, gradient, exchange, product, dw, dv):  # type: ignore[no-untyped-def]
    decay = exchange.numerator / DENOMINATOR
    kept = 1.0 - decay
    for i in range(velocity.size):
        kick = nearest_integer(-(kept * gradient[i] * SCALE))
        velocity[i], digits[i] = divide_one(velocity[i] - kick, digits[i], exchange)
    d_decay = _dot_velocity(dv, velocity) + _dot(dv, gradient)
    for i in range(velocity.size):
        dw[i] -= product[i]
        dv[i] *= decay
    return d_decay


# Sums may be reordered, so that they too become vector instructions; the state may not.


@helper(fastmath={"reassoc"})
def _dot(a, b):  # type: ignore[no-untyped-def]
    total = 0.0
    for i in range(a.size):
        total += a[i] * b[i]
    return total


@helper(fastmath={"reassoc"})
def _dot_velocity(a, velocity):  # type: ignore[no-untyped-def]
    total = 0.0
    for i in range(a.size):
        total += a[i] * in_units(velocity[i])
    return total
