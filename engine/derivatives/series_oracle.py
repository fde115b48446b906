"""Derivatives of walk-forward regressions: one quadratic criterion for each forecast of a series.

At step t a linear regression is fitted to all examples before t, of which one of age a counts ω(a),
and forecasts the target at t:

    L_t(w_t) = Σ_s p_s (x_s · w_t − y_s)² + λ‖w_t‖²,   p_s = ω(t − s) / Σ_r ω(t − r)   over s < t.

The elementary parameters are those of all F regressions, coefficient by coefficient (D, F); the
training loss is the mean of the L_t. Its Hessian has a block for each forecast. The objective is
the mean squared error of some of the forecasts (Bengio 2000).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.arrays import Floats
from engine.derivatives.hessian import Hessian
from engine.groups import ParameterGroup
from engine.hyperparameters.l2_penalties import NO_PENALTIES, SPREADS, check_penalties
from engine.hyperparameters.past_weights import log_weights


@dataclass(frozen=True, eq=False)
class WalkForward:
    """Regressions on the past of a series, one for each of its last examples.

    Attributes:
        inputs: (N, D) what each target is forecast from, known before it.
        targets: (N,).
        forecasts: F, how many of the last targets are forecast.
        judged: which of the F forecasts the objective is the error of.
        groups: of the (D · F,) parameters: a coefficient of all regressions each.
    """

    inputs: Floats
    targets: Floats
    forecasts: int
    judged: slice
    groups: tuple[ParameterGroup, ...]

    @property
    def size(self) -> int:
        """P = D · F."""
        return self.features * self.forecasts

    @property
    def features(self) -> int:
        """D."""
        return int(self.inputs.shape[1])

    @cached_property
    def ages(self) -> Floats:
        """(F, N) how many steps each example is older than each forecast's; NaN if it is not."""
        ages = np.arange(len(self.targets))[-self.forecasts :, None] - np.arange(len(self.targets))
        return np.where(ages > 0, ages.astype(np.float64), np.nan)

    @property
    def forecast_inputs(self) -> Floats:
        """(F, D) of the examples that are forecast."""
        return self.inputs[-self.forecasts :]

    @property
    def forecast_targets(self) -> Floats:
        """(F,) what they turned out to be."""
        return self.targets[-self.forecasts :]

    def coefficients(self, w: Floats) -> Floats:
        """(F, D) of each regression, of the parameters (P,)."""
        return w.reshape(self.features, self.forecasts).T

    def flat(self, coefficients: Floats) -> Floats:
        """(P,) parameters, of the coefficients (F, D) of each regression."""
        return np.ascontiguousarray(coefficients.T).ravel()

    def predictions(self, w: Floats) -> Floats:
        """(F,) the forecasts of regressions with the parameters (P,)."""
        return np.asarray(np.sum(self.forecast_inputs * self.coefficients(w), axis=1))

    def shares(self, past: Floats) -> tuple[Floats, Floats]:
        """What each example counts in each regression.

        Args:
            past: (K,) weights on the past; see `engine.hyperparameters.past_weights`.

        Returns:
            p (F, N), 0 for examples that were not known yet, each row of sum 1; and (K, F, N) its
            derivatives by the K values.
        """
        is_known = np.isfinite(self.ages)
        logs, slopes = log_weights(past, np.where(is_known, self.ages, 1.0))
        logs = np.where(is_known, logs, -np.inf)
        weights = np.exp(logs - logs.max(axis=1, keepdims=True))
        shares = weights / weights.sum(axis=1, keepdims=True)
        means = np.sum(shares * slopes, axis=2, keepdims=True)
        return shares, shares * (slopes - means)


class SeriesOracle:
    """Derivatives of the mean of all L_t and of the forecasts' error; see `Oracle`.

    Args:
        walk: the regressions.
        penalties: own values of the L2 penalties; (0,) for none.
        granularity: of the penalties.
        past: (K,) weights on the past; (0,) if all examples count alike.

    Attributes:
        theta: penalties, then weights on the past.
        every_penalty: (P,) one for each parameter.
    """

    def __init__(
        self,
        walk: WalkForward,
        penalties: Floats = NO_PENALTIES,
        granularity: str = "one",
        past: Floats = NO_PENALTIES,
    ) -> None:
        check_penalties(penalties, granularity, walk.groups)
        self._walk = walk
        self._granularity = granularity
        self._penalties, self._past = penalties, past
        self.theta: Floats = np.concatenate([penalties, past])
        spread = SPREADS[granularity].to_parameters
        every = spread(penalties, walk.groups) if penalties.size else np.zeros(walk.size)
        self.every_penalty: Floats = every

    @property
    def theta_size(self) -> int:
        """M."""
        return self.theta.size

    def at(self, theta: Floats) -> "SeriesOracle":
        """The same losses at another θ (M,)."""
        penalties, past = np.split(np.array(theta), [self._penalties.size])
        return SeriesOracle(self._walk, penalties, self._granularity, past)

    @cached_property
    def _shares(self) -> tuple[Floats, Floats]:
        return self._walk.shares(self._past)

    @cached_property
    def _blocks(self) -> Floats:
        """(F, D, D) Σ p x xᵀ of each regression."""
        inputs, count = self._walk.inputs, self._walk.features
        pairs = (inputs[:, :, None] * inputs[:, None, :]).reshape(len(inputs), count**2)
        return np.asarray((self._shares[0] @ pairs).reshape(-1, count, count))

    @cached_property
    def _right(self) -> Floats:
        """(F, D) Σ p y x of each regression."""
        walk = self._walk
        return np.asarray(self._shares[0] @ (walk.inputs * walk.targets[:, None]))

    @cached_property
    def _squares(self) -> Floats:
        """(F,) Σ p y² of each regression."""
        return np.asarray(self._shares[0] @ self._walk.targets**2)

    def gradient(self, w: Floats, t: int) -> tuple[float, Floats]:
        """The training loss, the same at each iteration, and ∇_w L (P,)."""
        walk = self._walk
        own = walk.coefficients(w)
        products = self._times_blocks(own)
        each = np.sum(own * (products - 2.0 * self._right), axis=1) + self._squares
        loss = float(each.mean() + self.every_penalty @ w**2 / walk.forecasts)
        by_w = walk.flat(products - self._right) + self.every_penalty * w
        return loss, 2.0 / walk.forecasts * by_w

    def gradient_and_products(
        self, w: Floats, t: int, direction: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """∇_w L (P,), ∇_w (∇_w L · u) (P,) and ∇_θ (∇_w L · u) (M,) for a direction u (P,)."""
        return self.gradient(w, t)[1], self._times(direction), self._by_theta(w, direction)

    def gradient_and_hessian(self, w: Floats, t: int) -> tuple[float, Floats, Hessian]:
        """The training loss, ∇_w L (P,), and second derivatives, which are the same anywhere."""
        walk = self._walk

        def times(directions: Sequence[Floats] | Floats) -> Floats:
            return np.array([self._times(one) for one in directions])

        def blocks() -> Floats:
            diagonal = walk.coefficients(self.every_penalty)
            each = self._blocks + diagonal[:, :, None] * np.eye(walk.features)
            return np.asarray(2.0 / walk.forecasts * each)

        return *self.gradient(w, t), Hessian(walk.size, times, blocks=blocks)

    def mixed_product(self, w: Floats, t: int, theta_direction: Floats) -> Floats:
        """(P,) ∂²L/∂w∂θ times a direction of θ (M,)."""
        walk = self._walk
        by_penalty, by_past = np.split(theta_direction, [self._penalties.size])
        moved = np.zeros(walk.size)
        if by_penalty.size:
            moved += SPREADS[self._granularity].scale(by_penalty, walk.groups, w)
        if by_past.size:
            shares = np.tensordot(by_past, self._shares[1], axes=1)
            misses = walk.coefficients(w) @ walk.inputs.T - walk.targets
            moved += walk.flat((shares * misses) @ walk.inputs)
        return 2.0 / walk.forecasts * moved

    def objective(self, w: Floats) -> tuple[float, Floats, Floats]:
        """The mean squared error of the forecasts judged, ∇_w f (P,) and ∇_θ f, which is 0 (M,)."""
        walk = self._walk
        misses = walk.predictions(w) - walk.forecast_targets
        counted = np.zeros(walk.forecasts)
        counted[walk.judged] = misses[walk.judged]
        count = len(counted[walk.judged])
        by_w = walk.flat(2.0 / count * counted[:, None] * walk.forecast_inputs)
        return float(counted @ counted) / count, by_w, np.zeros(self.theta_size)

    def objective_value(self, w: Floats) -> float:
        """The mean squared error of the forecasts judged."""
        walk = self._walk
        misses = (walk.predictions(w) - walk.forecast_targets)[walk.judged]
        return float(misses @ misses) / len(misses)

    def _times_blocks(self, coefficients: Floats) -> Floats:
        return np.asarray(np.einsum("fij,fj->fi", self._blocks, coefficients))

    def _times(self, direction: Floats) -> Floats:
        """(P,) H u."""
        walk = self._walk
        product = walk.flat(self._times_blocks(walk.coefficients(direction)))
        return 2.0 / walk.forecasts * (product + self.every_penalty * direction)

    def _by_theta(self, w: Floats, direction: Floats) -> Floats:
        """(M,) ∇_θ (∇_w L · u)."""
        walk, found = self._walk, []
        if self._penalties.size:
            found.append(SPREADS[self._granularity].gather(w * direction, walk.groups))
        if self._past.size:
            misses = walk.coefficients(w) @ walk.inputs.T - walk.targets
            along = walk.coefficients(direction) @ walk.inputs.T
            found.append(np.tensordot(self._shares[1], misses * along, axes=2))
        by_theta: Floats = 2.0 / walk.forecasts * np.concatenate([np.zeros(0), *found])
        return by_theta
