"""Inputs of noise beside the real ones, so that one knows which ones say nothing."""

from dataclasses import replace

import numpy as np

from engine.data.dataset import Dataset
from engine.randomness import NOISE_INPUTS, generator


def with_noise(dataset: Dataset, count: int, seed: int) -> Dataset:
    """A data set with more inputs behind its own: independent standard normal numbers.

    Bengio (2000), "Gradient-based optimization of hyperparameters", has a penalty learned for each
    input, which should find them.

    Args:
        dataset: N examples of D features.
        count: how many inputs are added; 0 leaves the data set as it is.
        seed: what they depend on, with nothing else but N.

    Returns:
        (N, D + count) inputs, which are no images any more.
    """
    if not count:
        return dataset
    noise = generator(seed, NOISE_INPUTS).standard_normal((dataset.size, count))
    return replace(
        dataset,
        inputs=np.hstack([dataset.inputs, noise]),
        feature_names=(*dataset.feature_names, *(f"noise {n + 1}" for n in range(count))),
        image_shape=None,
        noise_inputs=count,
    )
