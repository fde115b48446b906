"""Layers of representations in the simplest way, for autograd."""

from typing import Any

import autograd.numpy as anp


def convolved(parameters: Any, x: Any, filters: int) -> Any:
    """The same convolution in the simplest way: a product for each place of an output."""
    _, height, width, channels = x.shape
    weights = anp.reshape(parameters[: 9 * channels * filters], (3, 3, channels, filters))
    padded = anp.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="constant")
    rows = []
    for i in range(0, height, 2):
        places = [
            anp.einsum("nijc,ijcf->nf", padded[:, i : i + 3, j : j + 3], weights)
            for j in range(0, width, 2)
        ]
        rows.append(anp.stack(places, axis=1))
    return anp.stack(rows, axis=1) + parameters[9 * channels * filters :]


def normalised(x: Any, length: float) -> Any:
    """The layer norm by its definition."""
    rows = anp.reshape(x, (len(x), -1))
    centred = rows - anp.mean(rows, axis=1, keepdims=True)
    variance = anp.mean(centred**2, axis=1, keepdims=True)
    return length / rows.shape[1] ** 0.5 * centred / anp.sqrt(variance + 1e-5)
