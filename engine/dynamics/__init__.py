"""Dynamics: how a training iteration moves the elementary parameters.

What a script uses is here: the dynamics, and the catalogue of them.
"""

from engine.dynamics.catalogue import DYNAMICS
from engine.dynamics.momentum_sgd import MomentumSGD

__all__ = ["DYNAMICS", "MomentumSGD"]
