"""Initial scales: standard deviations of the initial elementary parameters."""

from collections.abc import Sequence

import numpy as np

from engine.arrays import Floats
from engine.groups import ParameterGroup
from engine.hyperparameters.extents import OverGroups
from engine.hyperparameters.kind import Kind
from engine.hyperparameters.settings import Setting

INITIAL_SCALES = Kind(
    name="initial_scales",
    singular="initial scale",
    plural="initial scales",
    symbol="s",
    unit="std",
    tip="Standard deviation of the initial parameters.",
    extent=OverGroups(),
    domains=("log", "identity"),
    low=0.0,
    high=1000.0,
    usual=Setting(initial=0.1),
)


def scaled(noise: Floats, scales: Floats, groups: Sequence[ParameterGroup]) -> Floats:
    """(P,) initial parameters: noise (P,), each group of it times its scale (G,)."""
    return noise * np.repeat(scales, [group.size for group in groups])


def by_scales(by_start: Floats, noise: Floats, groups: Sequence[ParameterGroup]) -> Floats:
    """(G,) derivatives by the scales, of those by the initial parameters (P,)."""
    return np.array([by_start[group.span] @ noise[group.span] for group in groups])
