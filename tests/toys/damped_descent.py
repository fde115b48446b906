"""A toy dynamics: gradient descent of which a part of each step is taken, w ← w − c α g."""

import numpy as np

from engine.dynamics.dynamics import PulledBack


class DampedDescent:
    name = "damped-descent"
    title = "Damped gradient descent"
    slots = ("w",)
    schedules = ("learning_rates", "damping")
    is_reversible = False

    def begin(self, w0, v0):
        return (w0,)

    def usable(self, schedules):
        return dict(schedules)

    def step(self, state, gradient, schedules):
        return (state[0] - schedules["damping"] * schedules["learning_rates"] * gradient,)

    def pull_back(self, before, after, schedules, adjoint, differentiate):
        rate, damping, dw = schedules["learning_rates"], schedules["damping"], adjoint[0]
        gradient, product, by_theta = differentiate(-damping * rate * dw)
        by_schedules = {
            "learning_rates": -damping * gradient * dw,
            "damping": -rate * gradient * dw,
        }
        return PulledBack((dw + product,), by_schedules, by_theta)

    def dropped_bits(self, schedules, groups):
        return np.zeros(len(schedules["damping"]))
