"""What a method costs, counted where every method meets the losses."""

import time
from collections.abc import Sequence
from dataclasses import replace

from engine.arrays import Floats
from engine.derivatives.hessian import Hessian
from engine.derivatives.oracle import Oracle, ThroughFeatures
from engine.derivatives.stretches import Calls, TellsCalls
from engine.hypergradients.method import Method
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import Cost, Result, Steps


class CountingOracle:
    """An oracle that counts what it is asked for; see `engine.derivatives.oracle.Oracle`.

    Args:
        oracle: gives the derivatives.

    Attributes:
        theta: as in `Oracle`.
        counts: evaluations, by their names in `engine.hypergradients.result.Cost`.
    """

    def __init__(self, oracle: Oracle) -> None:
        self._oracle = oracle
        self.theta = oracle.theta
        self.counts = {"gradients": 0, "products": 0, "tangents": 0}

    @property
    def theta_size(self) -> int:
        """M."""
        return self._oracle.theta_size

    def at(self, theta: Floats) -> "CountingOracle":
        """The same losses at another θ, counted together with these."""
        moved = CountingOracle(self._oracle.at(theta))
        moved.counts = self.counts
        return moved

    def gradient(self, w: Floats, t: int) -> tuple[float, Floats]:
        """The training loss at iteration t, and its gradient ∇_w L (P,)."""
        self.counts["gradients"] += 1
        return self._oracle.gradient(w, t)

    def gradient_and_products(
        self, w: Floats, t: int, direction: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Both second-order products from one evaluation."""
        self.counts["products"] += 1
        return self._oracle.gradient_and_products(w, t, direction)

    def forward_calls(self, w: Floats, iterations: range) -> Calls | None:
        """Compiled calls that find gradients, of an oracle that has some."""
        oracle = self._oracle
        calls = oracle.forward_calls(w, iterations) if isinstance(oracle, TellsCalls) else None
        return self._counted(calls, "gradients")

    def reverse_calls(
        self, w: Floats, iterations: range, direction: Floats, theta: Floats
    ) -> Calls | None:
        """Compiled calls that find both second-order products, of an oracle that has some."""
        oracle, calls = self._oracle, None
        if isinstance(oracle, TellsCalls):
            calls = oracle.reverse_calls(w, iterations, direction, theta)
        return self._counted(calls, "products")

    def _counted(self, calls: Calls | None, what: str) -> Calls | None:
        if calls is None:
            return None
        finish = calls.finish

        def count(done: int) -> None:
            self.counts[what] += done
            finish(done)

        return replace(calls, finish=count)

    def gradient_and_hessian(self, w: Floats, t: int) -> tuple[float, Floats, Hessian]:
        """The loss, ∇_w L, and ∂²L/∂w² at w, of which each product counts."""
        self.counts["gradients"] += 1
        loss, gradient, hessian = self._oracle.gradient_and_hessian(w, t)

        def times(directions: Sequence[Floats] | Floats) -> Floats:
            self.counts["products"] += len(directions)
            return hessian.times(directions)

        return loss, gradient, replace(hessian, times=times)

    def mixed_product(self, w: Floats, t: int, theta_direction: Floats) -> Floats:
        """(P,) ∂²L/∂w∂θ times a direction of θ."""
        self.counts["tangents"] += 1
        return self._oracle.mixed_product(w, t, theta_direction)

    def objective(self, w: Floats) -> tuple[float, Floats, Floats]:
        """f(w, θ), ∇_w f (P,) and ∇_θ f (M,)."""
        return self._oracle.objective(w)

    def objective_value(self, w: Floats) -> float:
        """f(w, θ) alone."""
        return self._oracle.objective_value(w)


def find(method: Method, problem: Problem) -> Steps:
    """Run a method, and count what it takes.

    A method that goes back through training sums up derivatives by θ, iteration by iteration. Where
    θ enters the losses through features, it sums up those by the features, which are pulled back
    when it is done.

    Raises:
        DivergedError: training left the range of its numbers.
    """
    oracle = problem.oracle
    features = oracle if isinstance(oracle, ThroughFeatures) else None
    through = features if "reversing" in method.phases else None
    counting = CountingOracle(through.inner if through else oracle)
    steps = method.run(replace(problem, oracle=counting))
    seconds = 0.0
    while True:
        began = time.perf_counter()
        try:
            progress = next(steps)
        except StopIteration as stop:
            result: Result = stop.value
            seconds += time.perf_counter() - began
            break
        seconds += time.perf_counter() - began
        yield progress
    if through and result.gradient.theta is not None:
        began = time.perf_counter()
        by_theta = through.pull_back(result.gradient.theta)
        result = replace(result, gradient=replace(result.gradient, theta=by_theta))
        seconds += time.perf_counter() - began
    return replace(result, cost=Cost(**counting.counts, seconds=seconds))
