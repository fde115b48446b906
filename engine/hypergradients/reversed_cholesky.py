"""The Cholesky factorisation of a quadratic criterion, run backwards step by step (Bengio 2000).

The training criterion is C(w) = ½ wᵀA w − bᵀw, with A positive definite. One way to its minimum is
A = LLᵀ, Lu = b, Lᵀw = u. Each line of this computation has an adjoint, and going through them from
the last to the first turns w̄ = ∂E/∂w into the derivatives of E by A and b. `ImplicitCholesky` finds
the same from one more solve with the factor, q = A⁻¹w̄: ∂E/∂b = q, ∂E/∂A = −q wᵀ. This form is the
paper's own, kept to be read, and to check the other by.

Y. Bengio, "Gradient-based optimization of hyperparameters", Neural Computation 12 (2000).
"""

from typing import NamedTuple

import numpy as np

from engine.arrays import Floats


class Solved(NamedTuple):
    """What the way to the minimum leaves.

    Attributes:
        lower: (P, P) L, zero above its diagonal.
        u: (P,) L⁻¹b.
        w: (P,) the minimum.
    """

    lower: Floats
    u: Floats
    w: Floats


class Adjoints(NamedTuple):
    """Derivatives of E by the coefficients of the criterion.

    Attributes:
        a: (P, P) by A, on and below its diagonal alone: an entry below stands for its mirror image,
            too.
        b: (P,) by b.
    """

    a: Floats
    b: Floats


def solve(a: Floats, b: Floats) -> Solved:
    """The minimum of ½ wᵀA w − bᵀw by A = LLᵀ, Lu = b, Lᵀw = u.

    Args:
        a: (P, P) symmetric and positive definite.
        b: (P,).

    Raises:
        numpy.linalg.LinAlgError: A is not positive definite.
    """
    lower: Floats = np.linalg.cholesky(a).astype(np.float64)
    size = len(b)
    u, w = np.zeros(size), np.zeros(size)
    for i in range(size):
        u[i] = (b[i] - lower[i, :i] @ u[:i]) / lower[i, i]
    for i in reversed(range(size)):
        w[i] = (u[i] - lower[i + 1 :, i] @ w[i + 1 :]) / lower[i, i]
    return Solved(lower, u, w)


def go_back(solved: Solved, by_w: Floats) -> Adjoints:
    """Carry ∂E/∂w back through the solves and the factorisation.

    Args:
        solved: what the way forwards left.
        by_w: (P,) w̄ = ∂E/∂w.
    """
    lower, u, w = solved
    size = len(w)
    w_bar, u_bar, b_bar = by_w.copy(), np.zeros(size), np.zeros(size)
    l_bar, a_bar = np.zeros((size, size)), np.zeros((size, size))
    for i in range(size):  # through Lᵀw = u
        share = w_bar[i] / lower[i, i]
        u_bar[i] += share
        l_bar[i, i] -= share * w[i]
        l_bar[i + 1 :, i] -= share * w[i + 1 :]
        w_bar[i + 1 :] -= share * lower[i + 1 :, i]
    for i in reversed(range(size)):  # through Lu = b
        share = u_bar[i] / lower[i, i]
        l_bar[i, i] -= share * u[i]
        l_bar[i, :i] -= share * u[:i]
        u_bar[:i] -= share * lower[i, :i]
        b_bar[i] = share
    for i in reversed(range(size)):  # through A = LLᵀ
        for j in reversed(range(i + 1)):
            if i == j:
                share = l_bar[i, i] / lower[i, i] / 2
            else:
                share = l_bar[i, j] / lower[j, j]
                l_bar[j, j] -= share * lower[i, j]
            a_bar[i, j] += share
            l_bar[i, :j] -= share * lower[j, :j]
            l_bar[j, :j] -= share * lower[i, :j]
    return Adjoints(a_bar, b_bar)
