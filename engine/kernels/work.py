"""What is asked for of a network, and how what panels and parts have found becomes it."""

from typing import NamedTuple

import numpy as np

from engine.kernels.arrays import (
    add,
    add_product,
    copy,
    copy_twice_product,
    cut,
    sum_of_squares,
)
from engine.kernels.compiling import helper


class Work(NamedTuple):
    """A gradient to be found; and perhaps second derivatives.

    Attributes:
        w: (P,) in the network's own precision.
        u: (P,) the direction of second derivatives, likewise; empty if only the gradient is wanted.
        exact_w, exact_u: (P,) the same in double precision.
        rounded_w, rounded_u: what w and u are views of, to be filled with the exact ones rounded;
            empty if the network's precision is double.
        penalties: (P,) 2λ; empty if there are none.
        gradient: (P,) filled with g.
        product: (P,) filled with ∇_w (g · u).
        by_share: (n,) filled with the derivatives of g · u by the rows' shares.
        by_input: (n, D) filled with those by the rows' inputs; or empty, if nobody asks.
        spare_by_input: room of the same shape.
        by_weight: (P,) filled with those by a penalty for each weight; or empty.
        again: whether what does not depend on u is on the desk already.
    """

    w: np.ndarray
    u: np.ndarray
    exact_w: np.ndarray
    exact_u: np.ndarray
    rounded_w: np.ndarray
    rounded_u: np.ndarray
    penalties: np.ndarray
    gradient: np.ndarray
    product: np.ndarray
    by_share: np.ndarray
    by_input: np.ndarray
    spare_by_input: np.ndarray
    by_weight: np.ndarray
    again: bool


class Directions(NamedTuple):
    """Several directions of second derivatives at one w.

    Attributes:
        own: (k, P) in the network's own precision.
        exact: (k, P) in double precision.
        products: (k, P) filled with the products.
        by_share: (threads, n) room.
    """

    own: np.ndarray
    exact: np.ndarray
    products: np.ndarray
    by_share: np.ndarray


@helper()
def work_along(work, along, k, thread):  # type: ignore[no-untyped-def]
    """What is to be done for one of several directions, by a thread."""
    return Work(
        work.w,
        along.own[k],
        work.exact_w,
        along.exact[k],
        work.rounded_w,
        work.rounded_u,
        work.penalties,
        work.gradient,
        along.products[k],
        along.by_share[thread],
        work.by_input,
        work.spare_by_input,
        work.by_weight[:0],
        True,
    )


@helper()
def complete(shape, work, desk, panel):  # type: ignore[no-untyped-def]
    """Fill a panel's share of the results."""
    if not work.again:
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


@helper()
def _join(shape, desk, panel, first, rest, penalties, vector, joined):  # type: ignore[no-untyped-def]
    """Put together what panels and parts have found, and add 2λ times the vector."""
    spans = _spans(shape, joined.size, desk.panels, panel)
    behind = shape.sizes[0] * shape.sizes[1]
    copy(joined[spans[0]], first[panel])
    begin, end = spans[1].start - behind, spans[1].stop - behind
    copy(joined[spans[1]], rest[0, begin:end])
    for part in range(1, desk.parts):
        add(joined[spans[1]], rest[part, begin:end])
    if penalties.size:
        for span in spans:
            add_product(joined[span], penalties[span], vector[span])


@helper()
def _penalty(shape, work, desk, panel):  # type: ignore[no-untyped-def]
    """Leave Σ λ w² over a panel's share of the parameters on the desk."""
    total, penalties, w = 0.0, work.penalties, work.exact_w
    if penalties.size:
        for span in _spans(shape, w.size, desk.panels, panel):
            total += sum_of_squares(penalties[span], w[span])
    desk.penalties[panel] = 0.5 * total


@helper()
def _by_weight(shape, work, desk, panel):  # type: ignore[no-untyped-def]
    """Fill a panel's share of 2 w u."""
    w, u, by_weight = work.exact_w, work.exact_u, work.by_weight
    if by_weight.size:
        for span in _spans(shape, w.size, desk.panels, panel):
            copy_twice_product(by_weight[span], w[span], u[span])


@helper()
def _spans(shape, size, panels, panel):  # type: ignore[no-untyped-def]
    """A panel's share of a vector like w: of the first matrix, and of what comes behind it."""
    left, right = cut(shape.sizes[0], panels, panel)
    behind = shape.sizes[0] * shape.sizes[1]
    begin, end = cut(size - behind, panels, panel)
    return slice(left * shape.sizes[1], right * shape.sizes[1]), slice(behind + begin, behind + end)
