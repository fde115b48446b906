"""Cholesky factors of a Hessian, whole or block by block."""

from collections.abc import Callable, Generator
from typing import Final, NamedTuple

import numpy as np

from engine.arrays import Floats
from engine.errors import InputError, UnsolvedError
from engine.hypergradients.linear_system import LinearSystem
from engine.hypergradients.result import Progress

_MOST_PARAMETERS: Final = 10_000
"""Whose Hessian takes 800 MB."""


class Factor(NamedTuple):
    """A factorised Hessian.

    Attributes:
        solve: b (P,) → q (P,) with H q = b.
        vectors: of P numbers that are held while it is found.
    """

    solve: Callable[[Floats], Floats]
    vectors: int


def factorised(system: LinearSystem, size: int) -> Generator[Progress, None, Factor]:
    """Build the Hessian of P parameters, with progress on the way, and factorise it.

    Raises:
        InputError: there are too many parameters.
        UnsolvedError: the Hessian is not positive definite.
    """
    hessians = system.hessians()
    blocks = system.blocks(hessians)
    if blocks is not None:
        yield Progress("solving", system.rounds, float("nan"), 0)
        return _of_blocks(blocks)
    if size > _MOST_PARAMETERS:
        raise InputError(
            "method",
            f"expected another one, because a Hessian of {size:,} parameters is too "
            f"large to factorise; at most {_MOST_PARAMETERS:,} are possible.",
        )
    hessian = np.empty((size, size))
    for rows in system.rows(hessians):
        hessian[system.rounds - len(rows) : system.rounds] = rows
        yield Progress("solving", system.rounds, float("nan"), 0)
    return _whole(hessian)


def _whole(hessian: Floats) -> Factor:
    from scipy.linalg import LinAlgError, cho_factor, cho_solve  # not before it is needed

    try:
        factor = cho_factor(hessian)  # which looks at the diagonal, and right of it
    except (LinAlgError, ValueError):
        lowest = np.linalg.eigvalsh(hessian, "U")[0] if np.isfinite(hessian).all() else np.nan
        raise _indefinite(lowest) from None
    size = len(hessian)
    held = 4 + 2 * size + size // 8  # H, its factor, whether it is finite
    return Factor(lambda right: np.asarray(cho_solve(factor, right)), held)


def _of_blocks(blocks: Floats) -> Factor:
    """(F, D, D): parameter d of block f is d · F + f."""
    count, size = blocks.shape[:2]
    try:
        lower = np.linalg.cholesky(blocks)
    except np.linalg.LinAlgError:
        is_finite = np.isfinite(blocks).all()
        raise _indefinite(np.linalg.eigvalsh(blocks).min() if is_finite else np.nan) from None

    def solve(right: Floats) -> Floats:
        columns = right.reshape(size, count).T[:, :, None]
        half = np.linalg.solve(lower, columns)
        solved = np.linalg.solve(lower.transpose(0, 2, 1), half)[:, :, 0]
        return np.ascontiguousarray(solved.T).ravel()

    return Factor(solve, 8 + 3 * size)


def _indefinite(lowest: float) -> UnsolvedError:
    return UnsolvedError(
        f"the Hessian is not positive definite: its lowest curvature is {lowest:.3g}",
        "A larger L2 penalty, or a method that goes through training, helps.",
    )
