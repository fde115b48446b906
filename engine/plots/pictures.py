"""Matrices in the shape of images: what belongs to each pixel, shown where the pixel is."""

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np

from engine.arrays import Floats
from engine.plots.base import Picture, PicturePlot
from engine.runs.records import RunRecord

MOST_PICTURES: Final = 16


def penalty_pictures(record: RunRecord) -> list[PicturePlot]:
    """Penalties by weight in the shape of the images, one picture a class or hidden unit.

    Returns:
        One plot; none if penalties are not by weight, or the data are no images.
    """
    setting, shape = record.experiment.hyperparameters.l2_penalties, record.data.image_shape
    if setting.granularity != "weight" or not setting.free or shape is None:
        return []
    first = record.groups[0]
    columns = first.size // (shape[0] * shape[1])
    is_regression = len(record.groups) == 2 and columns == len(record.data.class_names)
    names = record.data.class_names if is_regression else _units(columns)
    matrix = np.log10(np.maximum(record.current.l2_penalties[first.span], 1e-300))
    return [
        pictures(
            "penalty_pictures",
            "L2 penalties as pictures",
            matrix.reshape(-1, columns),
            shape,
            names,
            "log₁₀ of the penalty",
            "of each weight of the first layer",
            "sequential",
        )
    ]


def learned_pictures(record: RunRecord) -> list[PicturePlot]:
    """The learned training inputs in the shape of the images, one picture an example.

    Returns:
        One plot; none if no inputs are learned, or the data are no images.
    """
    inputs, shape = record.current.training_inputs, record.data.image_shape
    if not inputs.size or shape is None:
        return []
    classes = record.data.class_names
    per_class = max(len(inputs) // max(len(classes), 1), 1)
    names = [
        name if per_class == 1 else f"{name}, {number + 1}"
        for name in classes
        for number in range(per_class)
    ]
    chosen = range(len(inputs))
    if len(inputs) > MOST_PICTURES:  # rather one of each class than all of a few
        chosen = range(0, len(inputs), per_class)
    caption = "one picture per class, learned pixel by pixel"
    judged = [done.losses for done in record.meta_iterations]
    if record.finished and record.finished.losses:
        judged.append(record.finished.losses)
    if judged and judged[-1].test_accuracy is not None:
        caption += f"; trained on these alone: test accuracy {judged[-1].test_accuracy:.1%}"
    return [
        pictures(
            "learned_pictures",
            "Learned training inputs",
            inputs[chosen].T,
            shape,
            [names[index] for index in chosen],
            "pixel",
            caption,
        )
    ]


def pictures(
    key: str,
    title: str,
    matrix: Floats,
    shape: tuple[int, int],
    names: Sequence[str],
    unit: str,
    caption: str,
    scale: Literal["sequential", "diverging"] = "diverging",
) -> PicturePlot:
    """The columns of a matrix as pictures.

    Args:
        key: of the plot.
        title: of the plot.
        matrix: (pixels, columns).
        shape: of a picture.
        names: of the columns.
        unit: of the entries.
        caption: of the plot.
        scale: "diverging" around zero, or "sequential".
    """
    shown = tuple(
        Picture(str(name), column.reshape(shape))
        for name, column in zip(names[:MOST_PICTURES], matrix.T[:MOST_PICTURES], strict=True)
    )
    values = np.array([picture.values for picture in shown])
    if scale == "sequential":
        low, high = float(values.min()), float(values.max())
        return PicturePlot(key, title, shown, unit, "sequential", _apart(low, high), caption)
    largest = float(np.abs(values).max())
    return PicturePlot(key, title, shown, unit, "diverging", _apart(-largest, largest), caption)


def _units(count: int) -> list[str]:
    return [f"unit {number + 1}" for number in range(count)]


def _apart(low: float, high: float) -> tuple[float, float]:
    return (low, high) if high > low else (low - 0.5, high + 0.5)
