"""Ridge regression, a penalty for each group of inputs.

Three groups of five inputs each: the targets depend on the first group strongly, on the second one
weakly, and on the third one not at all. The penalties learn which inputs to keep small.
"""

import autograd.numpy as np
import numpy

# The data: 60 examples, half of them to train on. Any Python may stand here; it runs once.
_random = numpy.random.default_rng(0)
_inputs = _random.normal(size=(60, 15))
_true = numpy.concatenate([_random.normal(size=5), 0.2 * _random.normal(size=5), numpy.zeros(5)])
_targets = _inputs @ _true + 0.7 * _random.normal(size=60)
_train, _validation = slice(0, 30), slice(30, 60)

# Where training starts: the 15 coefficients.
start = numpy.zeros(15)

# The parameter groups, which may have learning rates and decays of their own.
groups = {"strong": slice(0, 5), "weak": slice(5, 10), "noise": slice(10, 15)}

# The hyperparameters: where they start, the range that they stay in, and how a step moves them.
theta = {
    "penalties": {"start": numpy.full(3, 0.01), "low": 1e-6, "high": 100.0, "domain": "log"},
}

# What the experiment starts with; everything can be changed in the set-up.
settings = {
    "training.iterations": 100,
    "hyperparameters.learning_rates.initial": 0.3,
    "meta.step": 0.3,
    "meta.iterations": 40,
}


def training_loss(w, theta, t):
    """The mean squared error of the training part, and a penalty for each group."""
    errors = np.dot(_inputs[_train], w) - _targets[_train]
    squares = np.sum(np.reshape(w, (3, 5)) ** 2, axis=1)
    return np.mean(errors**2) + np.dot(theta["penalties"], squares)


def validation_loss(w, theta):
    """The mean squared error of the validation part."""
    errors = np.dot(_inputs[_validation], w) - _targets[_validation]
    return np.mean(errors**2)
