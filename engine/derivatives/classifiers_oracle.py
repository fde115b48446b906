"""Derivatives of several linear classifiers, each of an episode of its own, by hand.

Episode j has features H (n, d) of its training examples, y their classes, and a linear softmax
w^j = (W, b) on top of them. With z = H W + b, p = softmax z, r = (p − y) / n and, along a direction
u = (U, c), ż = H U + c and ṙ = (p ⊙ ż − p (p · ż)) / n,

    ∇_w L = (Hᵀ r, Σ r)        ∇_w (g · u) = (Hᵀ ṙ, Σ ṙ)        ∇_H (g · u) = r Uᵀ + ṙ Wᵀ

θ are the features themselves, of what is trained on and of what is judged. What they are made of is
for `engine.derivatives.episodes_oracle`.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.arrays import Floats, Integers
from engine.derivatives.hessian import Hessian
from engine.groups import ParameterGroup


class Labelled(NamedTuple):
    """Examples of J episodes, as many of each.

    Attributes:
        features: (J, n, d).
        targets: (J, n) their classes, from 0 to ways − 1.
    """

    features: Floats
    targets: Integers


class ClassifiersOracle:
    """The derivative oracle of J linear classifiers; see `engine.derivatives.oracle.Oracle`.

    The training loss is the sum over episodes of the mean cross-entropy of their examples, so that
    each is trained as if it were alone. The objective is the mean over episodes. Full batch: t
    makes no difference. w holds the weights (J, d, ways) of all episodes, and then their biases.

    Args:
        train: what they are trained on.
        judged: what the objective is of.
        ways: classes of an episode.
    """

    def __init__(self, train: Labelled, judged: Labelled, ways: int) -> None:
        self._train, self._judged, self._ways = train, judged, ways
        self._one_hot = np.eye(ways)[train.targets]
        self._one_hot_judged = np.eye(ways)[judged.targets]

    @property
    def theta(self) -> Floats:
        """(M,) the features of what is trained on, and then of what is judged."""
        theta = np.concatenate([self._train.features.ravel(), self._judged.features.ravel()])
        theta.setflags(write=False)
        return theta

    @property
    def theta_size(self) -> int:
        """M."""
        return self._train.features.size + self._judged.features.size

    def at(self, theta: Floats) -> "ClassifiersOracle":
        """The same losses with other features."""
        train, judged = self._apart(theta)
        return ClassifiersOracle(
            self._train._replace(features=train), self._judged._replace(features=judged), self._ways
        )

    def gradient(self, w: Floats, t: int) -> tuple[float, Floats]:
        """The training loss, and ∇_w L (P,)."""
        losses, _, gradient = self._differentiate(w)
        return float(losses.sum()), gradient

    def gradient_and_products(
        self, w: Floats, t: int, direction: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """∇_w L, and ∇_w and ∇_θ of its dot product with ``direction``."""
        features = self._train.features
        _, shares, gradient = self._differentiate(w)
        rest = (shares - self._one_hot) / features.shape[1]
        along, _ = self._weights(direction)
        moved = self._moved(shares, self._scores(direction, features))
        weights, _ = self._weights(w)
        by_features = rest @ along.transpose(0, 2, 1) + moved @ weights.transpose(0, 2, 1)
        return gradient, _by_classifiers(features, moved), self._theta(by_features)

    def gradient_and_hessian(self, w: Floats, t: int) -> tuple[float, Floats, Hessian]:
        """The loss, ∇_w L, and ∂²L/∂w² at w."""
        features = self._train.features
        losses, shares, gradient = self._differentiate(w)

        def times(directions: Sequence[Floats] | Floats) -> Floats:
            scores = (self._scores(one, features) for one in directions)
            return np.array(
                [_by_classifiers(features, self._moved(shares, one)) for one in scores]
            ).reshape(-1, w.size)

        return float(losses.sum()), gradient, Hessian(w.size, times)

    def mixed_product(self, w: Floats, t: int, theta_direction: Floats) -> Floats:
        """(P,) ∂²L/∂w∂θ times a direction of the features."""
        features = self._train.features
        _, shares, _ = self._differentiate(w)
        rest = (shares - self._one_hot) / features.shape[1]
        features_move, _ = self._apart(theta_direction)
        weights, _ = self._weights(w)
        moved = self._moved(shares, features_move @ weights)
        product = _by_classifiers(features, moved)
        through = features_move.transpose(0, 2, 1) @ rest
        product[: through.size] += through.ravel()
        return product

    def objective(self, w: Floats) -> tuple[float, Floats, Floats]:
        """f(w, θ), ∇_w f (P,) and ∇_θ f (M,)."""
        features = self._judged.features
        losses, shares = self._losses(w, features, self._one_hot_judged)
        rest = (shares - self._one_hot_judged) / (features.shape[0] * features.shape[1])
        weights, _ = self._weights(w)
        by_theta = np.zeros(self.theta_size)
        by_theta[self._train.features.size :] = (rest @ weights.transpose(0, 2, 1)).ravel()
        return float(losses.mean()), _by_classifiers(features, rest), by_theta

    def objective_value(self, w: Floats) -> float:
        """f(w, θ) alone."""
        return float(self._losses(w, self._judged.features, self._one_hot_judged)[0].mean())

    def training_losses(self, w: Floats) -> Floats:
        """(J,) the training loss of each episode."""
        return self._losses(w, self._train.features, self._one_hot)[0]

    def scores(self, w: Floats) -> Floats:
        """(J, n, ways) what the classifiers make of the examples that are judged."""
        return self._scores(w, self._judged.features)

    def _differentiate(self, w: Floats) -> tuple[Floats, Floats, Floats]:
        """(J,) training losses, (J, n, ways) p, and (P,) the gradient; always the same bits."""
        features = self._train.features
        losses, shares = self._losses(w, features, self._one_hot)
        rest = (shares - self._one_hot) / features.shape[1]
        return losses, shares, _by_classifiers(features, rest)

    def _losses(self, w: Floats, features: Floats, one_hot: Floats) -> tuple[Floats, Floats]:
        """(J,) mean cross-entropies, and (J, n, ways) p."""
        scores = self._scores(w, features)
        scores -= scores.max(axis=2, keepdims=True)
        shares = np.exp(scores)
        total = shares.sum(axis=2, keepdims=True)
        shares /= total
        losses: Floats = np.mean(np.log(total[..., 0]) - (scores * one_hot).sum(axis=2), axis=1)
        return losses, shares

    def _scores(self, w: Floats, features: Floats) -> Floats:
        weights, biases = self._weights(w)
        scores: Floats = features @ weights
        scores += biases[:, None, :]
        return scores

    def _moved(self, shares: Floats, scores_move: Floats) -> Floats:
        """(J, n, ways) how r moves, of how the scores do."""
        moved = shares * scores_move
        moved -= shares * moved.sum(axis=2, keepdims=True)
        moved /= shares.shape[1]
        return moved

    def _weights(self, w: Floats) -> tuple[Floats, Floats]:
        """(J, d, ways) weights and (J, ways) biases, of (P,)."""
        episodes, _, features = self._train.features.shape
        weights, biases = np.split(w, [episodes * features * self._ways])
        return weights.reshape(episodes, features, self._ways), biases.reshape(episodes, -1)

    def _apart(self, theta: Floats) -> tuple[Floats, Floats]:
        """The features of what is trained on, and of what is judged."""
        train, judged = np.split(theta, [self._train.features.size])
        return (
            train.reshape(self._train.features.shape),
            judged.reshape(self._judged.features.shape),
        )

    def _theta(self, by_features: Floats) -> Floats:
        return np.concatenate([by_features.ravel(), np.zeros(self._judged.features.size)])


def _by_classifiers(features: Floats, rest: Floats) -> Floats:
    """(P,) derivatives by weights and biases, of those by the scores (J, n, ways)."""
    by_weights = features.transpose(0, 2, 1) @ rest
    return np.concatenate([by_weights.ravel(), rest.sum(axis=1).ravel()])


def groups_of_classifiers(episodes: int, features: int, ways: int) -> tuple[ParameterGroup, ...]:
    """The weights of all classifiers, and their biases."""
    weights = episodes * features * ways
    return (
        ParameterGroup("weights", 0, weights),
        ParameterGroup("biases", weights, weights + episodes * ways),
    )
