"""Retrograde with one more of each: a line for every catalogue, then the command line."""

# ruff: noqa: E402  (kinds come first: every one of them makes a plot, as the catalogue is loaded)

import sys

from toys.damping import DAMPING

from engine.hyperparameters.kinds import KINDS

KINDS["damping"] = DAMPING

from toys.damped_descent import DampedDescent
from toys.first_losses import first_losses
from toys.retrained_trajectory import RetrainedTrajectory

from app.command_line import main
from engine.dynamics.catalogue import DYNAMICS
from engine.hypergradients.catalogue import METHODS
from engine.plots.catalogue import PLOTS, PlotKind

DYNAMICS["damped-descent"] = DampedDescent()
METHODS["retrained-trajectory"] = RetrainedTrajectory
PLOTS["first_losses"] = PlotKind(
    "first_losses", "First losses", "objective", "meta-iteration", first_losses
)

sys.exit(main(sys.argv[1:]))
