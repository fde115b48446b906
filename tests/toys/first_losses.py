"""A toy plot: the training loss that every meta-iteration starts from."""

import numpy as np

from engine.plots.base import Line, Plot


def first_losses(what, record):
    losses = np.array([done.learning_curve[0] for done in record.meta_iterations])
    line = Line("first loss", np.arange(float(len(losses))), losses)
    return Plot(what.key, what.title, "meta-iteration", "loss", (line,), (0, max(len(losses), 1)))
