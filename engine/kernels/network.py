"""Backpropagation and Pearlmutter's R-operator for dense networks, compiled.

Threads may share a minibatch. What is large is the first matrix, and the state of training that
goes with it; so the inputs are cut into *panels* of columns, and only one thread at a time touches
a panel's rows of the first matrix. In between, from the first layer's sums to its errors, the
examples are cut into *parts*. How many of them there are decides how sums round; who works through
them does not.

`gradient` and `gradient_and_products` call the same code for what they have in common: g comes out
with the same bits from both.

A network z_l = a_{l-1} W_l + b_l, a_l = φ(z_l) is told by its ``sizes`` (inputs, hidden layers,
outputs), an activation and a loss; w holds W_1, b_1, W_2, … one after the other.
"""

import numpy as np

from engine.kernels.arrays import add, as_matrix, copy, cut, total_of
from engine.kernels.calls import call, describe_call, keep_call
from engine.kernels.compiling import helper, kernel
from engine.kernels.desk import BLOCK
from engine.kernels.examples import are_sparse, example_of
from engine.kernels.layers import (
    ERRORS,
    R_ERRORS,
    R_SUMS,
    SLOPES,
    VALUES,
    differentiate_by_input,
    fill,
    fill_r_values,
    forward_and_back,
    layer_of,
    r_back,
    r_forward,
    r_loss,
)
from engine.kernels.sparse import add_errors_by_inputs, add_inputs_times
from engine.kernels.team import share_out
from engine.kernels.work import complete, work_along

_FETCH, _SUM_INPUTS, _THROUGH_LAYERS, _FIRST_MATRIX = range(4)  # the stages of the work


@kernel()
def differentiate(shape, rows, work, desk, kept, board):  # type: ignore[no-untyped-def]
    """Fill what the work asks for.

    Args:
        shape: a `Shape`.
        rows: a `Rows`.
        work: a `Work`.
        desk: a `Desk`.
        kept: `NOT_KEPT`; or room for the call, which is kept there instead of done.
        board: see `share_out`; bits do not depend on it.

    Returns:
        The loss of the rows, and what the penalties add to it; they can be found on the desk, too.
    """
    arguments = shape, rows, work, desk, board
    code, packed = describe_call(_differentiate, arguments)
    failed = not keep_call(code, arguments, kept) if kept.size else call(code, packed, 0)
    if failed:
        raise RuntimeError("a part of compiled work has failed")
    return total_of(desk.losses), total_of(desk.penalties)


@helper()
def _differentiate(shape, rows, work, desk, board, _number):  # type: ignore[no-untyped-def]
    sparse, single = are_sparse(rows), work.rounded_w.size > 0
    for begin in range(0, len(rows.shares), BLOCK):
        for stage in range(_FETCH, _FIRST_MATRIX + 1):
            if sparse and (stage == _SUM_INPUTS or (stage == _FETCH and not single)):
                continue
            by_examples = stage in (_FETCH, _THROUGH_LAYERS)
            parts = desk.parts if by_examples else desk.panels
            arguments = stage, shape, rows, work, desk, begin
            share_out(describe_call(_do, arguments), parts, board)


@kernel()
def multiply(shape, rows, work, desks, shares, along, board):  # type: ignore[no-untyped-def]
    """Fill products of second derivatives with directions, each of them from one thread.

    Args:
        shape: a `Shape`.
        rows: a `Rows`, all in one block.
        work: the `Work` whose gradient has been found, on the first desk.
        desks: two, the second with the first one's inputs and errors.
        shares: in how many the directions are dealt out, 1 or 2; each works at its own desk.
        along: a `Directions`.
        board: see `share_out`; bits do not depend on it.
    """
    arguments = shape, rows, work, desks, shares, along
    share_out(describe_call(_multiply_share, arguments), shares, board)


@helper()
def _multiply_share(shape, rows, work, desks, shares, along, share):  # type: ignore[no-untyped-def]
    """Every direction, or every other one."""
    desk = desks[share]
    if share:
        for part in range(desk.parts):
            for row in (VALUES, SLOPES, ERRORS):
                copy(desk.scratch[part, row], desks[0].scratch[part, row])
    for k in range(share, len(along.products), shares):
        mine = work_along(work, along, k, share)
        for stage in range(_SUM_INPUTS, _FIRST_MATRIX + 1):
            if not (are_sparse(rows) and stage == _SUM_INPUTS):
                for part in range(desk.parts if stage == _THROUGH_LAYERS else desk.panels):
                    _do(stage, shape, rows, mine, desk, 0, part)


@helper()
def _do(stage, shape, rows, work, desk, begin, part):  # type: ignore[no-untyped-def]
    """A part, or a panel, of one stage of the work on the block that starts at ``begin``."""
    if stage == _FETCH:
        if not are_sparse(rows):
            _fetch(shape, rows, desk, begin, part)
        if begin == 0 and work.rounded_w.size:
            _round(work, desk, part)
    elif stage == _SUM_INPUTS:
        _sum_inputs(shape, rows, work, desk, begin, part)
    elif stage == _THROUGH_LAYERS:
        if not work.again:
            _through_layers(shape, rows, work, desk, begin, part)
        if work.u.size:
            _r_through_layers(shape, rows, work, desk, begin, part)
    else:
        _differentiate_first(shape, rows, work, desk, begin, part)
        if begin + BLOCK >= len(rows.shares):
            complete(shape, work, desk, part)


@helper()
def _examples(rows, begin, parts, part):  # type: ignore[no-untyped-def]
    """Which examples of the block that starts at ``begin`` are the part's, counted from there."""
    return cut(min(BLOCK, len(rows.shares) - begin), parts, part)


@helper()
def _fetch(shape, rows, desk, begin, part):  # type: ignore[no-untyped-def]
    """Fetch the inputs of the part's examples, each row as a whole: it may be far away."""
    first, last = _examples(rows, begin, desk.parts, part)
    for i in range(first, last):
        example = np.uint64(example_of(rows, begin + i))
        for panel in range(desk.panels):
            left, right = cut(shape.sizes[0], desk.panels, panel)
            offset, place = np.uint64(left), np.uint64(i * (right - left))
            for column in range(right - left):
                j = np.uint64(column)
                desk.inputs[panel, place + j] = rows.inputs[example, offset + j]


@helper()
def _round(work, desk, part):  # type: ignore[no-untyped-def]
    """Round a part's share of the parameters, and of the direction, to the network's own."""
    first, last = cut(work.exact_w.size, desk.parts, part)
    copy(work.rounded_w[first:last], work.exact_w[first:last])
    if work.u.size:
        copy(work.rounded_u[first:last], work.exact_u[first:last])


@helper()
def _sum_inputs(shape, rows, work, desk, begin, panel):  # type: ignore[no-untyped-def]
    """Multiply a panel of a block's inputs by its rows of W₁, and of U₁."""
    left, right = cut(shape.sizes[0], desk.panels, panel)
    count, columns, units = min(BLOCK, len(rows.shares) - begin), right - left, shape.sizes[1]
    inputs = as_matrix(desk.inputs[panel], count, columns)
    sums = as_matrix(desk.sums[panel], count, units)
    r_sums = as_matrix(desk.r_sums[panel], count, units)
    if not columns:
        sums[:] = 0
        r_sums[:] = 0
        return
    if not work.again:
        np.dot(inputs, as_matrix(work.w[left * units :], columns, units), sums)
    if work.u.size:
        np.dot(inputs, as_matrix(work.u[left * units :], columns, units), r_sums)


@helper()
def _through_layers(shape, rows, work, desk, begin, part):  # type: ignore[no-untyped-def]
    """From the first layer's sums to the loss and back to its errors, for the part's examples."""
    scratch, sizes = desk.scratch[part], shape.sizes
    first, last = _examples(rows, begin, desk.parts, part)
    _gather_sums(shape, rows, begin, desk.sums, work.w, first, last, scratch[VALUES])
    loss = forward_and_back(shape, rows, begin + first, last - first, work.w, scratch)
    desk.losses[part] = loss + (desk.losses[part] if begin else 0.0)
    errors = layer_of(scratch[ERRORS], sizes, last - first, 1)
    copy(desk.errors[first * sizes[1] : last * sizes[1]], errors.ravel())
    rest = desk.spare[part, : desk.rest.shape[1]] if begin else desk.rest[part]
    fill(shape, last - first, scratch, ERRORS, rest)
    if begin:
        add(desk.rest[part], rest)


@helper()
def _r_through_layers(shape, rows, work, desk, begin, part):  # type: ignore[no-untyped-def]
    """The same for the derivative of everything along u."""
    w, u = work.w, work.u
    scratch, sizes = desk.scratch[part], shape.sizes
    first, last = _examples(rows, begin, desk.parts, part)
    count = last - first
    _gather_sums(shape, rows, begin, desk.r_sums, u, first, last, scratch[R_SUMS])
    r_forward(shape, count, w, u, scratch)
    r_loss(shape, rows, begin + first, count, scratch, work.by_share)
    r_back(shape, w, u, scratch, count)
    r_errors = layer_of(scratch[R_ERRORS], sizes, count, 1)
    copy(desk.r_errors[first * sizes[1] : last * sizes[1]], r_errors.ravel())
    rest = desk.spare[part, : desk.rest.shape[1]] if begin else desk.r_rest[part]
    fill(shape, count, scratch, R_ERRORS, rest)
    if begin:
        add(desk.r_rest[part], rest)
    fill_r_values(shape, scratch, desk.r_rest[part], count, desk.spare[part])
    if work.by_input.size:
        mine = slice(begin + first, begin + last)
        differentiate_by_input(shape, w, u, scratch, work.by_input[mine], work.spare_by_input[mine])


@helper()
def _gather_sums(shape, rows, begin, sums, vector, first, last, memory):  # type: ignore[no-untyped-def]
    """Find the first layer's sums for the examples from ``first`` to ``last``.

    Panels of dense inputs have found theirs, to be added up; for sparse ones they are found here.
    """
    units = shape.sizes[1]
    total = memory[: (last - first) * units]
    if are_sparse(rows):
        total[:] = 0
        add_inputs_times(rows, begin + first, begin + last, vector, units, total)
        return
    copy(total, sums[0, first * units : last * units])
    for panel in range(1, len(sums)):
        add(total, sums[panel, first * units : last * units])


@helper()
def _differentiate_first(shape, rows, work, desk, begin, panel):  # type: ignore[no-untyped-def]
    """The derivatives by a panel's rows of the first matrix."""
    if not work.again:
        _multiply_errors(shape, rows, desk, begin, panel, desk.errors, desk.first[panel])
    if work.u.size:
        _multiply_errors(shape, rows, desk, begin, panel, desk.r_errors, desk.r_first[panel])


@helper()
def _multiply_errors(shape, rows, desk, begin, panel, errors, first):  # type: ignore[no-untyped-def]
    count, units = min(BLOCK, len(rows.shares) - begin), shape.sizes[1]
    left, right = cut(shape.sizes[0], desk.panels, panel)
    if are_sparse(rows):
        if begin == 0:
            first[:] = 0
        add_errors_by_inputs(rows, begin, count, panel, left, errors, units, first)
    elif left < right:
        inputs = as_matrix(desk.inputs[panel], count, right - left)
        into = as_matrix(first if begin == 0 else desk.spare[panel], right - left, units)
        np.dot(inputs.T, as_matrix(errors, count, units), into)
        if begin:
            add(first[: into.size], into.ravel())
