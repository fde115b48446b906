"""Backpropagation and Pearlmutter's R-operator for dense networks, compiled.

Threads may share a minibatch. What is large is the first matrix, and the state of training that
goes with it; so the inputs are cut into *panels* of columns, and only one thread ever touches a
panel's rows of the first matrix. In between, from the first layer's sums to its errors, the
examples are cut into *parts*. How many of them there are decides how sums round; who works through
them does not.

`gradient` and `gradient_and_products` call the same code for what they have in common: g comes out
with the same bits from both.

A network z_l = a_{l-1} W_l + b_l, a_l = φ(z_l) is told by its ``sizes`` (inputs, hidden layers,
outputs), an activation and a loss; w holds W_1, b_1, W_2, … one after the other.
All kernels are in one file because numba's cache follows single files.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numba import njit, prange

from engine.kernels import INSIDE, helper
from engine.threads import count_parts

TANH, RELU, SOFTPLUS = 0, 1, 2
CROSS_ENTROPY, SQUARED = 0, 1
BLOCK = 256
"""Examples worked through at once: what they need fits the processor's caches."""

_SMALL_PRODUCT = 1_000_000  # multiplications; up to here OpenBLAS has kernels a fifth faster
_NARROWEST_PANEL = 32
_WORTH_A_PART = 1_000_000  # multiplications of all layers' products, a tenth of a millisecond

_FACTORIALS = tuple(1.0 / np.cumprod(np.arange(1.0, 15.0)))
_LOG2_HIGH, _LOG2_LOW = 0.6931471803691238, 1.9082149292705877e-10  # their sum is ln 2

# what a scratch array keeps for every layer above the inputs, a row of memory each
_VALUES, _SLOPES, _ERRORS, _R_SUMS, _R_VALUES, _R_ERRORS, _SPARE = range(7)
SCRATCH_ROWS = 7


_helper_without_checks: Callable[..., Any] = njit(error_model="numpy", **INSIDE)


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


class Rows(NamedTuple):
    """The examples to work through: ``inputs[chosen]``, or the rows from ``start`` if none is.

    Attributes:
        inputs: (N, D).
        classes: (N,) class indices; empty for numbers to predict.
        numbers: (N,) numbers to predict; empty for classes.
        chosen: (n,) indices of examples; empty for n rows that follow each other.
        start: the first of those.
        shares: (n,) what each example's loss is multiplied by before they are summed.
    """

    inputs: np.ndarray
    classes: np.ndarray
    numbers: np.ndarray
    chosen: np.ndarray
    start: int
    shares: np.ndarray


class Desk(NamedTuple):
    """Room to work in.

    Attributes:
        panels: how many panels the inputs are cut into.
        parts: how many parts the examples of a block are cut into.
        inputs: (panels, …) a panel of a block of examples.
        sums, r_sums: (panels, …) what a panel adds to the first layer's z, and to its R z.
        first, r_first: (panels, …) derivatives by a panel's rows of the first matrix; R of them.
        errors, r_errors: (…) errors, and R errors, of the first layer, of a block of examples.
        scratch: (parts, SCRATCH_ROWS, …) what a part needs in all layers.
        rest, r_rest: (parts, …) derivatives by all that comes behind the first matrix in w.
        spare: (panels, …).
        losses: (parts,).
        penalties: (panels,).
    """

    panels: int
    parts: int
    inputs: np.ndarray
    sums: np.ndarray
    r_sums: np.ndarray
    first: np.ndarray
    r_first: np.ndarray
    errors: np.ndarray
    r_errors: np.ndarray
    scratch: np.ndarray
    rest: np.ndarray
    r_rest: np.ndarray
    spare: np.ndarray
    losses: np.ndarray
    penalties: np.ndarray


def make_desk(sizes: tuple[int, ...], count: int, precision: type) -> Desk:
    """Room for minibatches of ``count`` examples.

    Args:
        sizes: of the network.
        count: examples.
        precision: of the network.
    """
    block, hidden, units = min(count, BLOCK), sizes[1], sum(sizes[1:])
    products = block * sum(below * size for below, size in pairwise(sizes))
    panels = parts = min(block, count_parts(products, _WORTH_A_PART))
    if _SMALL_PRODUCT // (block * hidden) >= _NARROWEST_PANEL:
        panels = parts * -(-block * hidden * sizes[0] // (parts * _SMALL_PRODUCT))
    columns = -(-sizes[0] // panels)
    rest = hidden + sum((below + 1) * size for below, size in pairwise(sizes[1:]))

    def room(*shape: int) -> np.ndarray:
        return np.empty(shape, precision)

    return Desk(
        panels=panels,
        parts=parts,
        inputs=room(panels, block * columns),
        sums=room(panels, block * hidden),
        r_sums=room(panels, block * hidden),
        first=room(panels, columns * hidden),
        r_first=room(panels, columns * hidden),
        errors=room(block * hidden),
        r_errors=room(block * hidden),
        scratch=room(parts, SCRATCH_ROWS, -(-block // parts) * units),
        rest=room(parts, rest),
        r_rest=room(parts, rest),
        spare=room(max(panels, parts), max(columns * hidden, rest)),
        losses=np.empty(parts),
        penalties=np.empty(panels),
    )


class Work(NamedTuple):
    """A gradient to be found; and perhaps second derivatives.

    Attributes:
        w: (P,) in the network's own precision.
        u: (P,) the direction of second derivatives, likewise; empty if only the gradient is wanted.
        exact_w, exact_u: (P,) the same in double precision.
        penalties: (P,) 2λ; empty if there are none.
        gradient: (P,) filled with g.
        product: (P,) filled with ∇_w (g · u).
        by_share: (n,) filled with the derivatives of g · u by the rows' shares.
        by_input: (n, D) filled with those by the rows' inputs; or empty, if nobody asks.
        by_weight: (P,) filled with those by a penalty for each weight; or empty.
    """

    w: np.ndarray
    u: np.ndarray
    exact_w: np.ndarray
    exact_u: np.ndarray
    penalties: np.ndarray
    gradient: np.ndarray
    product: np.ndarray
    by_share: np.ndarray
    by_input: np.ndarray
    by_weight: np.ndarray


_FETCH, _SUM_INPUTS, _THROUGH_LAYERS, _FIRST_MATRIX = range(4)  # the stages of the work


@njit(nogil=True, cache=True)
def differentiate(shape, rows, work, desk, team):  # type: ignore[no-untyped-def]
    """Fill what the work asks for.

    Args:
        shape: a `Shape`.
        rows: a `Rows`.
        work: a `Work`.
        desk: a `Desk`.
        team: how many of numba's threads to use; bits do not depend on it.

    Returns:
        The loss of the rows, and what the penalties add to it.
    """
    for begin in range(0, len(rows.shares), BLOCK):
        for stage in range(_FIRST_MATRIX + 1):
            if team > 1:
                _do_side_by_side(stage, team, shape, rows, work, desk, begin)
            else:
                _do(stage, 0, 1, shape, rows, work, desk, begin)
    return _total(desk.losses), _total(desk.penalties)


@njit(parallel=True, **INSIDE)
def _do_side_by_side(stage, team, shape, rows, work, desk, begin):  # type: ignore[no-untyped-def]
    # Nothing but calls in here: what else writes to an array in a tuple, numba takes for dead code.
    for member in prange(team):
        _do(stage, np.int64(member), team, shape, rows, work, desk, begin)


@helper
def _do(stage, member, team, shape, rows, work, desk, begin):  # type: ignore[no-untyped-def]
    """A team member's share of one stage of the work on the block that starts at ``begin``."""
    if stage == _FETCH:
        _fetch(shape, rows, desk, begin, team, member)
    elif stage == _THROUGH_LAYERS:
        first, last = _cut(desk.parts, team, member)
        for part in range(first, last):
            _through_layers(shape, rows, work, desk, begin, part)
            if work.u.size:
                _r_through_layers(shape, rows, work, desk, begin, part)
    else:
        first, last = _cut(desk.panels, team, member)
        for panel in range(first, last):
            if stage == _SUM_INPUTS:
                _sum_inputs(shape, rows, work, desk, begin, panel)
            else:
                _differentiate_first(shape, rows, work, desk, begin, panel)
                if begin + BLOCK >= len(rows.shares):
                    _complete(shape, work, desk, panel)


@helper
def _cut(size, parts, part):  # type: ignore[no-untyped-def]
    return size * part // parts, size * (part + 1) // parts


@helper
def _examples(rows, begin, parts, part):  # type: ignore[no-untyped-def]
    """Which examples of the block that starts at ``begin`` are the part's, counted from there."""
    return _cut(min(BLOCK, len(rows.shares) - begin), parts, part)


@helper
def _place(rows, i):  # type: ignore[no-untyped-def]
    """Which example is row i."""
    return rows.chosen[i] if rows.chosen.size else rows.start + i


@helper
def _as_matrix(memory, rows, columns):  # type: ignore[no-untyped-def]
    return memory[: rows * columns].reshape(rows, columns)


@helper
def _fetch(shape, rows, desk, begin, team, member):  # type: ignore[no-untyped-def]
    """Fetch a team member's share of a block's inputs, each row as a whole: it may be far away."""
    first, last = _examples(rows, begin, team, member)
    for i in range(first, last):
        row = rows.inputs[_place(rows, begin + i)]
        for panel in range(desk.panels):
            left, right = _cut(shape.sizes[0], desk.panels, panel)
            columns = right - left
            _copy(desk.inputs[panel, i * columns : (i + 1) * columns], row[left:right])


@helper
def _sum_inputs(shape, rows, work, desk, begin, panel):  # type: ignore[no-untyped-def]
    """Multiply a panel of a block's inputs by its rows of W₁, and of U₁."""
    left, right = _cut(shape.sizes[0], desk.panels, panel)
    count, columns, units = min(BLOCK, len(rows.shares) - begin), right - left, shape.sizes[1]
    inputs = _as_matrix(desk.inputs[panel], count, columns)
    sums = _as_matrix(desk.sums[panel], count, units)
    r_sums = _as_matrix(desk.r_sums[panel], count, units)
    if not columns:
        sums[:] = 0
        r_sums[:] = 0
        return
    np.dot(inputs, _as_matrix(work.w[left * units :], columns, units), sums)
    if work.u.size:
        np.dot(inputs, _as_matrix(work.u[left * units :], columns, units), r_sums)


@helper
def _through_layers(shape, rows, work, desk, begin, part):  # type: ignore[no-untyped-def]
    """From the first layer's sums to the loss and back to its errors, for the part's examples."""
    scratch, sizes = desk.scratch[part], shape.sizes
    first, last = _examples(rows, begin, desk.parts, part)
    _gather_sums(shape, desk.sums, desk.panels, first, last, scratch[_VALUES])
    loss = _forward_and_back(shape, rows, begin + first, last - first, work.w, scratch)
    desk.losses[part] = loss + (desk.losses[part] if begin else 0.0)
    errors = _layer(scratch[_ERRORS], sizes, last - first, 1)
    _copy(desk.errors[first * sizes[1] : last * sizes[1]], errors.ravel())
    rest = desk.spare[part, : desk.rest.shape[1]] if begin else desk.rest[part]
    _fill(shape, last - first, scratch, _ERRORS, rest)
    if begin:
        _add(desk.rest[part], rest)


@helper
def _r_through_layers(shape, rows, work, desk, begin, part):  # type: ignore[no-untyped-def]
    """The same for the derivative of everything along u."""
    w, u = work.w, work.u
    scratch, sizes = desk.scratch[part], shape.sizes
    first, last = _examples(rows, begin, desk.parts, part)
    count = last - first
    _gather_sums(shape, desk.r_sums, desk.panels, first, last, scratch[_R_SUMS])
    _r_forward(shape, count, w, u, scratch)
    _r_loss(shape, rows, begin + first, count, scratch, work.by_share)
    _r_back(shape, w, u, scratch, count)
    r_errors = _layer(scratch[_R_ERRORS], sizes, count, 1)
    _copy(desk.r_errors[first * sizes[1] : last * sizes[1]], r_errors.ravel())
    rest = desk.spare[part, : desk.rest.shape[1]] if begin else desk.r_rest[part]
    _fill(shape, count, scratch, _R_ERRORS, rest)
    if begin:
        _add(desk.r_rest[part], rest)
    _fill_r_values(shape, scratch, desk.r_rest[part], count, desk.spare[part])
    if work.by_input.size:
        _by_input(shape, w, u, scratch, work.by_input[begin + first : begin + last])


@helper
def _gather_sums(shape, sums, panels, first, last, memory):  # type: ignore[no-untyped-def]
    """Add what all panels give to the first layer, for the examples from ``first`` to ``last``."""
    units = shape.sizes[1]
    total = memory[: (last - first) * units]
    _copy(total, sums[0, first * units : last * units])
    for panel in range(1, panels):
        _add(total, sums[panel, first * units : last * units])


@helper
def _differentiate_first(shape, rows, work, desk, begin, panel):  # type: ignore[no-untyped-def]
    """The derivatives by a panel's rows of the first matrix."""
    left, right = _cut(shape.sizes[0], desk.panels, panel)
    if left < right:
        count = min(BLOCK, len(rows.shares) - begin)
        inputs = _as_matrix(desk.inputs[panel], count, right - left)
        spare = desk.spare[panel]
        _multiply_errors(shape, inputs, desk.errors, begin > 0, spare, desk.first[panel])
        if work.u.size:
            _multiply_errors(shape, inputs, desk.r_errors, begin > 0, spare, desk.r_first[panel])


@helper
def _multiply_errors(shape, inputs, errors, adds, spare, first):  # type: ignore[no-untyped-def]
    count, columns, units = len(inputs), inputs.shape[1], shape.sizes[1]
    into = _as_matrix(spare if adds else first, columns, units)
    np.dot(inputs.T, _as_matrix(errors, count, units), into)
    if adds:
        _add(first[: columns * units], into.ravel())


@helper
def _spans(shape, size, panels, panel):  # type: ignore[no-untyped-def]
    """A panel's share of a vector like w: of the first matrix, and of what comes behind it."""
    left, right = _cut(shape.sizes[0], panels, panel)
    behind = shape.sizes[0] * shape.sizes[1]
    begin, end = _cut(size - behind, panels, panel)
    return slice(left * shape.sizes[1], right * shape.sizes[1]), slice(behind + begin, behind + end)


@helper
def _complete(shape, work, desk, panel):  # type: ignore[no-untyped-def]
    """Fill a panel's share of the results."""
    _join(
        shape,
        desk,
        panel,
        desk.first,
        desk.rest,
        work.penalties,
        work.exact_w,
        work.gradient,
    )
    _penalty(shape, work, desk, panel)
    if work.u.size:
        _join(
            shape,
            desk,
            panel,
            desk.r_first,
            desk.r_rest,
            work.penalties,
            work.exact_u,
            work.product,
        )
        _by_weight(shape, work, desk, panel)


@helper
def _join(shape, desk, panel, first, rest, penalties, vector, joined):  # type: ignore[no-untyped-def]
    """Put together what panels and parts have found, and add 2λ times the vector."""
    spans = _spans(shape, joined.size, desk.panels, panel)
    behind = shape.sizes[0] * shape.sizes[1]
    _copy(joined[spans[0]], first[panel])
    begin, end = spans[1].start - behind, spans[1].stop - behind
    _copy(joined[spans[1]], rest[0, begin:end])
    for part in range(1, desk.parts):
        _add(joined[spans[1]], rest[part, begin:end])
    if penalties.size:
        for span in spans:
            _add_product(joined[span], penalties[span], vector[span])


@helper
def _penalty(shape, work, desk, panel):  # type: ignore[no-untyped-def]
    """Leave Σ λ w² over a panel's share of the parameters on the desk."""
    total, penalties, w = 0.0, work.penalties, work.exact_w
    if penalties.size:
        for span in _spans(shape, w.size, desk.panels, panel):
            total += _sum_of_squares(penalties[span], w[span])
    desk.penalties[panel] = 0.5 * total


@helper
def _by_weight(shape, work, desk, panel):  # type: ignore[no-untyped-def]
    """Fill a panel's share of 2 w u."""
    w, u, by_weight = work.exact_w, work.exact_u, work.by_weight
    if by_weight.size:
        for span in _spans(shape, w.size, desk.panels, panel):
            _copy_twice_product(by_weight[span], w[span], u[span])


@helper
def _by_input(shape, w, u, scratch, by_input):  # type: ignore[no-untyped-def]
    """Fill R of the inputs' errors: R δ₁ W₁ᵀ + δ₁ U₁ᵀ."""
    r_errors = _layer(scratch[_R_ERRORS], shape.sizes, len(by_input), 1)
    errors = _layer(scratch[_ERRORS], shape.sizes, len(by_input), 1)
    np.dot(r_errors, _matrix(w, shape.sizes, 0).T, by_input)
    more = np.dot(errors, _matrix(u, shape.sizes, 0).T)
    _add(by_input.ravel(), more.ravel())


@helper
def _total(values):  # type: ignore[no-untyped-def]
    total = 0.0
    for value in values:
        total += value
    return total


# Loops over whole arrays, from 0: only there does numba know that no index is negative, and compile
# to vectors.


@helper
def _copy(copied, given):  # type: ignore[no-untyped-def]
    for i in range(copied.size):
        copied[i] = given[i]


@helper
def _copy_twice_product(copied, a, b):  # type: ignore[no-untyped-def]
    for i in range(copied.size):
        copied[i] = 2 * a[i] * b[i]


@helper
def _add(total, more):  # type: ignore[no-untyped-def]
    for i in range(total.size):
        total[i] += more[i]


@helper
def _add_product(total, factors, more):  # type: ignore[no-untyped-def]
    for i in range(total.size):
        total[i] += factors[i] * more[i]


@njit(fastmath={"reassoc"}, **INSIDE)
def _sum_of_squares(factors, values):  # type: ignore[no-untyped-def]
    total = 0.0
    for i in range(factors.size):
        total += factors[i] * values[i] * values[i]
    return total


@helper
def _layer(memory, sizes, count, layer):  # type: ignore[no-untyped-def]
    """(count, units) what a scratch row keeps of a layer, counted from 1."""
    start = sizes[1:layer].sum() * count
    return memory[start : start + sizes[layer] * count].reshape(count, sizes[layer])


@helper
def _start(sizes, layer):  # type: ignore[no-untyped-def]
    """Where in w the matrix from ``layer`` to the next one begins."""
    start = 0
    for below in range(layer):
        start += (sizes[below] + 1) * sizes[below + 1]
    return start


@helper
def _matrix(vector, sizes, layer):  # type: ignore[no-untyped-def]
    start, fan_in, fan_out = _start(sizes, layer), sizes[layer], sizes[layer + 1]
    return vector[start : start + fan_in * fan_out].reshape(fan_in, fan_out)


@helper
def _biases(vector, sizes, layer):  # type: ignore[no-untyped-def]
    stop = _start(sizes, layer + 1)
    return vector[stop - sizes[layer + 1] : stop]


@helper
def _forward_and_back(shape, rows, begin, count, w, scratch):  # type: ignore[no-untyped-def]
    """From the first layer's sums fill all values, slopes and errors; returns the loss."""
    sizes, last = shape.sizes, len(shape.sizes) - 1
    for layer in range(1, last + 1):
        values = _layer(scratch[_VALUES], sizes, count, layer)
        if layer > 1:
            below = _layer(scratch[_VALUES], sizes, count, layer - 1)
            np.dot(below, _matrix(w, sizes, layer - 1), values)
        biases = _biases(w, sizes, layer - 1)
        if layer < last:
            slopes = _layer(scratch[_SLOPES], sizes, count, layer)
            for i in range(count):
                _activate(shape.activation, values[i], biases, slopes[i])
        else:
            for i in range(count):
                _add(values[i], biases)
    outputs = _layer(scratch[_VALUES], sizes, count, last)
    loss = _loss(shape, rows, begin, outputs, _layer(scratch[_ERRORS], sizes, count, last))
    for layer in range(last - 1, 0, -1):
        errors = _layer(scratch[_ERRORS], sizes, count, layer)
        above = _layer(scratch[_ERRORS], sizes, count, layer + 1)
        np.dot(above, _matrix(w, sizes, layer).T, errors)
        slopes = _layer(scratch[_SLOPES], sizes, count, layer)
        for i in range(count):
            for j in range(sizes[layer]):
                errors[i, j] *= slopes[i, j]
    return loss


@_helper_without_checks
def _activate(activation, z, biases, slopes):  # type: ignore[no-untyped-def]
    """Z ← φ(z + b), and φ′ of it; of the ReLU at 0 one half, as autograd has it."""
    if activation == TANH:
        for j in range(z.size):
            value = _tanh(z[j] + biases[j])
            z[j] = value
            slopes[j] = 1 - value * value
    elif activation == RELU:
        for j in range(z.size):
            total = z[j] + biases[j]
            z[j] = total if total > 0 or total != total else 0
            slopes[j] = 1 if total > 0 else 0.5 if total == 0 else 0
    else:
        for j in range(z.size):
            total = z[j] + biases[j]
            z[j] = max(total, 0) + np.log1p(np.exp(-abs(total)))
            slopes[j] = -np.expm1(-z[j])


@_helper_without_checks
def _tanh(z):  # type: ignore[no-untyped-def]
    """Tanh z = −e / (2 + e) with e = exp(−2|z|) − 1, in a form that is compiled to vectors.

    With y = k ln 2 + r, exp(y) − 1 is 2ᵏ (exp(r) − 1) + (2ᵏ − 1), and exp(r) − 1 a short series.
    """
    given = abs(np.float64(z))
    size = given if given < 22.0 else 22.0
    k = np.rint(-2.0 * size * 1.4426950408889634)
    r = (-2.0 * size - k * _LOG2_HIGH) - k * _LOG2_LOW
    series = _FACTORIALS[13]
    for power in range(12, -1, -1):
        series = series * r + _FACTORIALS[power]
    two_to_k = np.int64((np.int64(k) + 1023) << 52).view(np.float64)
    e = two_to_k * (series * r) + (two_to_k - 1.0)
    return np.copysign(-e / (2.0 + e), z) if z == z else z


@_helper_without_checks
def _loss(shape, rows, begin, outputs, errors):  # type: ignore[no-untyped-def]
    """Turn outputs into probabilities (or distances), and fill their errors; returns the loss."""
    loss = 0.0
    for i in range(len(outputs)):
        place, share = _place(rows, begin + i), rows.shares[begin + i]
        row = outputs[i]
        if shape.loss == CROSS_ENTROPY:
            highest = row.max()
            right = row[rows.classes[place]] - highest
            total = 0.0
            for j in range(row.size):
                row[j] = np.exp(row[j] - highest)
                total += row[j]
            loss += share * (np.log(total) - right)
            for j in range(row.size):
                row[j] /= total
                errors[i, j] = share * row[j]
            errors[i, rows.classes[place]] -= share
        else:
            for j in range(row.size):
                if rows.classes.size:
                    row[j] -= rows.classes[place] == j
                else:
                    row[j] -= rows.numbers[place]
                loss += share * row[j] * row[j]
                errors[i, j] = 2 * share * row[j]
    return loss


@helper
def _r_forward(shape, count, w, u, scratch):  # type: ignore[no-untyped-def]
    """From the first layer's R sums fill those of all layers, and R a of the hidden ones."""
    sizes, last = shape.sizes, len(shape.sizes) - 1
    for layer in range(1, last + 1):
        r_sums = _layer(scratch[_R_SUMS], sizes, count, layer)
        biases = _biases(u, sizes, layer - 1)
        if layer > 1:
            more = _layer(scratch[_SPARE], sizes, count, layer)
            values = _layer(scratch[_VALUES], sizes, count, layer - 1)
            r_values = _layer(scratch[_R_VALUES], sizes, count, layer - 1)
            np.dot(r_values, _matrix(w, sizes, layer - 1), r_sums)
            np.dot(values, _matrix(u, sizes, layer - 1), more)
            for i in range(count):
                _add(r_sums[i], more[i])
        for i in range(count):
            _add(r_sums[i], biases)
        if layer < last:
            slopes = _layer(scratch[_SLOPES], sizes, count, layer)
            r_values = _layer(scratch[_R_VALUES], sizes, count, layer)
            for i in range(count):
                for j in range(sizes[layer]):
                    r_values[i, j] = slopes[i, j] * r_sums[i, j]


@helper
def _r_loss(shape, rows, begin, count, scratch, by_share):  # type: ignore[no-untyped-def]
    """Fill the outputs' R errors, and each example's derivative along u."""
    last = len(shape.sizes) - 1
    outputs = _layer(scratch[_VALUES], shape.sizes, count, last)
    r_sums = _layer(scratch[_R_SUMS], shape.sizes, count, last)
    r_errors = _layer(scratch[_R_ERRORS], shape.sizes, count, last)
    for i in range(count):
        share = rows.shares[begin + i]
        along = 0.0
        for j in range(outputs.shape[1]):
            along += outputs[i, j] * r_sums[i, j]
        if shape.loss == CROSS_ENTROPY:
            right = rows.classes[_place(rows, begin + i)]
            by_share[begin + i] = along - r_sums[i, right]
            for j in range(outputs.shape[1]):
                r_errors[i, j] = share * outputs[i, j] * (r_sums[i, j] - along)
        else:
            by_share[begin + i] = 2 * along
            for j in range(outputs.shape[1]):
                r_errors[i, j] = 2 * share * r_sums[i, j]


@helper
def _r_back(shape, w, u, scratch, count):  # type: ignore[no-untyped-def]
    """Carry the derivative along u backwards: fill the hidden layers' R errors."""
    sizes = shape.sizes
    for layer in range(len(sizes) - 2, 0, -1):
        r_errors = _layer(scratch[_R_ERRORS], sizes, count, layer)
        more = _layer(scratch[_SPARE], sizes, count, layer)
        r_above = _layer(scratch[_R_ERRORS], sizes, count, layer + 1)
        above = _layer(scratch[_ERRORS], sizes, count, layer + 1)
        np.dot(r_above, _matrix(w, sizes, layer).T, r_errors)
        np.dot(above, _matrix(u, sizes, layer).T, more)
        values = _layer(scratch[_VALUES], sizes, count, layer)
        slopes = _layer(scratch[_SLOPES], sizes, count, layer)
        errors = _layer(scratch[_ERRORS], sizes, count, layer)
        r_sums = _layer(scratch[_R_SUMS], sizes, count, layer)
        for i in range(count):
            for j in range(sizes[layer]):
                r_errors[i, j] = (r_errors[i, j] + more[i, j]) * slopes[i, j]
            if shape.activation == TANH:  # φ″ / φ′ is −2 φ
                for j in range(sizes[layer]):
                    r_errors[i, j] -= 2 * values[i, j] * errors[i, j] * r_sums[i, j]
            elif shape.activation == SOFTPLUS:  # it is 1 − φ′
                for j in range(sizes[layer]):
                    r_errors[i, j] += (1 - slopes[i, j]) * errors[i, j] * r_sums[i, j]


@helper
def _fill(shape, count, scratch, which, rest):  # type: ignore[no-untyped-def]
    """Turn errors, or R errors, into derivatives by all that comes behind the first matrix in w."""
    sizes = shape.sizes
    behind = sizes[0] * sizes[1]
    for layer in range(1, len(sizes)):
        errors = _layer(scratch[which], sizes, count, layer)
        stop = _start(sizes, layer) - behind
        biases = rest[stop - sizes[layer] : stop]
        biases[:] = 0
        for i in range(count):
            _add(biases, errors[i])
        if layer > 1:
            below = _layer(scratch[_VALUES], sizes, count, layer - 1)
            matrix = rest[_start(sizes, layer - 1) - behind : stop - sizes[layer]]
            np.dot(below.T, errors, matrix.reshape(sizes[layer - 1], sizes[layer]))


@helper
def _fill_r_values(shape, scratch, rest, count, spare):  # type: ignore[no-untyped-def]
    """Add to R of the matrices' derivatives what the R values below contribute."""
    sizes = shape.sizes
    behind = sizes[0] * sizes[1]
    for layer in range(2, len(sizes)):
        r_below = _layer(scratch[_R_VALUES], sizes, count, layer - 1)
        errors = _layer(scratch[_ERRORS], sizes, count, layer)
        size = sizes[layer - 1] * sizes[layer]
        more = spare[:size].reshape(sizes[layer - 1], sizes[layer])
        np.dot(r_below.T, errors, more)
        start = _start(sizes, layer - 1) - behind
        _add(rest[start : start + size], spare[:size])
