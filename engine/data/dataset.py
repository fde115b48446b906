"""What a data set is, wherever its examples come from."""

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["classification", "regression", "surface", "several tasks", "series", "own losses"]
Fill = Literal["mean", "median"]

_YEARS: Final = (1000.0, 3000.0)


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
        order: (N,) when each target was, increasing: years, or what its column counts; None unless
            the data are a series.
        order_name: what that is called, "year".
        has_dates: whether the order are years that tell dates.
        target_name: what is predicted, with its unit in brackets; empty if that is not known.

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
    order: NDArray[np.float64] | None = None
    order_name: str = ""
    has_dates: bool = False
    target_name: str = ""

    def __post_init__(self) -> None:
        inputs = np.asarray(self.inputs, np.float64)
        targets = np.asarray(self.targets, np.int64 if self.class_names else np.float64)
        object.__setattr__(self, "inputs", read_only(inputs))
        object.__setattr__(self, "targets", read_only(targets))
        if self.order is not None:
            object.__setattr__(self, "order", read_only(np.asarray(self.order, np.float64)))

    @property
    def kind(self) -> Kind:
        """Whether classes or numbers are predicted, or numbers in the order of time."""
        if self.order is not None:
            return "series"
        return "classification" if self.class_names else "regression"

    @property
    def has_years(self) -> bool:
        """Whether the order of a series is one of years, as far as its numbers tell."""
        least, most = _YEARS
        return self.order is not None and bool(np.all((self.order >= least) & (self.order < most)))

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
