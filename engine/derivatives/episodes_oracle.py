"""Derivatives of few-shot episodes that share a representation: hyper-representation, by hand.

Each episode's classifier is trained on the features that the representation gives of its training
examples, and judged on those of its query examples (Franceschi et al. 2018, section 5). θ are the
parameters of the representation; they enter both losses, and only through the features. So a
hypergradient may be found by the features, as `ClassifiersOracle` gives it, and pulled back through
the network once, instead of in every iteration: `inner` and `pull_back` are for that.
"""

from typing import NamedTuple

import numpy as np

from engine.arrays import Floats, Integers
from engine.derivatives.classifiers_oracle import ClassifiersOracle, Labelled
from engine.derivatives.feature_layers import Batch
from engine.derivatives.hessian import Hessian
from engine.derivatives.representation import Representation, Represented


class Episodes(NamedTuple):
    """J episodes: pictures of a few classes each, as many of each class.

    Attributes:
        train: (J, n, pixels) what a classifier is trained on.
        train_targets: (J, n) their classes, from 0 to ways − 1.
        queries: (J, m, pixels) what it is judged on.
        query_targets: (J, m).
        ways: classes of an episode.
    """

    train: Batch
    train_targets: Integers
    queries: Batch
    query_targets: Integers
    ways: int


class EpisodesOracle:
    """The derivative oracle of episodes; see `engine.derivatives.oracle.Oracle`.

    Args:
        representation: that they share.
        theta: (M,) its parameters.
        episodes: what is trained on and judged.

    Attributes:
        theta: the same, not to be written to.
        inner: the same losses, where θ are the features.
    """

    def __init__(self, representation: Representation, theta: Floats, episodes: Episodes) -> None:
        self._representation, self._episodes = representation, episodes
        self.theta = theta.view()
        self.theta.setflags(write=False)
        count, self._trained, pixels = episodes.train.shape
        self._pictures = np.concatenate([episodes.train, episodes.queries], axis=1)
        self._represented = Represented(representation, theta, self._pictures.reshape(-1, pixels))
        features = self._represented.features.reshape(count, -1, representation.features)
        self.inner = ClassifiersOracle(
            Labelled(np.ascontiguousarray(features[:, : self._trained]), episodes.train_targets),
            Labelled(np.ascontiguousarray(features[:, self._trained :]), episodes.query_targets),
            episodes.ways,
        )

    @property
    def theta_size(self) -> int:
        """M."""
        return self.theta.size

    def at(self, theta: Floats) -> "EpisodesOracle":
        """The same losses with another representation."""
        return EpisodesOracle(self._representation, theta, self._episodes)

    def pull_back(self, by_features: Floats) -> Floats:
        """(M,) derivatives by θ, of those by the θ of `inner`."""
        count, total = self._pictures.shape[:2]
        edge = count * self._trained * self._representation.features
        parts = (
            part.reshape(count, -1, self._representation.features)
            for part in np.split(by_features, [edge])
        )
        together = np.concatenate([*parts], axis=1)
        return self._represented.pull_back(together.reshape(count * total, -1))

    def gradient(self, w: Floats, t: int) -> tuple[float, Floats]:
        """The training loss, and ∇_w L (P,)."""
        return self.inner.gradient(w, t)

    def gradient_and_products(
        self, w: Floats, t: int, direction: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """∇_w L, and ∇_w and ∇_θ of its dot product with ``direction``."""
        gradient, product, by_features = self.inner.gradient_and_products(w, t, direction)
        return gradient, product, self.pull_back(by_features)

    def gradient_and_hessian(self, w: Floats, t: int) -> tuple[float, Floats, Hessian]:
        """The loss, ∇_w L, and ∂²L/∂w² at w."""
        return self.inner.gradient_and_hessian(w, t)

    def mixed_product(self, w: Floats, t: int, theta_direction: Floats) -> Floats:
        """(P,) ∂²L/∂w∂θ times a direction of θ: that by the features, along which they move."""
        count, total = self._pictures.shape[:2]
        moved = self._represented.push_forward(theta_direction).reshape(count, total, -1)
        parts = [moved[:, : self._trained].ravel(), moved[:, self._trained :].ravel()]
        return self.inner.mixed_product(w, t, np.concatenate(parts))

    def objective(self, w: Floats) -> tuple[float, Floats, Floats]:
        """f(w, θ), ∇_w f (P,) and ∇_θ f (M,)."""
        value, gradient, by_features = self.inner.objective(w)
        return value, gradient, self.pull_back(by_features)

    def objective_value(self, w: Floats) -> float:
        """f(w, θ) alone."""
        return self.inner.objective_value(w)
