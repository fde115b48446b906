"""Randomness that can be replayed in any order: a function of its key and of nothing else."""

from typing import Final

import numpy as np

WEIGHTS: Final = 1
MINIBATCHES: Final = 2
INPUTS: Final = 3
DRAWINGS: Final = 4
EPISODES: Final = 5
HELD_OUT_EPISODES: Final = 6
PRETRAINING: Final = 7
REPRESENTATIONS: Final = 8
JUDGED: Final = 11
STARTS: Final = 12
CORRUPTION: Final = 13
NOISE_INPUTS: Final = 20
TRIALS: Final = 21
FORECASTS: Final = 22


def generator(*key: int) -> np.random.Generator:
    """A counter-based generator (Philox) for a key such as (seed, meta-iteration, purpose, t).

    Args:
        key: non-negative integers; equal keys give equal streams, others independent ones.
    """
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(key)))
