"""Which granularity made-up penalties have, by how many there are."""

from collections.abc import Sequence

import numpy as np

from engine.groups import ParameterGroup


def granularity_of(penalties: np.ndarray, groups: Sequence[ParameterGroup]) -> str:
    """Where two would do, either has the same effect."""
    return {1: "one", len(groups): "group"}.get(penalties.size, "weight")
