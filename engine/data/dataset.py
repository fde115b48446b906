"""What a data set is, wherever its examples come from."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["classification", "regression", "surface", "several tasks"]
Fill = Literal["mean", "median"]


@dataclass(frozen=True, eq=False)
class Dataset:
    """Examples with what is to be predicted of them.

    The arrays are made C-contiguous and read-only, so that a data set can be shared.

    Attributes:
        name: short name, "digits".
        title: what a person calls it, "Handwritten digits"; the file name if it came from a file.
        inputs: (N, D) float64 features; NaN where one is missing, if they are to be filled.
        targets: (N,) int64 class indices, or float64 numbers to predict.
        class_names: one for each class index; empty for regression.
        feature_names: D names.
        image_shape: (height, width) if the features are pixels, row by row.
        notes: what had to be decided about a file, each in a line for people.
        fill: what of the training part takes the place of features that are missing, once the data
            set is divided; None if none is missing.
        noise_inputs: how many of the features, at the end, are noise that was added on purpose.

    """

    name: str
    title: str
    inputs: NDArray[np.float64]
    targets: NDArray[Any]
    class_names: tuple[str, ...]
    feature_names: tuple[str, ...]
    image_shape: tuple[int, int] | None = None
    notes: tuple[str, ...] = ()
    fill: Fill | None = None
    noise_inputs: int = 0

    def __post_init__(self) -> None:
        inputs = np.asarray(self.inputs, np.float64)
        targets = np.asarray(self.targets, np.int64 if self.class_names else np.float64)
        object.__setattr__(self, "inputs", read_only(inputs))
        object.__setattr__(self, "targets", read_only(targets))

    @property
    def kind(self) -> Kind:
        """Whether classes or numbers are predicted."""
        return "classification" if self.class_names else "regression"

    @property
    def size(self) -> int:
        """Number of examples N."""
        return int(self.inputs.shape[0])

    @property
    def features(self) -> int:
        """Number of features D."""
        return int(self.inputs.shape[1])

    @property
    def classes(self) -> int:
        """Number of classes; 0 for regression."""
        return len(self.class_names)


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """A C-contiguous array that cannot be written to; a view where no copy is needed."""
    view = np.ascontiguousarray(array).view()
    view.flags.writeable = False
    return view


def pixel_names(shape: tuple[int, int]) -> tuple[str, ...]:
    """Feature names of an image, row by row: "pixel 0,0", "pixel 0,1", …."""
    return tuple(f"pixel {row},{column}" for row, column in np.ndindex(shape))
