"""Mixtures of several networks' parameters: matrices times vectors, and derivatives by both.

Elementary parameters are kept group by group, and in a group task by task; the networks' parameters
task by task. Both are worked through in *stretches* of neighbours of one group, of all tasks, which
stay in the processor's caches. Products are rounded before they are added, so that a gradient has
the same bits wherever it is compiled into.
"""

from typing import NamedTuple

import numpy as np

from engine.kernels.arrays import add_product, copy_twice_product, sum_of_squares
from engine.kernels.compiling import helper, kernel

_BLOCK = 256  # neighbours of all tasks, which fit the first cache


class Stretches(NamedTuple):
    """S stretches.

    Attributes:
        layers: (S,) whose matrix mixes them.
        places: (S,) where they begin in a vector of elementary parameters.
        strides: (S,) how far the next task's are from there.
        columns: (S,) where they begin among a network's parameters.
        counts: (S,) how long they are.
    """

    layers: np.ndarray
    places: np.ndarray
    strides: np.ndarray
    columns: np.ndarray
    counts: np.ndarray


class Penalties(NamedTuple):
    """2λ of all elementary parameters.

    Attributes:
        of_stretches: (S,) one for each stretch; empty if there are none.
        of_weights: (P,) one for each parameter; empty if they are given by stretches.
    """

    of_stretches: np.ndarray
    of_weights: np.ndarray


@kernel()
def mix(matrices, vector, stretches, first, last, mixed):  # type: ignore[no-untyped-def]
    """Fill some stretches of A times a vector.

    Args:
        matrices: (L, n, n) A of each layer.
        vector: (P,) kept like elementary parameters.
        stretches: `Stretches`.
        first: the first one that is meant.
        last: where they end.
        mixed: (n, P/n).
    """
    flat = mixed.ravel()
    for s in range(first, last):
        layer, place, stride, column, count = _stretch(stretches, s)
        _combine(matrices[layer], vector, place, stride, flat, column, mixed.shape[1], count)


@kernel()
def unmix(matrices, mixed, z, penalties, stretches, first, last, gradient, added):  # type: ignore[no-untyped-def]
    """Fill some stretches of g_z = Aᵀ g_w + 2 λ z.

    Args:
        matrices: (L, n, n) Aᵀ of each layer.
        mixed: (n, P/n) g_w.
        z: (P,).
        penalties: `Penalties`.
        stretches: `Stretches`.
        first: the first one that is meant.
        last: where they end.
        gradient: (P,) g_z.
        added: (S,) filled with Σ λ z² of each.
    """
    for s in range(first, last):
        _unmix_stretch(matrices, mixed, z, penalties, stretches, s, gradient)
        added[s] = 0.5 * _penalty(z, penalties, stretches, s, mixed.shape[0])


@kernel()
def differentiate(  # type: ignore[no-untyped-def]
    matrices,
    mixed,
    mixed_products,
    z,
    u,
    penalties,
    stretches,
    first,
    last,
    gradient,
    product,
    by_matrix,
    by_penalty,
    by_weight,
):
    """Fill some stretches of g_z, and of the derivatives of g_z · u.

    Args:
        matrices: (L, n, n) Aᵀ of each layer.
        mixed: (n, P/n) g_w.
        mixed_products: (n, P/n) H U.
        z: (P,).
        u: (P,).
        penalties: `Penalties`.
        stretches: `Stretches`.
        first: the first one that is meant.
        last: where they end.
        gradient: (P,) g_z.
        product: (P,) filled with the derivatives by z.
        by_matrix: (S, n, n) filled with those by A, of each stretch.
        by_penalty: (S,) filled with those by a penalty of its own for each stretch.
        by_weight: (P,) filled with those by a penalty for each parameter; or empty.
    """
    tasks = mixed.shape[0]
    for s in range(first, last):
        _unmix_stretch(matrices, mixed, z, penalties, stretches, s, gradient)
        _unmix_stretch(matrices, mixed_products, u, penalties, stretches, s, product)
        by_matrix[s] = 0
        _add_by_matrix(mixed, u, stretches, s, by_matrix[s])
        _add_by_matrix(mixed_products, z, stretches, s, by_matrix[s])
        _, place, stride, _, count = _stretch(stretches, s)
        by_penalty[s] = 0
        for task in range(tasks):
            at = place + task * stride
            mine, other = z[at : at + count], u[at : at + count]
            by_penalty[s] += 2 * _dot(mine, other)
            if by_weight.size:
                copy_twice_product(by_weight[at : at + count], mine, other)


@kernel()
def differentiate_by_matrix(mixed, z, stretches, first, last, by_matrix):  # type: ignore[no-untyped-def]
    """Fill some stretches' derivatives by A, (S, n, n), of what depends on A z alone."""
    for s in range(first, last):
        by_matrix[s] = 0
        _add_by_matrix(mixed, z, stretches, s, by_matrix[s])


@helper()
def _stretch(stretches, s):  # type: ignore[no-untyped-def]
    return (
        stretches.layers[s],
        stretches.places[s],
        stretches.strides[s],
        stretches.columns[s],
        stretches.counts[s],
    )


@helper()
def _combine(matrix, given, at, stride, filled, into, step, count):  # type: ignore[no-untyped-def]
    """Fill rows with a matrix times rows.

    Args:
        matrix: (n, n).
        given: flat.
        at: where in it the first row begins.
        stride: how far the next one is from there.
        filled: flat.
        into: where in it the first row begins.
        step: how far the next one is from there.
        count: columns.
    """
    n = matrix.shape[0]
    for begin in range(0, count, _BLOCK):
        size = min(_BLOCK, count - begin)
        for i in range(n):
            start = into + i * step + begin
            total = filled[start : start + size]
            total[:] = 0
            for j in range(0, n - 4, 5):
                here = at + j * stride + begin
                _add_five(total, matrix[i, j : j + 5], given, here, stride)
            for j in range(n - n % 5, n):
                here = at + j * stride + begin
                _add_one(total, matrix[i, j], given[here : here + size])


@helper()
def _add_five(total, factors, given, at, stride):  # type: ignore[no-untyped-def]
    """Add five rows, each times its factor: the sum stays in a register meanwhile."""
    a, b, c, d, e = factors[0], factors[1], factors[2], factors[3], factors[4]
    size = total.size
    v = given[at : at + size]
    w = given[at + stride : at + stride + size]
    x = given[at + 2 * stride : at + 2 * stride + size]
    y = given[at + 3 * stride : at + 3 * stride + size]
    z = given[at + 4 * stride : at + 4 * stride + size]
    for p in range(size):
        total[p] = ((((total[p] + a * v[p]) + b * w[p]) + c * x[p]) + d * y[p]) + e * z[p]


@helper()
def _add_one(total, a, x):  # type: ignore[no-untyped-def]
    for p in range(total.size):
        total[p] += a * x[p]


@helper()
def _unmix_stretch(matrices, mixed, vector, penalties, stretches, s, filled):  # type: ignore[no-untyped-def]
    """Fill a stretch of Aᵀ mixed + 2 λ vector."""
    layer, place, stride, column, count = _stretch(stretches, s)
    _combine(matrices[layer], mixed.ravel(), column, mixed.shape[1], filled, place, stride, count)
    for task in range(mixed.shape[0]):
        at = place + task * stride
        if penalties.of_weights.size:
            add_product(
                filled[at : at + count],
                penalties.of_weights[at : at + count],
                vector[at : at + count],
            )
        elif penalties.of_stretches.size:
            _add_one(filled[at : at + count], penalties.of_stretches[s], vector[at : at + count])


@helper()
def _penalty(z, penalties, stretches, s, tasks):  # type: ignore[no-untyped-def]
    """Σ 2 λ z² of a stretch."""
    _, place, stride, _, count = _stretch(stretches, s)
    total = 0.0
    for task in range(tasks):
        at = place + task * stride
        mine = z[at : at + count]
        if penalties.of_weights.size:
            total += sum_of_squares(penalties.of_weights[at : at + count], mine)
        elif penalties.of_stretches.size:
            total += penalties.of_stretches[s] * _dot(mine, mine)
    return total


@helper()
def _add_by_matrix(mixed, vector, stretches, s, by_matrix):  # type: ignore[no-untyped-def]
    """Add a stretch's mixed vectorᵀ to (n, n)."""
    _, place, stride, column, count = _stretch(stretches, s)
    n = mixed.shape[0]
    for begin in range(0, count, _BLOCK):
        size = min(_BLOCK, count - begin)
        for i in range(n):
            mine = mixed[i, column + begin : column + begin + size]
            for j in range(n):
                at = place + j * stride + begin
                by_matrix[i, j] += _dot(mine, vector[at : at + size])


@helper(fastmath={"reassoc", "contract"})
def _dot(a, b):  # type: ignore[no-untyped-def]
    total = 0.0
    for p in range(a.size):
        total += a[p] * b[p]
    return total
