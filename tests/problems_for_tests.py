"""Problems with losses that anybody could write, for both methods of finding hypergradients."""

import autograd.numpy as anp
import numpy as np
import pytest

from engine.arithmetic.fixed_point import round_decays

METHODS = ("exact-reversal", "stored-trajectory")
KINDS = ("w0", "v0", "learning_rates", "decays", "theta")

both_methods = pytest.mark.parametrize("method", METHODS)


def schedules(rng, iterations, groups):
    """Learning rates and decays (on the grid of 1/65536) of their own for every step and group."""
    rates = rng.uniform(0.1, 0.6, (iterations, groups))
    return {
        "learning_rates": rates,
        "decays": round_decays(rng.uniform(0.2, 0.95, (iterations, groups))),
    }


def quadratic(seed=0):
    """A bowl that wobbles with t, its minimum at θ; the second group is empty."""
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(5, 5))
    hessian = root @ root.T / 5 + np.eye(5)

    def training_loss(w, theta, t):
        apart = w - theta * (1 + 0.1 * np.sin(t))
        return 0.5 * anp.dot(apart, anp.dot(hessian, apart))

    def validation_loss(w, theta):
        return anp.sum((w - 1) ** 4) + anp.dot(w, theta)

    return training_loss, validation_loss, {
        "w0": rng.normal(size=5),
        "v0": rng.normal(size=5),
        "theta": rng.normal(size=5),
        "groups": [slice(2, 5), slice(2, 2), slice(0, 2)],
        **schedules(rng, 9, 3),
    }  # fmt: skip


def network_regression(seed=0):
    """A network of 3, 4 and 1 units on minibatches; θ scales its inputs and penalises a layer."""
    rng = np.random.default_rng(seed)
    inputs, targets = rng.normal(size=(20, 3)), rng.normal(size=20)

    def misfit(w, theta, chosen):
        hidden = anp.tanh(
            anp.dot(inputs[chosen] * theta[:3], anp.reshape(w[:12], (3, 4))) + w[12:16]
        )
        return anp.mean((anp.dot(hidden, w[16:20]) + w[20] - targets[chosen]) ** 2)

    def training_loss(w, theta, t):
        return misfit(w, theta, (5 * t + np.arange(5)) % 15) + theta[3] * anp.sum(w[16:20] ** 2)

    def validation_loss(w, theta):
        return misfit(w, theta, np.arange(15, 20))

    return training_loss, validation_loss, {
        "w0": rng.normal(size=21),
        "v0": rng.normal(size=21),
        "theta": np.append(rng.uniform(0.5, 1.5, 3), 0.1),
        "groups": [slice(0, 12), slice(12, 16), slice(16, 20), slice(20, 21)],
        **schedules(rng, 10, 4),
    }  # fmt: skip


def logistic_regression(seed=0):
    """A penalty e^θ for every weight, in training and validation loss, on minibatches."""
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(24, 6))
    signs = np.sign(inputs @ rng.normal(size=6) + 0.3 * rng.normal(size=24))

    def penalised(w, theta, chosen):
        margins = signs[chosen] * anp.dot(inputs[chosen], w)
        return anp.mean(anp.logaddexp(0, -margins)) + anp.dot(anp.exp(theta), w * w)

    def training_loss(w, theta, t):
        return penalised(w, theta, (8 * t + np.arange(8)) % 16)

    def validation_loss(w, theta):
        return penalised(w, theta, np.arange(16, 24))

    return training_loss, validation_loss, {
        "w0": rng.normal(size=6),
        "v0": rng.normal(size=6),
        "theta": rng.normal(-2, 0.5, 6),
        "groups": [slice(0, 5), slice(5, 6)],
        **schedules(rng, 12, 2),
    }  # fmt: skip


PROBLEMS = (quadratic, network_regression, logistic_regression)
every_problem = pytest.mark.parametrize("problem", PROBLEMS)
