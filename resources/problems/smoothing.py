"""Two layers, with smoothed labels and a temperature for each class.

A network of 8 units tells three noisy clouds of points apart. How far each class's labels are
smoothed, and how sharply each class is told, is learned on the validation part.
"""

import autograd.numpy as np
import numpy

# Three clouds in the plane; a third of the training labels of the last one are wrong.
_random = numpy.random.default_rng(1)
_centres = numpy.array([[0.0, 1.2], [-1.0, -0.6], [1.0, -0.6]])
_labels = numpy.arange(180) % 3
_points = _centres[_labels] + 0.55 * _random.normal(size=(180, 2))
_given = numpy.where((_labels == 2) & (_random.random(180) < 0.33), 0, _labels)
_one_hot = numpy.eye(3)
_train, _validation, _test = slice(0, 60), slice(60, 120), slice(120, 180)

groups = {"first layer": slice(0, 24), "second layer": slice(24, 51)}


def start(rng):
    """The 51 weights and biases: random ones, so that each seed has its own."""
    return 0.5 * rng.standard_normal(51)


theta = {
    "smoothing": {"start": numpy.full(3, 0.1), "low": 1e-4, "high": 0.9, "domain": "logit"},
    "temperatures": {"start": numpy.ones(3), "low": 0.1, "high": 10.0, "domain": "log"},
}

settings = {
    "training.iterations": 60,
    "hyperparameters.learning_rates.initial": 0.8,
    "meta.step": 0.1,
    "meta.iterations": 30,
}


def _scores(w, points):
    hidden = np.tanh(np.dot(points, np.reshape(w[:16], (2, 8))) + w[16:24])
    return np.dot(hidden, np.reshape(w[24:48], (8, 3))) + w[48:]


def _surprise(scores, targets):
    top = np.max(scores, axis=1, keepdims=True)
    total = top + np.log(np.sum(np.exp(scores - top), axis=1, keepdims=True))
    return np.mean(np.sum(targets * (total - scores), axis=1))


def training_loss(w, theta, t):
    """The cross-entropy of smoothed labels, of scores that are divided by their temperatures."""
    smoothing = theta["smoothing"][_given[_train]][:, None]
    targets = (1 - smoothing) * _one_hot[_given[_train]] + smoothing / 3
    return _surprise(_scores(w, _points[_train]) / theta["temperatures"], targets)


def validation_loss(w, theta):
    """The cross-entropy of labels that are right."""
    return _surprise(_scores(w, _points[_validation]), _one_hot[_labels[_validation]])


def test_loss(w, theta):
    """The same, of points that nothing was learned from."""
    return _surprise(_scores(w, _points[_test]), _one_hot[_labels[_test]])
