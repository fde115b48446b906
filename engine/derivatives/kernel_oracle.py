"""Derivatives of kernel ridge regression, by its coefficients, its penalty and its kernel's width.

The model is f(x) = Σ_i w_i k(x_i, x) with a Gaussian kernel of width σ, and a coefficient for each
of the N training examples. Training minimises the quadratic criterion

    L(w) = (½ wᵀ K w − yᵀ w) / N + Σ_i λ_i w_i²,

whose minimum solves (K + 2 N λ) w = y: kernel ridge with the penalty 2 λ on the function's norm
(Saunders, Gammerman and Vovk 1998). The objective is the mean squared error of f on other examples.
It depends on σ through w, and besides through the kernel between those examples and the training
ones: its direct term ∂E/∂σ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.arrays import Floats
from engine.derivatives.hessian import Hessian
from engine.groups import ParameterGroup
from engine.hyperparameters.l2_penalties import NO_PENALTIES, SPREADS, check_penalties


def squared_distances(one: Floats, other: Floats) -> Floats:
    """(n, m) ‖x − x′‖² between the rows of (n, D) and (m, D)."""
    squares = np.sum(one**2, axis=1)[:, None] + np.sum(other**2, axis=1) - 2.0 * one @ other.T
    return np.asarray(np.maximum(squares, 0.0))


def gaussian(squares: Floats, width: float) -> Floats:
    """The kernel at squared distances, of any shape."""
    kernel: Floats = np.exp(squares / (-2.0 * width**2))
    return kernel


@dataclass(frozen=True, eq=False)
class KernelProblem:
    """What kernel ridge is trained and judged on.

    Attributes:
        squares: (N, N) squared distances between training examples.
        targets: (N,).
        judged_squares: (V, N) those from the examples of the objective.
        judged_targets: (V,).
        groups: of the (N,) coefficients.
    """

    squares: Floats
    targets: Floats
    judged_squares: Floats
    judged_targets: Floats
    groups: tuple[ParameterGroup, ...]

    @property
    def size(self) -> int:
        """N, which is P."""
        return len(self.targets)


class KernelOracle:
    """Derivatives of the criterion and of the error on other examples; see `Oracle`.

    Args:
        problem: what is trained on, and judged on.
        penalties: own values of the L2 penalties; (0,) for none.
        granularity: of the penalties.
        widths: (1,) σ.

    Attributes:
        theta: penalties, then the width.
    """

    def __init__(
        self, problem: KernelProblem, penalties: Floats, granularity: str, widths: Floats
    ) -> None:
        check_penalties(penalties, granularity, problem.groups)
        self._problem, self._granularity = problem, granularity
        self._penalties, self._width = penalties, float(widths[0])
        self.theta: Floats = np.concatenate([penalties, widths])
        spread = SPREADS[granularity].to_parameters
        every = spread(penalties, problem.groups) if penalties.size else NO_PENALTIES
        self._twice_penalties = 2.0 * every if penalties.size else np.zeros(problem.size)

    @property
    def theta_size(self) -> int:
        """M."""
        return self.theta.size

    def at(self, theta: Floats) -> "KernelOracle":
        """The same losses at another θ (M,)."""
        penalties, widths = np.split(np.array(theta), [self._penalties.size])
        return KernelOracle(self._problem, penalties, self._granularity, widths)

    @cached_property
    def _kernel(self) -> Floats:
        return gaussian(self._problem.squares, self._width)

    @cached_property
    def _judged_kernel(self) -> Floats:
        return gaussian(self._problem.judged_squares, self._width)

    def gradient(self, w: Floats, t: int) -> tuple[float, Floats]:
        """The criterion, the same at each iteration, and ∇_w L (N,)."""
        problem = self._problem
        product = self._times(w)
        loss = w @ product / 2.0 - problem.targets @ w / problem.size
        return float(loss), product - problem.targets / problem.size

    def gradient_and_products(
        self, w: Floats, t: int, direction: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """∇_w L (N,), ∇_w (∇_w L · u) (N,) and ∇_θ (∇_w L · u) (M,) for a direction u (N,)."""
        problem, by_penalty = self._problem, NO_PENALTIES
        if self._penalties.size:
            gather = SPREADS[self._granularity].gather
            by_penalty = 2.0 * gather(w * direction, problem.groups)
        by_width = direction @ (self._moved @ w) / problem.size
        by_theta = np.concatenate([by_penalty, [by_width]])
        return self.gradient(w, t)[1], self._times(direction), by_theta

    def gradient_and_hessian(self, w: Floats, t: int) -> tuple[float, Floats, Hessian]:
        """The criterion, ∇_w L (N,), and the second derivatives, which are the same anywhere."""
        size = self._problem.size

        def times(directions: Sequence[Floats] | Floats) -> Floats:
            return np.array([self._times(one) for one in directions])

        def rows(first: int, stop: int) -> Floats:
            found = self._kernel[first:stop] / size
            numbers = np.arange(first, stop)
            found[numbers - first, numbers] += self._twice_penalties[first:stop]
            return found

        return *self.gradient(w, t), Hessian(size, times, rows)

    def mixed_product(self, w: Floats, t: int, theta_direction: Floats) -> Floats:
        """(N,) ∂²L/∂w∂θ times a direction of θ (M,)."""
        problem = self._problem
        by_penalty, by_width = np.split(theta_direction, [self._penalties.size])
        moved: Floats = by_width[0] * (self._moved @ w) / problem.size
        if by_penalty.size:
            moved += 2.0 * SPREADS[self._granularity].scale(by_penalty, problem.groups, w)
        return moved

    def objective(self, w: Floats) -> tuple[float, Floats, Floats]:
        """The mean squared error on the other examples, ∇_w f (N,) and ∇_θ f (M,)."""
        problem, kernel = self._problem, self._judged_kernel
        misses = kernel @ w - problem.judged_targets
        count = len(misses)
        slope = kernel * problem.judged_squares / self._width**3
        by_theta = np.zeros(self.theta_size)
        by_theta[-1] = 2.0 / count * misses @ (slope @ w)
        return float(misses @ misses) / count, 2.0 / count * misses @ kernel, by_theta

    def objective_value(self, w: Floats) -> float:
        """The mean squared error on the other examples."""
        misses = self._judged_kernel @ w - self._problem.judged_targets
        return float(misses @ misses) / len(misses)

    @cached_property
    def _moved(self) -> Floats:
        """(N, N) ∂K/∂σ."""
        return np.asarray(self._kernel * self._problem.squares / self._width**3)

    def _times(self, direction: Floats) -> Floats:
        """(N,) H u."""
        product: Floats = self._kernel @ direction / self._problem.size
        product += self._twice_penalties * direction
        return product
