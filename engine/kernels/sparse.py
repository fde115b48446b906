"""Products of sparse inputs X with the first layer's matrix W, and of Xᵀ with its errors.

Each entry of X that is not zero takes part with one row of W, or of errors. A row is worked through
in stretches of neighbouring columns, which stay in the processor's registers from one entry to the
next. How sums round depends on the order of the entries alone.
"""

import numpy as np

from engine.kernels.compiling import helper
from engine.kernels.examples import example_of
from engine.kernels.lanes import add_lanes, load_lanes, multiply_add, no_lanes, store_lanes

_ONE = np.uint64(1)


@helper()
def add_inputs_times(rows, first, last, matrix, units, sums):  # type: ignore[no-untyped-def]
    """Add X W to ``sums``, for some rows of X.

    Args:
        rows: `Rows` of sparse examples.
        first: the first of them that is meant.
        last: where they end.
        matrix: W, flat, (D · units).
        units: columns of W.
        sums: flat, ((last − first) · units).
    """
    width = np.uint64(units)
    for panel in range(rows.starts.shape[1] - 1):
        for i in range(first, last):
            at = np.uint64(i - first) * width
            share = _entries(rows, i, panel)
            left = np.uint64(0)
            if sums.itemsize == 4:
                left = _add_rows(rows, share, matrix, width, left, sums, at, 32)
            left = _add_rows(rows, share, matrix, width, left, sums, at, 16)
            left = _add_rows(rows, share, matrix, width, left, sums, at, 8)
            left = _add_rows(rows, share, matrix, width, left, sums, at, 4)
            left = _add_rows(rows, share, matrix, width, left, sums, at, 2)
            _add_rows(rows, share, matrix, width, left, sums, at, 1)


@helper()
def _entries(rows, i, panel):  # type: ignore[no-untyped-def]
    """Where the entries of a row's share of a panel begin and end."""
    example = example_of(rows, i)
    return np.uint64(rows.starts[example, panel]), np.uint64(rows.starts[example, panel + 1])


@helper()
def _add_rows(rows, share, matrix, width, left, sums, at, count):  # type: ignore[no-untyped-def]
    """Add up ``count`` columns at a time from ``left`` on; returns the first that is left over.

    Every other entry has a sum of its own, so that one addition need not wait for the one before.
    """
    begin, end = share
    while left + np.uint64(count) <= width:
        total, other = load_lanes(sums, at + left, count), no_lanes(sums, count)
        entry = begin
        while entry + _ONE < end:
            row = np.uint64(rows.columns[entry]) * width + left
            total = multiply_add(total, rows.values[entry], load_lanes(matrix, row, count))
            row = np.uint64(rows.columns[entry + _ONE]) * width + left
            other = multiply_add(other, rows.values[entry + _ONE], load_lanes(matrix, row, count))
            entry += np.uint64(2)
        if entry < end:
            row = np.uint64(rows.columns[entry]) * width + left
            total = multiply_add(total, rows.values[entry], load_lanes(matrix, row, count))
        store_lanes(sums, at + left, add_lanes(total, other))
        left += np.uint64(count)
    return left


@helper()
def add_errors_by_inputs(rows, begin, count, panel, offset, errors, units, first):  # type: ignore[no-untyped-def]
    """Add a panel's rows of Xᵀ times errors to ``first``.

    Args:
        rows: `Rows` of sparse examples.
        begin: the first of them that is meant.
        count: how many are.
        panel: which columns of X.
        offset: the first of those.
        errors: flat, (count · units).
        units: columns of the errors.
        first: flat, (columns of the panel · units).
    """
    width = np.uint64(units)
    for i in range(count):
        at = np.uint64(i) * width
        share = _entries(rows, begin + i, panel)
        left = _add_to_rows(rows, share, offset, first, width, np.uint64(0), errors, at, 32)
        left = _add_to_rows(rows, share, offset, first, width, left, errors, at, 16)
        left = _add_to_rows(rows, share, offset, first, width, left, errors, at, 8)
        left = _add_to_rows(rows, share, offset, first, width, left, errors, at, 4)
        left = _add_to_rows(rows, share, offset, first, width, left, errors, at, 2)
        _add_to_rows(rows, share, offset, first, width, left, errors, at, 1)


@helper()
def _add_to_rows(rows, share, offset, first, width, left, errors, at, count):  # type: ignore[no-untyped-def]
    """The counterpart of `_add_rows`."""
    while left + np.uint64(count) <= width:
        error = load_lanes(errors, at + left, count)
        for entry in range(share[0], share[1]):
            row = np.uint64(rows.columns[entry] - offset) * width + left
            total = load_lanes(first, row, count)
            store_lanes(first, row, multiply_add(total, rows.values[entry], error))
        left += np.uint64(count)
    return left
