"""The layers of a dense network: values forwards, errors backwards, and the R-operator on both.

A network z_l = a_{l-1} W_l + b_l, a_l = φ(z_l) is told by its ``sizes`` (inputs, hidden layers,
outputs), an activation and a loss; w holds W_1, b_1, W_2, … one after the other. What a part of the
examples needs in all layers is kept in *scratch* memory, a row for each kind of quantity.
"""

from typing import NamedTuple

import numpy as np

from engine.kernels.arrays import add, add_to_rows, copy, multiply
from engine.kernels.compiling import helper
from engine.kernels.exact import small_integer
from engine.kernels.examples import example_of

# In the order of the names in engine.derivatives.choices.
TANH, RELU, SOFTPLUS = range(3)
CROSS_ENTROPY, SQUARED = range(2)
VALUES, SLOPES, ERRORS, R_SUMS, R_VALUES, R_ERRORS, SPARE = range(7)  # the rows of scratch memory
SCRATCH_ROWS = 7

_FACTORIALS = tuple(1.0 / np.cumprod(np.arange(1.0, 15.0)))
_PER_LOG2 = 1.4426950408889634
_LOG2_HIGH, _LOG2_LOW = 0.6931471803691238, 1.9082149292705877e-10  # their sum is ln 2


class Shape(NamedTuple):
    """What a network is, for the kernels.

    Attributes:
        sizes: units of every layer.
        activation: TANH, RELU or SOFTPLUS.
        loss: CROSS_ENTROPY or SQUARED.
    """

    sizes: np.ndarray
    activation: int
    loss: int


@helper()
def layer_of(memory, sizes, count, layer):  # type: ignore[no-untyped-def]
    """(count, units) what a scratch row keeps of a layer, counted from 1."""
    start = sizes[1:layer].sum() * count
    return memory[start : start + sizes[layer] * count].reshape(count, sizes[layer])


@helper()
def start_of(sizes, layer):  # type: ignore[no-untyped-def]
    """Where in w the matrix from ``layer`` to the next one begins."""
    start = 0
    for below in range(layer):
        start += (sizes[below] + 1) * sizes[below + 1]
    return start


@helper()
def matrix_of(vector, sizes, layer):  # type: ignore[no-untyped-def]
    """The matrix from ``layer`` to the next one."""
    start, fan_in, fan_out = start_of(sizes, layer), sizes[layer], sizes[layer + 1]
    return vector[start : start + fan_in * fan_out].reshape(fan_in, fan_out)


@helper()
def biases_of(vector, sizes, layer):  # type: ignore[no-untyped-def]
    """The biases of the layer after ``layer``."""
    stop = start_of(sizes, layer + 1)
    return vector[stop - sizes[layer + 1] : stop]


@helper()
def forward_and_back(shape, rows, begin, count, w, scratch):  # type: ignore[no-untyped-def]
    """From the first layer's sums fill all values, slopes and errors; returns the loss."""
    sizes, last = shape.sizes, len(shape.sizes) - 1
    for layer in range(1, last + 1):
        values = layer_of(scratch[VALUES], sizes, count, layer)
        if layer > 1:
            below = layer_of(scratch[VALUES], sizes, count, layer - 1)
            np.dot(below, matrix_of(w, sizes, layer - 1), values)
        biases = biases_of(w, sizes, layer - 1)
        if layer < last:
            slopes = layer_of(scratch[SLOPES], sizes, count, layer)
            add_to_rows(values, biases)
            _activate(shape.activation, values.ravel(), slopes.ravel())
        else:
            add_to_rows(values, biases)
    outputs = layer_of(scratch[VALUES], sizes, count, last)
    loss = _loss(shape, rows, begin, outputs, layer_of(scratch[ERRORS], sizes, count, last))
    for layer in range(last - 1, 0, -1):
        errors = layer_of(scratch[ERRORS], sizes, count, layer)
        above = layer_of(scratch[ERRORS], sizes, count, layer + 1)
        np.dot(above, matrix_of(w, sizes, layer).T, errors)
        slopes = layer_of(scratch[SLOPES], sizes, count, layer)
        multiply(errors.ravel(), slopes.ravel())
    return loss


@helper(fastmath={"contract"})
def _activate(activation, z, slopes):  # type: ignore[no-untyped-def]
    """Z ← φ(z), and φ′ of it; of the ReLU at 0 one half, as autograd has it."""
    if activation == TANH:
        if z.itemsize == 4:
            for j in range(z.size):
                z[j] = _tanh_in_single(z[j])
        else:
            for j in range(z.size):
                z[j] = _tanh(z[j])
        for j in range(z.size):
            slopes[j] = 1 - z[j] * z[j]
    elif activation == RELU:
        for j in range(z.size):
            total = z[j]
            z[j] = total if total > 0 or total != total else 0
            slopes[j] = 1 if total > 0 else 0.5 if total == 0 else 0
    else:
        for j in range(z.size):
            total = z[j]
            z[j] = max(total, 0) + np.log1p(np.exp(-abs(total)))
            slopes[j] = -np.expm1(-z[j])


@helper(fastmath={"contract"})
def _tanh(z):  # type: ignore[no-untyped-def]
    """Tanh z = −e / (2 + e) with e = exp(−2|z|) − 1, in a form that is compiled to vectors.

    With y = k ln 2 + r, exp(y) − 1 is 2ᵏ (exp(r) − 1) + (2ᵏ − 1), and exp(r) − 1 a short series.
    """
    given = abs(np.float64(z))
    size = given if given < 22.0 else 22.0
    k = np.rint(-2.0 * size * _PER_LOG2)
    r = (-2.0 * size - k * _LOG2_HIGH) - k * _LOG2_LOW
    series = _FACTORIALS[13]
    for power in range(12, -1, -1):
        series = series * r + _FACTORIALS[power]
    two_to_k = np.int64((small_integer(k) + 1023) << 52).view(np.float64)
    e = two_to_k * (series * r) + (two_to_k - 1.0)
    return np.copysign(-e / (2.0 + e), z) if z == z else z


@helper(fastmath={"contract"})
def _tanh_in_single(z):  # type: ignore[no-untyped-def]
    """The same in single precision, with a shorter series."""
    given = np.float32(abs(z))
    size = given if given < np.float32(10.0) else np.float32(10.0)
    y = np.float32(-2.0) * size
    k = np.rint(y * np.float32(_PER_LOG2))
    r = (y - k * np.float32(0.693359375)) - k * np.float32(-2.12194440e-4)
    series = np.float32(_FACTORIALS[7])
    for power in range(6, -1, -1):
        series = series * r + np.float32(_FACTORIALS[power])
    two_to_k = np.int32((np.int32(k) + np.int32(127)) << np.int32(23)).view(np.float32)
    e = two_to_k * (series * r) + (two_to_k - np.float32(1.0))
    return np.copysign(-e / (np.float32(2.0) + e), z) if z == z else z


@helper()
def _loss(shape, rows, begin, outputs, errors):  # type: ignore[no-untyped-def]
    """Turn outputs into probabilities (or distances), and fill their errors; returns the loss."""
    loss, units = 0.0, outputs.shape[1]
    for i in range(len(outputs)):
        place, share = example_of(rows, begin + i), rows.shares[begin + i]
        if shape.loss == CROSS_ENTROPY:
            highest = outputs[i, 0]
            for j in range(units):
                if not outputs[i, j] <= highest:
                    highest = outputs[i, j]
            right = outputs[i, rows.classes[place]] - highest
            total = 0.0
            for j in range(units):
                outputs[i, j] = np.exp(outputs[i, j] - highest)
                total += outputs[i, j]
            loss += share * (np.log(total) - right)
            for j in range(units):
                outputs[i, j] /= total
                errors[i, j] = share * outputs[i, j]
            errors[i, rows.classes[place]] -= share
        else:
            for j in range(units):
                if rows.classes.size:
                    outputs[i, j] -= rows.classes[place] == j
                else:
                    outputs[i, j] -= rows.numbers[place]
                loss += share * outputs[i, j] * outputs[i, j]
                errors[i, j] = 2 * share * outputs[i, j]
    return loss


@helper()
def r_forward(shape, count, w, u, scratch):  # type: ignore[no-untyped-def]
    """From the first layer's R sums fill those of all layers, and R a of the hidden ones."""
    sizes, last = shape.sizes, len(shape.sizes) - 1
    for layer in range(1, last + 1):
        r_sums = layer_of(scratch[R_SUMS], sizes, count, layer)
        biases = biases_of(u, sizes, layer - 1)
        if layer > 1:
            more = layer_of(scratch[SPARE], sizes, count, layer)
            values = layer_of(scratch[VALUES], sizes, count, layer - 1)
            r_values = layer_of(scratch[R_VALUES], sizes, count, layer - 1)
            np.dot(r_values, matrix_of(w, sizes, layer - 1), r_sums)
            np.dot(values, matrix_of(u, sizes, layer - 1), more)
            add(r_sums.ravel(), more.ravel())
        add_to_rows(r_sums, biases)
        if layer < last:
            slopes = layer_of(scratch[SLOPES], sizes, count, layer)
            r_values = layer_of(scratch[R_VALUES], sizes, count, layer)
            copy(r_values.ravel(), slopes.ravel())
            multiply(r_values.ravel(), r_sums.ravel())


@helper()
def r_loss(shape, rows, begin, count, scratch, by_share):  # type: ignore[no-untyped-def]
    """Fill the outputs' R errors, and each example's derivative along u."""
    last = len(shape.sizes) - 1
    outputs = layer_of(scratch[VALUES], shape.sizes, count, last)
    r_sums = layer_of(scratch[R_SUMS], shape.sizes, count, last)
    r_errors = layer_of(scratch[R_ERRORS], shape.sizes, count, last)
    for i in range(count):
        share = rows.shares[begin + i]
        along = 0.0
        for j in range(outputs.shape[1]):
            along += outputs[i, j] * r_sums[i, j]
        if shape.loss == CROSS_ENTROPY:
            right = rows.classes[example_of(rows, begin + i)]
            by_share[begin + i] = along - r_sums[i, right]
            for j in range(outputs.shape[1]):
                r_errors[i, j] = share * outputs[i, j] * (r_sums[i, j] - along)
        else:
            by_share[begin + i] = 2 * along
            for j in range(outputs.shape[1]):
                r_errors[i, j] = 2 * share * r_sums[i, j]


@helper()
def r_back(shape, w, u, scratch, count):  # type: ignore[no-untyped-def]
    """Carry the derivative along u backwards: fill the hidden layers' R errors."""
    sizes = shape.sizes
    for layer in range(len(sizes) - 2, 0, -1):
        r_errors = layer_of(scratch[R_ERRORS], sizes, count, layer)
        more = layer_of(scratch[SPARE], sizes, count, layer)
        r_above = layer_of(scratch[R_ERRORS], sizes, count, layer + 1)
        above = layer_of(scratch[ERRORS], sizes, count, layer + 1)
        np.dot(r_above, matrix_of(w, sizes, layer).T, r_errors)
        np.dot(above, matrix_of(u, sizes, layer).T, more)
        values = layer_of(scratch[VALUES], sizes, count, layer)
        slopes = layer_of(scratch[SLOPES], sizes, count, layer)
        errors = layer_of(scratch[ERRORS], sizes, count, layer)
        r_sums = layer_of(scratch[R_SUMS], sizes, count, layer)
        for i in range(count):
            for j in range(sizes[layer]):
                r_errors[i, j] = (r_errors[i, j] + more[i, j]) * slopes[i, j]
            if shape.activation == TANH:  # φ″ / φ′ is −2 φ
                for j in range(sizes[layer]):
                    r_errors[i, j] -= 2 * values[i, j] * errors[i, j] * r_sums[i, j]
            elif shape.activation == SOFTPLUS:  # it is 1 − φ′
                for j in range(sizes[layer]):
                    r_errors[i, j] += (1 - slopes[i, j]) * errors[i, j] * r_sums[i, j]


@helper()
def fill(shape, count, scratch, which, rest):  # type: ignore[no-untyped-def]
    """Turn errors, or R errors, into derivatives by all that comes behind the first matrix in w."""
    sizes = shape.sizes
    behind = sizes[0] * sizes[1]
    for layer in range(1, len(sizes)):
        errors = layer_of(scratch[which], sizes, count, layer)
        stop = start_of(sizes, layer) - behind
        biases = rest[stop - sizes[layer] : stop]
        biases[:] = 0
        for i in range(count):
            for j in range(biases.size):
                biases[j] += errors[i, j]
        if layer > 1:
            below = layer_of(scratch[VALUES], sizes, count, layer - 1)
            matrix = rest[start_of(sizes, layer - 1) - behind : stop - sizes[layer]]
            np.dot(below.T, errors, matrix.reshape(sizes[layer - 1], sizes[layer]))


@helper()
def fill_r_values(shape, scratch, rest, count, spare):  # type: ignore[no-untyped-def]
    """Add to R of the matrices' derivatives what the R values below contribute."""
    sizes = shape.sizes
    behind = sizes[0] * sizes[1]
    for layer in range(2, len(sizes)):
        r_below = layer_of(scratch[R_VALUES], sizes, count, layer - 1)
        errors = layer_of(scratch[ERRORS], sizes, count, layer)
        size = sizes[layer - 1] * sizes[layer]
        more = spare[:size].reshape(sizes[layer - 1], sizes[layer])
        np.dot(r_below.T, errors, more)
        start = start_of(sizes, layer - 1) - behind
        add(rest[start : start + size], spare[:size])


@helper()
def differentiate_by_input(shape, w, u, scratch, by_input, more):  # type: ignore[no-untyped-def]
    """Fill R of the inputs' errors: R δ₁ W₁ᵀ + δ₁ U₁ᵀ; ``more`` is room of the same shape."""
    r_errors = layer_of(scratch[R_ERRORS], shape.sizes, len(by_input), 1)
    errors = layer_of(scratch[ERRORS], shape.sizes, len(by_input), 1)
    np.dot(r_errors, matrix_of(w, shape.sizes, 0).T, by_input)
    np.dot(errors, matrix_of(u, shape.sizes, 0).T, more)
    add(by_input.ravel(), more.ravel())
