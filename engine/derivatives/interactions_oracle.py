"""Losses of a softmax regression whose classes interact: Σ_jk A_jk ‖w_j − w_k‖² is added.

With the columns w_j of W (D, K) and the Laplacian L = diag(Σ_k A_jk) − A, the term is 2 tr(W L Wᵀ),
so that its gradient 4 W L and the products with its second derivatives, 4 U L, are both linear.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from engine.arrays import Floats
from engine.derivatives.hessian import Hessian
from engine.derivatives.oracle import Oracle
from engine.hyperparameters.interactions import as_matrix


class InteractionsOracle:
    """An oracle whose training loss has interactions between classes; see `Oracle`.

    θ holds that of the losses without interactions, and then those of each pair of classes.

    Args:
        plain: the losses without interactions; w begins with the weights W (D, K), row by row.
        interactions: (K (K − 1) / 2,) A, a value a pair.
        features: D.
    """

    def __init__(self, plain: Oracle, interactions: Floats, features: int) -> None:
        self._plain, self._own, self._features = plain, interactions, features
        matrix = as_matrix(interactions)
        self._classes = len(matrix)
        self._laplacian = np.diag(matrix.sum(axis=0)) - matrix
        self._pairs = np.triu_indices(self._classes, 1)

    @cached_property
    def theta(self) -> Floats:
        """(M,) θ of the plain losses, and the interactions."""
        theta = np.concatenate([self._plain.theta, self._own])
        theta.setflags(write=False)
        return theta

    @property
    def theta_size(self) -> int:
        """M."""
        return self._plain.theta_size + self._own.size

    def at(self, theta: Floats) -> "InteractionsOracle":
        """The same losses at another θ; not to be used at the same time, for they share room."""
        plain, own = self._apart(theta)
        return InteractionsOracle(self._plain.at(plain), own, self._features)

    def gradient(self, w: Floats, t: int) -> tuple[float, Floats]:
        """The training loss at iteration t, and its gradient ∇_w L (P,)."""
        loss, gradient = self._plain.gradient(w, t)
        weights = self._weights(w)
        drawn = weights @ self._laplacian
        return loss + 2 * float(np.vdot(weights, drawn)), self._plus(gradient, 4 * drawn)

    def gradient_and_products(
        self, w: Floats, t: int, direction: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """∇_w L, and ∇_w and ∇_θ of its dot product with ``direction``; see `Oracle`."""
        gradient, product, by_theta = self._plain.gradient_and_products(w, t, direction)
        weights, along = self._weights(w), self._weights(direction)
        dots = weights.T @ along
        own = np.diag(dots)
        by_pair = 4 * (own[:, None] + own[None, :] - dots - dots.T)[self._pairs]
        return (
            self._plus(gradient, 4 * (weights @ self._laplacian)),
            self._plus(product, 4 * (along @ self._laplacian)),
            np.concatenate([by_theta, by_pair]),
        )

    def gradient_and_hessian(self, w: Floats, t: int) -> tuple[float, Floats, Hessian]:
        """The loss, ∇_w L, and ∂²L/∂w² at w; see `Oracle`."""
        plain_loss, plain_gradient, hessian = self._plain.gradient_and_hessian(w, t)
        weights = self._weights(w)
        drawn = weights @ self._laplacian

        def times(directions: Sequence[Floats] | Floats) -> Floats:
            products = hessian.times(directions)
            for product, direction in zip(products, directions, strict=True):
                product[: drawn.size] += 4 * (self._weights(direction) @ self._laplacian).ravel()
            return products

        loss = plain_loss + 2 * float(np.vdot(weights, drawn))
        gradient = self._plus(plain_gradient, 4 * drawn)
        return loss, gradient, replace(hessian, times=times, quick_rows=None)

    def mixed_product(self, w: Floats, t: int, theta_direction: Floats) -> Floats:
        """(P,) ∂²L/∂w∂θ times a direction of θ."""
        plain, own = self._apart(theta_direction)
        matrix = as_matrix(own)
        laplacian = np.diag(matrix.sum(axis=0)) - matrix
        product = self._plain.mixed_product(w, t, plain)
        return self._plus(product, 4 * (self._weights(w) @ laplacian))

    def objective(self, w: Floats) -> tuple[float, Floats, Floats]:
        """f(w), ∇_w f (P,) and ∇_θ f (M,): the objective does not depend on interactions."""
        value, gradient, by_theta = self._plain.objective(w)
        return value, gradient, np.concatenate([by_theta, np.zeros(self._own.size)])

    def objective_value(self, w: Floats) -> float:
        """f(w) alone."""
        return self._plain.objective_value(w)

    def _weights(self, w: Floats) -> Floats:
        """(D, K) W of elementary parameters, or of a direction of them."""
        return w[: self._features * self._classes].reshape(self._features, self._classes)

    def _plus(self, vector: Floats, by_weights: Floats) -> Floats:
        summed = vector.copy()
        summed[: by_weights.size] += by_weights.ravel()
        return summed

    def _apart(self, theta: Floats) -> tuple[Floats, Floats]:
        stop = self._plain.theta_size
        return theta[:stop], theta[stop:]
