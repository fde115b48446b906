"""A template: a line through points, and how much each point counts.

Four of the forty points are off the line. The weights of the points are hyperparameters: those that
do not help the validation part come to count less. Change whatever you like, and open it again.
"""

# Write losses with autograd.numpy, so that they can be differentiated. Data may be made, or read,
# with anything; they are made once, when the file is opened.
import autograd.numpy as np
import numpy

_random = numpy.random.default_rng(7)
_x = numpy.linspace(-1.0, 1.0, 40)
_y = 0.5 + 2.0 * _x + 0.1 * _random.normal(size=40)
_y[[3, 11, 19, 27]] += 3.0
_x_validation = numpy.linspace(-0.9, 0.9, 15)
_y_validation = 0.5 + 2.0 * _x_validation + 0.1 * _random.normal(size=15)

# start: w before training, a vector in double precision. To have it random, write a function:
#     def start(rng): return 0.1 * rng.standard_normal(2)
start = numpy.array([0.0, 0.0])

# groups (may be left out): parts of w that may have learning rates and decays of their own.
groups = {"slope": slice(0, 1), "offset": slice(1, 2)}

# theta (may be left out): up to four hyperparameters of your own, arrays of any shape.
#     start   where they start (needed)
#     low     the least value, and
#     high    the greatest value that they may come to (None: there is none)
#     domain  how a step moves them: "identity" adds, "log" multiplies, "logit" keeps to 0 … 1
#     free    whether they are learned at first
theta = {
    "weights": {"start": numpy.full(40, 0.5), "low": 0.001, "high": 0.999, "domain": "logit"},
    "shrinkage": {"start": 0.01, "low": 0.0, "high": 10.0, "domain": "log", "free": False},
}

# settings (may be left out): what the experiment starts with, by the names of the reference.
settings = {
    "training.iterations": 80,
    "hyperparameters.learning_rates.initial": 0.5,
    "meta.step": 0.3,
    "meta.iterations": 30,
}


def training_loss(w, theta, t):
    """What training makes small. t counts iterations from 0, as for minibatches."""
    errors = w[0] * _x + w[1] - _y
    weights = theta["weights"]
    return np.sum(weights * errors**2) / np.sum(weights) + theta["shrinkage"] * np.sum(w**2)


def validation_loss(w, theta):
    """What the hyperparameters are learned by, after training."""
    return np.mean((w[0] * _x_validation + w[1] - _y_validation) ** 2)


# test_loss(w, theta) may be added: it is shown, and nothing is chosen by it.
