"""The image sets of `library`, read from their files."""

from typing import Final

import numpy as np

from engine.data.dataset import Dataset, pixel_names
from engine.data.published import require
from engine.data.readers import read_idx

_DIGITS: Final = tuple("0123456789")
_CLOTHES: Final = (
    "T-shirt or top",
    "trousers",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)


def read_fetched(name: str, title: str) -> Dataset:
    """Read an image set: files of images and of labels in turn, training before test.

    Args:
        name: "mnist", "mnist-test" or "fashion-mnist".
        title: what a person calls it.

    Raises:
        InputError: the set is not available.
    """
    paths = require(name)
    images = np.concatenate([read_idx(path) for path in paths[::2]])
    labels = np.concatenate([read_idx(path) for path in paths[1::2]])
    shape = (int(images.shape[1]), int(images.shape[2]))
    inputs = images.reshape(len(images), -1) / 255.0
    classes = _CLOTHES if name == "fashion-mnist" else _DIGITS
    return Dataset(name, title, inputs, labels, classes, pixel_names(shape), shape)
